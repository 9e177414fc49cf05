// The server taken away in every way a server can go.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** Sets `mandate.server.path` of the workspace; empty: as without the setting. */
function takeServer(workspace, program) {
  const settings = path.join(workspace, '.vscode/settings.json');
  fs.mkdirSync(path.dirname(settings), { recursive: true });
  fs.writeFileSync(settings, JSON.stringify(program === '' ? {} : { 'mandate.server.path': program }));
}

/** A program of the workspace, in the language of the shell. */
function script(workspace, name, body) {
  const file = path.join(workspace, name);
  fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}

/** Leaves a running server. */
export async function faults(editor, workspace) {
  const { page } = editor;

  await editor.step('a setting that leads nowhere is said, with a way to the setting', async () => {
    takeServer(workspace, '/nowhere/mandate');
    await editor.status('failed').first().waitFor();
    await page.locator('.notification-toast', { hasText: '/nowhere/mandate' }).getByText('Open setting').waitFor();
    await editor.picture('no-server');
  });

  await editor.step('a server that dies at once is failed, with its last words', async () => {
    takeServer(workspace, script(workspace, 'dying', 'echo "the standard library is damaged" >&2; exit 1'));
    await editor.status('failed. the standard library is damaged').first().waitFor();
    await page.locator('.notification-toast', { hasText: 'the standard library is damaged' }).first().waitFor();
    await editor.picture('dying-server');
  });

  await editor.step('a server that never answers is starting, and can be replaced', async () => {
    takeServer(workspace, script(workspace, 'mute', 'exec sleep 600'));
    await editor.status('starting').first().waitFor();
    takeServer(workspace, '');
    await editor.status('running').first().waitFor();
  });

  await editor.step('a server that crashes is started again, and given up when it keeps crashing', async () => {
    const pids = path.join(workspace, 'pids');
    const starts = () => (fs.existsSync(pids) ? fs.readFileSync(pids, 'utf8').trim().split('\n').map(Number) : []);
    takeServer(workspace, script(workspace, 'mortal', `echo $$ >> '${pids}'; exec '${process.env.MANDATE_E2E_PROGRAM}' "$@"`));
    for (let start = 1; start <= 4; start += 1) {
      await editor.until(() => starts().length === start, `start ${start}, not ${starts().length}`);
      await editor.status('running').first().waitFor();
      // The notice that it runs may be older than this process: give it the time to answer.
      await page.waitForTimeout(1500);
      process.kill(starts().at(-1), 'SIGKILL');
    }
    await editor.status('failed. The language server ended 4 times').first().waitFor();
    assert.equal(starts().length, 4);
    await editor.picture('crashing-server');
  });

  await editor.step('a click on the failed server starts it afresh', async () => {
    await editor.status('failed').first().click();
    await editor.status('running').first().waitFor();
  });
}
