// "Compare with a revision": what changed in meaning since a revision of git, as a page to read.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { run } from '../run';
import { makesRules, saveAll, type Tools } from '../tools';
import type { Pages } from '../views/page';
import { readRevisions, type Revision } from './revisions';

/** How many revisions are offered. Any other can be typed. */
const OFFERED = 40;

/** Asks for the revision and shows what `mandate diff` says. `asked`: the revision, where it is known already. */
export async function compare(tools: Tools, pages: Pages, file?: vscode.Uri, asked?: string): Promise<void> {
  const folder = await tools.package(file);
  if (folder === undefined || !(await saveAll(makesRules))) {
    return;
  }
  const revision = asked ?? (await chooseRevision(folder));
  // What begins with a dash would be taken for an option.
  if (revision === undefined || revision.startsWith('-')) {
    return;
  }
  const output = await tools.run(`comparing with ${revision}`, ['diff', revision, '.', '--format', 'markdown', '--color', 'never'], folder);
  if (output === undefined) {
    return;
  }
  if (output.code > 1 || output.out.trim() === '') {
    tools.tellFailure(`Comparing with ${revision}`, output);
    return;
  }
  await pages.show(`${path.basename(folder)} since ${revision}`, output.out);
}

async function chooseRevision(folder: string): Promise<string | undefined> {
  const ran = await run('git', ['log', `--max-count=${OFFERED}`, '--format=%h%x1f%D%x1f%s%x1f%as', '--', '.'], folder);
  const revisions = ran.kind === 'ended' && ran.code === 0 ? readRevisions(ran.out) : [];
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { revision: string }>();
    pick.title = 'Compare the meaning of the rules with which revision?';
    // A revision is often looked up in another window: what is typed stays.
    pick.ignoreFocusOut = true;
    pick.placeholder = 'Choose one, or type a revision of git such as HEAD~1 or v1.2';
    const items = revisions.map((revision) => item(revision));
    pick.items = items;
    pick.onDidChangeValue((typed) => {
      const text = typed.trim();
      pick.items = text === '' || items.some(({ revision }) => revision === text) ? items : [{ label: text, description: 'as typed', revision: text, alwaysShow: true }, ...items];
    });
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.revision);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function item({ name, title, day }: Revision): vscode.QuickPickItem & { revision: string } {
  return { label: name, description: title, detail: day, revision: name };
}
