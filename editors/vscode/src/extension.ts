// The Mandate extension: finds the program, keeps its language server running, and carries out what a person asks for.
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Mark } from './assess/marks';
import { Assessments } from './assess/session';
import { registerClientCommands, showWhy, type Parts } from './clientCommands';
import { Books } from './commands/book';
import { WorkspaceCheck } from './commands/check';
import { compare } from './commands/compare';
import { compile, newPackage } from './commands/compile';
import { RulePanels } from './graph/panel';
import { isProgram, locateServer, type Located } from './locate';
import { showMenu } from './menu';
import { moduleOf } from './packages';
import type { RuleGraph } from './protocol';
import { Server } from './server';
import { StatusBar } from './status';
import { Scenarios } from './testing/controller';
import { Tools, workspaceFolders } from './tools';
import { Pages } from './views/page';
import { WhyView } from './views/why';

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
    ...serverCommands(running, log),
    ...commands(context, running, new Tools(() => locate(context.extensionPath), log)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('mandate.server.path')) {
        void running.restart();
      }
    }),
    // A trusted workspace's own setting begins to count.
    vscode.workspace.onDidGrantWorkspaceTrust(() => void running.restartIfMoved()),
  );
  void vscode.commands.executeCommand('setContext', 'mandate.active', true);
  // Not awaited: the commands work while the server starts, also when it never does.
  void running.restart();
}

/** Called by the editor before the window closes. */
export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

function serverCommands(running: Server, log: vscode.LogOutputChannel): vscode.Disposable[] {
  const register = vscode.commands.registerCommand;
  return [
    register('mandate.restartServer', () => running.restart()),
    register('mandate.showServerLog', () => log.show()),
    register('mandate.menu', showMenu),
    register('mandate.openSettings', () => vscode.commands.executeCommand('workbench.action.openSettings', '@ext:mandate.mandate')),
    register('mandate.getStarted', () => vscode.commands.executeCommand('workbench.action.openWalkthrough', 'mandate.mandate#start', false)),
  ];
}

function commands(context: vscode.ExtensionContext, running: Server, tools: Tools): vscode.Disposable[] {
  const tell = (reason: string) => tools.tell(reason);
  const why = new WhyView();
  const pages = new Pages();
  const scenarios = new Scenarios(running, tell);
  const graph = (folder: string) => {
    const module = moduleOf(folder);
    // The server knows a package by its modules.
    return module === undefined
      ? Promise.resolve<RuleGraph>({ nodes: [], edges: [] })
      : running.request<RuleGraph>('mandate/ruleGraph', { textDocument: { uri: vscode.Uri.file(module).toString() } });
  };
  const media = vscode.Uri.joinPath(context.extensionUri, 'media');
  const panels = new RulePanels(tools, media, graph);
  const assessments = new Assessments(tools, why, graph);
  const books = new Books(tools, media);
  const check = new WorkspaceCheck(tools);
  const parts: Parts = { server: running, scenarios, pages, why, tell };
  const register = vscode.commands.registerCommand;
  return [
    why,
    pages,
    scenarios,
    panels,
    assessments,
    books,
    check,
    ...registerClientCommands(parts),
    register('mandate.checkWorkspace', () => check.run()),
    register('mandate.assess', (file?: vscode.Uri) => assessments.assess(file)),
    register('mandate.clearAssessments', () => assessments.clear()),
    register('mandate.whyFinding', (marks: readonly Mark[]) => assessments.choose(marks)),
    register('mandate.whyHere', () => explainHere(assessments, parts)),
    register('mandate.runScenarios', async () => scenarios.runAll((await tools.packages()).flatMap((folder) => moduleOf(folder) ?? []))),
    register('mandate.showRules', (file?: vscode.Uri) => panels.show(file)),
    register('mandate.openBook', (file?: vscode.Uri) => books.open(file)),
    register('mandate.compile', (file?: vscode.Uri) => compile(tools, file)),
    register('mandate.compare', (file?: vscode.Uri, revision?: string) => compare(tools, pages, file, typeof revision === 'string' ? revision : undefined)),
    register('mandate.newPackage', () => newPackage(tools)),
  ];
}

/** Why, of what the cursor is on: a clause that a scenario expects, or a record of facts. */
async function explainHere(assessments: Assessments, parts: Parts): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId === 'mandate') {
    const { line, character } = editor.selection.active;
    await showWhy(parts, editor.document.uri.toString(), { line, character });
  } else if (editor !== undefined) {
    await assessments.explainHere(editor);
  }
}

function locate(extensionFolder: string): Located {
  return locateServer({
    // In an untrusted workspace the editor leaves the workspace's own value out (restrictedConfigurations).
    setting: vscode.workspace.getConfiguration('mandate').get<string>('server.path', ''),
    extensionFolder,
    workspaceFolder: workspaceFolders()[0],
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
