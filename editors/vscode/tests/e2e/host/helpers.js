// What the tests inside the extension host share.
const assert = require('node:assert/strict');
const vscode = require('vscode');

const PATIENCE_MS = 30_000;

/** Asks again until `holds` is true of the answer; fails with the last answer. */
async function eventually(what, ask, holds) {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const answer = await ask();
    if (holds(answer)) {
      return answer;
    }
    if (Date.now() > end) {
      assert.fail(`${what}: last answer was ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function textOf(hovers) {
  return (hovers ?? []).flatMap((hover) => hover.contents.map((part) => (typeof part === 'string' ? part : part.value))).join('\n').replace(/\s+/g, ' ');
}

function positionOf(document, words, part = words) {
  const at = document.getText().indexOf(words);
  assert.notEqual(at, -1, `"${words}" is not in ${document.fileName}`);
  return document.positionAt(at + words.indexOf(part) + 1);
}

const errorsOf = (uri) => vscode.languages.getDiagnostics(uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);

/** Puts `to` in the place of the last `from` of a document. */
async function replaceLast(document, from, to) {
  const edit = new vscode.WorkspaceEdit();
  const at = document.getText().lastIndexOf(from);
  assert.notEqual(at, -1, `"${from}" is not in ${document.fileName}`);
  edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

module.exports = { eventually, textOf, positionOf, errorsOf, replaceLast };
