import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProfile } from '../../src/anonymizer/profile.ts';
import { BlockProcessor, type Setup } from '../../src/batch/block.ts';
import { DEPTH } from '../../src/batch/pool.ts';
import { run } from '../../src/batch/run.ts';
import { type StopFlag, stopFlagOf } from '../../src/batch/stop.ts';
import { walk, type Found } from '../../src/batch/walk.ts';
import { writeData } from '../bench/data.ts';
import { testKey } from '../fixtures/deidentify.ts';
import { requestOf, temporaryFolder } from './run-fixture.ts';
import { treeOf } from './tree.ts';
import { workerScript } from './worker-script.ts';

function setupIn(folder: string, stop: StopFlag): Setup {
  const outputFolder = join(folder, 'output');
  mkdirSync(outputFolder);
  return { profile: createProfile(), key: testKey(), outputFolder, owner: '.t-', layout: 'uid', verify: false, dryRun: false, traced: false, stop };
}

/** Files of which the one at `place` raises the flag when it is taken. */
function raisingAt(files: readonly Found[], place: number, stop: StopFlag): Found[] {
  const raising = [...files];
  Object.defineProperty(raising, place, { get: () => { Atomics.store(stop, 0, 1); return files[place]; } });
  return raising;
}

describe('a block with room for some of its files', () => {
  it('is left before the first file that does not fit, be it new or a result that would be read again', () => {
    const folder = temporaryFolder();
    writeData(join(folder, 'source'), { files: 4, rows: 128, columns: 128 });
    const files = [...walk([join(folder, 'source')])];
    const room = 100_000;
    const processor = new BlockProcessor({ ...setupIn(folder, stopFlagOf(undefined)), traced: true }, 0);
    const { reports, records } = processor.process({ first: 0, files, replace: false }, room);
    // Each has 32 kB of pixels and some kB before them.
    expect(reports).toHaveLength(2);
    const earlier = files.map((_, i) => ({ isSame: true, record: { ...records[0], trace: { ...records[0].trace, outputSize: i < 3 ? 40_000 : 30_000 } } }));
    expect(processor.process({ first: 0, files, replace: true, earlier }, room).reports).toHaveLength(2);
    expect(processor.process({ first: 0, files, replace: true, earlier }, 39_999).reports).toHaveLength(0);
  });
});

describe('a run that is stopped', () => {
  it('ends within a block, after the file that was begun', () => {
    const folder = temporaryFolder();
    writeData(join(folder, 'source'), { files: 8, rows: 8, columns: 8 });
    const stop = stopFlagOf(undefined);
    const processor = new BlockProcessor(setupIn(folder, stop), 0);
    const { reports, bytes } = processor.process({ first: 0, files: raisingAt([...walk([join(folder, 'source')])], 2, stop), replace: false });
    expect([reports.length, bytes.length]).toEqual([3, 3]);
    expect(treeOf(join(folder, 'output')).size).toBe(3);
  });

  it('ends within a large file, of which nothing is left or reported', () => {
    const folder = temporaryFolder();
    writeData(join(folder, 'source'), { files: 1, rows: 3000, columns: 3000 });
    const stop = stopFlagOf(undefined);
    const processor = new BlockProcessor(setupIn(folder, stop), 0);
    const { reports } = processor.process({ first: 0, files: raisingAt([...walk([join(folder, 'source')])], 0, stop), replace: false });
    expect(reports).toEqual([]);
    expect(readdirSync(join(folder, 'output'), { recursive: true }).filter((name) => /\.(dcm|t-)/.test(String(name)))).toEqual([]);
  });

  it('reports what every worker has written, and no more than that was written', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 600, rows: 128, columns: 128 });
    const controller = new AbortController();
    const report = await run(requestOf(source, join(folder, 'output'), { workers: 2, keepCallerFree: true, workerScript: workerScript(), signal: controller.signal }), { onFile: () => controller.abort() });
    // What two workers held when the first of their blocks was heard of, of eight files each as long as nothing is known of them.
    expect(report.summary.written).toBeLessThanOrEqual(2 * DEPTH * 8);
    expect(treeOf(join(folder, 'output')).size).toBe(report.summary.written);
    expect(existsSync(`${join(folder, 'output')}.lock`)).toBe(false);
  });

  it('was never begun where it was stopped before', () => {
    const controller = new AbortController();
    controller.abort();
    expect(Atomics.load(stopFlagOf(controller.signal), 0)).toBe(1);
  });
});
