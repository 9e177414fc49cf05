// The scenarios of a window by file, and what a run says of each.
import type { Scenario, ScenarioResult } from '../protocol';

/** The scenarios of one module. */
export interface Module {
  uri: string;
  package: string;
  scenarios: Scenario[];
}

/** Groups scenarios by module, modules by address, scenarios by place. */
export function byModule(scenarios: readonly Scenario[]): Module[] {
  const modules = new Map<string, Module>();
  for (const scenario of scenarios) {
    const module = modules.get(scenario.uri) ?? { uri: scenario.uri, package: scenario.package, scenarios: [] };
    module.scenarios.push(scenario);
    modules.set(scenario.uri, module);
  }
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  for (const { scenarios: all } of modules.values()) {
    all.sort((a, b) => a.range.start.line - b.range.start.line || order(a.title, b.title));
  }
  return [...modules.values()].sort((a, b) => order(a.uri, b.uri));
}

/** Names a scenario in the editor. Server and editor may spell an address differently, so it is brought into one form first. */
export function idOf(uri: string, title: string): string {
  return `${uri}\n${title}`;
}

/** The results by name, for those that were asked for; what the server does not answer for is gone from the files. */
export function byId(results: readonly ScenarioResult[], canonical: (uri: string) => string): Map<string, ScenarioResult> {
  return new Map(results.map((result) => [idOf(canonical(result.uri), result.title), result]));
}

/** What the server is asked to run: nothing named means all. */
export function request(chosen: readonly { uri: string; title: string }[], all: boolean): { scenarios?: { uri: string; title: string }[] } {
  return all ? {} : { scenarios: chosen.map(({ uri, title }) => ({ uri, title })) };
}
