// Texts to read: Markdown made by the program, shown rendered. They exist in memory only.
import * as vscode from 'vscode';

const SCHEME = 'mandate-page';

/** How many pages are kept. */
const KEPT = 20;

/** Shows Markdown as a page. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  readonly onDidChange = this.changed.event;

  /** Shows `markdown` under `title`, beside the text that is open where `beside` says so; a page of the same title is replaced. */
  async show(title: string, markdown: string, beside = false): Promise<void> {
    // The editor takes the name of the tab from the last part of the path.
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title.replace(/[/\\]/g, '∕')}.md` });
    this.texts.delete(uri.path);
    this.texts.set(uri.path, markdown);
    for (const old of [...this.texts.keys()].slice(0, -KEPT)) {
      this.texts.delete(old);
    }
    this.changed.fire(uri);
    await vscode.commands.executeCommand(beside ? 'markdown.showPreviewToSide' : 'markdown.showPreview', uri);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? 'This page is no longer kept. Run the command again.';
  }

  dispose(): void {
    this.registered.dispose();
    this.changed.dispose();
  }
}
