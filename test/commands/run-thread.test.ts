import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FileReport } from '../../src/anonymizer/report.ts';
import { writeReport } from '../../src/batch/report-write.ts';
import type { RunCalls } from '../../src/commands/run-thread.ts';
import { Thread, ThreadError } from '../../src/views/thread-calls.ts';
import { reportOf } from '../batch/report-fixture.ts';
import { temporaryFolder } from '../batch/run-fixture.ts';
import { workerScript } from '../batch/worker-script.ts';

/** More than a page and more than a spool holds in memory; every tenth was skipped, every hundredth failed. */
const FILES: readonly FileReport[] = Array.from({ length: 9000 }, (_, i): FileReport => {
  const input = `/studies/${'a rather long name of a folder '.repeat(4)}/${i}`;
  if (i % 100 === 0) return { input, status: 'failed', reason: `damaged: a value runs past the end at (0010,0010), offset ${i}` };
  if (i % 10 === 0) return { input, status: 'skipped', reason: 'not-dicom: no' };
  return { input, output: `${i}.dcm`, status: 'written', verified: true, ...(i % 3 === 0 ? { warnings: ['look at it'] } : {}) };
});
const inputsOf = (files: readonly FileReport[]) => files.map(({ input }) => input);

describe('the report in an editor', () => {
  let script: string;
  beforeAll(() => { script = workerScript('src/commands/run-thread.ts'); });

  /** A thread that has read the report of a run from its file. */
  async function loaded() {
    const folder = temporaryFolder();
    const path = await writeReport(join(folder, 'study.report.json'), reportOf(FILES));
    const thread = new Thread<RunCalls>(script);
    onTestFinished(() => thread.stop());
    return { folder, path, thread, head: await thread.call('load', { path }) };
  }

  it('tells counts and reasons without the files', async () => {
    const { head } = await loaded();
    expect(head).toMatchObject({ fileCount: 9000, warned: FILES.filter(({ warnings }) => warnings !== undefined).length });
    // The place in the file is none of the reason.
    expect(head.reasons).toEqual([{ reason: 'not-dicom: no', count: 810 }, { reason: 'damaged: a value runs past the end', count: 90 }]);
    expect(head).not.toHaveProperty('files');
  });

  it.each(['all', 'written', 'skipped', 'failed', 'warned'] as const)('is paged through by outcome: %s', async (filter) => {
    const { thread } = await loaded();
    const expected = FILES.filter(({ status, warnings }) => filter === 'all' || status === filter || (filter === 'warned' && warnings !== undefined));
    const last = expected.length - 20;
    for (const from of [0, 50, last]) {
      const { total, files } = await thread.call('files', { filter, from, count: 50 });
      expect(total).toBe(expected.length);
      expect(inputsOf(files)).toEqual(inputsOf(expected.slice(from, from + 50)));
    }
  });

  it('is exported as it was read', async () => {
    const { folder, path, thread } = await loaded();
    const exported = await thread.call('export', { path: join(folder, 'again.json'), bundle: {}, locale: 'en' });
    expect(readFileSync(exported, 'utf8')).toBe(readFileSync(path, 'utf8'));
  });

  it('is refused where the file is no report', async () => {
    const { thread } = await loaded();
    await expect(thread.call('load', { path: script })).rejects.toThrow(ThreadError);
  });
});
