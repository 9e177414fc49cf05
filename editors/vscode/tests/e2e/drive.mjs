// drive.mjs PORT WORKSPACE SHOTS: uses the editor as a person would, and looks at what a person would see.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { launch } from './browser.mjs';

const [, , port, workspace, shots] = process.argv;
const PATIENCE = 30_000;
const browser = await launch();
const page = await (await browser.newContext({ viewport: { width: 1400, height: 1200 } })).newPage();
page.setDefaultTimeout(PATIENCE);

let step = 'start';
let pictures = 0;
const start = Date.now();
function passed(what) {
  console.log(`${String(Date.now() - start).padStart(6)} ms  ok  ${what}`);
}
async function picture(name) {
  pictures += 1;
  await page.screenshot({ path: path.join(shots, `${pictures}-${name}.png`) });
}

/** The editor draws spaces as no-break spaces. */
const plain = (text) => text.replace(/\u00a0/g, ' ').replace(/\s+/g, ' ');

/** The middle of `words` where they stand in the open editor; `part` picks a piece of them. */
async function spot(words, part = words) {
  const found = await page.waitForFunction(
    ([words, part]) => {
      for (const line of document.querySelectorAll('.editor-instance .monaco-editor .view-line')) {
        const text = line.textContent.replace(/\u00a0/g, ' ');
        if (!text.includes(words)) {
          continue;
        }
        let from = text.indexOf(words) + words.indexOf(part);
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          if (from < node.length) {
            const range = document.createRange();
            range.setStart(node, from);
            range.setEnd(node, Math.min(node.length, from + part.length));
            const box = range.getBoundingClientRect();
            return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
          }
          from -= node.length;
        }
      }
      return null;
    },
    [words, part],
  );
  return found.jsonValue();
}

async function open(file) {
  await page.keyboard.press('Control+P');
  await page.waitForSelector('.quick-input-widget input:visible');
  await page.keyboard.type(file);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: file }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForSelector(`.tab.active[aria-label*="${file}"]`);
}

async function command(title) {
  await page.keyboard.press('F1');
  await page.waitForSelector('.quick-input-widget input:visible');
  await page.keyboard.type(title);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor();
  await page.keyboard.press('Enter');
}

async function hover(words, part) {
  const { x, y } = await spot(words, part);
  // The editor shows a hover only for a mouse that came to rest: move away first, then in.
  await page.mouse.move(x, y + 200);
  await page.mouse.move(x - 3, y, { steps: 3 });
  await page.mouse.move(x, y, { steps: 3 });
}

async function hoverShows(words, part, expected) {
  for (const end = Date.now() + PATIENCE; ; ) {
    await hover(words, part);
    const shown = page.locator('.monaco-hover:not(.hidden) .hover-contents').first();
    await shown.waitFor({ timeout: 3000 }).catch(() => undefined);
    await page.waitForTimeout(500);
    const said = plain((await page.locator('.monaco-hover:not(.hidden)').allInnerTexts()).join(' '));
    if (said.includes(expected)) {
      return;
    }
    assert.ok(Date.now() < end, `hover over "${part}" says "${said}", not "${expected}"`);
  }
}

/** Clicks into `part` of `words` until the cursor is on that line: the editor may still be scrolling. */
async function putCursor(words, part) {
  for (const end = Date.now() + PATIENCE; ; ) {
    const { x, y } = await spot(words, part);
    await page.mouse.click(x, y);
    await page.waitForTimeout(300);
    const line = await page.evaluate((words) => {
      const cursor = document.querySelector('.editor-instance .monaco-editor .cursor')?.getBoundingClientRect();
      const lines = [...document.querySelectorAll('.editor-instance .monaco-editor .view-line')];
      return lines.some((line) => line.textContent.replace(/\u00a0/g, ' ').includes(words) && Math.abs(line.getBoundingClientRect().y - cursor?.y) < 3);
    }, words);
    if (line) {
      return;
    }
    assert.ok(Date.now() < end, `the cursor does not go to "${words}"`);
  }
}

function status(label) {
  return page.locator('.statusbar-item', { has: page.locator(`[aria-label^="Mandate: ${label}"]`) });
}

/** Waits until `holds()`. */
async function until(holds, what) {
  for (const end = Date.now() + PATIENCE; !holds(); ) {
    assert.ok(Date.now() < end, what);
    await page.waitForTimeout(50);
  }
}

/** Sets `mandate.server.path` of the workspace; empty: as without the setting. */
function takeServer(program) {
  const settings = path.join(workspace, '.vscode/settings.json');
  fs.mkdirSync(path.dirname(settings), { recursive: true });
  fs.writeFileSync(settings, JSON.stringify(program === '' ? {} : { 'mandate.server.path': program }));
}

/** A program of the workspace, in the language of the shell. */
function script(name, body) {
  const file = path.join(workspace, name);
  fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}

try {
  step = 'the server starts';
  await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 60_000 });
  await open('camp.mandate');
  await status('running').first().waitFor();
  passed(step);

  step = 'a squiggle stands under the planted mistake';
  await page.waitForSelector('.monaco-editor .squiggly-error');
  await picture('squiggle');
  const wrong = await spot('rasied_at');
  const under = await page.$$eval('.monaco-editor .squiggly-error', (marks) => marks.map((mark) => mark.getBoundingClientRect()).map(({ left, right, top, bottom }) => ({ left, right, top, bottom })));
  assert.ok(
    under.some(({ left, right, top, bottom }) => left <= wrong.x && wrong.x <= right && top - 4 <= wrong.y && wrong.y <= bottom + 4),
    `squiggles at ${JSON.stringify(under)}, mistake at ${JSON.stringify(wrong)}`,
  );
  passed(step);

  step = 'the mistake is explained where it stands';
  await hoverShows('a.rasied_at', 'rasied_at', 'raised_at');
  await picture('problem');
  await page.keyboard.press('Escape');
  passed(step);

  step = 'typing the right word removes the squiggle';
  await page.mouse.dblclick(wrong.x, wrong.y);
  await page.keyboard.type('raised_at');
  await page.keyboard.press('Escape');
  await spot('after a.raised_at');
  await page.waitForFunction(() => document.querySelectorAll('.monaco-editor .squiggly-error').length === 0);
  await picture('corrected');
  passed(step);

  const passage = 'told of a threat before it reaches them';
  step = 'the name of the rule shows the passage it cites';
  await hoverShows('rule warn_the_camp', 'warn_the_camp', passage);
  await picture('hover-rule');
  passed(step);

  step = 'the citation shows the passage';
  await hoverShows('cites camp_policy#warning', 'warning', passage);
  await picture('hover-citation');
  passed(step);

  step = 'the outline lists the rule';
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+O');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'warn_the_camp' }).first().waitFor();
  await picture('outline');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.quick-input-widget', { state: 'hidden' });
  passed(step);

  step = 'go to definition on the citation opens the document at the passage';
  await putCursor('cites camp_policy#warning', 'warning');
  await page.keyboard.press('F12');
  await page.waitForSelector('.tab.active[aria-label*="camp-policy.md"]');
  const lines = fs.readFileSync(path.join(workspace, 'sources/camp-policy.md'), 'utf8').split('\n');
  const first = lines.findIndex((line) => line.includes('{#warning}')) + 1;
  const last = lines.findIndex((line) => line.includes('{#care}'));
  // The status bar follows the cursor a moment later, and until then tells of the file left behind.
  let at = '';
  for (const end = Date.now() + PATIENCE; ; await page.waitForTimeout(50)) {
    at = await page.locator('.statusbar-item', { hasText: /^Ln \d+/ }).first().innerText();
    const line = Number(/Ln (\d+)/.exec(at)?.[1]);
    if (first <= line && line <= last) {
      break;
    }
    assert.ok(Date.now() < end, `the cursor is at "${at}", the passage in lines ${first} to ${last}`);
  }
  await picture('passage');
  passed(step);

  step = 'a changed word of the document is told at the rule that was reviewed against it';
  const policy = path.join(workspace, 'sources/camp-policy.md');
  const reviewed = fs.readFileSync(policy, 'utf8');
  fs.writeFileSync(policy, reviewed.replace('are told of a threat', 'are warned of a threat'));
  await page.locator('.tab[aria-label*="camp.mandate"]').click();
  await page.waitForSelector('.monaco-editor .squiggly-warning');
  await hoverShows('cites camp_policy#warning', 'warning', '[-told-] {+warned+}');
  await picture('changed-passage');
  await page.keyboard.press('Escape');
  fs.writeFileSync(policy, reviewed);
  await page.waitForFunction(() => document.querySelectorAll('.monaco-editor .squiggly-warning').length === 0);
  passed(step);

  step = 'formatting sets the lines right and keeps the comment';
  await open('untidy.mandate');
  await spot('cites camp_policy#warning');
  await command('Format Document');
  await page.waitForFunction(() => {
    const lines = [...document.querySelectorAll('.editor-instance .monaco-editor .view-line')].map((line) => line.textContent.replace(/\u00a0/g, ' '));
    return ['  cites camp_policy#warning', '  for each a: Alarm', '  // this comment stays'].every((tidy) => lines.includes(tidy));
  });
  await picture('formatted');
  passed(step);

  step = 'a setting that leads nowhere is said, with a way to the setting';
  takeServer('/nowhere/mandate');
  await status('failed').first().waitFor();
  await page.locator('.notification-toast', { hasText: '/nowhere/mandate' }).getByText('Open setting').waitFor();
  await picture('no-server');
  passed(step);

  step = 'a server that dies at once is failed, with its last words';
  takeServer(script('dying', 'echo "the standard library is damaged" >&2; exit 1'));
  await status('failed. the standard library is damaged').first().waitFor();
  await page.locator('.notification-toast', { hasText: 'the standard library is damaged' }).first().waitFor();
  await picture('dying-server');
  passed(step);

  step = 'a server that never answers is starting, and can be replaced';
  takeServer(script('mute', 'exec sleep 600'));
  await status('starting').first().waitFor();
  takeServer('');
  await status('running').first().waitFor();
  passed(step);

  step = 'a server that crashes is started again, and given up when it keeps crashing';
  const pids = path.join(workspace, 'pids');
  const starts = () => (fs.existsSync(pids) ? fs.readFileSync(pids, 'utf8').trim().split('\n').map(Number) : []);
  takeServer(script('mortal', `echo $$ >> '${pids}'; exec '${process.env.MANDATE_E2E_PROGRAM}' "$@"`));
  for (let start = 1; start <= 4; start += 1) {
    await until(() => starts().length === start, `start ${start}, not ${starts().length}`);
    await status('running').first().waitFor();
    // The notice that it runs may be older than this process: give it the time to answer.
    await page.waitForTimeout(1500);
    process.kill(starts().at(-1), 'SIGKILL');
  }
  await status('failed. The language server ended 4 times').first().waitFor();
  assert.equal(starts().length, 4);
  await picture('crashing-server');
  passed(step);

  step = 'a click on the failed server starts it afresh';
  await status('failed').first().click();
  await status('running').first().waitFor();
  passed(step);
} catch (error) {
  console.error(`${String(Date.now() - start).padStart(6)} ms  FAILED  ${step}\n${error.stack}`);
  await picture('FAILED').catch(() => undefined);
  process.exitCode = 1;
} finally {
  await browser.close();
}
