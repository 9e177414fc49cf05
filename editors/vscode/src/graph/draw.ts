// Draws a rule graph as SVG. No colour and no style stands in it: the page's style sheet knows the editor's theme.
import { coverageOf, type Coverage } from './coverage';
import { BOX, type Layout, type Placed } from './layout';

/** Letters of the two lines of a box. */
const LETTERS = { name: 32, title: 42 };

/** The drawing. */
export function draw(layout: Layout, coverage: Coverage | undefined): string {
  const { width, height } = layout;
  const heads = layout.columns.map(({ title, x }) => `<text class="head" x="${x}" y="${BOX.margin + 8}">${escape(title)}</text>`);
  const lines = layout.edges.map(({ edge, from, to }) => {
    const label = `${from.node.name} ${edge.kind} ${to.node.name}`;
    return `<path class="edge ${word(edge.kind)}" data-from="${escape(edge.from)}" data-to="${escape(edge.to)}" d="${curve(from, to)}"><title>${escape(label)}</title></path>`;
  });
  const boxes = layout.nodes.map((placed) => box(placed, coverage));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Rules and what they rest on">${[...heads, ...lines, ...boxes].join('')}</svg>`;
}

function box({ node, x, y }: Placed, coverage: Coverage | undefined): string {
  const covered = coverageOf(coverage, node);
  const said = covered === undefined ? '' : `, ${covered.percent} % covered by scenarios`;
  const bar = covered === undefined
    ? ''
    : `<rect class="gauge" x="${x}" y="${y + BOX.height - 3}" width="${BOX.width}" height="3"/><rect class="gauge-full" x="${x}" y="${y + BOX.height - 3}" width="${Math.round((BOX.width * covered.percent) / 100)}" height="3"/>`;
  const percent = covered === undefined ? '' : `<text class="percent" x="${x + BOX.width - 8}" y="${y + 16}">${covered.percent} %</text>`;
  const title = node.title === '' ? node.kind : node.title;
  return `<g class="node ${word(node.kind)}" data-id="${escape(node.id)}" tabindex="0" role="button" aria-label="${escape(`${node.kind} ${node.name}: ${title}${said}`)}"><title>${escape(`${node.kind} ${node.name}\n${title}${said}`)}</title><rect class="box" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="4"/>${bar}<text class="name" x="${x + 10}" y="${y + 16}">${escape(short(node.name, LETTERS.name))}</text><text class="title" x="${x + 10}" y="${y + 30}">${escape(short(title, LETTERS.title))}</text>${percent}</g>`;
}

function curve(from: Placed, to: Placed): string {
  const middle = (placed: Placed) => placed.y + BOX.height / 2;
  if (from.column === to.column) {
    const x = from.x + BOX.width;
    const out = x + 24 + Math.min(40, Math.abs(from.y - to.y) / 8);
    return `M${x} ${middle(from)}C${out} ${middle(from)} ${out} ${middle(to)} ${x} ${middle(to)}`;
  }
  const [left, right] = from.column < to.column ? [from, to] : [to, from];
  const start = left.x + BOX.width;
  const half = (start + right.x) / 2;
  return `M${start} ${middle(left)}C${half} ${middle(left)} ${half} ${middle(right)} ${right.x} ${middle(right)}`;
}

function short(text: string, letters: number): string {
  const all = [...text];
  return all.length <= letters ? text : `${all.slice(0, letters - 1).join('')}…`;
}

/** A word that may stand as a class. */
function word(text: string): string {
  return `is-${text.replace(/[^A-Za-z]/g, '').toLowerCase()}`;
}

/** Text that may stand in HTML and in its attributes. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
