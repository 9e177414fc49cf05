// What the server writes for the author: completion, new names, remedies, lenses, hints.
const assert = require('node:assert/strict');
const path = require('node:path');
const vscode = require('vscode');
const { eventually, positionOf, replaceLast, textOf } = require('./helpers.js');

exports.tests = ({ camp, harbour, scenarios }) => ({
  'completion behind a citation offers the passages with their text': async () => {
    await replaceLast(harbour, 'cites harbour_order#cold', 'cites harbour_order#');
    const at = positionOf(harbour, 'cites harbour_order#\n', '#');
    const list = await eventually(
      'completion',
      () => vscode.commands.executeCommand('vscode.executeCompletionItemProvider', harbour.uri, at, '#', 50),
      ({ items }) => items.some(({ label }) => String(label.label ?? label).includes('cold')),
    );
    const cold = list.items.find(({ label }) => String(label.label ?? label).includes('cold'));
    assert.match(`${cold.detail} ${cold.documentation?.value ?? cold.documentation}`, /kept cold/);
    await replaceLast(harbour, 'cites harbour_order#\n', 'cites harbour_order#cold\n');
  },
  'a rule is renamed in all files': async () => {
    const at = positionOf(harbour, 'rule release_relief', 'release_relief');
    const edit = await eventually('rename', () => vscode.commands.executeCommand('vscode.executeDocumentRenameProvider', harbour.uri, at, 'free_relief'), (edit) => edit?.size > 0);
    const files = edit.entries().map(([uri, edits]) => [path.basename(uri.fsPath), edits.length]);
    assert.deepEqual(files.sort(), [['harbour.mandate', 1], ['scenarios.mandate', 4]]);
    assert.ok(edit.entries().every(([, edits]) => edits.every(({ newText }) => newText === 'free_relief')));
  },
  'the remedy of the mistake is a quick fix': async () => {
    const at = positionOf(camp, 'a.rasied_at', 'rasied_at');
    const actions = await eventually('quick fixes', () => vscode.commands.executeCommand('vscode.executeCodeActionProvider', camp.uri, new vscode.Range(at, at), vscode.CodeActionKind.QuickFix.value, 10), (actions) => actions.length > 0);
    const mend = actions.find(({ title }) => title.includes('raised_at'));
    assert.ok(mend?.edit !== undefined, JSON.stringify(actions.map(({ title }) => title)));
    assert.deepEqual(mend.edit.entries().map(([uri, edits]) => [uri.toString(), edits.map(({ newText }) => newText)]), [[camp.uri.toString(), ['raised_at']]]);
  },
  'lenses offer to run each scenario, with the command of this extension': async () => {
    const lenses = await eventually('lenses', () => vscode.commands.executeCommand('vscode.executeCodeLensProvider', scenarios.uri, 20), (lenses) => lenses.filter(({ command }) => command?.command === 'mandate.client.runScenario').length === 3);
    // The editor gives them in no order of its own.
    const runs = lenses.filter(({ command }) => command?.command === 'mandate.client.runScenario').sort((a, b) => a.range.start.line - b.range.start.line);
    assert.deepEqual(runs.map(({ command }) => command.arguments[1]), ['released in time', 'released three hours late', 'medicine on the quay overnight']);
    assert.ok(runs.every(({ command }) => vscode.Uri.parse(command.arguments[0]).toString() === scenarios.uri.toString()));
  },
  'hints follow the settings': async () => {
    const whole = new vscode.Range(0, 0, harbour.lineCount, 0);
    const ask = () => vscode.commands.executeCommand('vscode.executeInlayHintProvider', harbour.uri, whole);
    const said = (hints) => (hints ?? []).map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
    await eventually('the value of the parameter', async () => said(await ask()), (labels) => labels.some((label) => label.includes('24 hours')));
    const settings = vscode.workspace.getConfiguration('mandate');
    await settings.update('inlayHints.parameterValues', false, vscode.ConfigurationTarget.Workspace);
    await eventually('no value of the parameter', async () => said(await ask()), (labels) => !labels.some((label) => label.includes('24 hours')));
    await settings.update('inlayHints.parameterValues', undefined, vscode.ConfigurationTarget.Workspace);
  },
  'the references of a rule are its scenarios': async () => {
    const places = await eventually('references', () => vscode.commands.executeCommand('vscode.executeReferenceProvider', harbour.uri, positionOf(harbour, 'rule release_relief', 'release_relief')), (places) => places?.length > 0);
    assert.equal(places.filter(({ uri }) => uri.toString() === scenarios.uri.toString()).length, 4);
  },
  'hover over a parameter tells its value': async () => {
    const ask = () => vscode.commands.executeCommand('vscode.executeHoverProvider', harbour.uri, positionOf(harbour, 'within release_window', 'release_window'));
    await eventually('hover', async () => textOf(await ask()), (text) => text.includes('24 hours'));
  },
});
