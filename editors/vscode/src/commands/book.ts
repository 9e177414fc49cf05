// "Open policy book": the pages `mandate doc` writes, made in a folder of the system for passing things.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { makesRules, saveAll, type Tools } from '../tools';
import { BookView } from '../views/book';

/** The books made in this window. */
export class Books implements vscode.Disposable {
  private readonly folders = new Map<string, string>();
  private readonly views = new Map<string, BookView>();

  constructor(
    private readonly tools: Tools,
    private readonly media: vscode.Uri,
  ) {}

  /** Makes the book of a package anew and opens it: in the browser, or in a tab where the browser is on another machine. */
  async open(file?: vscode.Uri): Promise<void> {
    const folder = await this.tools.package(file);
    if (folder === undefined || !(await saveAll(makesRules))) {
      return;
    }
    const into = this.folders.get(folder) ?? (await mkdtemp(path.join(tmpdir(), 'mandate-book-')));
    this.folders.set(folder, into);
    const output = await this.tools.run('writing the policy book', ['doc', folder, '--output', into, '--color', 'never'], folder);
    if (output === undefined) {
      return;
    }
    if (output.code !== 0) {
      this.tools.tellFailure('Writing the policy book', output);
      return;
    }
    const isHere = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
    if (isHere) {
      await vscode.env.openExternal(vscode.Uri.file(path.join(into, 'index.html')));
    } else {
      await this.inTab(folder, into);
    }
  }

  /** Takes the books away: they can be made again. */
  dispose(): void {
    this.views.forEach((view) => view.dispose());
    for (const folder of this.folders.values()) {
      void rm(folder, { recursive: true, force: true });
    }
  }

  private async inTab(folder: string, book: string): Promise<void> {
    const view = this.views.get(folder) ?? new BookView(book, this.media, `Policy book of ${path.basename(folder)}`, () => this.views.delete(folder));
    this.views.set(folder, view);
    await view.show();
  }
}
