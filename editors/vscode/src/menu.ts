// The menu behind the status bar item: everything the extension can do, in one list.
import * as vscode from 'vscode';

interface Entry extends vscode.QuickPickItem {
  command?: string;
}

const part = (label: string): Entry => ({ label, kind: vscode.QuickPickItemKind.Separator });

const ENTRIES: Entry[] = [
  part('Rules'),
  { label: '$(checklist) Check workspace', command: 'mandate.checkWorkspace' },
  { label: '$(beaker) Run scenarios', command: 'mandate.runScenarios' },
  { label: '$(type-hierarchy) Show rules and coverage', command: 'mandate.showRules' },
  { label: '$(book) Open policy book', command: 'mandate.openBook' },
  part('Data'),
  { label: '$(law) Assess this data file', command: 'mandate.assess' },
  { label: '$(question) Why does it come out so?', command: 'mandate.whyHere' },
  { label: '$(clear-all) Clear assessments', command: 'mandate.clearAssessments' },
  part('Package'),
  { label: '$(diff) Compare with a revision', command: 'mandate.compare' },
  { label: '$(package) Compile to a rule pack', command: 'mandate.compile' },
  { label: '$(new-folder) New package', command: 'mandate.newPackage' },
  part('Help'),
  { label: '$(mortar-board) Get started', command: 'mandate.getStarted' },
  { label: '$(gear) Settings', command: 'mandate.openSettings' },
  { label: '$(output) Show server log', command: 'mandate.showServerLog' },
  { label: '$(refresh) Restart language server', command: 'mandate.restartServer' },
];

/** Shows the menu and does what is chosen. */
export async function showMenu(): Promise<void> {
  const chosen = await vscode.window.showQuickPick(ENTRIES, { title: 'Mandate' });
  if (chosen?.command !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
