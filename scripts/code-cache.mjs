import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Keeps what V8 makes of a bundle beside it, so that neither the program nor its workers have to compile it again:
 * `dist/NAME.js` becomes `dist/NAME-bundle.js`, and in its place stands what loads that with its code. The code is
 * gathered after the program has de-identified the sample study once, so that it has what a run needs. It fits this
 * version of node alone; any other compiles as ever.
 * @param {string} name
 */
export function keepCode(name) {
  renameSync(`dist/${name}.js`, `dist/${name}-bundle.js`);
  copyFileSync(here('code-cache/load.cjs'), `dist/${name}.js`);
  // What is left of another build.
  rmSync(`dist/${name}-bundle.cache`, { force: true });
  const folder = mkdtempSync(join(tmpdir(), 'dicom-anonymizer-code-'));
  try {
    node('dist/sample.js', join(folder, 'source'));
    node(here('code-cache/make.cjs'), name, join(folder, 'source'), join(folder, 'anonymized'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}`);
}
