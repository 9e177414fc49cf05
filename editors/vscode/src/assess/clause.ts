// Finds a clause in the text of a module: reports give clauses in the one layout of the language, modules may be laid out otherwise.
import type { Range } from '../protocol';

/** A text as the search sees it: without comments and blanks, each character with its place. */
interface Bare {
  text: string;
  offsets: number[];
}

/** The text of one declaration, from the line it begins in to the line before the next one. */
export class Declaration {
  private readonly first: number;
  private readonly lines: string[];
  private readonly bare: Bare;
  private readonly starts: number[] = [];

  /** `line`: where it is declared, from 0. `name`: what is declared there; where the text has moved since, it is looked for. */
  constructor(module: string, line: number, name?: string) {
    const all = module.split(/\r?\n/);
    const declares = (text: string | undefined) => name !== undefined && new RegExp(`^[a-z]+\\s+${name}(?!\\w)`).test(text ?? '');
    const moved = name === undefined || declares(all[line]) ? -1 : all.findIndex(declares);
    this.first = moved === -1 ? Math.min(Math.max(line, 0), all.length - 1) : moved;
    let end = this.first + 1;
    // A declaration begins in the first column, and so does the brace that ends one.
    while (end < all.length && !/^[A-Za-z/]/.test(all[end] ?? '')) {
      end += 1;
    }
    this.lines = all.slice(this.first, end);
    let offset = 0;
    for (const text of this.lines) {
      this.starts.push(offset);
      offset += text.length + 1;
    }
    this.bare = bare(this.lines.join('\n'));
  }

  /** The name of the declaration, else the whole of its first line. */
  name(): Range {
    const first = this.lines[0] ?? '';
    const word = /^\s*[a-z]+\s+([A-Za-z_]\w*)/.exec(first);
    const name = word?.[1];
    const start = word !== null && name !== undefined ? word[0].length - name.length : 0;
    return { start: { line: this.first, character: start }, end: { line: this.first, character: name === undefined ? first.length : start + name.length } };
  }

  /** Where `clause` stands after the word `kind` that opens it, else anywhere, inside `within` if that is given. */
  find(clause: string, kind?: string, within?: Range): Range | undefined {
    const wanted = bare(clause).text;
    if (wanted === '') {
      return undefined;
    }
    const [from, to] = within === undefined ? [0, this.bare.text.length] : [this.indexOf(within.start), this.indexOf(within.end)];
    const opened = kind === undefined ? -1 : this.bare.text.indexOf(kind + wanted, from);
    const at = opened !== -1 && kind !== undefined ? opened + kind.length : this.bare.text.indexOf(wanted, from);
    if (at === -1 || at + wanted.length > to) {
      return undefined;
    }
    const start = this.bare.offsets[at] ?? 0;
    const end = (this.bare.offsets[at + wanted.length - 1] ?? start) + 1;
    return { start: this.place(start), end: this.place(end) };
  }

  private place(offset: number): Range['start'] {
    let line = 0;
    while (line + 1 < this.starts.length && (this.starts[line + 1] ?? 0) <= offset) {
      line += 1;
    }
    return { line: this.first + line, character: offset - (this.starts[line] ?? 0) };
  }

  /** How many characters of the bare text stand before a place. */
  private indexOf(place: Range['start']): number {
    const offset = (this.starts[place.line - this.first] ?? 0) + place.character;
    const index = this.bare.offsets.findIndex((at) => at >= offset);
    return index === -1 ? this.bare.offsets.length : index;
  }
}

function bare(text: string): Bare {
  const kept: string[] = [];
  const offsets: number[] = [];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (!quoted && text.startsWith('//', at)) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (quoted || !/\s/.test(letter)) {
      if (letter === '"' && text.charAt(at - 1) !== '\\') {
        quoted = !quoted;
      }
      kept.push(letter);
      offsets.push(at);
    }
  }
  return { text: kept.join(''), offsets };
}
