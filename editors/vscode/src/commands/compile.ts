// "Compile package to a rule pack" and "New package".
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { makesRules, saveAll, workspaceFolders, type Tools } from '../tools';

/** Asks where to, and writes the pack of a package. */
export async function compile(tools: Tools, file?: vscode.Uri): Promise<void> {
  const folder = await tools.package(file);
  if (folder === undefined || !(await saveAll(makesRules))) {
    return;
  }
  const target = await vscode.window.showSaveDialog({
    title: 'Write the rule pack to',
    defaultUri: vscode.Uri.file(path.join(folder, `${path.basename(folder)}.pack.json`)),
    filters: { 'Rule pack': ['json'] },
  });
  if (target === undefined) {
    return;
  }
  const output = await tools.run('compiling', ['compile', '--package', folder, '--out', target.fsPath, '--color', 'never'], folder);
  if (output === undefined) {
    return;
  }
  if (output.code !== 0) {
    tools.tellFailure('Compiling', output);
    return;
  }
  const chosen = await vscode.window.showInformationMessage(`Mandate: the rule pack is in ${path.basename(target.fsPath)}.`, 'Open');
  if (chosen !== undefined) {
    await vscode.window.showTextDocument(target);
  }
}

/** Makes a package to start from in a new folder, and opens its rules. */
export async function newPackage(tools: Tools): Promise<void> {
  const root = workspaceFolders()[0];
  const target = await vscode.window.showSaveDialog({
    title: 'Folder of the new package',
    saveLabel: 'Make package',
    ...(root === undefined ? {} : { defaultUri: vscode.Uri.file(path.join(root, 'my_rules')) }),
  });
  if (target?.scheme !== 'file') {
    return;
  }
  const folder = target.fsPath;
  const output = await tools.run('making a package', ['init', folder, '--color', 'never'], path.dirname(folder));
  if (output === undefined) {
    return;
  }
  if (output.code !== 0) {
    tools.tellFailure('Making a package', output);
    return;
  }
  const rules = path.join(folder, `${path.basename(folder)}.mandate`);
  const inside = vscode.workspace.getWorkspaceFolder(target) !== undefined;
  if (!inside) {
    await vscode.commands.executeCommand('vscode.openFolder', target);
  } else if (existsSync(rules)) {
    await vscode.window.showTextDocument(vscode.Uri.file(rules));
  }
}
