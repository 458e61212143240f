// Compiles the suite for the extension host: one script for VS Code to load and one with the tests.
import { build } from 'esbuild';

const out = new URL('../../out/test/', import.meta.url).pathname;

export async function buildSuite() {
  const options = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', external: ['vscode', 'mocha', './suites.cjs'], outExtension: { '.js': '.cjs' }, outdir: out, logLevel: 'warning', mainFields: ['module', 'main'] };
  await build({ ...options, entryPoints: [new URL('index.ts', import.meta.url).pathname] });
  await build({ ...options, entryPoints: [new URL('suites.ts', import.meta.url).pathname] });
  return `${out}index.cjs`;
}
