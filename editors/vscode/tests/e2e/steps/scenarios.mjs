// Scenarios in the Testing view, why an expectation comes out as it does, and the panel of rules and coverage.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { plain } from '../editor.mjs';

/** Needs the package `harbour`. */
export async function scenarios(editor, workspace) {
  const { page } = editor;
  const lines = fs.readFileSync(path.join(workspace, 'harbour/scenarios.mandate'), 'utf8').split('\n');
  const test = (title) => page.locator('.test-explorer').getByRole('treeitem', { name: title });

  await editor.step('the Testing view lists the scenarios, and a run says which failed', async () => {
    await editor.open('harbour/scenarios.mandate');
    await editor.command('Mandate: Run scenarios');
    await page.getByText('late by: 3 hours != late by: 2 hours').first().waitFor();
    await test(/^harbour\/scenarios\.mandate/).click();
    await page.keyboard.press('ArrowRight');
    await test(/released in time.*Passed/).waitFor();
    await test(/released three hours late.*Failed/).waitFor();
    await test(/medicine on the quay overnight.*Passed/).waitFor();
    await editor.picture('testing');
  });

  await editor.step('what was found instead stands at the clause that expected something else', async () => {
    const clause = await editor.spot('expect release_relief(food) violated, late by 2 hours');
    const message = await page.getByText('late by: 3 hours != late by: 2 hours').first().boundingBox();
    assert.ok(message.y - 4 <= clause.y && clause.y <= message.y + message.height + 4, `message at ${JSON.stringify(message)}, clause at ${JSON.stringify(clause)}`);
    await test(/released three hours late/).dblclick();
    await editor.cursorLine((line) => line === lines.findIndex((text) => text.includes('late by 2 hours')) + 1);
    await page.keyboard.press('Escape');
  });

  await editor.step('a scenario mended is passed', async () => {
    await editor.putCursor('late by 2 hours', '2');
    const { x, y } = await editor.spot('late by 2 hours', '2');
    await page.mouse.dblclick(x, y);
    await page.keyboard.type('3');
    await page.keyboard.press('Control+S');
    await editor.command('Mandate: Run scenarios');
    await test(/released three hours late.*Passed/).waitFor();
  });

  await editor.step('an expectation is taken apart', async () => {
    await editor.putCursor('expect keep_medicine_cold(medicine)', 'keep_medicine_cold');
    await editor.command('Mandate: Why does it come out so?');
    await page.locator('.part.sidebar').getByRole('treeitem', { name: /c\.stored_at <= c\.landed_at \+ 2 hours/ }).first().waitFor();
    const shown = plain(await page.locator('.part.sidebar').innerText());
    assert.doesNotMatch(shown, /clinic/, 'a sensitive value is shown');
    await editor.picture('why-expected');
  });

  await editor.step('the panel draws rules and what they rest on, with coverage', async () => {
    await editor.command('Mandate: Show rules and coverage');
    const panel = await editor.webview('svg .node[data-id="harbour.release_relief"]');
    assert.ok((await panel.locator('.edge.is-cites').count()) >= 2);
    assert.match(await panel.locator('.total').innerText(), /Scenarios look at \d+ %/);
    assert.ok((await panel.locator('.gauge-full').count()) >= 2);
    await editor.picture('panel');
    await panel.locator('.node[data-id="harbour.release_relief"]').click();
    await page.waitForSelector('.tab.active[aria-label*="harbour.mandate"]');
    const rules = fs.readFileSync(path.join(workspace, 'harbour/harbour.mandate'), 'utf8').split('\n');
    await editor.cursorLine((line) => line === rules.findIndex((text) => text.startsWith('rule release_relief')) + 1);
  });

  await editor.step('what no scenario looks at is a click away', async () => {
    await page.locator('.tab', { hasText: 'Rules of harbour' }).click();
    const panel = await editor.webview('svg .node[data-id="harbour.release_relief"]');
    await panel.locator('summary').first().click();
    const place = panel.locator('.go[data-file="harbour.mandate"]').first();
    const line = Number(await place.getAttribute('data-line'));
    await place.click();
    await page.waitForSelector('.tab.active[aria-label*="harbour.mandate"]');
    await editor.cursorLine((at) => at === line);
  });
}
