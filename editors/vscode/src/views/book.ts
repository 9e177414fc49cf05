// The policy book in a tab of the editor, where no browser can open files of this machine.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { isObject } from '../findings';
import { bookPage, follow } from './bookPage';

/** One tab of a book. */
export class BookView implements vscode.Disposable {
  private readonly panel: vscode.WebviewPanel;
  private page = 'index.html';

  /** `folder`: where the pages are; `media`: where the extension's own script is. */
  constructor(
    private readonly folder: string,
    private readonly media: vscode.Uri,
    title: string,
    closed: () => void,
  ) {
    this.panel = vscode.window.createWebviewPanel('mandate.book', title, vscode.ViewColumn.Active, {
      enableScripts: true,
      enableFindWidget: true,
      localResourceRoots: [vscode.Uri.file(folder), media],
    });
    this.panel.webview.onDidReceiveMessage((message: unknown) => {
      const to = isObject(message) && typeof message['follow'] === 'string' ? follow(this.page, message['follow']) : undefined;
      if (to !== undefined) {
        void this.show(to.page, to.anchor);
      }
    });
    this.panel.onDidDispose(closed);
  }

  /** Shows a page of the book, the first unless said. */
  async show(page = 'index.html', anchor = ''): Promise<void> {
    const file = path.join(this.folder, ...page.split('/'));
    const html = await readFile(file, 'utf8').catch(() => undefined);
    if (html === undefined) {
      return;
    }
    this.page = page;
    const { webview } = this.panel;
    const frame = {
      nonce: randomBytes(16).toString('base64url'),
      cspSource: webview.cspSource,
      base: `${webview.asWebviewUri(vscode.Uri.file(path.dirname(file))).toString()}/`,
      script: webview.asWebviewUri(vscode.Uri.joinPath(this.media, 'book.js')).toString(),
    };
    webview.html = bookPage(html, frame, anchor);
    this.panel.reveal(undefined, false);
  }

  dispose(): void {
    this.panel.dispose();
  }
}
