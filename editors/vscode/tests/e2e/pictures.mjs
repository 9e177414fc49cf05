// pictures.mjs PORT WORKSPACE FOLDER: takes the pictures of the README, one for each thing a person does. Nothing is drawn by hand.
import fs from 'node:fs';
import path from 'node:path';
import { Editor } from './editor.mjs';

const [, , port, workspace, folder] = process.argv;
const editor = await Editor.start(port, workspace, folder, { width: 1280, height: 720 }, { colorScheme: 'light' });
const { page } = editor;

async function picture(name) {
  await page.waitForTimeout(700);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/** Lines of a file of the workspace. */
function lengthOf(file) {
  return fs.readFileSync(path.join(workspace, file), 'utf8').split('\n').length;
}

/** Only what is asked for stands on the screen. */
async function clean() {
  await page.keyboard.press('Escape');
  await page.mouse.move(1000, 18);
  await editor.command('Notifications: Clear All Notifications');
  await editor.command('View: Close All Editors');
}

/** The bar at the side wide enough for what stands in it. */
async function widen(to) {
  const bar = await page.locator('.part.sidebar').boundingBox();
  const edge = bar.x + bar.width;
  await page.mouse.move(edge, 300);
  await page.mouse.down();
  await page.mouse.move(to, 300, { steps: 8 });
  await page.mouse.up();
  await page.mouse.move(1000, 18);
}

await editor.run(async () => {
  await editor.step('writing', async () => {
    await editor.open('camp.mandate');
    await editor.status('running').first().waitFor();
    await editor.toEnd(lengthOf('camp.mandate'));
    await page.waitForSelector('.monaco-editor .squiggly-error');
    await editor.hoverShows('a.rasied_at', 'rasied_at', 'raised_at');
    await picture('writing');
  });

  await editor.step('quick fix', async () => {
    await page.keyboard.press('Escape');
    await editor.putCursor('a.rasied_at', 'rasied_at');
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget', { hasText: 'Replace by `raised_at`' }).waitFor();
    await picture('quick-fix');
    await page.keyboard.press('Enter');
    await editor.spot('after a.raised_at');
    await page.keyboard.press('Control+S');
  });

  await editor.step('hover', async () => {
    await editor.hoverShows('rule warn_the_camp', 'warn_the_camp', 'told of a threat before it reaches them');
    await picture('hover');
  });

  await editor.step('go to source', async () => {
    await page.keyboard.press('Escape');
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await editor.putCursor('cites camp_policy#warning', 'warning');
    await editor.command('Open Definition to the Side');
    await page.waitForSelector('.tab[aria-label*="camp-policy.md"]');
    await picture('source');
    await editor.command('View: Toggle Primary Side Bar Visibility');
  });

  await editor.step('conflict', async () => {
    await clean();
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await editor.open('depot.mandate');
    await editor.toEnd(lengthOf('depot/depot.mandate'));
    await page.waitForSelector('.monaco-editor .squiggly-error');
    await editor.lens('finding').first().click();
    await editor.webview('body:has-text("Nobody enters a place under protection")');
    await picture('conflict');
  });

  await editor.step('completion', async () => {
    await clean();
    await editor.open('harbour/harbour.mandate');
    await editor.toEnd(lengthOf('harbour/harbour.mandate'));
    await page.keyboard.type('\nrule note_the_cold_store "Note what is in the cold store" {\ncites harbour_order#');
    await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'cold' }).first().waitFor();
    await page.keyboard.type('co');
    await page.locator('.suggest-widget.visible .monaco-list-row.focused', { hasText: 'cold' }).first().waitFor();
    // Once opened, the text beside the list opens by itself.
    await page.locator('.suggest-details:visible').waitFor({ timeout: 3000 }).catch(() => page.keyboard.press('Control+Space'));
    await page.locator('.suggest-details').waitFor();
    await picture('completion');
    await page.keyboard.press('Escape');
    await editor.command('File: Revert File');
    await editor.command('View: Toggle Primary Side Bar Visibility');
  });

  await editor.step('testing', async () => {
    await clean();
    await editor.open('harbour/scenarios.mandate');
    await editor.command('Mandate: Run scenarios');
    await page.getByText('late by: 3 hours != late by: 2 hours').first().waitFor();
    await page.locator('.test-explorer').getByRole('treeitem', { name: /scenarios\.mandate/ }).click();
    await page.keyboard.press('ArrowRight');
    await widen(400);
    await picture('testing');
  });

  await editor.step('assessment and why', async () => {
    await clean();
    await editor.open('march.yaml');
    await editor.lens('Assess these facts').first().click();
    await editor.lens('violated: Chilled goods').click();
    await editor.why('require c.stored_at <= c.landed_at + 2 hours: does not hold').waitFor();
    await widen(480);
    await picture('why');
  });

  await editor.step('panel', async () => {
    await editor.open('harbour/harbour.mandate');
    await editor.command('Mandate: Show rules and coverage');
    const panel = await editor.webview('svg .node[data-id="harbour.release_relief"]');
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await panel.locator('summary').first().click();
    await picture('panel');
  });
});
