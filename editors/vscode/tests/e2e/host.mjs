// host.mjs PORT EXTENSION WORKSPACE SHOTS: runs EXTENSION/tests/e2e/host/index.js inside the editor's extension host.
// The editor reports through the two functions that its own web tests use.
import path from 'node:path';
import { launch } from './browser.mjs';

const [, , port, extension, workspace, shots] = process.argv;
const authority = `127.0.0.1:${port}`;
const remote = (file) => `vscode-remote://${authority}${file}`;
const payload = [
  ['extensionDevelopmentPath', remote(extension)],
  ['extensionTestsPath', remote(path.join(extension, 'tests/e2e/host/index.js'))],
];

const browser = await launch();
const page = await browser.newPage();
let finish;
const finished = new Promise((resolve) => (finish = resolve));
await page.exposeFunction('codeAutomationLog', (_level, args) => {
  const line = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ');
  if (line.includes('[host]')) {
    console.log(line.slice(line.indexOf('[host]') + 7));
  }
});
await page.exposeFunction('codeAutomationExit', (code) => finish(code));
// A release build of the editor heeds the payload only with its smoke-test driver on: switched on as the page reads its settings.
await page.addInitScript(() => {
  const read = Element.prototype.getAttribute;
  Element.prototype.getAttribute = function (name) {
    const value = read.call(this, name);
    if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration') {
      return value;
    }
    const settings = JSON.parse(value);
    settings.developmentOptions = { ...settings.developmentOptions, enableSmokeTestDriver: true };
    return JSON.stringify(settings);
  };
});
await page.goto(`http://${authority}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`, { waitUntil: 'domcontentloaded' });
const code = await Promise.race([finished, new Promise((resolve) => setTimeout(() => resolve('no answer within 120 s'), 120_000))]);
if (code !== 0) {
  console.error(`extension host: ${code}`);
  await page.screenshot({ path: path.join(shots, 'host-FAILED.png') });
}
await browser.close();
process.exit(code === 0 ? 0 : 1);
