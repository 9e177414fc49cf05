// Writing and reading rules: problems, hover, outline, the passage, formatting.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';

const passage = 'told of a threat before it reaches them';

/** Needs the server running. */
export async function writing(editor, workspace) {
  const { page } = editor;
  const policy = path.join(workspace, 'sources/camp-policy.md');

  await editor.step('a squiggle stands under the planted mistake', async () => {
    await editor.open('camp.mandate');
    await page.waitForSelector('.monaco-editor .squiggly-error');
    await editor.picture('squiggle');
    // Lines move while lenses come up above them: look again until both are seen in one place.
    for (const end = Date.now() + PATIENCE; ; await page.waitForTimeout(200)) {
      const wrong = await editor.spot('rasied_at');
      const under = await page.$$eval('.monaco-editor .squiggly-error', (marks) => marks.map((mark) => mark.getBoundingClientRect()).map(({ left, right, top, bottom }) => ({ left, right, top, bottom })));
      if (under.some(({ left, right, top, bottom }) => left <= wrong.x && wrong.x <= right && top - 4 <= wrong.y && wrong.y <= bottom + 4)) {
        return;
      }
      assert.ok(Date.now() < end, `squiggles at ${JSON.stringify(under)}, mistake at ${JSON.stringify(wrong)}`);
    }
  });

  await editor.step('the mistake is explained where it stands', async () => {
    await editor.hoverShows('a.rasied_at', 'rasied_at', 'raised_at');
    await editor.picture('problem');
    await page.keyboard.press('Escape');
  });

  await editor.step('typing the right word removes the squiggle', async () => {
    await editor.putCursor('after a.rasied_at', 'rasied_at');
    // Selects the word at the cursor.
    await page.keyboard.press('Control+D');
    await page.keyboard.type('raised_at');
    await page.keyboard.press('Escape');
    await editor.spot('after a.raised_at');
    await page.waitForFunction(() => document.querySelectorAll('.monaco-editor .squiggly-error').length === 0);
    await editor.picture('corrected');
  });

  await editor.step('the name of the rule shows the passage it cites', async () => {
    await editor.hoverShows('rule warn_the_camp', 'warn_the_camp', passage);
    await editor.picture('hover-rule');
  });

  await editor.step('the citation shows the passage', async () => {
    await editor.hoverShows('cites camp_policy#warning', 'warning', passage);
    await editor.picture('hover-citation');
  });

  await editor.step('the outline lists the rule', async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+O');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'warn_the_camp' }).first().waitFor();
    await editor.picture('outline');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.quick-input-widget', { state: 'hidden' });
  });

  await editor.step('go to definition on the citation opens the document at the passage', async () => {
    await editor.putCursor('cites camp_policy#warning', 'warning');
    await page.keyboard.press('F12');
    await page.waitForSelector('.tab.active[aria-label*="camp-policy.md"]');
    const lines = fs.readFileSync(policy, 'utf8').split('\n');
    const first = lines.findIndex((line) => line.includes('{#warning}')) + 1;
    const last = lines.findIndex((line) => line.includes('{#care}'));
    await editor.cursorLine((line) => first <= line && line <= last);
    await editor.picture('passage');
  });

  await editor.step('a changed word of the document is told at the rule that was reviewed against it', async () => {
    const reviewed = fs.readFileSync(policy, 'utf8');
    fs.writeFileSync(policy, reviewed.replace('are told of a threat', 'are warned of a threat'));
    await page.locator('.tab[aria-label*="camp.mandate"]').click();
    await page.waitForSelector('.monaco-editor .squiggly-warning');
    await editor.hoverShows('cites camp_policy#warning', 'warning', '[-told-] {+warned+}');
    await editor.picture('changed-passage');
    await page.keyboard.press('Escape');
    fs.writeFileSync(policy, reviewed);
    await page.waitForFunction(() => document.querySelectorAll('.monaco-editor .squiggly-warning').length === 0);
  });

  await editor.step('formatting sets the lines right and keeps the comment', async () => {
    await editor.open('untidy.mandate');
    await editor.spot('cites camp_policy#warning');
    await editor.command('Format Document');
    await page.waitForFunction(() => {
      const lines = [...document.querySelectorAll('.editor-instance .monaco-editor .view-line')].map((line) => line.textContent.replace(/\u00a0/g, ' '));
      return ['  cites camp_policy#warning', '  for each a: Alarm', '  // this comment stays'].every((tidy) => lines.includes(tidy));
    });
    await editor.picture('formatted');
  });
}
