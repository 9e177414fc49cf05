// What the extension does with the program itself: assessment, check, comparison, and what an untrusted or odd argument does.
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { eventually, errorsOf } = require('./helpers.js');

const told = (uri, source) => vscode.languages.getDiagnostics(uri).filter((it) => it.source === source);

exports.tests = ({ root, camp }) => ({
  'assessed facts have problems at their records, with the rule as a related place': async () => {
    const facts = vscode.Uri.joinPath(root, 'harbour/facts/march.yaml');
    await vscode.commands.executeCommand('mandate.assess', facts);
    const problems = told(facts, 'mandate assess');
    assert.deepEqual(problems.map(({ range, severity, code }) => [range.start.line + 1, severity, code.value]), [
      [14, vscode.DiagnosticSeverity.Error, 'harbour.keep_medicine_cold'],
      [14, vscode.DiagnosticSeverity.Error, 'harbour.release_relief'],
      [21, vscode.DiagnosticSeverity.Warning, 'harbour.release_relief'],
      [25, vscode.DiagnosticSeverity.Information, 'harbour.release_relief'],
    ]);
    const [place] = problems[0].relatedInformation;
    const rules = fs.readFileSync(place.location.uri.fsPath, 'utf8').split('\n');
    assert.match(rules[place.location.range.start.line], /^constraint keep_medicine_cold/);
    assert.doesNotMatch(JSON.stringify(problems), /old gate/, 'a sensitive value is shown');
  },
  'lenses above the records say the finding and why': async () => {
    const facts = vscode.Uri.joinPath(root, 'harbour/facts/march.yaml');
    await vscode.workspace.openTextDocument(facts);
    const lenses = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', facts);
    const titles = lenses.map(({ range, command }) => [range.start.line + 1, command.title]);
    assert.ok(titles.some(([line, title]) => line === 25 && title === 'pending: Release relief goods within a day - due 2026-03-10T12:00Z'), JSON.stringify(titles));
  },
  'facts with a fault are not assessed, and the fault is told in its place': async () => {
    const facts = vscode.Uri.joinPath(root, 'harbour/facts/faulty.yaml');
    fs.writeFileSync(facts.fsPath, 'records:\n  Ship:\n    - id: x\n');
    await vscode.commands.executeCommand('mandate.assess', facts);
    const [fault] = told(facts, 'mandate assess');
    assert.equal(fault?.code, 'E106');
    assert.deepEqual([fault.range.start.line, fault.range.start.character, fault.range.end.character], [1, 2, 6]);
    fs.rmSync(facts.fsPath);
  },
  'clearing takes all findings away': async () => {
    await vscode.commands.executeCommand('mandate.clearAssessments');
    assert.equal(told(vscode.Uri.joinPath(root, 'harbour/facts/march.yaml'), 'mandate assess').length, 0);
  },
  'the check of the workspace tells a contradiction once, with both passages': async () => {
    await vscode.commands.executeCommand('mandate.checkWorkspace');
    const depot = vscode.Uri.joinPath(root, 'depot/depot.mandate');
    const code = (it) => (typeof it.code === 'object' ? it.code.value : it.code);
    const [conflict, ...others] = errorsOf(depot).filter((it) => code(it) === 'E301');
    assert.ok(conflict !== undefined && others.length === 0, JSON.stringify(errorsOf(depot)));
    const places = conflict.relatedInformation.map(({ location }) => path.basename(location.uri.fsPath));
    assert.equal(places.filter((name) => name === 'orders.md').length, 2, JSON.stringify(places));
    assert.equal(errorsOf(camp.uri).length, 1, 'the mistake is told twice');
  },
  'commands that others may call pass over arguments of the wrong kind': async () => {
    for (const command of ['runScenario', 'showReferences', 'showPage', 'showWhy']) {
      await vscode.commands.executeCommand(`mandate.client.${command}`, 1, { line: 'x' }, [{}]);
    }
  },
  'a page to read is shown': async () => {
    await vscode.commands.executeCommand('mandate.client.showPage', 'What was found', '# Found\n\nTwo rules.');
    await eventually('the tab', () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label)), (labels) => labels.some((label) => label.includes('What was found')));
  },
});
