// The language in the editor's own API: problems, hover, definition, symbols, formatting.
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { eventually, errorsOf, positionOf, replaceLast, textOf } = require('./helpers.js');

exports.tests = ({ root, camp, untidy }) => ({
  'the extension is active and has its commands': async () => {
    const extension = vscode.extensions.getExtension('mandate.mandate');
    await extension.activate();
    const commands = await vscode.commands.getCommands(true);
    assert.ok(commands.includes('mandate.restartServer') && commands.includes('mandate.showServerLog'));
    assert.equal(camp.languageId, 'mandate');
  },
  'the planted mistake is the only error, in its place, with a code': async () => {
    const errors = await eventually('errors', () => errorsOf(camp.uri), (errors) => errors.length > 0);
    assert.equal(errors.length, 1, JSON.stringify(errors));
    assert.equal(camp.getText(errors[0].range), 'rasied_at');
    const code = errors[0].code;
    assert.match(String(typeof code === 'object' ? code.value : code), /^E\d{3}$/);
    assert.deepEqual(errorsOf(untidy.uri), []);
  },
  'an edit removes the error and another brings it back': async () => {
    await replaceLast(camp, 'rasied_at', 'raised_at');
    await eventually('errors after the correction', () => errorsOf(camp.uri), (errors) => errors.length === 0);
    await replaceLast(camp, 'raised_at', 'rasied_at');
    await eventually('errors after the relapse', () => errorsOf(camp.uri), (errors) => errors.length === 1);
  },
  'hovers show the passage': async () => {
    for (const [words, part] of [['rule warn_the_camp', 'warn_the_camp'], ['camp_policy#warning', 'warning']]) {
      const ask = () => vscode.commands.executeCommand('vscode.executeHoverProvider', camp.uri, positionOf(camp, words, part));
      await eventually(`hover over ${part}`, async () => textOf(await ask()), (text) => text.includes('told of a threat before it reaches them'));
    }
  },
  'the definition of a citation is the passage in the document': async () => {
    const places = await vscode.commands.executeCommand('vscode.executeDefinitionProvider', camp.uri, positionOf(camp, 'camp_policy#warning', 'warning'));
    assert.equal(places.length, 1, JSON.stringify(places));
    const uri = places[0].targetUri ?? places[0].uri;
    const range = places[0].targetSelectionRange ?? places[0].targetRange ?? places[0].range;
    assert.equal(path.relative(root.fsPath, uri.fsPath), path.join('sources', 'camp-policy.md'));
    const lines = fs.readFileSync(uri.fsPath, 'utf8').split('\n');
    const first = lines.findIndex((line) => line.includes('{#warning}'));
    const last = lines.findIndex((line) => line.includes('{#care}'));
    assert.ok(first <= range.start.line && range.start.line < last, `line ${range.start.line + 1}`);
  },
  'the definition of a name is its declaration, also in another module': async () => {
    for (const [document, words, part, declaration] of [
      [camp, 'must warn(a)', 'warn', 'action warn'],
      [untidy, 'must warn(a)', 'warn', 'action warn'],
    ]) {
      const places = await vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, positionOf(document, words, part));
      assert.equal(places.length, 1, JSON.stringify(places));
      assert.equal((places[0].targetUri ?? places[0].uri).toString(), camp.uri.toString());
      const range = places[0].targetSelectionRange ?? places[0].targetRange ?? places[0].range;
      assert.ok(camp.lineAt(range.start.line).text.includes(declaration), camp.lineAt(range.start.line).text);
    }
  },
  'document symbols list the declarations': async () => {
    const symbols = await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', camp.uri);
    const names = symbols.map(({ name }) => name);
    for (const name of ['camp_policy', 'Alarm', 'commander', 'warn', 'warn_the_camp']) {
      assert.ok(names.includes(name), `${name} is not among ${names}`);
    }
  },
  'formatting sets the lines right and keeps comments': async () => {
    const edits = await vscode.commands.executeCommand('vscode.executeFormatDocumentProvider', untidy.uri, { tabSize: 2, insertSpaces: true });
    assert.ok(edits?.length > 0, 'no edits');
    const change = new vscode.WorkspaceEdit();
    change.set(untidy.uri, edits);
    assert.ok(await vscode.workspace.applyEdit(change));
    const lines = untidy.getText().split('\n');
    for (const tidy of ['  cites camp_policy#warning', '  for each a: Alarm', '  // this comment stays']) {
      assert.ok(lines.includes(tidy), `"${tidy}" is not a line of\n${untidy.getText()}`);
    }
    const again = await vscode.commands.executeCommand('vscode.executeFormatDocumentProvider', untidy.uri, { tabSize: 2, insertSpaces: true });
    assert.equal(again?.length ?? 0, 0, 'formatting again changes something');
  },
});
