import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/anonymizer/report.ts';
import { reportOf } from '../batch/report-fixture.ts';
import { cli, temporaryFolder } from './captured-terminal.ts';

function shards(...reports: Report[]): { folder: string; paths: string[] } {
  const folder = temporaryFolder();
  const paths = reports.map((report, i) => {
    const path = join(folder, `shard-${i + 1}.json`);
    writeFileSync(path, JSON.stringify(report));
    return path;
  });
  return { folder, paths };
}

describe('report merge', () => {
  it('makes one report of several in the format of its name', async () => {
    const { folder, paths } = shards(reportOf([{ input: 'a', output: 'x', status: 'written' }]), reportOf([{ input: 'b', output: 'y', status: 'written' }]));
    for (const name of ['all.json', 'all.csv', 'all.html']) expect((await cli('report', 'merge', ...paths, '--output', join(folder, name))).code).toBe(0);
    expect((JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8')) as Report).files.map(({ input }) => input)).toEqual(['a', 'b']);
    expect(readFileSync(join(folder, 'all.csv'), 'utf8').split('\r\n')).toHaveLength(4);
    expect(readFileSync(join(folder, 'all.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  it('ends with exit code 1 where a file was not written', async () => {
    const { folder, paths } = shards(reportOf([{ input: 'a', status: 'failed', reason: 'damaged: x' }]));
    expect((await cli('report', 'merge', ...paths, '--output', join(folder, 'all.json'))).code).toBe(1);
  });

  it('counts a report once that is named twice', async () => {
    const { folder, paths: [path] } = shards(reportOf([{ input: 'a', output: 'x', status: 'written' }]));
    await cli('report', 'merge', path, path, '--output', join(folder, 'all.json'));
    expect((JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8')) as Report).actions).toEqual(reportOf([]).actions);
  });

  it.each([
    ['is no JSON', 'status: written'],
    ['is JSON of another kind', '{"files": []}'],
    ['holds nothing', ''],
  ])('refuses a report that %s', async (_, text) => {
    const { folder } = shards();
    writeFileSync(join(folder, 'bad.json'), text);
    const { code, err } = await cli('report', 'merge', join(folder, 'bad.json'), '--output', join(folder, 'all.json'));
    expect([code, err]).toEqual([2, expect.stringContaining('no JSON report of this program')]);
  });

  it('refuses reports of different kinds of runs', async () => {
    const { folder, paths } = shards(reportOf([]), { ...reportOf([]), options: ['retain-uids'] });
    expect((await cli('report', 'merge', ...paths, '--output', join(folder, 'all.json'))).code).toBe(2);
  });

  it('overwrites nothing', async () => {
    const { paths } = shards(reportOf([]), reportOf([]));
    expect((await cli('report', 'merge', paths[0], '--output', paths[1])).code).toBe(2);
  });
});
