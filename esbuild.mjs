import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { keepCode } from './scripts/code-cache.mjs';
import { generateProfileCheck } from './scripts/generate-profile-check.mjs';
import { buildWithLazyChunks } from './scripts/lazy-chunks.mjs';

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

generateProfileCheck();
await buildWithLazyChunks(node, { cli: 'src/cli.ts', worker: 'src/worker.ts', 'batch-hash-worker': 'src/batch/hash-worker.ts' });
await build({ ...node, entryPoints: ['src/sample/write-sample.ts'], outfile: 'dist/sample.js' });

/** The extension: what is activated, its threads, and the scripts of its webviews. */
await buildWithLazyChunks({ ...node, external: ['vscode'] }, {
  extension: 'src/extension.ts',
  'views-tags-thread': 'src/views/tags-thread.ts',
  'views-pixels-thread': 'src/views/pixels-thread.ts',
  'views-sheet-thread': 'src/views/sheet-thread.ts',
  'commands-run-thread': 'src/commands/run-thread.ts',
  'commands-task-thread': 'src/commands/task-thread.ts',
  'commands-verify-thread': 'src/commands/verify-thread.ts',
});
await build({
  entryPoints: { tags: 'media/tags/main.ts', report: 'media/report/main.ts', sheet: 'media/sheet/main.ts' }, outdir: 'dist/webview', bundle: true, platform: 'browser', target: 'chrome122',
  format: 'iife', minify: production, sourcemap: production ? false : 'linked', logLevel: 'warning',
});

/** What is read at run time from beside the bundles: the decoders of compressed pixels. */
mkdirSync('dist/assets', { recursive: true });
copyFileSync('node_modules/dcmjs-codecs/build/dcmjs-native-codecs.wasm', 'dist/assets/dcmjs-native-codecs.wasm');

/** The reader of burned-in text: its worker, the engine and the language data, loaded when the first line is read. */
await build({ ...node, entryPoints: ['src/ocr/ocr-worker.ts'], outfile: 'dist/assets/ocr-worker.js' });
// In what ships the engine has no way to the network: it could fetch its own parts, which are handed to it.
await build({
  ...node, entryPoints: ['node_modules/tesseract.js-core/tesseract-core-simd-lstm.js'], outfile: 'dist/assets/tesseract-core-simd-lstm.js',
  minify: true, sourcemap: false, define: { fetch: 'undefined', XMLHttpRequest: 'undefined' },
});
copyFileSync('node_modules/tesseract.js-core/tesseract-core-simd-lstm.wasm', 'dist/assets/tesseract-core-simd-lstm.wasm');
copyFileSync('node_modules/tesseract.js-core/LICENSE', 'dist/assets/tesseract-LICENSE.txt');
copyFileSync('node_modules/@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz', 'dist/assets/eng.traineddata.gz');

keepCode('engine');
