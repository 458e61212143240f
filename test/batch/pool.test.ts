import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Progress, run } from '../../src/batch/run.ts';
import { writeData } from '../bench/data.ts';
import { requestOf, temporaryFolder } from './run-fixture.ts';
import { treeOf } from './tree.ts';
import { workerScript } from './worker-script.ts';

describe('worker pool', () => {
  let script: string;
  let deadly: string;
  beforeAll(() => {
    script = workerScript();
    deadly = workerScript('test/batch/deadly-worker.ts');
  });

  it('writes the same tree byte for byte with any number of workers', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 400, rows: 8, columns: 8 });
    const alone = await run(requestOf(source, join(folder, 'alone')));
    const expected = treeOf(join(folder, 'alone'));
    expect(expected.size).toBe(400);
    for (const workers of [2, 3, 7]) {
      const output = join(folder, `with-${workers}`);
      const report = await run(requestOf(source, output, { workers, workerScript: script }));
      expect(treeOf(output)).toEqual(expected);
      expect(report.summary).toEqual(alone.summary);
      expect(report.actions).toEqual(alone.actions);
      // The report is in the order of the walk, whoever did the work.
      expect([...report.files].map(({ input }) => input)).toEqual([...alone.files].map(({ input }) => input));
    }
  });

  it('tells how far it is, and the total as soon as the walk is over', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 20, rows: 8, columns: 8 });
    const told: Progress[] = [];
    await run(requestOf(source, join(folder, 'output')), { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toMatchObject({ filesDone: 20, filesTotal: 20 });
    expect(told.map(({ filesDone }) => filesDone)).toEqual([8, 16, 20]);
  });

  it('loses one file and nothing else to a file that kills its worker', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 40, rows: 8, columns: 8 });
    const [series] = readdirSync(source);
    await run(requestOf(source, join(folder, 'expected')));
    const expected = treeOf(join(folder, 'expected'));
    for (const name of ['IM000003-deadly.dcm', 'IM000030-deadly.dcm']) copyFileSync(join(source, series, 'IM000000.dcm'), join(source, series, name));

    const report = await run(requestOf(source, join(folder, 'output'), { workers: 2, workerScript: deadly, keepCallerFree: true }));

    const failed = [...report.files].filter(({ status }) => status === 'failed');
    expect(failed.map(({ input }) => input).sort()).toEqual([join(source, series, 'IM000003-deadly.dcm'), join(source, series, 'IM000030-deadly.dcm')]);
    expect(failed[0].reason).toContain('the worker died while it handled this file');
    expect(report.summary).toMatchObject({ written: 40, failed: 2 });
    expect(treeOf(join(folder, 'output'))).toEqual(expected);
    // The files that were done again are counted once.
    const patientNames = report.actions.find(({ tag }) => tag === '00100010');
    expect(patientNames?.count).toBe((await run(requestOf(source, join(folder, 'again'), { inputs: [join(source, series, 'IM000000.dcm')] }))).actions.find(({ tag }) => tag === '00100010')!.count * 40);
  });

  it('does the work itself where workers cannot be started', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 320, rows: 8, columns: 8 });
    const report = await run(requestOf(source, join(folder, 'output'), { workers: 2, workerScript: join(folder, 'no-such-script.js') }));
    expect(report.summary.written).toBe(320);
  });

  it('stops between two files when it is told to, and reports what was done', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 40, rows: 8, columns: 8 });
    const controller = new AbortController();
    const report = await run(requestOf(source, join(folder, 'output'), { signal: controller.signal }), { onFile: () => controller.abort() });
    expect(report.files.length).toBe(8);
    expect(treeOf(join(folder, 'output')).size).toBe(8);
  });

  it('gives files of one name from several inputs names of their own, whatever the order of work', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 1, rows: 8, columns: 8 });
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, name, 'study'), { recursive: true });
      copyFileSync(join(source, 'S0000', 'IM000000.dcm'), join(folder, name, 'study', 'IM1'));
    }
    const report = await run(requestOf('', join(folder, 'output'), { inputs: [join(folder, 'a/study'), join(folder, 'b/study')], layout: 'mirror' }));
    expect(report.summary.written).toBe(2);
    expect([...treeOf(join(folder, 'output')).keys()]).toEqual(['study/IM1', 'study~2/IM1']);
  });
});
