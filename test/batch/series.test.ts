import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ActionTally } from '../../src/anonymizer/report.ts';
import { run } from '../../src/batch/run.ts';
import { writeData } from '../bench/data.ts';
import { deidentify } from '../fixtures/deidentify.ts';
import { requestOf, temporaryFolder } from './run-fixture.ts';

describe('the slices of a series', () => {
  it('come out together as each would alone, and are counted so', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    const output = join(folder, 'output');
    writeData(source, { files: 270, rows: 8, columns: 8 });
    // Without a kept key there is no journal, and slices of equal rules are counted together.
    const report = await run(requestOf(source, output, { keyIsKept: false }));
    const tally = new ActionTally();
    let count = 0;
    for (const { input, output: name } of report.files) {
      const { bytes, plan } = deidentify(new Uint8Array(readFileSync(input)));
      tally.add(plan);
      if (Buffer.compare(readFileSync(join(output, name ?? '')), bytes) === 0) count += 1;
    }
    expect(count).toBe(270);
    expect(report.summary.verified).toBe(270);
    expect(report.actions).toEqual(tally.list());
  });
});
