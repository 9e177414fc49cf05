import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { inShort, readAssessment, standing, type Finding } from '../../src/assess/assessment';
import { canHoldFacts, looksLikeFacts } from '../../src/assess/facts';
import { marksOf, movedLine, shownAbove, summary, wordsOf } from '../../src/assess/marks';

const text = readFileSync(path.join(__dirname, '../tests/unit/data/harbour.json'), 'utf8');

function report() {
  const assessment = readAssessment(text);
  assert.ok(assessment !== undefined);
  return assessment;
}

test('what is no report is not taken for one', () => {
  for (const other of ['', 'error: no', '[]', '{"diagnostics": []}', '{"findings": {}, "data_findings": []}']) {
    assert.equal(readAssessment(other), undefined, other);
  }
});

test('a finding stands at its record, with what was found, the title of the rule and why', () => {
  const loud = marksOf(report()).filter(({ problem }) => problem !== undefined);
  assert.deepEqual(
    loud.map(({ line, title, problem }) => [line + 1, problem?.loudness, title]),
    [
      [14, 'error', 'violated: Chilled goods are stored within two hours - does not hold: c.stored_at <= c.landed_at + 2 hours'],
      [14, 'error', 'violated: Release relief goods within a day - late by 2 hours 30 minutes'],
      [21, 'warning', 'undetermined: Release relief goods within a day - missing cargo-3.urgency'],
      [25, 'information', 'pending: Release relief goods within a day - due 2026-03-10T12:00Z'],
    ],
  );
  assert.ok(loud.every(({ file }) => file === 'facts/march.yaml'));
});

test('what is kept is told above the record and is no problem', () => {
  const quiet = marksOf(report()).filter(({ problem }) => problem === undefined);
  assert.deepEqual(quiet.map(({ line, title }) => [line + 1, title.split(' - ')[0]]), [[8, 'satisfied: Release relief goods within a day']]);
});

test('the force of the text stands in the problem', () => {
  const [first] = marksOf(report());
  assert.match(first?.problem?.message ?? '', /^violated \(order\): /);
});

test('several kept rules of a record are one line', () => {
  const [mark] = marksOf(report()).filter(({ problem }) => problem === undefined);
  assert.ok(mark !== undefined);
  const above = shownAbove([mark, { ...mark }, { ...mark, line: 40 }]);
  assert.deepEqual(above.map(({ line, marks }) => [line, marks.length]), [[7, 2], [40, 1]]);
  assert.equal(above[0]?.title, '2 rules kept or not owed');
});

test('advice that is not followed is never called a violation', () => {
  const [finding] = report().findings;
  assert.ok(finding !== undefined);
  const advice: Finding = { ...finding, grade: 'advice' };
  assert.equal(standing(advice), 'advice not followed');
  const [mark] = marksOf({ ...report(), findings: [advice] });
  assert.equal(mark?.problem?.loudness, 'information');
  assert.doesNotMatch(mark?.title ?? '', /violated/);
});

test('named conditions that fail are named instead of the whole', () => {
  const [finding] = report().findings;
  assert.ok(finding !== undefined);
  const { late_by: _late, since: _since, ...plain } = finding;
  const parts = [{ kind: 'condition' as const, text: 'only_way', holds: true }, { kind: 'condition' as const, text: 'time_to_comply', holds: false }];
  assert.equal(inShort({ ...plain, why: [{ kind: 'require', text: 'all { ... }', holds: false, parts }] }), 'does not hold: time_to_comply');
});

test('an assessment is summed up in a line', () => {
  assert.equal(summary(report()), 'as of 2026-03-10T00:00Z: 2 violated, 1 undetermined, 1 pending, 1 satisfied');
  assert.equal(summary({ ...report(), findings: [] }), 'as of 2026-03-10T00:00Z: no rule applies');
});

test('facts that break an assumption are a warning at their first record', () => {
  const subject = [{ var: 'x', id: '3' }, { var: 'c', type: 'Cargo', id: 'cargo-1', file: 'facts/march.yaml', line: 8 }];
  const fault = { assumption: 'Goods land before they are stored', declared: 'harbour.mandate:9', subject, why: [{ kind: 'require' as const, text: 'a < b', holds: false }] };
  const [mark] = marksOf({ ...report(), findings: [], data_findings: [fault] });
  assert.deepEqual([mark?.line, mark?.problem?.loudness, mark?.finding], [7, 'warning', undefined]);
  assert.match(mark?.title ?? '', /Goods land before they are stored - does not hold: a < b/);
});

test('two findings of a record are kept short enough to stand side by side', () => {
  const above = shownAbove(marksOf(report())).filter(({ line }) => line === 13);
  assert.deepEqual(above.map(({ title }) => title.length <= 80), [true, true]);
  assert.match(above[0]?.title ?? '', /^violated: Chilled goods are stored within two hours - .*…$/);
  assert.equal(above[1]?.title, 'violated: Release relief goods within a day - late by 2 hours 30 minutes');
});

test('a problem stands under the words of a line', () => {
  assert.deepEqual(['  - id: a  ', '', '   ', 'x', undefined].map(wordsOf), [{ start: 2, end: 9 }, { start: 0, end: 0 }, { start: 0, end: 0 }, { start: 0, end: 1 }, { start: 0, end: 0 }]);
});

test('marks move with the lines of their records', () => {
  assert.equal(movedLine(10, 3, 3, 'x'), 10, 'a change within a line');
  assert.equal(movedLine(10, 3, 3, 'x\ny\n'), 12, 'two lines more');
  assert.equal(movedLine(10, 3, 5, ''), 8, 'two lines fewer');
  assert.equal(movedLine(10, 12, 14, ''), 10, 'a change below');
  assert.equal(movedLine(10, 8, 11, 'x'), 8, 'its own line goes');
  assert.equal(movedLine(10, 10, 10, '\n'), 10, 'a line break in its own line');
});

test('files of facts are told by their endings and by what stands in them', () => {
  assert.ok(['a.json', 'b.yaml', 'c.yml', 'Incident.csv', 'd.jsonl', 'e.ndjson.gz'].every(canHoldFacts));
  assert.ok(!['a.md', 'b.mandate', 'c.toml'].some(canHoldFacts));
  assert.ok(looksLikeFacts('/p/facts/a.yaml', 'as_of: 2026-01-01\nrecords:\n  Unit: []\n'));
  assert.ok(looksLikeFacts('/p/a.json', '{ "records" : { "Unit": [] } }'));
  assert.ok(looksLikeFacts('/p/Incident-2024-03.csv', 'id\n'));
  assert.ok(looksLikeFacts('/p/core.Incident.jsonl', '{}'));
  assert.ok(!looksLikeFacts('/p/package.json', '{ "name": "x" }'));
  assert.ok(!looksLikeFacts('/p/docker-compose.yml', 'services:\n  records:\n'));
  assert.ok(!looksLikeFacts('/p/numbers.csv', 'a,b\n'));
});
