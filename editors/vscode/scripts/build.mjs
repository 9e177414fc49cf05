// Bundles the extension into dist/extension.js; with --tests, the unit tests into dist-tests/.
import { build } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';

const shared = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' };

if (process.argv.includes('--tests')) {
  rmSync('dist-tests', { recursive: true, force: true });
  const tests = readdirSync('tests/unit').filter((name) => name.endsWith('.test.ts'));
  await build({ ...shared, entryPoints: tests.map((name) => `tests/unit/${name}`), outdir: 'dist-tests' });
} else {
  rmSync('dist', { recursive: true, force: true });
  // The editor itself provides `vscode`.
  await build({ ...shared, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'], minify: true });
}
