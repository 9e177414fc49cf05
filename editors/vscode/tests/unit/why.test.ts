import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readAssessment } from '../../src/assess/assessment';
import { Declaration } from '../../src/assess/clause';
import { Rules } from '../../src/assess/rules';
import { whyTree } from '../../src/assess/why';
import type { Range, RuleGraph, Why } from '../../src/protocol';

const root = path.join(__dirname, '..');
const folder = path.join(root, 'tests/e2e/workspace/harbour');
const module_ = readFileSync(path.join(folder, 'harbour.mandate'), 'utf8');
const lines = module_.split('\n');
const lineOf = (start: string) => lines.findIndex((line) => line.startsWith(start));

function words(range: Range | null | undefined): string | undefined {
  return range == null ? undefined : range.start.line === range.end.line ? lines[range.start.line]?.slice(range.start.character, range.end.character) : 'several lines';
}

function report() {
  const assessment = readAssessment(readFileSync(path.join(root, 'tests/unit/data/harbour.json'), 'utf8'));
  assert.ok(assessment !== undefined);
  return assessment;
}

const noGraph = () => Promise.reject(new Error('no server'));

async function treeOf(rule: string, status: string): Promise<Why> {
  const assessment = report();
  const finding = assessment.findings.find((one) => one.rule === rule && one.status === status);
  assert.ok(finding !== undefined);
  return whyTree(finding, await new Rules(assessment, folder, noGraph).find(rule), (file) => `file:///facts/${file}`);
}

const all = (why: Why): Why[] => [why, ...why.children.flatMap(all)];

test('a finding is taken apart into rule, record, clauses and what they read', async () => {
  const tree = await treeOf('harbour.keep_medicine_cold', 'violated');
  assert.deepEqual(
    tree.children.map(({ label, outcome }) => [label, outcome]),
    [
      ['rule Chilled goods are stored within two hours', 'none'],
      ['c = cargo-2', 'none'],
      ['when c.chilled', 'true'],
      ['require c.stored_at <= c.landed_at + 2 hours', 'false'],
      ['require c.consignee != "unknown"', 'true'],
      ['remedy', 'none'],
    ].filter(([label]) => label !== 'remedy' || tree.children.some((child) => child.label === 'remedy')),
  );
  const clause = tree.children[3];
  assert.deepEqual(clause?.children.map(({ label }) => label), ['cargo-2.landed_at = 2026-03-02T06:30Z', 'cargo-2.stored_at = 2026-03-02T11:00Z']);
});

test('each clause knows its place in the rule, the record its line in the facts', async () => {
  const tree = await treeOf('harbour.keep_medicine_cold', 'violated');
  const [rule, record, when, require] = tree.children;
  assert.equal(words(rule?.range), 'keep_medicine_cold');
  assert.equal(words(when?.range), 'c.chilled');
  assert.equal(words(require?.range), 'c.stored_at <= c.landed_at + 2 hours');
  assert.ok(when?.uri?.endsWith('/harbour/harbour.mandate'));
  assert.deepEqual([record?.uri, record?.range?.start.line], ['file:///facts/facts/march.yaml', 13]);
});

test('the sentence and the passage stand below the rule', async () => {
  const [rule] = (await treeOf('harbour.release_relief', 'violated')).children;
  assert.equal(words(rule?.children[0]?.range), 'c.held_by must release(c) within release_window after c.landed_at');
  assert.match(rule?.children[1]?.label ?? '', /^cites Order on relief goods in the harbour #release$/);
  assert.ok(rule?.children[1]?.children.some(({ label }) => label.includes('released within a day')));
});

test('what is not known is neither true nor false', async () => {
  const tree = await treeOf('harbour.release_relief', 'undetermined');
  const when = tree.children.find(({ label }) => label === 'when is_relief(c)');
  assert.deepEqual([when?.outcome, when?.children[0]?.label, when?.children[0]?.outcome], ['unknown', 'cargo-3.urgency = not known', 'unknown']);
  assert.ok(tree.children.some(({ label, outcome }) => label === 'missing: cargo-3.urgency' && outcome === 'unknown'));
});

test('a sensitive value is in no part of the tree', async () => {
  const parts = all(await treeOf('harbour.keep_medicine_cold', 'violated'));
  assert.ok(parts.some(({ label }) => label === 'cargo-2.consignee = a value'));
  assert.doesNotMatch(JSON.stringify(parts), /old gate/);
});

test('without the place of the rule there is still a tree', () => {
  const [finding] = report().findings;
  assert.ok(finding !== undefined);
  const tree = whyTree(finding, undefined, (file) => file);
  assert.ok(tree.children.length > 3);
  assert.ok(all(tree).every(({ uri }) => uri === undefined || uri === 'facts/march.yaml'));
});

test('a clause is found whatever the layout, and comments do not count', () => {
  const declaration = new Declaration('rule r "t" {\n  for each c: Cargo\n  when is_relief( c ) // and c.x\n    and c.tons >=\n      20 and c.note == "a  b"\n  c.held_by must release(c)\n}\n\nrule s "u" {\n  when c.x\n}\n', 0);
  const at = (clause: string, kind?: string) => declaration.find(clause, kind);
  assert.deepEqual(at('is_relief(c)', 'when'), { start: { line: 2, character: 7 }, end: { line: 2, character: 21 } });
  assert.deepEqual(at('c.tons >= 20'), { start: { line: 3, character: 8 }, end: { line: 4, character: 8 } });
  assert.ok(at('c.note == "a  b"') !== undefined);
  assert.equal(at('c.note == "a b"'), undefined, 'blanks in a text count');
  assert.equal(at('c.x'), undefined, 'of a comment, or of the next rule');
});

test('the word before a clause tells two equal ones apart', () => {
  const declaration = new Declaration('rule r "t" {\n  require c.a\n  when c.a\n}\n', 0);
  assert.equal(declaration.find('c.a', 'when')?.start.line, 2);
  assert.equal(declaration.find('c.a', 'require')?.start.line, 1);
});

test('a rule is found also where lines were added above it since', () => {
  const text = 'use x\n\nrule other_rule {\n}\n\nrule r "t" {\n  when c.x\n}\n';
  assert.equal(new Declaration(text, 2, 'r').find('c.x', 'when')?.start.line, 6);
  assert.equal(new Declaration(text, 5, 'r').name().start.line, 5);
  assert.equal(new Declaration(text, 2, 'gone').name().start.line, 2);
});

test('a rule of another package is found through the server, and its absence is no error', async () => {
  const graph: RuleGraph = { nodes: [{ id: 'other.release_relief', kind: 'rule', name: 'release_relief', title: '', uri: new URL(`file://${folder}/harbour.mandate`).href, range: { start: { line: lineOf('rule'), character: 0 }, end: { line: lineOf('rule'), character: 1 } } }], edges: [] };
  let asked = 0;
  const rules = new Rules({ pack: 'harbour', declared: { 'other.release_relief': { file: 'other:far.mandate', line: 3 }, 'other.lost': { file: 'other:lost.mandate', line: 1 } } }, folder, () => {
    asked += 1;
    return Promise.resolve(graph);
  });
  assert.equal(words((await rules.find('other.release_relief'))?.declaration.name()), 'release_relief');
  assert.equal(await rules.find('other.lost'), undefined);
  assert.equal(asked, 1);
  assert.equal(await new Rules({ pack: 'harbour' }, folder, noGraph).find('other.release_relief'), undefined);
});
