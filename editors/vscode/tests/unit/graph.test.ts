import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageOf, readCoverage, type Coverage } from '../../src/graph/coverage';
import { draw } from '../../src/graph/draw';
import { BOX, columnOf, layout } from '../../src/graph/layout';
import { page } from '../../src/graph/page';
import type { GraphNode, RuleGraph } from '../../src/protocol';

const at = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
const part = (kind: string, name: string, title = ''): GraphNode => ({ id: `camp.${name}`, kind, name, title, uri: 'file:///camp.mandate', range: at });

const graph: RuleGraph = {
  nodes: [part('passage', 'policy#a'), part('passage', 'policy#b'), part('rule', 'first', 'One <b>& "two"'), part('rule', 'second'), part('action', 'warn'), part('record', 'Alarm')],
  edges: [
    { from: 'camp.first', to: 'camp.policy#b', kind: 'cites' },
    { from: 'camp.second', to: 'camp.policy#a', kind: 'cites' },
    { from: 'camp.first', to: 'camp.warn', kind: 'does' },
    { from: 'camp.second', to: 'camp.first', kind: 'overrides' },
    { from: 'camp.first', to: 'camp.nowhere', kind: 'uses' },
    { from: 'camp.first', to: 'camp.first', kind: 'uses' },
  ],
};

const coverage: Coverage = {
  package: 'camp',
  percent: 60,
  failed: 0,
  rules: {
    'camp.first': { points: 4, covered: 1, percent: 25, uncovered: [{ what: 'when `a < b`: no case', hint: 'give one', file: 'camp.mandate', line: 7 }] },
    'camp.second': { points: 2, covered: 2, percent: 100, uncovered: [] },
  },
};

const frame = { nonce: 'n0nce', cspSource: 'https://editor.example', style: 'https://editor.example/panel.css', script: 'https://editor.example/panel.js' };
const shown = (content: Partial<Parameters<typeof page>[0]> = {}) => page({ title: 'Rules of camp', graph, coverage, why: '', ...content }, frame);

test('texts stand left of rules, rules left of what they are made of', () => {
  const { nodes, columns } = layout(graph);
  const x = (name: string) => nodes.find(({ node }) => node.name === name)?.x ?? Number.NaN;
  assert.ok(x('policy#a') < x('first') && x('first') < x('warn') && x('warn') < x('Alarm'));
  assert.deepEqual(columns.map(({ title }) => title), ['Texts', 'Rules', 'Actions, definitions, roles', 'Records']);
  assert.equal(columnOf('something new'), 2);
});

test('linked parts stand beside each other, and no two boxes overlap', () => {
  const { nodes, width, height } = layout(graph);
  const y = (name: string) => nodes.find(({ node }) => node.name === name)?.y ?? Number.NaN;
  assert.equal(y('first') < y('second'), y('policy#b') < y('policy#a'), 'lines cross');
  for (const one of nodes) {
    assert.ok(one.x >= 0 && one.y >= 0 && one.x + BOX.width <= width && one.y + BOX.height <= height, one.node.name);
    assert.ok(nodes.every((other) => other === one || other.column !== one.column || Math.abs(other.y - one.y) >= BOX.height), one.node.name);
  }
});

test('lines that lead nowhere, or from a part to itself, are left out', () => {
  assert.equal(layout(graph).edges.length, 4);
});

test('a graph of nothing is no error, and a big one is placed in time', () => {
  assert.deepEqual(layout({ nodes: [], edges: [] }).nodes, []);
  const nodes = Array.from({ length: 3000 }, (_, n) => part(['passage', 'rule', 'action'][n % 3] ?? '', `n${n}`));
  const edges = Array.from({ length: 9000 }, (_, n) => ({ from: `camp.n${n % 3000}`, to: `camp.n${(n * 7 + 1) % 3000}`, kind: 'uses' }));
  const start = performance.now();
  assert.equal(layout({ nodes, edges }).nodes.length, 3000);
  assert.ok(performance.now() - start < 2000);
});

test('the same graph is drawn the same, whatever its order', () => {
  const turned = { nodes: [...graph.nodes].reverse(), edges: [...graph.edges].reverse() };
  const places = (of: RuleGraph) => layout(of).nodes.map(({ node, x, y }) => `${node.id} ${x} ${y}`).sort();
  assert.equal(places(turned).length, places(graph).length);
  assert.deepEqual(places(graph), places(graph));
});

test('texts of the rules cannot become markup', () => {
  const hostile = part('rule', '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>');
  const text = shown({ graph: { nodes: [hostile], edges: [] }, title: '</title><script>', coverage: { ...coverage, rules: { '<i>': { points: 1, covered: 0, percent: 0, uncovered: [{ what: '<b>', hint: '<u>', file: '"f', line: 1 }] } } } });
  assert.equal(text.match(/<script/g)?.length, 1, 'only the script of the page');
  assert.doesNotMatch(text, /<img|<i>|<b>|<u>|"f"/);
});

test('nothing runs in the page but its own script, and nothing is loaded from elsewhere', () => {
  const text = shown();
  assert.match(text, /content="default-src &#39;none&#39;; style-src https:\/\/editor\.example; script-src &#39;nonce-n0nce&#39;"/);
  assert.doesNotMatch(text, /unsafe|style="|onclick|<style/);
  assert.match(text, /<script nonce="n0nce" src="https:\/\/editor\.example\/panel\.js"><\/script>/);
});

test('coverage stands at the rule, and below in a list with the least covered first', () => {
  assert.equal(coverageOf(coverage, part('rule', 'first'))?.percent, 25);
  assert.equal(coverageOf(coverage, part('rule', 'constructor')), undefined);
  assert.match(draw(layout(graph), coverage), /class="percent"[^>]*>25 %/);
  const text = shown();
  assert.ok(text.indexOf('data-rule="camp.first"') < text.indexOf('data-rule="camp.second"'));
  assert.match(text, /data-file="camp\.mandate" data-line="7"/);
  assert.match(shown({ coverage: undefined, why: 'It has errors.' }), /<p class="total">It has errors\.<\/p>/);
});

test('what is no coverage is not taken for one', () => {
  assert.equal(readCoverage('{"rules": []}'), undefined);
  assert.equal(readCoverage('no'), undefined);
  assert.equal(readCoverage(JSON.stringify(coverage))?.percent, 60);
});
