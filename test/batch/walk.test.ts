import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileOpener } from '../../src/batch/file-source.ts';
import { run } from '../../src/batch/run.ts';
import { type Found, walk } from '../../src/batch/walk.ts';
import { writeData } from '../bench/data.ts';
import { requestOf, temporaryFolder } from './run-fixture.ts';

const found = (...inputs: string[]) => [...walk(inputs)].sort((a, b) => (a.relative < b.relative ? -1 : 1));
const isRoot = process.getuid?.() === 0;
if (isRoot) console.warn('skipped: root may read every folder, so that one which cannot be read is not tested');

describe('walk', () => {
  it('finds every file below a folder, one by one', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    for (const name of ['x', 'a/y', 'a/b/z']) writeFileSync(join(folder, name), '');
    expect(found(folder).map(({ relative }) => relative)).toEqual(['a/b/z', 'a/y', 'x']);
  });

  it('finds files however deep they lie', () => {
    const folder = temporaryFolder();
    const names = Array.from({ length: 150 }, (_, i) => ['d', ...Array.from({ length: i }, () => 'd')].join('/'));
    mkdirSync(join(folder, names[149]), { recursive: true });
    for (const name of names) writeFileSync(join(folder, name, 'file'), '');
    expect(found(folder).map(({ relative }) => relative).sort()).toEqual(names.map((name) => `${name}/file`).sort());
  });

  it.runIf(process.platform === 'linux')('looks into a folder when it comes to it, before it knows of the next, and leaves none open at last', () => {
    const folder = temporaryFolder();
    for (const name of ['a', 'b', 'c']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'file'), '');
    }
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    const files = walk([folder]);
    files.next();
    // The given folder is still being read while the first one in it is.
    expect(open()).toBe(before + 2);
    files.return(undefined);
    expect(open()).toBe(before);
  });

  it('follows no links: not out of the input, not back into it, not in a circle', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    symlinkSync(folder, join(folder, 'loop'));
    symlinkSync('/etc/hostname', join(folder, 'out'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'broken'));
    expect(found(folder).map(({ relative, refusal }) => [relative, refusal])).toEqual([
      ['broken', 'a symbolic link, which is not followed'], ['file', undefined],
      ['loop', 'a symbolic link, which is not followed'], ['out', 'a symbolic link, which is not followed'],
    ]);
  });

  it.skipIf(isRoot)('tells of a folder that cannot be read and goes on', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'closed'));
    writeFileSync(join(folder, 'open'), '');
    chmodSync(join(folder, 'closed'), 0);
    const all = found(folder);
    chmodSync(join(folder, 'closed'), 0o700);
    expect(all.map(({ relative, refusal }) => [relative, refusal])).toEqual([['closed', 'the folder cannot be read: permission denied'], ['open', undefined]]);
  });

  it('does not wait for a pipe, which is no regular file', () => {
    const folder = temporaryFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(found(folder)).toMatchObject([{ relative: 'pipe', refusal: 'not a regular file' }]);
  });

  it.runIf(process.platform !== 'win32')('refuses a pipe, a device and a socket that are given themselves, by a link too', async () => {
    const folder = temporaryFolder();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    symlinkSync(pipe, join(folder, 'link'));
    const socket = join(folder, 'socket');
    const server = createServer().listen(socket);
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    const inputs = [pipe, join(folder, 'link'), socket, '/dev/null'];
    const report = await run(requestOf('', join(temporaryFolder(), 'output'), { inputs }));
    expect([...report.files]).toEqual(inputs.map((input) => ({ input, status: 'skipped', reason: 'not a regular file' })));
  });

  it.runIf(process.platform !== 'win32')('does not wait for a pipe that came to stand in a file’s place', () => {
    const pipe = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => new FileOpener().open(pipe)).toThrow('not a regular file');
    expect(() => new FileOpener().open('/dev/zero')).toThrow('not a regular file');
  });

  it.runIf(process.platform === 'linux')('opens names that are no UTF-8 by their bytes, folders too', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'source');
    writeData(source, { files: 1, rows: 8, columns: 8 });
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(join(source, 'S0000/IM000000.dcm'));
    const odd = Buffer.concat([Buffer.from(`${source}/TC-citt`), Buffer.from([0xe0])]);
    mkdirSync(odd);
    writeFileSync(Buffer.concat([odd, Buffer.from('/IM1')]), bytes);
    writeFileSync(Buffer.concat([Buffer.from(`${source}/perch`), Buffer.from([0xe9])]), bytes);
    const report = await run(requestOf(source, join(folder, 'output')));
    expect(report.summary.written).toBe(3);
    expect([...report.files].map(({ input }) => input.slice(source.length + 1)).sort()).toEqual(['S0000/IM000000.dcm', 'TC-citt\\xE0/IM1', 'perch\\xE9']);
  });

  it('begins relative paths with the name of the input where there are several, numbered where two have one name', () => {
    const folder = temporaryFolder();
    for (const name of ['p/study', 'q/study']) mkdirSync(join(folder, name), { recursive: true });
    for (const name of ['p/study/1', 'q/study/1', 'single']) writeFileSync(join(folder, name), '');
    const relatives = (all: Found[]) => all.map(({ relative }) => relative);
    expect(relatives(found(join(folder, 'p/study'), join(folder, 'q/study'), join(folder, 'single')))).toEqual(['single', 'study/1', 'study~2/1']);
    expect(relatives(found(join(folder, 'p/study')))).toEqual(['1']);
  });
});
