import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { inWords, Places, readChecked } from '../../src/findings';
import { moduleOf, packageOf, shortName } from '../../src/packages';
import { run } from '../../src/run';
import { readRevisions } from '../../src/commands/revisions';
import { byId, byModule, idOf, request } from '../../src/testing/scenarios';
import { CLIENT_COMMANDS, INITIALIZATION_OPTIONS, isUnknownRequest, type Scenario } from '../../src/protocol';

const node = (script: string, signal?: AbortSignal) => run(process.execPath, ['-e', script], '/', signal);

test('what a program writes comes back with its code', async () => {
  const ran = await node('process.stdout.write("grün\\n"); process.stderr.write("said\\n"); process.exitCode = 1');
  assert.deepEqual(ran, { kind: 'ended', code: 1, out: 'grün\n', said: 'said' });
});

test('a run that is called off ends the program', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  const start = performance.now();
  assert.deepEqual(await node('setTimeout(() => {}, 60000)', stop.signal), { kind: 'cancelled' });
  assert.ok(performance.now() - start < 10_000);
  assert.deepEqual(await node('', AbortSignal.abort()), { kind: 'cancelled' });
});

test('a program that is not there, or is ended from outside, is a failure with a reason', async () => {
  const absent = await run('/nowhere/mandate', [], '/');
  assert.ok(absent.kind === 'failed' && /ENOENT/.test(absent.reason));
  const killed = await node('process.kill(process.pid, "SIGKILL")');
  assert.ok(killed.kind === 'failed' && /SIGKILL/.test(killed.reason));
});

test('the package of a file is the nearest folder with a manifest', () => {
  const manifests = new Set(['/w/mandate.toml', '/w/harbour/mandate.toml']);
  const isFile = (file: string) => manifests.has(file);
  assert.equal(packageOf('/w/harbour/facts/march.yaml', isFile), '/w/harbour');
  assert.equal(packageOf('/w/harbour', isFile), '/w/harbour');
  assert.equal(packageOf('/w/camp.mandate', isFile), '/w');
  assert.equal(packageOf('/elsewhere/a.yaml', isFile), undefined);
});

test('a package is known by its first module, and not by those of packages inside it', () => {
  const workspace = path.join(__dirname, '../tests/e2e/workspace');
  assert.equal(moduleOf(path.join(workspace, 'harbour')), path.join(workspace, 'harbour/harbour.mandate'));
  assert.equal(moduleOf(path.join(workspace, 'harbour/facts')), undefined);
  assert.equal(moduleOf(path.dirname(workspace)), undefined);
});

test('folders have the names people know', () => {
  assert.equal(shortName('/w/harbour', ['/w', '/other']), 'w/harbour');
  assert.equal(shortName('/w', ['/w']), 'w');
  assert.equal(shortName('/w2', ['/w']), '/w2');
  assert.equal(shortName('/w/..odd', ['/w']), 'w/..odd');
});

test('places by byte become places by UTF-16 unit', () => {
  const text = 'aé\n💧b\r\nc';
  const places = new Places(text);
  const at = (part: string) => places.at(Buffer.byteLength(text.slice(0, text.indexOf(part))));
  assert.deepEqual(at('é'), { line: 0, character: 1 });
  assert.deepEqual(at('b'), { line: 1, character: 2 });
  assert.deepEqual(at('c'), { line: 2, character: 0 });
  assert.deepEqual(places.at(9999), { line: 2, character: 1 });
  assert.deepEqual(places.at(-1), { line: 0, character: 0 });
});

test('findings of a check are read with remarks and advice', () => {
  const told = { file: '/a', code: 'E026', severity: 'error', message: 'no such field', primary: { start: 0, end: 1, label: '' }, related: [], notes: ['note'], help: ['did you mean'] };
  const checked = readChecked(JSON.stringify({ version: 1, errors: 1, warnings: 0, diagnostics: [told] }));
  assert.equal(checked?.errors, 1);
  assert.equal(checked.diagnostics[0] && inWords(checked.diagnostics[0]), 'no such field\nnote\ndid you mean');
  assert.equal(readChecked('error: no'), undefined);
});

test('revisions have the name of their tag, else their hash', () => {
  const log = 'a1\x1fHEAD -> main, tag: v1.2\x1fMend it\x1f2026-03-01\nb2\x1f\x1fA title, with: signs\x1f2026-02-01\n';
  assert.deepEqual(readRevisions(log), [
    { name: 'v1.2', title: 'Mend it', day: '2026-03-01' },
    { name: 'b2', title: 'A title, with: signs', day: '2026-02-01' },
  ]);
  assert.deepEqual(readRevisions(''), []);
});

const scenario = (uri: string, title: string, line: number): Scenario => ({ uri, title, package: 'p', range: { start: { line, character: 0 }, end: { line: line + 1, character: 0 } }, nameRange: { start: { line, character: 0 }, end: { line, character: 1 } } });

test('scenarios are listed by module and place', () => {
  const modules = byModule([scenario('b', 'two', 9), scenario('a', 'x', 3), scenario('b', 'one', 1)]);
  assert.deepEqual(modules.map(({ uri, scenarios }) => [uri, scenarios.map(({ title }) => title)]), [['a', ['x']], ['b', ['one', 'two']]]);
});

test('results find their scenario, and all are asked for by naming none', () => {
  const result = { uri: 'FILE:///a', title: 't', range: scenario('a', 't', 0).range, outcome: 'passed' as const, messages: [] };
  assert.equal(byId([result], (uri) => uri.toLowerCase()).get(idOf('file:///a', 't')), result);
  assert.notEqual(idOf('a', 'b'), idOf('ab', ''));
  assert.deepEqual(request([scenario('a', 't', 0)], false), { scenarios: [{ uri: 'a', title: 't' }] });
  assert.deepEqual(request([scenario('a', 't', 0)], true), {});
});

test('the server is told which commands it may name', () => {
  assert.deepEqual(INITIALIZATION_OPTIONS, { clientCommands: ['mandate.client.runScenario', 'mandate.client.showReferences', 'mandate.client.showPage', 'mandate.client.showWhy'], scenariosChanged: true });
  assert.equal(CLIENT_COMMANDS.showWhy, 'mandate.client.showWhy');
  assert.ok(isUnknownRequest(Object.assign(new Error('x'), { code: -32601 })));
  assert.ok(!isUnknownRequest(new Error('x')) && !isUnknownRequest(undefined));
});
