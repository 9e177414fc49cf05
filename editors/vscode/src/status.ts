// The status bar item: whether the server is starting, running or failed, and why.
import * as vscode from 'vscode';

/** What the status bar says. */
export type Status =
  | { kind: 'starting'; program: string }
  | { kind: 'running'; program: string; version: string | undefined }
  | { kind: 'failed'; reason: string }
  | { kind: 'stopped' };

/** The item in the status bar. A click restarts a failed server and opens the menu of a running one. */
export class StatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;

  constructor() {
    this.item = vscode.window.createStatusBarItem('mandate.status', vscode.StatusBarAlignment.Left, 0);
    this.item.name = 'Mandate';
    this.show({ kind: 'stopped' });
    this.item.show();
  }

  /** Shows `status`. */
  show(status: Status): void {
    const item = this.item;
    item.backgroundColor = undefined;
    item.command = 'mandate.menu';
    switch (status.kind) {
      case 'starting':
        item.text = '$(sync~spin) Mandate';
        item.tooltip = hint('The language server is starting.', status.program);
        item.accessibilityInformation = { label: 'Mandate: starting' };
        break;
      case 'running':
        item.text = '$(check) Mandate';
        item.tooltip = hint(`The language server is running${status.version ? ` (version ${status.version})` : ''}.`, status.program);
        item.accessibilityInformation = { label: 'Mandate: running' };
        break;
      case 'failed':
        item.text = '$(error) Mandate';
        item.tooltip = hint('The language server does not run.', status.reason);
        item.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
        item.command = 'mandate.restartServer';
        item.accessibilityInformation = { label: `Mandate: failed. ${status.reason}` };
        break;
      case 'stopped':
        item.text = '$(circle-slash) Mandate';
        item.tooltip = hint('The language server is stopped.', '');
        item.command = 'mandate.restartServer';
        item.accessibilityInformation = { label: 'Mandate: stopped' };
        break;
    }
  }

  dispose(): void {
    this.item.dispose();
  }
}

// The reason may quote the server: it is set as text, never as markup.
function hint(sentence: string, detail: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  text.appendMarkdown(`**Mandate** ${sentence}\n\n`);
  if (detail !== '') {
    text.appendCodeblock(detail, 'text');
  }
  text.appendMarkdown('[Menu](command:mandate.menu) · [Restart](command:mandate.restartServer) · [Show log](command:mandate.showServerLog)');
  text.isTrusted = { enabledCommands: ['mandate.menu', 'mandate.restartServer', 'mandate.showServerLog'] };
  return text;
}
