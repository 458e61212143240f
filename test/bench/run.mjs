// Runs a TypeScript file of the tests on plain node: bundled into a temporary folder first. `node run.mjs FILE ...ARGS`
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'dicom-anonymizer-run-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'script.mjs');
await build({
  entryPoints: [process.argv[2]], outfile, bundle: true, platform: 'node', target: 'node20', format: 'esm', mainFields: ['module', 'main'],
  // What ships beside the program is looked for from where the sources are.
  banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = ${JSON.stringify(fileURLToPath(new URL('.', import.meta.url)))};` }, logLevel: 'warning',
});
process.argv.splice(1, 2, process.argv[2]);
await import(pathToFileURL(outfile));
