import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.join(__dirname, '..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const { contributes } = manifest;
const read = (folder: string): string => readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true }).filter((file) => file.isFile() && file.name.endsWith('.ts')).map((file) => readFileSync(path.join(file.parentPath, file.name), 'utf8')).join('\n');
const source = read('src');
const offered: string[] = contributes.commands.map(({ command }: { command: string }) => command);

test('every command offered is carried out, and every command named is offered', () => {
  for (const command of offered) {
    assert.ok(source.includes(`register('${command}'`), `${command} is not registered`);
  }
  const menus = Object.values(contributes.menus).flat() as { command: string }[];
  const named = [...menus.map(({ command }) => command), ...JSON.stringify([contributes.walkthroughs, contributes.viewsWelcome]).matchAll(/command:(mandate\.\w+)/g)].map((it) => (typeof it === 'string' ? it : it[1] ?? ''));
  assert.ok(named.length > 10);
  for (const command of named) {
    assert.ok(offered.includes(command), `${command} is not offered`);
  }
});

test('every entry of the menu is a command that is offered', () => {
  const entries = [...readFileSync(path.join(root, 'src/menu.ts'), 'utf8').matchAll(/command: '([^']+)'/g)].map(([, command]) => command ?? '');
  assert.ok(entries.length > 10);
  assert.deepEqual(entries.filter((command) => !offered.includes(command)), []);
});

test('every setting has a type, a default and words', () => {
  const settings = Object.entries(Object.assign({}, ...contributes.configuration.map(({ properties }: { properties: object }) => properties))) as [string, Record<string, string>][];
  const agreed = ['inlayHints.parameterValues', 'inlayHints.types', 'inlayHints.deadlines', 'codeLens.scenarios', 'codeLens.citations', 'codeLens.findings', 'codeLens.coverage', 'diagnostics.proofs'];
  for (const name of agreed) {
    assert.ok(settings.some(([setting, { type }]) => setting === `mandate.${name}` && type === 'boolean'), name);
  }
  for (const [setting, it] of settings) {
    assert.ok(it['type'] !== undefined && 'default' in it && (it['description'] ?? it['markdownDescription'] ?? '').endsWith('.'), setting);
  }
});

test('files that the manifest names are there, and are packed', () => {
  const packed = readFileSync(path.join(root, '.vscodeignore'), 'utf8');
  const named = [...JSON.stringify(manifest).matchAll(/"(?:\.\/)?((?:images|walkthrough|snippets|syntaxes)\/[^"]+)"/g)].map(([, file]) => file ?? '');
  assert.ok(named.length > 8);
  for (const file of named) {
    assert.ok(existsSync(path.join(root, file)), file);
    const pattern = path.posix.join(path.posix.dirname(file), `*${path.extname(file)}`);
    assert.ok(packed.includes(`!${file}\n`) || packed.includes(`!${pattern}\n`), `${file} is not packed`);
  }
});

test('what runs git, or writes where the person says, waits for trust; the program of the workspace does too', () => {
  const waiting = contributes.commands.filter(({ enablement }: { enablement?: string }) => enablement === 'isWorkspaceTrusted').map(({ command }: { command: string }) => command);
  assert.deepEqual(waiting.sort(), ['mandate.compare', 'mandate.compile', 'mandate.newPackage']);
  assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, ['mandate.server.path']);
});

test('the extension opens no connection and reports nothing', () => {
  assert.doesNotMatch(source + readFileSync(path.join(root, 'media/panel.js'), 'utf8'), /node:https?|node:net|node:tls|fetch\(|XMLHttpRequest|WebSocket|createTelemetryLogger/);
});

test('there is a snippet for every declaration and every clause of a rule', () => {
  const snippets = JSON.parse(readFileSync(path.join(root, 'snippets/mandate.json'), 'utf8')) as Record<string, { prefix: string[]; body: string[]; description: string }>;
  const starts = Object.values(snippets).map(({ body }) => body.find((line) => !line.startsWith('///'))?.trim().split(' ')[0]);
  const declarations = ['use', 'source', 'enum', 'record', 'role', 'parameter', 'define', 'action', 'waiver', 'caveat', 'rule', 'constraint', 'endorse', 'assume', 'concern', 'purpose', 'mission', 'background', 'carries', 'scenario'];
  assert.deepEqual(declarations.filter((word) => !starts.includes(word)), []);
  for (const [name, { description, body }] of Object.entries(snippets)) {
    assert.ok(description.endsWith('.'), name);
    assert.ok(!body.some((line) => line.includes('\t')), name);
  }
});
