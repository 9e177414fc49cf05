// Data assessed where it stands: findings above the records and in Problems, and why they stand so.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { plain } from '../editor.mjs';

/** Needs the package `harbour`. */
export async function assessing(editor, workspace) {
  const { page } = editor;
  const facts = path.join(workspace, 'harbour/facts/march.yaml');

  await editor.step('a file of facts offers to be assessed, and the findings stand above its records', async () => {
    await editor.open('march.yaml');
    await editor.lens('Assess these facts').first().click();
    for (const expected of [
      '2 violated, 1 undetermined, 1 pending, 1 satisfied',
      'violated: Chilled goods are stored within two hours',
      'violated: Release relief goods within a day - late by 2 hours 30 minutes',
      'undetermined: Release relief goods within a day - missing cargo-3.urgency',
      'pending: Release relief goods within a day - due 2026-03-10T12:00Z',
      'satisfied: Release relief goods within a day',
    ]) {
      await editor.lens(expected).waitFor();
    }
    await editor.picture('assessed');
  });

  await editor.step('the findings stand in Problems with the force of the text', async () => {
    await page.keyboard.press('Control+Shift+M');
    await page.locator('.markers-panel .monaco-list-row', { hasText: 'violated (order): Release relief goods within a day' }).waitFor();
    await editor.picture('problems-of-data');
  });

  await editor.step('a click on a finding takes it apart', async () => {
    await editor.lens('violated: Chilled goods').click();
    await editor.why('require c.stored_at <= c.landed_at + 2 hours: does not hold').waitFor();
    await editor.why('cargo-2.stored_at = 2026-03-02T11:00Z').waitFor();
    await editor.picture('why');
  });

  await editor.step('no sensitive value is shown', async () => {
    await editor.why('require c.consignee != "unknown": holds').click();
    await page.keyboard.press('ArrowRight');
    await editor.why('cargo-2.consignee = a value').waitFor();
    const shown = plain(await page.locator('.part.sidebar').innerText());
    assert.doesNotMatch(shown, /old gate/);
  });

  await editor.step('a click on a clause goes to it in the rule', async () => {
    await editor.why('require c.stored_at <= c.landed_at + 2 hours: does not hold').click();
    await page.waitForSelector('.tab.active[aria-label*="harbour.mandate"]');
    const lines = fs.readFileSync(path.join(workspace, 'harbour/harbour.mandate'), 'utf8').split('\n');
    const clause = lines.findIndex((line) => line.includes('require c.stored_at')) + 1;
    await editor.cursorLine((line) => line === clause);
    await editor.picture('clause');
  });

  await editor.step('facts are assessed again when they are saved', async () => {
    await editor.open('march.yaml');
    fs.writeFileSync(facts, fs.readFileSync(facts, 'utf8').replace('stored_at: 2026-03-02T11:00Z', 'stored_at: 2026-03-02T07:00Z'));
    await editor.spot('stored_at: 2026-03-02T07:00Z');
    await editor.lens('violated: Chilled goods').waitFor();
    await editor.putCursor('# Invented data.', 'data');
    await page.keyboard.press('End');
    await page.keyboard.type(' Of March.');
    await page.keyboard.press('Control+S');
    await editor.lens('violated: Chilled goods').waitFor({ state: 'detached' });
    await editor.lens('1 violated, 1 undetermined, 1 pending, 2 satisfied').waitFor();
  });
}
