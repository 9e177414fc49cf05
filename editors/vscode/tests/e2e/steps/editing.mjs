// What the editor writes for the author: the remedy of a mistake, the passage behind `cites`, a new name everywhere.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { plain } from '../editor.mjs';

/** Needs `camp.mandate` with its planted mistake, and leaves it so; needs the package `harbour`. */
export async function editing(editor, workspace) {
  const { page } = editor;
  const suggestions = page.locator('.suggest-widget.visible');

  await editor.step('a quick fix mends the mistake', async () => {
    await editor.open('camp.mandate');
    await editor.putCursor('a.rasied_at', 'rasied_at');
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget', { hasText: 'Replace by `raised_at`' }).waitFor();
    await editor.picture('quick-fix');
    await page.keyboard.press('Enter');
    await editor.spot('after a.raised_at');
    await page.waitForFunction(() => document.querySelectorAll('.monaco-editor .squiggly-error').length === 0);
    await page.keyboard.press('Control+Z');
    await page.waitForSelector('.monaco-editor .squiggly-error');
  });

  await editor.step('behind `cites` the passages of the document are offered with their text', async () => {
    await editor.open('harbour.mandate');
    await editor.toEnd(fs.readFileSync(path.join(workspace, 'harbour/harbour.mandate'), 'utf8').split('\n').length);
    await page.keyboard.type('\nrule note_the_cold_store "Note what is in the cold store" {\ncites harbour_order#');
    await suggestions.locator('.monaco-list-row', { hasText: 'cold' }).first().waitFor();
    assert.match(plain(await suggestions.innerText()), /release/);
    await page.keyboard.type('co');
    await suggestions.locator('.monaco-list-row.focused', { hasText: 'cold' }).first().waitFor();
    // Once opened, the text beside the list opens by itself.
    await page.locator('.suggest-details:visible').waitFor({ timeout: 3000 }).catch(() => page.keyboard.press('Control+Space'));
    await page.locator('.suggest-details', { hasText: 'never left on the quay' }).waitFor();
    await editor.picture('completion');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await editor.spot('cites harbour_order#cold');
    await editor.command('File: Revert File');
    await page.waitForFunction(() => ![...document.querySelectorAll('.view-line')].some((line) => line.textContent.includes('note_the_cold_store')));
  });

  await editor.step('a new name is written wherever the thing is named', async () => {
    await editor.putCursor('parameter release_window', 'release_window');
    await page.keyboard.press('F2');
    const box = page.locator('.rename-box input');
    await box.waitFor();
    await box.fill('release_limit');
    await page.keyboard.press('Enter');
    await editor.spot('parameter release_limit: Duration');
    await editor.spot('must release(c) within release_limit after c.landed_at');
    await editor.picture('renamed');
    await editor.command('File: Revert File');
    await editor.spot('parameter release_window: Duration');
  });
}
