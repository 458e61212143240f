import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Bundles a worker of the tests, or the program's own, and names the script. */
export function workerScript(source = 'src/worker.ts', format: 'cjs' | 'esm' = 'cjs'): string {
  const outfile = join(mkdtempSync(join(tmpdir(), 'dicom-anonymizer-worker-')), format === 'cjs' ? 'worker.js' : 'worker.mjs');
  buildSync({ entryPoints: [source], outfile, bundle: true, platform: 'node', target: 'node20', format, mainFields: ['module', 'main'] });
  return outfile;
}
