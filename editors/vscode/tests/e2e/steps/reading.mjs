// What is made of the rules to be read: the check of all packages, the policy book.
import assert from 'node:assert/strict';

/** Needs the packages `depot` and `harbour`. */
export async function reading(editor) {
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
}
