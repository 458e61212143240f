import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileOpener } from '../../src/batch/file-source.ts';
import { run } from '../../src/batch/run.ts';
import { writeData } from '../bench/data.ts';
import { requestOf, temporaryFolder } from './run-fixture.ts';
import { treeOf } from './tree.ts';

const isRoot = process.getuid?.() === 0;

/** A file system of a few megabytes; undefined where it cannot be mounted. */
function smallDisk(megabytes: number): string | undefined {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  if (process.platform !== 'linux' || !isRoot || spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).status !== 0) return undefined;
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

describe('trouble', () => {
  it('of a full disk fails the files that do not fit, each with that reason, and leaves nothing partial', async ({ skip }) => {
    const disk = smallDisk(3);
    if (disk === undefined) return skip('no small file system can be mounted here');
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 30, rows: 256, columns: 256 });
    const output = join(disk, 'output');
    const report = await run(requestOf(source, output, { keyIsKept: false }));
    const failed = [...report.files].filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(new Set(failed.map(({ reason }) => reason))).toEqual(new Set(['no space left on the disk']));
    expect(report.summary.written).toBeGreaterThan(10);
    const sizes = [...treeOf(output).keys()].map((path) => statSync(join(output, path)).size);
    expect(sizes.length).toBe(report.summary.written);
    expect(Math.min(...sizes)).toBeGreaterThan(256 * 256 * 2);
  });

  it('of a file that cannot be read fails that file', async ({ skip }) => {
    if (isRoot) return skip('root reads everything');
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 3, rows: 8, columns: 8 });
    chmodSync(join(source, 'S0000/IM000001.dcm'), 0);
    const report = await run(requestOf(source, join(folder, 'output')));
    expect([...report.files].filter(({ status }) => status !== 'written').map(({ reason }) => reason)).toEqual(['permission denied']);
    expect(report.summary.written).toBe(2);
  });

  it('of a read error fails that file with the reason of the system', async ({ skip }) => {
    // The memory of a process is a regular file by its mode, and reading its first page is an input/output error.
    if (process.platform !== 'linux') return skip('needs /proc');
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 2, rows: 8, columns: 8 });
    const report = await run(requestOf('', join(folder, 'output'), { inputs: [source, '/proc/self/mem'] }));
    expect([...report.files].find(({ input }) => input === '/proc/self/mem')).toMatchObject({ status: 'failed', reason: 'input/output error' });
    expect(report.summary.written).toBe(2);
  });

  it('of a file that goes away between walk and reading fails that file', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 20, rows: 8, columns: 8 });
    const { rmSync } = await import('node:fs');
    let gone = '';
    const report = await run(requestOf(source, join(folder, 'output')), {
      onFile: ({ input }) => {
        if (gone !== '') return;
        const done = new Set([input]);
        gone = readdirSync(join(source, 'S0000')).map((name) => join(source, 'S0000', name)).find((path) => !done.has(path) && path.endsWith('IM000000.dcm')) ?? '';
        if (gone !== '') rmSync(gone);
      },
    });
    const failed = [...report.files].filter(({ status }) => status === 'failed');
    expect(failed.length).toBeLessThanOrEqual(1);
    for (const { reason } of failed) expect(reason).toBe('no such file or folder');
  });

  it('of a large file that changes while it is copied is noticed before the result is delivered', () => {
    const path = join(temporaryFolder(), 'large');
    writeFileSync(path, '');
    truncateSync(path, 9 << 20);
    const file = new FileOpener().open(path);
    expect(() => file.checkUnchanged()).not.toThrow();
    appendFileSync(path, 'x');
    expect(() => file.checkUnchanged()).toThrow('changed while it was read');
    truncateSync(path, 1000);
    expect(() => file.readInto(new Uint8Array(100), 950)).toThrow('became shorter');
    file.close();
  });
});
