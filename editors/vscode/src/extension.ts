// The Mandate extension: finds the language server, keeps it running, says how it is.
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { isProgram, locateServer, type Located } from './locate';
import { Server } from './server';
import { StatusBar } from './status';

let server: Server | undefined;

/** Called by the editor when a Mandate file or package is opened. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Mandate', { log: true });
  const status = new StatusBar();
  const running = new Server(
    () => locate(context.extensionPath),
    log,
    (now) => status.show(now),
    (reason) => void complain(reason),
  );
  server = running;
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand('mandate.restartServer', () => running.restart()),
    vscode.commands.registerCommand('mandate.showServerLog', () => log.show()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('mandate.server.path')) {
        void running.restart();
      }
    }),
    // A trusted workspace's own setting begins to count.
    vscode.workspace.onDidGrantWorkspaceTrust(() => void running.restartIfMoved()),
  );
  // Not awaited: the commands work while the server starts, also when it never does.
  void running.restart();
}

/** Called by the editor before the window closes. */
export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

function locate(extensionFolder: string): Located {
  return locateServer({
    // In an untrusted workspace the editor leaves the workspace's own value out (restrictedConfigurations).
    setting: vscode.workspace.getConfiguration('mandate').get<string>('server.path', ''),
    extensionFolder,
    workspaceFolder: vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath,
    home: homedir(),
    searchPath: process.env['PATH'] ?? '',
    platform: process.platform,
    isProgram,
  });
}

async function complain(reason: string): Promise<void> {
  const setting = 'Open setting';
  const again = 'Restart';
  const log = 'Show log';
  const chosen = await vscode.window.showErrorMessage(`Mandate: ${reason}`, setting, again, log);
  switch (chosen) {
    case setting:
      await vscode.commands.executeCommand('workbench.action.openSettings', 'mandate.server.path');
      break;
    case again:
      await vscode.commands.executeCommand('mandate.restartServer');
      break;
    case log:
      await vscode.commands.executeCommand('mandate.showServerLog');
      break;
  }
}
