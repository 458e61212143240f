import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

// `npm test` builds first.
const isBuilt = existsSync(`${root}dist/cli.js`);
if (!isBuilt) console.warn('Skipped: the built program is not there. Run npm run build first.');

describe.skipIf(!isBuilt)('200 damaged files of the corpus', () => {
  it('go through the command line without a crash, a leak, or a partial or unreported file', () => {
    // By hand with 10,000: npm run test:mutated -- 10000 SEED
    const { status, stdout, stderr } = spawnSync(process.execPath, ['test/mutated/run.mjs', '200', '20'], { cwd: root, encoding: 'utf8' });
    expect(stdout, stderr).toMatch(/200 mutated files from seed 20 .*; 0 faults\n$/);
    expect(status).toBe(0);
    if (stderr !== '') console.warn(stderr);
  }, 120_000);
});
