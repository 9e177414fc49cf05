// The panel of rules and coverage: asks for both, shows them, and goes where a click says.
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { reveal } from '../convert';
import { isObject } from '../findings';
import { isUnknownRequest, type Range, type RuleGraph } from '../protocol';
import { makesRules, saveAll, type Tools } from '../tools';
import { readCoverage, type Coverage } from './coverage';
import { page } from './page';

/** One panel for each package. */
export class RulePanels implements vscode.Disposable {
  private readonly open = new Map<string, vscode.WebviewPanel>();

  constructor(
    private readonly tools: Tools,
    private readonly media: vscode.Uri,
    private readonly graph: (packageFolder: string) => Promise<RuleGraph>,
  ) {}

  /** Shows the panel of a package: of the open file unless another file is given. */
  async show(file?: vscode.Uri): Promise<void> {
    const folder = await this.tools.package(file);
    if (folder === undefined || !(await saveAll(makesRules))) {
      return;
    }
    let graph: RuleGraph;
    try {
      graph = await this.graph(folder);
    } catch (error) {
      this.tools.tell(isUnknownRequest(error) ? 'This "mandate" program is too old to draw the rules.' : String(error instanceof Error ? error.message : error));
      return;
    }
    const { coverage, why } = await this.coverage(folder);
    const title = `Rules of ${coverage?.package ?? path.basename(folder)}`;
    const panel = this.panel(folder, title);
    panel.webview.html = page({ title, graph, coverage, why }, this.frame(panel.webview));
    panel.reveal(undefined, false);
    this.listen(panel, folder, graph);
  }

  dispose(): void {
    this.open.forEach((panel) => panel.dispose());
  }

  private async coverage(folder: string): Promise<{ coverage: Coverage | undefined; why: string }> {
    const output = await this.tools.run('measuring what the scenarios cover', ['test', '.', '--coverage', '--format', 'json', '--color', 'never'], folder);
    if (output === undefined) {
      return { coverage: undefined, why: 'Coverage was not measured.' };
    }
    const coverage = readCoverage(output.out);
    return { coverage, why: coverage === undefined ? 'Coverage cannot be measured while the package has errors.' : '' };
  }

  private panel(folder: string, title: string): vscode.WebviewPanel {
    const shown = this.open.get(folder);
    if (shown !== undefined) {
      shown.title = title;
      return shown;
    }
    const panel = vscode.window.createWebviewPanel('mandate.rules', title, vscode.ViewColumn.Active, { enableScripts: true, localResourceRoots: [this.media], enableFindWidget: true });
    this.open.set(folder, panel);
    panel.onDidDispose(() => {
      this.listeners.get(folder)?.dispose();
      this.listeners.delete(folder);
      this.open.delete(folder);
    });
    return panel;
  }

  private readonly listeners = new Map<string, vscode.Disposable>();

  private listen(panel: vscode.WebviewPanel, folder: string, graph: RuleGraph): void {
    this.listeners.get(folder)?.dispose();
    this.listeners.set(folder, panel.webview.onDidReceiveMessage((message: unknown) => void this.go(message, folder, graph)));
  }

  private async go(message: unknown, folder: string, graph: RuleGraph): Promise<void> {
    if (!isObject(message)) {
      return;
    }
    switch (message['go']) {
      case 'again':
        return this.show(vscode.Uri.file(folder));
      case 'node': {
        const node = graph.nodes.find(({ id, name }) => id === message['id'] || name === message['id']);
        return node && this.reveal(node.uri, node.range);
      }
      case 'line': {
        const { file, line } = message;
        // A place in another package is written `name:file`; such a file is not below this folder.
        if (typeof file === 'string' && typeof line === 'number' && !path.isAbsolute(file) && !file.includes(':')) {
          const at = { line: Math.max(line - 1, 0), character: 0 };
          return this.reveal(pathToFileURL(path.join(folder, file)).href, { start: at, end: at });
        }
      }
    }
  }

  private async reveal(uri: string, range: Range): Promise<void> {
    await reveal(uri, range);
  }

  private frame(webview: vscode.Webview) {
    const at = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.media, name)).toString();
    return { nonce: randomBytes(16).toString('base64url'), cspSource: webview.cspSource, style: at('panel.css'), script: at('panel.js') };
  }
}
