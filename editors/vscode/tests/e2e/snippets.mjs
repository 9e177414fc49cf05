// snippets.mjs PROGRAM FOLDER: expands every snippet as Tab alone would, and asks the program whether it can read the result.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [, , program, folder] = process.argv;
const snippets = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../snippets/mandate.json'), 'utf8'));
mkdirSync(folder, { recursive: true });

/** What stands where nothing is typed: the words of the places to fill, the first of several to choose from. */
function expand(body) {
  const words = new Map();
  let text = body.join('\n');
  const place = /\$\{(\d+)(?::((?:[^{}$]|\$\d+)*)|\|([^|}]*)\|)?\}|\$(\d+)/;
  for (let found = place.exec(text); found; found = place.exec(text)) {
    const [whole, number, word, choice, bare] = found;
    const said = word?.replace(/\$(\d+)/g, (_, other) => words.get(other) ?? '') ?? choice?.split(',')[0] ?? words.get(number ?? bare) ?? '';
    words.set(number ?? bare, said);
    text = text.replace(whole, () => said);
  }
  return text;
}

/** Clauses stand in a declaration. */
const around = {
  otherwise: (text) => `rule r {\n  for each x: X\n  x.unit must act(x)\n  ${text}\n}\n`,
  waivable: (text) => `rule r {\n  for each x: X\n  x.unit must act(x)\n  ${text}\n}\n`,
  reads: (text) => `rule r {\n  ${text}\n  for each x: X\n  x.unit must act(x)\n}\n`,
  overrides: (text) => `rule r {\n  for each x: X\n  x.unit must act(x)\n  ${text}\n}\n`,
  drops: (text) => `mission m refines p {\n  ${text}\n}\n`,
  accepts: (text) => `mission m refines p {\n  ${text}\n}\n`,
  given: (text) => `scenario "s" {\n  ${text}\n}\n`,
  expect: (text) => `scenario "s" {\n  ${text}\n}\n`,
};

let wrong = 0;
Object.entries(snippets).forEach(([name, { body }], index) => {
  const text = expand(body);
  assert.doesNotMatch(text, /\$/, name);
  const module = (around[text.split(' ')[0]] ?? String)(text);
  const file = path.join(folder, `s${index}.mandate`);
  writeFileSync(file, module);
  const { stdout } = spawnSync(program, ['check', file, '--format', 'json'], { encoding: 'utf8' });
  // The names are made up, so that much is wrong with what they mean; it must read well.
  const faults = JSON.parse(stdout).diagnostics.filter(({ code }) => /^E0[01]\d$/.test(code));
  if (faults.length > 0) {
    wrong += 1;
    console.error(`FAILED  snippet "${name}": ${faults[0].message}\n${module}`);
  }
});
console.log(`${Object.keys(snippets).length} snippets read, ${wrong} wrong`);
process.exit(wrong === 0 ? 0 : 1);
