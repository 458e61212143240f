import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Bundles a worker of the tests, or the program's own, and names the script. */
export function workerScript(source = 'src/batch/worker.ts'): string {
  const outfile = join(mkdtempSync(join(tmpdir(), 'dicom-anonymizer-worker-')), 'worker.js');
  buildSync({ entryPoints: [source], outfile, bundle: true, platform: 'node', target: 'node20', format: 'cjs', mainFields: ['module', 'main'] });
  return outfile;
}
