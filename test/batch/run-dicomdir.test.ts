import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dicomParser from 'dicom-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProfile } from '../../src/anonymizer/profile.ts';
import { run, type RunRequest } from '../../src/batch/run.ts';
import { part10 } from '../fixtures/data-set.ts';
import { testKey } from '../fixtures/deidentify.ts';
import { minimalCt } from '../fixtures/instances.ts';
import { element } from '../../src/sample/part10.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dicomdir-'));
  mkdirSync(join(folder, 'cd/CT'), { recursive: true });
  writeFileSync(join(folder, 'cd/CT/IM1'), part10(minimalCt()));
  writeFileSync(join(folder, 'cd/DICOMDIR'), part10([
    element(0x00041130, 'CS', ''), element(0x00041200, 'UL', [0]), element(0x00041202, 'UL', [0]), element(0x00041212, 'US', [0]),
    element(0x00041220, 'SQ', []), element(0x00080016, 'UI', '1.2.840.10008.1.3.10'), element(0x00080018, 'UI', '2.25.7'),
  ]));
});
afterAll(() => rmSync(folder, { recursive: true }));

const request = (output: string, more: Partial<RunRequest> = {}): RunRequest => ({
  inputs: [join(folder, 'cd')], output: join(folder, output), profile: createProfile(), key: testKey(), keyIsKept: true,
  layout: 'mirror', verify: true, dryRun: false, version: '0', ...more,
});

describe('a run over a folder with a DICOMDIR', () => {
  it('rebuilds it from what it wrote, with the modality and the new UID of the file that it lists', async () => {
    const report = await run(request('mirror'));
    expect(report.summary).toMatchObject({ written: 2, skipped: 0, failed: 0 });
    const written = dicomParser.parseDicom(readFileSync(join(folder, 'mirror/CT/IM1')));
    const records = dicomParser.parseDicom(readFileSync(join(folder, 'mirror/DICOMDIR'))).elements.x00041220?.items ?? [];
    const of = (type: string) => records.find((item) => item.dataSet?.string('x00041430') === type)?.dataSet;
    expect(of('SERIES')?.string('x00080060')).toBe('CT');
    expect(of('IMAGE')?.string('x00041511')).toBe(written.string('x00080018'));
    expect(of('IMAGE')?.string('x00041500')).toBe('CT\\IM1');
  });

  it('leaves it out where the names are UIDs, and says so', async () => {
    const report = await run(request('uid', { layout: 'uid' }));
    expect([...report.files].find(({ input }) => input.endsWith('DICOMDIR'))).toMatchObject({ status: 'skipped' });
  });

  it('leaves it out in a shard, which does not know the files of the others', async () => {
    const reports = await Promise.all([1, 2].map((index) => run(request('shards', { shard: { index, count: 2 } }))));
    const directories = reports.flatMap(({ files }) => [...files]).filter(({ input }) => input.endsWith('DICOMDIR'));
    expect(directories).toHaveLength(1);
    expect(directories[0].status).toBe('skipped');
  });
});
