// Running the `mandate` program for a person who waits for it: progress, cancel, and what to say when it cannot run.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Located } from './locate';
import { MANIFEST, packageOf, shortName } from './packages';
import { run } from './run';

/** What a command of the program wrote; exit codes as everywhere: 0 nothing to say, 1 something was found, 2 it could not run. */
export interface Output {
  code: number;
  out: string;
  said: string;
}

/** The program and the packages of this window. */
export class Tools {
  constructor(
    private readonly locate: () => Located,
    readonly log: vscode.LogOutputChannel,
  ) {}

  /** Runs `mandate ARGS` in `folder` under a notice with a cancel button. `undefined`: it was cancelled, or the failure has been told. */
  run(title: string, args: readonly string[], folder: string): Promise<Output | undefined> {
    return this.waiting(title, (signal) => this.runUntil(signal, args, folder));
  }

  /** Does some work under one notice with a cancel button, which calls `signal` off. */
  async waiting<Result>(title: string, work: (signal: AbortSignal, say: (what: string) => void) => Promise<Result>): Promise<Result> {
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Mandate: ${title}`, cancellable: true }, (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return work(stop.signal, (message) => progress.report({ message }));
    });
  }

  /** As `run`, without a notice of its own. */
  async runUntil(signal: AbortSignal, args: readonly string[], folder: string): Promise<Output | undefined> {
    const located = this.locate();
    if (!located.found) {
      this.tell(located.reason);
      return undefined;
    }
    this.log.info(`Running ${located.program} ${args.join(' ')} (in ${folder})`);
    const ran = await run(located.program, args, folder, signal);
    switch (ran.kind) {
      case 'ended':
        return ran;
      case 'cancelled':
        this.log.info('It was cancelled.');
        return undefined;
      case 'failed':
        this.tell(`The program ${located.program} could not do it: ${ran.reason}.`);
        return undefined;
    }
  }

  /** Says that something failed, with a way to the log that holds the whole of it. */
  tell(reason: string, whole = reason): void {
    this.log.error(whole);
    void vscode.window.showErrorMessage(`Mandate: ${reason}`, 'Show log').then((chosen) => {
      if (chosen !== undefined) {
        this.log.show();
      }
    });
  }

  /** Says that a command of the program failed: its first sentence, and the rest in the log. */
  tellFailure(doing: string, output: Output): void {
    const first = output.said.split('\n').find((line) => line.startsWith('error: ')) ?? output.said.split('\n')[0] ?? '';
    this.tell(`${doing} failed. ${first.replace(/^error: /, '') || `The program ended with code ${output.code}.`}`, `${doing} failed (code ${output.code}).\n${output.said}`);
  }

  /** Folders of all packages in the workspace, in order. */
  async packages(): Promise<string[]> {
    const manifests = await vscode.workspace.findFiles(`**/${MANIFEST}`, '**/{node_modules,target}/**');
    return manifests.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => path.dirname(fsPath)).sort();
  }

  /** The package a command is about: that of `file`, else that of the open file, else the only one, else the one chosen. */
  async package(file?: vscode.Uri): Promise<string | undefined> {
    const asked = file ?? openFile();
    const own = asked?.scheme === 'file' ? packageOf(asked.fsPath) : undefined;
    if (own !== undefined) {
      return own;
    }
    const all = await this.packages();
    if (all.length === 0) {
      this.tell(`No package is open: no folder of the workspace holds a ${MANIFEST}. "Mandate: New package" makes one to start from.`);
      return undefined;
    }
    if (all.length === 1) {
      return all[0];
    }
    const roots = workspaceFolders();
    const chosen = await vscode.window.showQuickPick(all.map((folder) => ({ label: shortName(folder, roots), folder })), { title: 'Which package?' });
    return chosen?.folder;
  }
}

/** The file in front: that of the active tab, whose text may still be on its way, as after a tab that is no text. */
export function openFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return vscode.window.activeTextEditor?.document.uri ?? (input instanceof vscode.TabInputText ? input.uri : undefined);
}

/** Folders of the workspace that lie on a disk. */
export function workspaceFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}

/** Saves what is typed and not saved in files of these languages or endings: the program reads from the disk. `false`: the person did not let it. */
export async function saveAll(concerns: (document: vscode.TextDocument) => boolean): Promise<boolean> {
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && !document.isUntitled && concerns(document) && !(await document.save())) {
      return false;
    }
  }
  return true;
}

/** Whether a document is part of what makes the rules: modules, manifests, cited documents. */
export function makesRules(document: vscode.TextDocument): boolean {
  return document.languageId === 'mandate' || /(?:mandate\.(?:toml|lock)|\.md|\.txt)$/.test(document.uri.path);
}
