// The editor as a person has it: opens files, puts the cursor, rests the mouse, calls commands, and reads what is on the screen.
import assert from 'node:assert/strict';
import path from 'node:path';
import { launch } from './browser.mjs';

/** How long anything may take to appear, in milliseconds. */
export const PATIENCE = 30_000;

/** The editor draws spaces as no-break spaces. */
export const plain = (text) => text.replace(/\u00a0/g, ' ').replace(/\s+/g, ' ');

/** One window of the editor in a headless browser. */
export class Editor {
  #step = 'start';
  #start = Date.now();
  #pictures = 0;

  constructor(browser, page, shots) {
    this.browser = browser;
    this.page = page;
    this.shots = shots;
  }

  /** Opens a window on a folder. */
  static async start(port, folder, shots, viewport = { width: 1400, height: 1200 }, more = {}) {
    const browser = await launch();
    const page = await (await browser.newContext({ viewport, ...more })).newPage();
    page.setDefaultTimeout(PATIENCE);
    const editor = new Editor(browser, page, shots);
    await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 60_000 });
    return editor;
  }

  /** Does one step and says how it went; the first that fails ends the run with a picture of the screen. */
  async step(what, work) {
    this.#step = what;
    await work();
    console.log(`${String(Date.now() - this.#start).padStart(6)} ms  ok  ${what}`);
  }

  /** Runs all steps and closes the window. */
  async run(steps) {
    try {
      await steps();
    } catch (error) {
      console.error(`${String(Date.now() - this.#start).padStart(6)} ms  FAILED  ${this.#step}\n${error.stack}`);
      await this.picture('FAILED').catch(() => undefined);
      process.exitCode = 1;
    } finally {
      await this.browser.close();
    }
  }

  async picture(name) {
    this.#pictures += 1;
    await this.page.screenshot({ path: path.join(this.shots, `${this.#pictures}-${name}.png`) });
  }

  /** The middle of `words` where they stand in the open editor; `part` picks a piece of them. */
  async spot(words, part = words) {
    const found = await this.page.waitForFunction(
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

  /** Opens a file by its name. Asks again where the list of files was not yet the one asked for. */
  async open(file) {
    const { page } = this;
    const name = path.basename(file);
    for (const end = Date.now() + PATIENCE; ; ) {
      await page.keyboard.press('Control+P');
      await page.locator('.quick-input-widget input:visible').fill(file);
      await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).first().waitFor({ timeout: 5000 }).catch(() => undefined);
      await page.keyboard.press('Enter');
      const opened = await page.waitForSelector(`.tab.active[aria-label*="${name}"]`, { timeout: 3000 }).catch(() => undefined);
      if (opened !== undefined) {
        return;
      }
      await page.keyboard.press('Escape');
      assert.ok(Date.now() < end, `${file} does not open`);
    }
  }

  /** Calls a command by its title. Asks again where something else took the keys. */
  async command(title) {
    const { page } = this;
    for (const end = Date.now() + PATIENCE; ; ) {
      await page.keyboard.press('F1');
      const input = page.locator('.quick-input-widget input:visible');
      const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
      const found = await input
        .fill(`>${title}`, { timeout: 3000 })
        .then(() => row.waitFor({ timeout: 5000 }))
        .then(() => true, () => false);
      if (found) {
        await page.keyboard.press('Enter');
        return;
      }
      await page.keyboard.press('Escape');
      await page.locator('.tabs-container .tab').first().click({ timeout: 1000 }).catch(() => undefined);
      assert.ok(Date.now() < end, `no command "${title}" is offered`);
    }
  }

  /** Calls a command that offers a list to choose from, and waits for the entry. Asks again where the keys went elsewhere. */
  async commandOffers(title, entry) {
    const { page } = this;
    const offered = page.locator('.quick-input-list .monaco-list-row', { hasText: entry }).first();
    for (const end = Date.now() + PATIENCE; ; ) {
      await this.command(title);
      if (await offered.waitFor({ timeout: 8000 }).then(() => true, () => false)) {
        return;
      }
      const shown = plain((await page.locator('.quick-input-widget:visible').allInnerTexts()).join(' '));
      await page.keyboard.press('Escape');
      assert.ok(Date.now() < end, `"${title}" offers "${shown}", not "${entry}"`);
    }
  }

  async hover(words, part) {
    const { x, y } = await this.spot(words, part);
    // The editor shows a hover only for a mouse that came to rest: move away first, then in.
    await this.page.mouse.move(x, y + 200);
    await this.page.mouse.move(x - 3, y, { steps: 3 });
    await this.page.mouse.move(x, y, { steps: 3 });
  }

  /** Rests the mouse until the hover says what is expected. */
  async hoverShows(words, part, expected) {
    const { page } = this;
    for (const end = Date.now() + PATIENCE; ; ) {
      await this.hover(words, part);
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
  async putCursor(words, part) {
    const { page } = this;
    for (const end = Date.now() + PATIENCE; ; ) {
      const { x, y } = await this.spot(words, part);
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

  /** Puts the cursor behind the last line, and is sure that it is there: keys pressed while a file opens go elsewhere. */
  async toEnd(lines) {
    const { page } = this;
    for (const end = Date.now() + PATIENCE; ; ) {
      await page.locator('.editor-instance .monaco-editor .view-lines').first().click({ position: { x: 300, y: 40 } });
      await page.keyboard.press('Control+End');
      await page.waitForTimeout(200);
      const at = await page.locator('.statusbar-item', { hasText: /^Ln \d+/ }).first().innerText();
      if (at.includes(`Ln ${lines}`)) {
        return;
      }
      assert.ok(Date.now() < end, `the cursor is at "${at}", not in line ${lines}`);
    }
  }

  /** The line the cursor is on, once the status bar tells one that `holds` is true of: it follows the cursor a moment later. */
  async cursorLine(holds) {
    const { page } = this;
    for (const end = Date.now() + PATIENCE; ; await page.waitForTimeout(50)) {
      const at = await page.locator('.statusbar-item', { hasText: /^Ln \d+/ }).first().innerText();
      const line = Number(/Ln (\d+)/.exec(at)?.[1]);
      if (holds(line)) {
        return line;
      }
      assert.ok(Date.now() < end, `the cursor is at "${at}"`);
    }
  }

  /** The item of the extension in the status bar, if it says that. */
  status(label) {
    return this.page.locator('.statusbar-item', { has: this.page.locator(`[aria-label^="Mandate: ${label}"]`) });
  }

  /** A lens above a line. */
  lens(text) {
    return this.page.locator('.codelens-decoration > a, .codelens-decoration > span', { hasText: text });
  }

  /** A part in the view "Why", by the whole of what it says. */
  why(text) {
    return this.page.locator('.part.sidebar').getByRole('treeitem', { name: text, exact: true });
  }

  /** Waits until `holds()`. */
  async until(holds, what) {
    for (const end = Date.now() + PATIENCE; !(await holds()); ) {
      assert.ok(Date.now() < end, what);
      await this.page.waitForTimeout(50);
    }
  }

  /** The document inside the webview that is shown. */
  async webview(selector) {
    for (const end = Date.now() + PATIENCE; ; await this.page.waitForTimeout(100)) {
      for (const frame of this.page.frames()) {
        if ((await frame.locator(selector).count().catch(() => 0)) > 0) {
          return frame;
        }
      }
      assert.ok(Date.now() < end, `no webview shows ${selector}`);
    }
  }
}
