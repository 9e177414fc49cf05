// What client and server say to each other beyond the Language Server Protocol (docs/editor.md). Positions are those of the protocol.

/** A place in a text, counted from 0 in UTF-16 units. */
export interface Position {
  line: number;
  character: number;
}

/** A half-open stretch of a text. */
export interface Range {
  start: Position;
  end: Position;
}

/** One scenario of an open package: the answer of `mandate/scenarios` is a list of them. */
export interface Scenario {
  uri: string;
  range: Range;
  nameRange: Range;
  title: string;
  package: string;
}

/** What is to be run by `mandate/runScenarios`; without `scenarios` all. */
export interface RunScenarios {
  scenarios?: { uri: string; title: string }[];
}

/** What a clause of a scenario came to. */
export interface ScenarioMessage {
  uri: string;
  range: Range;
  message: string;
  expected?: string | null;
  actual?: string | null;
}

/** How a scenario came out. `broken`: its package has errors, and the first of them are the messages. */
export interface ScenarioResult {
  uri: string;
  title: string;
  range: Range;
  outcome: 'passed' | 'failed' | 'broken';
  messages: ScenarioMessage[];
}

/** What became of a condition; `none`: the node is no condition. */
export type WhyOutcome = 'true' | 'false' | 'unknown' | 'none';

/** A finding taken apart: the rule, the record, each clause with its value. */
export interface Why {
  label: string;
  detail?: string | null;
  outcome: WhyOutcome;
  uri?: string | null;
  range?: Range | null;
  children: Why[];
}

/** The answer of `mandate/why`. */
export interface WhyAnswer {
  title: string;
  tree: Why;
}

/** A declaration or passage in the answer of `mandate/ruleGraph`. */
export interface GraphNode {
  id: string;
  kind: string;
  name: string;
  title: string;
  uri: string;
  range: Range;
}

/** How one leads to another. */
export interface GraphEdge {
  from: string;
  to: string;
  kind: string;
}

/** The answer of `mandate/ruleGraph`. */
export interface RuleGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** Commands that lenses and hovers of the server may name, for this extension carries them out. */
export const CLIENT_COMMANDS = {
  runScenario: 'mandate.client.runScenario',
  showReferences: 'mandate.client.showReferences',
  showPage: 'mandate.client.showPage',
  showWhy: 'mandate.client.showWhy',
} as const;

/** What the server is told about this client at the start. */
export const INITIALIZATION_OPTIONS = {
  clientCommands: Object.values(CLIENT_COMMANDS),
  scenariosChanged: true,
};

/** The protocol's code for a request that the server does not know. */
const METHOD_NOT_FOUND = -32601;

/** Whether a request failed because the program is older than the request. */
export function isUnknownRequest(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === METHOD_NOT_FOUND;
}
