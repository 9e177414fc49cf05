// "Check workspace": every package as `mandate check` sees it, also those no file of which is open.
import * as vscode from 'vscode';
import { readChecked } from '../findings';
import { shortName } from '../packages';
import { problemsOf } from '../problems';
import { makesRules, saveAll, workspaceFolders, type Tools } from '../tools';

/** Checks all packages and keeps what was found until it is checked again, or the file is edited. */
export class WorkspaceCheck implements vscode.Disposable {
  private readonly problems = vscode.languages.createDiagnosticCollection('mandate-check');
  // What is typed makes the finding old; the language server goes on from there.
  private readonly edited = vscode.workspace.onDidChangeTextDocument(({ document }) => this.problems.delete(document.uri));

  constructor(private readonly tools: Tools) {}

  /** Checks. Counts what was found in a notice. */
  async run(): Promise<void> {
    if (!(await saveAll(makesRules))) {
      return;
    }
    const folders = await this.tools.packages();
    if (folders.length === 0) {
      await this.tools.package();
      return;
    }
    this.problems.clear();
    const found = await this.tools.waiting('checking', (signal, say) => this.checkAll(folders, signal, say));
    if (found !== undefined) {
      this.tell(folders.length, found.errors, found.warnings);
    }
  }

  dispose(): void {
    this.problems.dispose();
    this.edited.dispose();
  }

  private async checkAll(folders: readonly string[], signal: AbortSignal, say: (what: string) => void): Promise<{ errors: number; warnings: number } | undefined> {
    const sum = { errors: 0, warnings: 0 };
    for (const folder of folders) {
      const name = shortName(folder, workspaceFolders());
      say(name);
      const output = await this.tools.runUntil(signal, ['check', folder, '--format', 'json', '--color', 'never'], folder);
      const checked = output && readChecked(output.out);
      if (output === undefined || checked === undefined) {
        if (output !== undefined) {
          this.tools.tellFailure(`Checking ${name}`, output);
        }
        return undefined;
      }
      sum.errors += checked.errors;
      sum.warnings += checked.warnings;
      for (const [file, entries] of await problemsOf(checked, 'mandate check')) {
        const uri = vscode.Uri.file(file);
        this.problems.set(uri, entries.filter((entry) => !isTold(uri, entry)));
      }
    }
    return sum;
  }

  private tell(packages: number, errors: number, warnings: number): void {
    const found = [count(errors, 'error'), count(warnings, 'warning')].filter((said) => said !== undefined).join(' and ');
    const checked = packages === 1 ? 'one package' : `${packages} packages`;
    if (found === '') {
      void vscode.window.showInformationMessage(`Mandate: ${checked} checked, no errors and no warnings.`);
      return;
    }
    void vscode.window.showWarningMessage(`Mandate: ${checked} checked: ${found}.`, 'Show problems').then((chosen) => {
      if (chosen !== undefined) {
        void vscode.commands.executeCommand('workbench.actions.view.problems');
      }
    });
  }
}

/** Whether the language server tells the same at the same place already. */
function isTold(uri: vscode.Uri, entry: vscode.Diagnostic): boolean {
  const code = (it: vscode.Diagnostic) => (typeof it.code === 'object' ? it.code.value : it.code);
  return vscode.languages.getDiagnostics(uri).some((other) => code(other) === code(entry) && other.range.start.isEqual(entry.range.start));
}

function count(number: number, thing: string): string | undefined {
  return number === 0 ? undefined : number === 1 ? `1 ${thing}` : `${number} ${thing}s`;
}
