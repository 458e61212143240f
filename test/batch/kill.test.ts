import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeData } from '../bench/data.ts';
import { killAndResume, start } from './kill.ts';
import { temporaryFolder } from './run-fixture.ts';
import { treeOf } from './tree.ts';

const program = resolve('dist/cli.js');

// Fifty moments are `npm run test:kill`.
describe('kill -9', () => {
  it.runIf(existsSync(program))('at any moment leaves no partial file under a final name, and a resume completes the run', async () => {
    const folder = temporaryFolder();
    writeData(join(folder, 'source'), { files: 360, rows: 32, columns: 32 });
    const began = performance.now();
    expect(await start([program, 'anonymize', join(folder, 'source'), '--output', join(folder, 'whole'), '--key-file', join(folder, 'key'), '--workers', '2'])).toBe(0);
    const duration = performance.now() - began;
    const expected = treeOf(join(folder, 'whole'));
    expect(expected.size).toBe(360);
    for (const part of [0.3, 0.55, 0.8]) {
      const { faults } = await killAndResume(program, folder, expected, duration * part);
      expect(faults).toEqual([]);
    }
  }, 240_000);
});
