// What `mandate test --coverage --format json` writes: how much of each rule the scenarios look at.
import { isObject, parse } from '../findings';

/** A clause, exception or outcome that no scenario expects anything about. */
export interface Uncovered {
  what: string;
  hint: string;
  file: string;
  line: number;
}

/** One rule. */
export interface Covered {
  points: number;
  covered: number;
  percent: number;
  uncovered: Uncovered[];
}

/** A package. */
export interface Coverage {
  package: string;
  percent: number;
  failed: number;
  rules: Record<string, Covered>;
}

/** Reads it; `undefined` if it is something else. */
export function readCoverage(text: string): Coverage | undefined {
  const value = parse(text);
  return isObject(value) && isObject(value['rules']) && typeof value['percent'] === 'number' ? (value as unknown as Coverage) : undefined;
}

/** The coverage of a declaration of the graph, which names it in full or by its last part. */
export function coverageOf(coverage: Coverage | undefined, node: { id: string; name: string }): Covered | undefined {
  if (coverage === undefined) {
    return undefined;
  }
  const own = (name: string) => (Object.hasOwn(coverage.rules, name) ? coverage.rules[name] : undefined);
  return own(node.id) ?? own(node.name);
}
