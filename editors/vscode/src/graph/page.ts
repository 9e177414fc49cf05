// The page of the panel: the graph, and below it what the scenarios leave out.
import type { RuleGraph } from '../protocol';
import type { Coverage } from './coverage';
import { draw, escape } from './draw';
import { layout } from './layout';

/** What the page is made of. */
export interface Content {
  title: string;
  graph: RuleGraph;
  /** `undefined`: it could not be measured, and `why` says why. */
  coverage: Coverage | undefined;
  why: string;
}

/** Where style and script of the page are, and what may run in it. */
export interface Frame {
  nonce: string;
  cspSource: string;
  style: string;
  script: string;
}

/** The page. Only its own script, marked by `nonce`, runs in it; it loads nothing from anywhere but the extension. */
export function page(content: Content, frame: Frame): string {
  const { coverage } = content;
  const policy = `default-src 'none'; style-src ${frame.cspSource}; script-src 'nonce-${frame.nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(content.title)}</title>
<link rel="stylesheet" href="${escape(frame.style)}">
</head>
<body>
<header>
<h1>${escape(content.title)}</h1>
<p class="total">${coverage === undefined ? escape(content.why) : `Scenarios look at <strong>${coverage.percent} %</strong> of what the rules say.`}</p>
<label>Find <input id="find" type="search" placeholder="rule, text or record"></label>
<button id="again" type="button">Refresh</button>
</header>
<main>
${content.graph.nodes.length === 0 ? '<p>The package has no rules yet.</p>' : `<div id="graph">${draw(layout(content.graph), coverage)}</div>`}
${coverage === undefined ? '' : table(coverage)}
</main>
<script nonce="${escape(frame.nonce)}" src="${escape(frame.script)}"></script>
</body>
</html>
`;
}

function table(coverage: Coverage): string {
  const rules = Object.entries(coverage.rules).sort(([a, one], [b, other]) => one.percent - other.percent || (a < b ? -1 : 1));
  const rows = rules.map(([rule, { percent, covered, points, uncovered }]) => {
    const holes = uncovered.map(({ what, hint, file, line }) => `<li><button type="button" class="go" data-file="${escape(file)}" data-line="${line}">${escape(`${file}:${line}`)}</button> ${escape(what)}<small>${escape(hint)}</small></li>`);
    const list = holes.length === 0 ? '' : `<details><summary>${holes.length === 1 ? 'one thing is' : `${holes.length} things are`} not looked at</summary><ul>${holes.join('')}</ul></details>`;
    return `<tr><td class="number">${percent} %</td><td class="number">${covered} of ${points}</td><td><button type="button" class="go" data-rule="${escape(rule)}">${escape(rule)}</button>${list}</td></tr>`;
  });
  return `<section><h2>Coverage by scenarios</h2><table><thead><tr><th>covered</th><th>points</th><th>rule</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}
