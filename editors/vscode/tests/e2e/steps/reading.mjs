// What is made of the rules to be read: the check of all packages, the policy book.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { plain } from '../editor.mjs';

/** Needs the packages `depot` and `harbour`. */
export async function reading(editor, workspace) {
  const { page } = editor;

  await editor.step('the check of the workspace finds the contradiction in a file that nobody opened', async () => {
    await editor.command('Mandate: Check workspace');
    await page.locator('.notification-toast', { hasText: '3 packages checked' }).getByText('Show problems').click();
    await page.locator('.markers-panel .monaco-list-row', { hasText: 'demands what' }).first().waitFor();
    await editor.picture('checked');
  });

  await editor.step('the policy book opens in a tab and its links are followed', async () => {
    await editor.open('harbour.mandate');
    await editor.command('Mandate: Open policy book');
    const first = await editor.webview('h1:has-text("Policy book of harbour")');
    await editor.picture('book');
    await first.locator('main a:has-text("Release relief goods within a day")').first().click();
    const rule = await editor.webview('h1:has-text("Release relief goods within a day")');
    assert.ok((await rule.locator('body').innerText()).includes('released within a day'));
    assert.equal(await rule.locator('form.search:visible').count(), 0);
    await editor.picture('book-rule');
  });

  await editor.step('the meaning of the rules is compared with a revision of git', async () => {
    const rules = path.join(workspace, 'harbour/harbour.mandate');
    const before = fs.readFileSync(rules, 'utf8');
    fs.writeFileSync(rules, before.replace('= 24 hours', '= 12 hours'));
    await editor.open('harbour/harbour.mandate');
    await editor.commandOffers('Mandate: Compare meaning with a revision', 'First rules');
    await page.keyboard.type('HEAD');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'HEAD' }).waitFor();
    await page.keyboard.press('Enter');
    const shown = await editor.webview('h1:has-text("What changes in meaning")');
    assert.match(plain(await shown.locator('body').innerText()), /release_window.*24 hours.*12 hours/);
    await editor.picture('compared');
    fs.writeFileSync(rules, before);
  });
}
