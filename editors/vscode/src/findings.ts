// What `mandate check --format json` and a refused assessment write, and where it stands in a text.

/** A stretch of a file in bytes, with its line and column, both from 1. */
export interface Span {
  start: number;
  end: number;
  line?: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
  label: string;
}

/** A finding about rules or facts. */
export interface Told {
  file: string;
  code: string;
  severity: 'error' | 'warning' | 'note';
  message: string;
  primary: Span;
  related: (Span & { file: string })[];
  notes: string[];
  help: string[];
}

/** The whole of what was written. */
export interface Checked {
  errors: number;
  warnings: number;
  diagnostics: Told[];
}

/** Reads it; `undefined` if it is something else. */
export function readChecked(text: string): Checked | undefined {
  const value = parse(text);
  return isObject(value) && Array.isArray(value['diagnostics']) ? (value as unknown as Checked) : undefined;
}

/** Reads JSON; `undefined` if it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a value has named parts. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The message with its remarks and advice, as one text. */
export function inWords(told: Told): string {
  return [told.message, ...told.notes, ...told.help].join('\n');
}

/** Places by byte become places by UTF-16 unit, as the editor counts: the columns of what was told count characters. */
export class Places {
  private readonly bytes: Buffer;
  private readonly starts: number[] = [0];

  constructor(text: string) {
    this.bytes = Buffer.from(text, 'utf8');
    for (let at = this.bytes.indexOf(10); at !== -1; at = this.bytes.indexOf(10, at + 1)) {
      this.starts.push(at + 1);
    }
  }

  /** Line and character, from 0, of the byte at `offset`; the end of the text for what lies behind it. */
  at(offset: number): { line: number; character: number } {
    const within = Math.min(Math.max(offset, 0), this.bytes.length);
    let line = 0;
    for (let above = this.starts.length; line + 1 < above; ) {
      const middle = (line + above) >> 1;
      if ((this.starts[middle] ?? 0) <= within) {
        line = middle;
      } else {
        above = middle;
      }
    }
    const start = this.starts[line] ?? 0;
    return { line, character: this.bytes.toString('utf8', start, within).length };
  }
}
