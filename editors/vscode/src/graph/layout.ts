// Where the parts of a rule graph are drawn: texts on the left, then rules, then what rules are made of, then records.
import type { GraphEdge, GraphNode, RuleGraph } from '../protocol';

/** Sizes, in pixels. */
export const BOX = { width: 250, height: 38, gapX: 110, gapY: 12, margin: 24, head: 34 };

/** Headings of the columns, left to right. */
export const COLUMNS = ['Texts', 'Rules', 'Actions, definitions, roles', 'Records'] as const;

/** Sweeps over the columns; the order settles after a few. */
const SWEEPS = 6;

const TEXTS = new Set(['source', 'passage', 'endorse', 'background']);
const RULES = new Set(['rule', 'constraint', 'mission', 'assume', 'concern', 'purpose', 'scenario']);
const RECORDS = new Set(['record', 'enum', 'field']);

/** A part with its place: the upper left corner. */
export interface Placed {
  node: GraphNode;
  column: number;
  x: number;
  y: number;
}

/** The whole drawing. */
export interface Layout {
  nodes: Placed[];
  edges: { edge: GraphEdge; from: Placed; to: Placed }[];
  columns: { title: string; x: number }[];
  width: number;
  height: number;
}

/** The column of a kind of declaration; what is not known stands among the things rules are made of. */
export function columnOf(kind: string): number {
  return TEXTS.has(kind) ? 0 : RULES.has(kind) ? 1 : RECORDS.has(kind) ? 3 : 2;
}

/** Places everything. Neighbours of linked parts come to stand beside each other (barycentre method of Sugiyama, Tagawa and Toda, 1981). */
export function layout(graph: RuleGraph): Layout {
  const known = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = graph.edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
  const columns: GraphNode[][] = COLUMNS.map(() => []);
  for (const node of known.values()) {
    columns[columnOf(node.kind)]?.push(node);
  }
  const neighbours = linked(edges);
  const rank = new Map<string, number>();
  const number = (column: readonly GraphNode[]) => column.forEach(({ id }, index) => rank.set(id, (index + 0.5) / column.length));
  columns.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const column of sweep % 2 === 0 ? columns : [...columns].reverse()) {
      const wanted = new Map(column.map(({ id }) => [id, mean((neighbours.get(id) ?? []).flatMap((other) => rank.get(other) ?? []), rank.get(id) ?? 0)]));
      column.sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1));
      number(column);
    }
  }
  return place(columns, edges);
}

function place(columns: readonly GraphNode[][], edges: readonly GraphEdge[]): Layout {
  const shown = columns.map((nodes, index) => ({ nodes, title: COLUMNS[index] ?? '' })).filter(({ nodes }) => nodes.length > 0);
  const step = BOX.height + BOX.gapY;
  const tallest = Math.max(0, ...shown.map(({ nodes }) => nodes.length));
  const at = new Map<string, Placed>();
  shown.forEach(({ nodes }, column) => {
    const x = BOX.margin + column * (BOX.width + BOX.gapX);
    // Short columns spread over the height, so that lines stay short.
    const stretch = nodes.length === 0 ? step : Math.min((tallest * step) / nodes.length, step * 3);
    const top = BOX.margin + BOX.head + (tallest * step - stretch * nodes.length) / 2;
    nodes.forEach((node, row) => at.set(node.id, { node, column, x, y: Math.round(top + row * stretch + (stretch - step) / 2) }));
  });
  return {
    nodes: [...at.values()],
    edges: edges.flatMap((edge) => {
      const from = at.get(edge.from);
      const to = at.get(edge.to);
      return from === undefined || to === undefined ? [] : [{ edge, from, to }];
    }),
    columns: shown.map(({ title }, column) => ({ title, x: BOX.margin + column * (BOX.width + BOX.gapX) })),
    width: 2 * BOX.margin + shown.length * BOX.width + Math.max(0, shown.length - 1) * BOX.gapX,
    height: 2 * BOX.margin + BOX.head + tallest * step,
  };
}

function linked(edges: readonly GraphEdge[]): Map<string, string[]> {
  const neighbours = new Map<string, string[]>();
  const add = (a: string, b: string) => {
    const list = neighbours.get(a);
    if (list === undefined) {
      neighbours.set(a, [b]);
    } else {
      list.push(b);
    }
  };
  for (const { from, to } of edges) {
    add(from, to);
    add(to, from);
  }
  return neighbours;
}

function mean(numbers: readonly number[], otherwise: number): number {
  return numbers.length === 0 ? otherwise : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
