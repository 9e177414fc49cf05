// The view "Why": one finding taken apart, each part with a way to the clause or record it speaks of.
import * as vscode from 'vscode';
import { toRange } from '../convert';
import type { Why, WhyOutcome } from '../protocol';

/** Parts above this depth are open at the start. */
const OPEN_DEPTH = 2;

/** How the values of conditions are drawn. */
const ICONS: Record<Exclude<WhyOutcome, 'none'>, vscode.ThemeIcon> = {
  true: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  false: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  unknown: new vscode.ThemeIcon('question', new vscode.ThemeColor('testing.iconQueued')),
};

/** What screen readers say of them. */
const SPOKEN: Record<WhyOutcome, string> = { true: ', holds', false: ', does not hold', unknown: ', not known', none: '' };

/** The view. Empty until a finding is asked about. */
export class WhyView implements vscode.TreeDataProvider<Part>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly view: vscode.TreeView<Part>;
  private root: Part | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor() {
    this.view = vscode.window.createTreeView('mandate.why', { treeDataProvider: this, showCollapseAll: true });
  }

  /** Shows a finding; `title` names it above the tree. */
  async show(title: string, tree: Why): Promise<void> {
    this.root = { why: tree, depth: 0, parent: undefined, id: '0' };
    this.view.description = title;
    this.changed.fire();
    await this.view.reveal(this.root, { select: true, focus: false, expand: true });
  }

  /** Empties the view. */
  clear(): void {
    this.root = undefined;
    this.view.description = '';
    this.changed.fire();
  }

  /** The finding shown, if any. */
  get shown(): Why | undefined {
    return this.root?.why;
  }

  getChildren(part?: Part): Part[] {
    if (part === undefined) {
      return this.root === undefined ? [] : [this.root];
    }
    return part.why.children.map((why, index) => ({ why, depth: part.depth + 1, parent: part, id: `${part.id}.${index}` }));
  }

  getParent(part: Part): Part | undefined {
    return part.parent;
  }

  getTreeItem({ why, depth, id }: Part): vscode.TreeItem {
    const closed = depth < OPEN_DEPTH ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
    const item = new vscode.TreeItem(why.label, why.children.length === 0 ? vscode.TreeItemCollapsibleState.None : closed);
    // The same part of another finding is another part: what was closed there is not closed here.
    item.id = `${this.view.description ?? ''}/${id}/${why.label}`;
    if (why.detail) {
      item.description = why.detail;
    }
    if (why.outcome !== 'none') {
      item.iconPath = ICONS[why.outcome];
    }
    item.accessibilityInformation = { label: `${why.label}${why.detail ? `: ${why.detail}` : SPOKEN[why.outcome]}` };
    item.tooltip = [why.label, why.detail].filter(Boolean).join('\n');
    if (why.uri && why.range) {
      const options: vscode.TextDocumentShowOptions = { selection: toRange(why.range), preserveFocus: true, viewColumn: vscode.ViewColumn.One };
      item.command = { command: 'vscode.open', title: 'Go to it', arguments: [vscode.Uri.parse(why.uri), options] };
    }
    return item;
  }

  dispose(): void {
    this.view.dispose();
    this.changed.dispose();
  }
}

/** A part of the tree with its way to the top, which the editor needs to reveal it. */
interface Part {
  why: Why;
  depth: number;
  parent: Part | undefined;
  id: string;
}
