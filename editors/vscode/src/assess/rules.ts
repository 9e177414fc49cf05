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
    private readonly assessment: Pick<Assessment, 'declared'>,
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

  private async search(rule: string): Promise<RulePlace | undefined> {
    const declared = this.assessment.declared?.[rule];
    // `caac:reporting.mandate` lies in another package.
    if (declared !== undefined && !/^[A-Za-z_]\w*:/.test(declared.file)) {
      const file = path.join(this.folder, ...declared.file.split('/'));
      return { uri: pathToFileURL(file).href, declaration: new Declaration(await readFile(file, 'utf8'), declared.line - 1) };
    }
    this.graph ??= this.askGraph().catch(() => undefined);
    const node = (await this.graph)?.nodes.find(({ id, name, kind }) => (kind === 'rule' || kind === 'constraint') && (id === rule || name === rule));
    if (node === undefined || !node.uri.startsWith('file:')) {
      return undefined;
    }
    return { uri: node.uri, declaration: new Declaration(await readFile(fileURLToPath(node.uri), 'utf8'), node.range.start.line) };
  }
}
