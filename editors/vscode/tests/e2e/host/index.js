// Runs inside the extension host: asks the editor's own API what the extension and its server answer.
const vscode = require('vscode');
const { eventually, errorsOf } = require('./helpers.js');

async function run() {
  const root = vscode.workspace.workspaceFolders[0].uri;
  const open = (...parts) => vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, ...parts));
  const context = { root, camp: await open('camp.mandate'), untidy: await open('untidy.mandate'), harbour: await open('harbour', 'harbour.mandate'), scenarios: await open('harbour', 'scenarios.mandate') };
  await vscode.window.showTextDocument(context.camp);

  const tests = {
    ...require('./language.js').tests(context),
    ...require('./changes.js').tests(context),
    ...require('./program.js').tests(context),
    'the server answers again after a restart': async () => {
      await vscode.commands.executeCommand('mandate.restartServer');
      await eventually('errors after the restart', () => errorsOf(context.camp.uri), (errors) => errors.length === 1);
    },
  };

  const failures = [];
  for (const [name, test] of Object.entries(tests)) {
    const start = Date.now();
    try {
      await test();
      console.log(`[host] ${String(Date.now() - start).padStart(6)} ms  ok  ${name}`);
    } catch (error) {
      failures.push(name);
      console.log(`[host] ${String(Date.now() - start).padStart(6)} ms  FAILED  ${name}: ${error.message}`);
    }
  }
  if (failures.length > 0) {
    throw new Error(`${failures.length} of ${Object.keys(tests).length} failed: ${failures.join('; ')}`);
  }
}

exports.run = run;
