import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const production = process.argv.includes('--production');

/** What runs on node: the command line and its workers. */
const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: production,
  sourcemap: production ? false : 'linked',
  define: { VERSION: JSON.stringify(version) },
  // The ESM build of the character sets is smaller and tree-shakes.
  mainFields: ['module', 'main'],
  logLevel: 'warning',
};

await build({ ...node, entryPoints: ['src/cli.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } });
await build({ ...node, entryPoints: ['src/sample/write-sample.ts'], outfile: 'dist/sample.js' });
