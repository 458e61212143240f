import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readIndex, writeIndexes } from '../../src/batch/file-index.ts';
import { run } from '../../src/batch/run.ts';
import { isInShard, parseShard, shardOfEnvironment } from '../../src/batch/shard.ts';
import { prepareSlurm } from '../../src/batch/slurm.ts';
import { walk } from '../../src/batch/walk.ts';
import { writeData } from '../bench/data.ts';
import { requestOf, temporaryFolder } from './run-fixture.ts';
import { treeOf } from './tree.ts';

describe('shards', () => {
  it('are written I/N, and nothing else is understood', () => {
    expect(parseShard('3/4')).toEqual({ index: 3, count: 4 });
    for (const text of ['0/4', '5/4', '1', '1/0', 'a/b', '1/4 ', '-1/4']) expect(() => parseShard(text)).toThrow('I/N');
  });

  it('come from a Slurm job array of any first index and step, and from a Kubernetes indexed job', () => {
    const slurm = (id: number, min: number, step: number) => shardOfEnvironment({
      SLURM_ARRAY_TASK_ID: String(id), SLURM_ARRAY_TASK_MIN: String(min), SLURM_ARRAY_TASK_STEP: String(step), SLURM_ARRAY_TASK_COUNT: '4',
    });
    expect([slurm(0, 0, 1), slurm(4, 1, 1), slurm(30, 10, 10)].map((shard) => shard?.index)).toEqual([1, 4, 3]);
    expect(shardOfEnvironment({ JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '5' })).toEqual({ index: 1, count: 5 });
    expect(() => shardOfEnvironment({ JOB_COMPLETION_INDEX: '0' })).toThrow('JOB_COMPLETIONS');
    expect(shardOfEnvironment({})).toBeUndefined();
  });

  it('share the files out evenly, each to exactly one', () => {
    const counts = [0, 0, 0, 0];
    for (let file = 0; file < 4000; file++) {
      const owners = counts.map((_, i) => isInShard({ index: i + 1, count: 4 }, `S0001/IM${String(file).padStart(6, '0')}.dcm`));
      expect(owners.filter(Boolean).length).toBe(1);
      counts[owners.indexOf(true)] += 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it('write side by side into one folder what one run writes, and never over a file that is there', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    const output = join(folder, 'output');
    writeData(source, { files: 40, rows: 8, columns: 8 });
    await run(requestOf(source, join(folder, 'whole')));
    const reports = await Promise.all([1, 2, 3].map((index) => run(requestOf(source, output, { shard: { index, count: 3 } }))));
    expect(treeOf(output)).toEqual(treeOf(join(folder, 'whole')));
    expect(reports.reduce((sum, { files }) => sum + files.length, 0)).toBe(40);
    rmSync(`${output}.shard-1-of-3.journal`);
    const [path] = [...reports[0].files].map((file) => join(output, file.output!));
    writeFileSync(path, 'of somebody else');
    const again = await run(requestOf(source, output, { shard: { index: 1, count: 3 } }));
    expect(again.summary.written).toBe(0);
    expect(again.files.get(0)?.reason).toContain('exists already');
    expect(readFileSync(path, 'utf8')).toBe('of somebody else');
  });
});

describe('lists of files', () => {
  it('hold every file once, about equal in bytes', () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 600, rows: 8, columns: 8 });
    const paths = [1, 2, 3].map((task) => join(folder, `files-${task}`));
    const counts = writeIndexes([source], paths);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(600);
    for (const count of counts) expect(Math.abs(count - 200)).toBeLessThanOrEqual(64);
    const listed = paths.flatMap((path) => [...readIndex(path)]);
    const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
    expect(listed.sort(byPath).map(({ path, relative }) => ({ path, relative }))).toEqual([...walk([source])].sort(byPath).map(({ path, relative }) => ({ path, relative })));
  });

  it('are refused where they are cut off or something else', () => {
    const path = join(temporaryFolder(), 'list');
    writeFileSync(path, '{"path":"a","relative":"a"}\n{"path"');
    expect(() => [...readIndex(path)]).toThrow('middle of a line');
    writeFileSync(path, 'IM1\n');
    expect(() => [...readIndex(path)]).toThrow('no list');
  });
});

describe('slurm', () => {
  it('writes scripts that quote every name, and prepares nothing twice', () => {
    const folder = temporaryFolder();
    const source = join(folder, "d'Andrà $(touch x)");
    writeData(source, { files: 3, rows: 8, columns: 8 });
    const request = {
      inputs: [source], output: join(folder, 'output'), keyFile: join(folder, 'key'), options: ['--option', 'retain-uids'], tasks: 2, atOnce: 1, cores: 3,
      report: join(folder, 'report.json'), command: ['node', 'cli.js'],
    };
    const job = prepareSlurm(request);
    expect(job.filesOfTasks).toEqual([3, 0]);
    const task = readFileSync(join(job.folder, 'task.sh'), 'utf8');
    expect(task).toContain('#SBATCH --array=1-2%1\n');
    expect(task).toContain('#SBATCH --cpus-per-task=3\n');
    expect(task).toContain(`'${source.replace("'", "'\\''")}'`);
    expect(() => prepareSlurm(request)).toThrow('prepared before');
  });
});
