// The assessments of this window: what was assessed, what was found, and how it is shown in the files of facts.
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { readChecked } from '../findings';
import { packageOf } from '../packages';
import { problemsOf } from '../problems';
import type { RuleGraph } from '../protocol';
import { makesRules, openFile, saveAll, type Tools } from '../tools';
import type { WhyView } from '../views/why';
import { readAssessment, type Assessment } from './assessment';
import { canHoldFacts, looksLikeFacts, PATTERN } from './facts';
import { marksOf, movedLine, shownAbove, summary, wordsOf, type Loudness, type Mark } from './marks';
import { Rules } from './rules';
import { whyTree } from './why';

const SEVERITIES: Record<Loudness, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** The code of a reference that leads nowhere: the record may stand in another file. */
const LEADS_NOWHERE = 'E112';

/** One assessment: of a file, or of a folder of files that belong together. */
interface Assessed {
  target: string;
  package: string;
  report: Assessment;
  rules: Rules;
  marks: Map<string, Mark[]>;
}

/** Assesses files of facts and shows the findings. */
export class Assessments implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly problems = vscode.languages.createDiagnosticCollection('mandate-facts');
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly byTarget = new Map<string, Assessed>();
  private readonly running = new Set<string>();
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly tools: Tools,
    private readonly why: WhyView,
    private readonly graph: (packageFolder: string) => Promise<RuleGraph>,
  ) {
    this.subscriptions = [
      this.problems,
      this.changed,
      vscode.languages.registerCodeLensProvider({ scheme: 'file', pattern: PATTERN }, this),
      vscode.workspace.onDidChangeTextDocument((change) => this.move(change)),
      vscode.workspace.onDidSaveTextDocument((document) => void this.assessAgain(document)),
    ];
  }

  /** Assesses a file, or all files below a folder. `file`: the open one unless given. */
  async assess(file?: vscode.Uri): Promise<void> {
    const asked = file ?? openFile();
    if (asked?.scheme !== 'file' || !(isFolder(asked.fsPath) || canHoldFacts(asked.fsPath))) {
      this.tools.tell('Open a file of facts first (JSON, YAML, JSON Lines or CSV), or choose a folder of them in the explorer.');
      return;
    }
    const folder = await this.tools.package(asked);
    if (folder !== undefined) {
      await this.assessWith(asked.fsPath, folder);
    }
  }

  /** Takes all findings away. */
  clear(): void {
    this.byTarget.clear();
    this.problems.clear();
    this.why.clear();
    this.changed.fire();
  }

  /** Asks which of the findings at the cursor, and shows why it stands so. */
  async explainHere(editor: vscode.TextEditor): Promise<void> {
    const line = editor.selection.active.line;
    const marks = this.marksIn(editor.document.uri.fsPath).filter((mark) => mark.finding !== undefined && mark.line <= line);
    const record = Math.max(...marks.map((mark) => mark.line));
    const here = marks.filter((mark) => mark.line === record);
    if (here.length === 0) {
      void vscode.window.showInformationMessage('Mandate: no finding stands at or above the cursor. Assess the file first.');
      return;
    }
    await this.choose(here);
  }

  /** Shows why the one finding stands so, or that one of several which the person chooses. */
  async choose(marks: readonly Mark[]): Promise<void> {
    const items = marks.map((mark) => ({ label: mark.title, description: mark.rule ?? '', mark }));
    const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title: 'Why does which finding stand so?' });
    const finding = chosen?.mark.finding;
    const assessed = chosen && [...this.byTarget.values()].find(({ marks: all }) => all.get(chosen.mark.file)?.includes(chosen.mark));
    if (finding === undefined || assessed === undefined) {
      return;
    }
    assessed.rules.forget();
    const tree = whyTree(finding, await assessed.rules.find(finding.rule), (name) => vscode.Uri.file(path.resolve(assessed.package, name)).toString());
    await this.why.show(finding.title, tree);
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const file = document.uri.fsPath;
    const assessed = this.of(file);
    const top = new vscode.Range(0, 0, 0, 0);
    if (assessed === undefined) {
      const offered = packageOf(file) !== undefined && looksLikeFacts(file, document.getText());
      return offered ? [new vscode.CodeLens(top, { title: 'Assess these facts', command: 'mandate.assess', arguments: [document.uri] })] : [];
    }
    const again = { title: `Assessed ${summary(assessed.report)}`, tooltip: 'Assess again', command: 'mandate.assess', arguments: [vscode.Uri.file(assessed.target)] };
    const above = shownAbove(assessed.marks.get(file) ?? []).map(({ line, title, marks }) => {
      const asks = marks.some(({ finding }) => finding !== undefined);
      return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, tooltip: asks ? 'Show why' : '', command: asks ? 'mandate.whyFinding' : '', arguments: [marks] });
    });
    return [new vscode.CodeLens(top, again), ...above];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }

  private async assessWith(target: string, folder: string): Promise<void> {
    // Saving what is typed, below, must not set off another one.
    if (this.running.has(target)) {
      return;
    }
    this.running.add(target);
    try {
      await this.assessOnce(target, folder);
    } finally {
      this.running.delete(target);
    }
  }

  private async assessOnce(target: string, folder: string): Promise<void> {
    const within = (file: string) => file === target || file.startsWith(target + path.sep);
    if (!(await saveAll((document) => within(document.uri.fsPath) || makesRules(document)))) {
      return;
    }
    const name = path.basename(target);
    const args = ['assess', target, '--package', folder, '--format', 'json', '--all', '--explain', '--color', 'never'];
    const output = await this.tools.run(`assessing ${name}`, args, folder);
    if (output === undefined) {
      return;
    }
    const report = readAssessment(output.out);
    if (report === undefined) {
      await this.refused(target, folder, output);
      return;
    }
    const marks = new Map<string, Mark[]>();
    for (const mark of marksOf(report)) {
      mark.file = path.resolve(folder, mark.file);
      marks.set(mark.file, [...(marks.get(mark.file) ?? []), mark]);
    }
    const assessed: Assessed = { target, package: folder, report, rules: new Rules(report, folder, () => this.graph(folder)), marks };
    // The report on a folder takes the place of those on its files.
    for (const other of [...this.byTarget.keys()].filter((other) => within(other) || target.startsWith(other + path.sep))) {
      this.forget(other);
    }
    this.byTarget.set(target, assessed);
    await this.showProblems(assessed);
    this.changed.fire();
    void vscode.window.setStatusBarMessage(`$(law) ${name} ${summary(report)}`, 10_000);
  }

  private async showProblems(assessed: Assessed): Promise<void> {
    for (const [file, marks] of assessed.marks) {
      const lines = (await readFile(file, 'utf8').catch(() => '')).split(/\r?\n/);
      const entries: vscode.Diagnostic[] = [];
      for (const mark of marks) {
        if (mark.problem !== undefined) {
          const { start, end } = wordsOf(lines[mark.line]);
          entries.push(await this.problem(assessed, mark, mark.problem, new vscode.Range(mark.line, start, mark.line, end)));
        }
      }
      this.problems.set(vscode.Uri.file(file), entries);
    }
  }

  private async problem(assessed: Assessed, mark: Mark, { loudness, message }: NonNullable<Mark['problem']>, range: vscode.Range): Promise<vscode.Diagnostic> {
    const entry = new vscode.Diagnostic(range, message, SEVERITIES[loudness]);
    entry.source = 'mandate assess';
    const place = mark.rule === undefined ? undefined : await assessed.rules.find(mark.rule);
    if (mark.rule !== undefined) {
      const target = place && vscode.Uri.parse(place.uri).with({ fragment: `L${place.declaration.name().start.line + 1}` });
      entry.code = target === undefined ? mark.rule : { value: mark.rule, target };
    }
    if (place !== undefined) {
      const { start, end } = place.declaration.name();
      const at = new vscode.Location(vscode.Uri.parse(place.uri), new vscode.Range(start.line, start.character, end.line, end.character));
      entry.relatedInformation = [new vscode.DiagnosticRelatedInformation(at, 'the rule')];
    }
    const records = [...(mark.finding?.subject ?? []).slice(1), ...(mark.finding?.evidence ?? [])];
    for (const { id, file, line } of records) {
      if (file !== undefined && file !== '' && line !== undefined) {
        const at = new vscode.Location(vscode.Uri.file(path.resolve(assessed.package, file)), new vscode.Position(Math.max(line - 1, 0), 0));
        entry.relatedInformation = [...(entry.relatedInformation ?? []), new vscode.DiagnosticRelatedInformation(at, id)];
      }
    }
    return entry;
  }

  /** Nothing was assessed: the facts have faults, or the rules have errors. */
  private async refused(target: string, folder: string, output: { code: number; out: string; said: string }): Promise<void> {
    this.forget(target);
    this.changed.fire();
    const faults = readChecked(output.out);
    if (faults === undefined) {
      this.tools.tellFailure('The assessment', output);
      return;
    }
    for (const [file, entries] of await problemsOf(faults, 'mandate assess')) {
      this.problems.set(vscode.Uri.file(path.resolve(folder, file)), entries);
    }
    const alone = !isFolder(target) && faults.diagnostics.some(({ code }) => code === LEADS_NOWHERE);
    const together = `Assess all of ${path.basename(path.dirname(target))}`;
    const problems = 'Show problems';
    const reason = alone
      ? 'The facts refer to records that are in other files: nothing was assessed.'
      : `The facts have ${faults.errors === 1 ? 'a fault' : `${faults.errors} faults`}: nothing was assessed.`;
    // Not awaited: the notice may stay for as long as the person likes.
    void vscode.window.showWarningMessage(`Mandate: ${reason}`, ...(alone ? [together, problems] : [problems])).then(async (chosen) => {
      if (chosen === together) {
        await this.assessWith(path.dirname(target), folder);
      } else if (chosen === problems) {
        await vscode.commands.executeCommand('workbench.actions.view.problems');
      }
    });
  }

  private forget(target: string): void {
    const old = this.byTarget.get(target);
    this.byTarget.delete(target);
    for (const file of [target, ...(old?.marks.keys() ?? [])]) {
      this.problems.delete(vscode.Uri.file(file));
    }
  }

  /** Once assessed, facts are assessed again when they are saved. */
  private async assessAgain(document: vscode.TextDocument): Promise<void> {
    const assessed = this.of(document.uri.fsPath);
    if (assessed !== undefined && vscode.workspace.getConfiguration('mandate').get('assess.onSave', true)) {
      await this.assessWith(assessed.target, assessed.package);
    }
  }

  /** Findings stay at their records while the file is edited. */
  private move({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const marks = this.marksIn(document.uri.fsPath);
    if (marks.length > 0 && contentChanges.length > 0) {
      for (const { range, text } of contentChanges) {
        for (const mark of marks) {
          mark.line = movedLine(mark.line, range.start.line, range.end.line, text);
        }
      }
      this.changed.fire();
    }
  }

  private marksIn(file: string): Mark[] {
    return this.of(file)?.marks.get(file) ?? [];
  }

  private of(file: string): Assessed | undefined {
    return [...this.byTarget.values()].find(({ target }) => file === target || file.startsWith(target + path.sep));
  }
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
