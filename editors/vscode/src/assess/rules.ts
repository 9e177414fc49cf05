// Where the rules of a report stand: in the package's own files, else asked of the language server, which knows all of them.
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import type { RuleGraph } from '../protocol';
import type { Assessment } from './assessment';
import { Declaration } from './clause';
import type { RulePlace } from './why';

/** Finds rules by qualified name. */
export class Rules {
  private readonly places = new Map<string, Promise<RulePlace | undefined>>();
  private graph: Promise<RuleGraph | undefined> | undefined;

  /** `folder`: of the package; `askGraph`: the graph of its rules, rejected where the server cannot tell it. */
  constructor(
    private readonly assessment: Pick<Assessment, 'declared' | 'pack'>,
    private readonly folder: string,
    private readonly askGraph: () => Promise<RuleGraph>,
  ) {}

  /** Where a rule stands; `undefined` if that cannot be found out. */
  find(rule: string): Promise<RulePlace | undefined> {
    const known = this.places.get(rule);
    const place = known ?? this.search(rule).catch(() => undefined);
    this.places.set(rule, place);
    return place;
  }

  /** Looks again from now on: the files may have been edited. */
  forget(): void {
    this.places.clear();
    this.graph = undefined;
  }

  private async search(rule: string): Promise<RulePlace | undefined> {
    const short = /\w+$/.exec(rule)?.[0];
    const declared = this.assessment.declared?.[rule];
    const [file, name] = declared?.file.split(':').reverse() ?? [];
    if (declared !== undefined && file !== undefined && (name === undefined || name === this.assessment.pack)) {
      const module = path.join(this.folder, ...file.split('/'));
      return { uri: pathToFileURL(module).href, declaration: new Declaration(await readFile(module, 'utf8'), declared.line - 1, short) };
    }
    this.graph ??= this.askGraph().catch(() => undefined);
    const node = (await this.graph)?.nodes.find(({ id, name, kind }) => (kind === 'rule' || kind === 'constraint') && (id === rule || name === rule));
    if (node === undefined || !node.uri.startsWith('file:')) {
      return undefined;
    }
    return { uri: node.uri, declaration: new Declaration(await readFile(fileURLToPath(node.uri), 'utf8'), node.range.start.line, short) };
  }
}
