// The scenarios of all open packages in the Testing view.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { toLocation, toRange } from '../convert';
import { isUnknownRequest, type Scenario, type ScenarioMessage, type ScenarioResult } from '../protocol';
import type { Server } from '../server';
import { byId, byModule, idOf, request } from './scenarios';

/** How long the files must rest before the list is asked for again, in milliseconds. */
const REST_MS = 300;

/** How long to wait for packages to be read that were not open, in milliseconds. */
const READ_MS = 3000;

/** Lists scenarios, runs them, and shows at each `expect` what was found instead. */
export class Scenarios implements vscode.Disposable {
  private readonly controller = vscode.tests.createTestController('mandate', 'Mandate scenarios');
  private readonly known = new Map<string, { item: vscode.TestItem; scenario: Scenario }>();
  private readonly subscriptions: vscode.Disposable[];
  private waiting: NodeJS.Timeout | undefined;

  constructor(
    private readonly server: Server,
    private readonly tell: (reason: string) => void,
  ) {
    this.controller.createRunProfile('Run', vscode.TestRunProfileKind.Run, (asked, token) => this.run(asked, token), true);
    this.controller.refreshHandler = async () => void (await this.refresh());
    this.subscriptions = [
      this.controller,
      server.onDidStart(() => void this.refresh()),
      server.onScenariosChanged(() => this.refreshSoon()),
      // A server that does not tell of changes is asked at every save.
      vscode.workspace.onDidSaveTextDocument((document) => document.languageId === 'mandate' && this.refreshSoon()),
    ];
  }

  /** Runs one scenario, as a lens above it asks. */
  async runOne(uri: string, title: string): Promise<void> {
    const id = idOf(canonical(uri), title);
    if (!this.known.has(id)) {
      await this.refresh();
    }
    const found = this.known.get(id);
    if (found === undefined) {
      this.tell(`No scenario "${title}" is in that file any more.`);
      return;
    }
    await this.runAsked([found.item]);
  }

  /** Runs all scenarios. `modules`: one of each package, for the server knows a package once a file of it was opened. */
  async runAll(modules: readonly string[]): Promise<void> {
    for (const module of modules) {
      await vscode.workspace.openTextDocument(module);
    }
    const failure = (await this.refresh()) ?? (this.known.size === 0 ? await this.refreshWhenChanged() : undefined);
    if (failure !== undefined) {
      this.tell(reasonOf(failure));
    } else if (this.known.size === 0) {
      this.tell('There is no scenario to run. A scenario tests a rule: type "scenario" in a module and press Tab.');
    } else {
      await this.runAsked(undefined);
    }
  }

  dispose(): void {
    clearTimeout(this.waiting);
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }

  private async runAsked(items: vscode.TestItem[] | undefined): Promise<void> {
    await vscode.commands.executeCommand('workbench.view.testing.focus');
    const cancel = new vscode.CancellationTokenSource();
    try {
      await this.run(new vscode.TestRunRequest(items), cancel.token);
    } finally {
      cancel.dispose();
    }
  }

  /** The list once the server has read the packages just opened; it says so when there is anything in them. */
  private async refreshWhenChanged(): Promise<unknown> {
    await new Promise<void>((resolve) => {
      const told = this.server.onScenariosChanged(() => resolve());
      setTimeout(() => resolve(told.dispose()), READ_MS);
    });
    return this.refresh();
  }

  private refreshSoon(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.refresh(), REST_MS);
  }

  /** Asks for the list. Without a server, or with an older one, it stays as it is, and the failure is given back. */
  private async refresh(): Promise<unknown> {
    let scenarios: Scenario[];
    try {
      scenarios = await this.server.request<Scenario[]>('mandate/scenarios', {});
    } catch (error) {
      return error;
    }
    this.known.clear();
    const modules = byModule(scenarios).map((module) => {
      const uri = vscode.Uri.parse(module.uri);
      const item = this.controller.createTestItem(uri.toString(), `${module.package}/${path.posix.basename(uri.path)}`, uri);
      item.children.replace(module.scenarios.map((scenario) => this.item(scenario, uri)));
      return item;
    });
    this.controller.items.replace(modules);
    return undefined;
  }

  private item(scenario: Scenario, uri: vscode.Uri): vscode.TestItem {
    const id = idOf(uri.toString(), scenario.title);
    const item = this.controller.createTestItem(id, scenario.title, uri);
    item.range = toRange(scenario.range);
    this.known.set(id, { item, scenario });
    return item;
  }

  private async run(asked: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const left = new Set(asked.exclude?.flatMap(leaves));
    const items = (asked.include ?? children(this.controller.items)).flatMap(leaves).filter((item) => !left.has(item));
    const run = this.controller.createTestRun(asked);
    const stop = new vscode.CancellationTokenSource();
    const subscriptions = [stop, token.onCancellationRequested(() => stop.cancel()), run.token.onCancellationRequested(() => stop.cancel())];
    try {
      items.forEach((item) => run.started(item));
      const chosen = items.flatMap((item) => this.known.get(item.id)?.scenario ?? []);
      const results = await this.server.request<ScenarioResult[]>('mandate/runScenarios', request(chosen, items.length === this.known.size), stop.token);
      const found = byId(results, canonical);
      for (const item of items) {
        this.report(run, item, found.get(item.id));
      }
    } catch (error) {
      for (const item of items) {
        if (stop.token.isCancellationRequested) {
          run.skipped(item);
        } else {
          run.errored(item, new vscode.TestMessage(reasonOf(error)));
        }
      }
    } finally {
      subscriptions.forEach((subscription) => subscription.dispose());
      run.end();
    }
  }

  private report(run: vscode.TestRun, item: vscode.TestItem, result: ScenarioResult | undefined): void {
    if (result === undefined) {
      run.errored(item, new vscode.TestMessage('The scenario is no longer in its file.'));
      return;
    }
    const messages = result.messages.map(toMessage);
    const line = `${result.outcome === 'passed' ? 'passed' : result.outcome.toUpperCase()}  ${result.title}`;
    run.appendOutput(`${[line, ...result.messages.map(({ message }) => `        ${message.replace(/\n/g, '\r\n        ')}`)].join('\r\n')}\r\n`, undefined, item);
    switch (result.outcome) {
      case 'passed':
        run.passed(item);
        break;
      case 'failed':
        run.failed(item, messages);
        break;
      case 'broken':
        run.errored(item, messages);
        break;
    }
  }
}

function reasonOf(error: unknown): string {
  return isUnknownRequest(error) ? 'This "mandate" program is too old to run scenarios from the editor.' : error instanceof Error ? error.message : String(error);
}

function toMessage({ message, expected, actual, uri, range }: ScenarioMessage): vscode.TestMessage {
  const shown = expected != null && actual != null ? vscode.TestMessage.diff(message, expected, actual) : new vscode.TestMessage(message);
  shown.location = toLocation(uri, range);
  return shown;
}

function leaves(item: vscode.TestItem): vscode.TestItem[] {
  return item.children.size === 0 ? [item] : children(item.children).flatMap(leaves);
}

function children(items: vscode.TestItemCollection): vscode.TestItem[] {
  return [...items].map(([, item]) => item);
}

/** The address as the editor writes it. */
function canonical(uri: string): string {
  return vscode.Uri.parse(uri).toString();
}
