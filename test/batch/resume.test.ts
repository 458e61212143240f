import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProfile } from '../../src/anonymizer/profile.ts';
import { temporaryOwner, temporaryPath } from '../../src/batch/output-folder.ts';
import { run } from '../../src/batch/run.ts';
import { writeData } from '../bench/data.ts';
import { requestOf, temporaryFolder } from './run-fixture.ts';
import { treeOf } from './tree.ts';

const FILES = 20;

/** A run that was stopped after one block of eight. */
async function cutOff() {
  const folder = temporaryFolder();
  const source = join(folder, 'source');
  const output = join(folder, 'output');
  writeData(source, { files: FILES, rows: 8, columns: 8 });
  const whole = await run(requestOf(source, join(folder, 'whole')));
  const controller = new AbortController();
  const { files } = await run(requestOf(source, output, { signal: controller.signal }), { onFile: () => controller.abort() });
  return { folder, source, output, whole, expected: treeOf(join(folder, 'whole')), firstSource: [...files][0].input };
}

/** Tells a file from one that was written again in its place. */
const births = (folder: string) => new Map([...treeOf(folder).keys()].map((path) => [path, statSync(join(folder, path), { bigint: true }).ctimeNs]));

describe('resume', () => {
  it('goes on where a run was cut off: what is finished is not done again, and the report tells of all files', async () => {
    const { source, output, whole, expected } = await cutOff();
    const before = births(output);
    expect(before.size).toBe(8);
    const report = await run(requestOf(source, output, { resume: true }));
    expect(treeOf(output)).toEqual(expected);
    for (const [path, birth] of before) expect(births(output).get(path)).toBe(birth);
    expect(report.summary).toEqual(whole.summary);
    expect(report.actions).toEqual(whole.actions);
    expect([...report.files]).toEqual([...whole.files]);
  });

  it('removes what was half written, and replaces a result that no line of the journal knows', async () => {
    const { source, output, expected } = await cutOff();
    writeFileSync(temporaryPath(output, temporaryOwner(''), 3), 'half');
    const missing = [...expected.keys()].find((path) => !treeOf(output).has(path))!;
    mkdirSync(join(output, missing, '..'), { recursive: true });
    writeFileSync(join(output, missing), 'what a power cut left');
    await run(requestOf(source, output, { resume: true }));
    expect(treeOf(output)).toEqual(expected);
  });

  it('does a file again whose result is damaged or gone', async () => {
    const { source, output, expected } = await cutOff();
    const [first, second, third] = treeOf(output).keys();
    truncateSync(join(output, first), 100);
    const bytes = readFileSync(join(output, second));
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(join(output, second), bytes);
    rmSync(join(output, third));
    await run(requestOf(source, output, { resume: true }));
    expect(treeOf(output)).toEqual(expected);
  });

  it('finds the empty files that a power cut leaves under final names, though the run had come to its end', async () => {
    const { folder, source, expected } = await cutOff();
    const [first, second] = expected.keys();
    truncateSync(join(folder, 'whole', first), 0);
    // As many bytes as there were, none of which had come to the disk.
    writeFileSync(join(folder, 'whole', second), new Uint8Array(statSync(join(folder, 'whole', second)).size));
    const report = await run(requestOf(source, join(folder, 'whole'), { resume: true }));
    expect(report.summary.written).toBe(FILES);
    expect(treeOf(join(folder, 'whole'))).toEqual(expected);
  });

  it('does a changed source again, by its time of change or its first bytes', async () => {
    const { source, output, expected, firstSource } = await cutOff();
    const before = births(output);
    const { atime } = statSync(firstSource);
    utimesSync(firstSource, atime, new Date(1_600_000_000_000));
    const report = await run(requestOf(source, output, { resume: true }));
    const redone = [...before].filter(([path, birth]) => births(output).get(path) !== birth).map(([path]) => path);
    expect(redone).toEqual([[...report.files].find(({ input }) => input === firstSource)?.output]);
    expect(treeOf(output)).toEqual(expected);
  });

  it('does everything again under another profile, and leaves nothing of the first', async () => {
    const { folder, source, output } = await cutOff();
    const profile = createProfile({ options: ['retain-uids'] });
    await run(requestOf(source, join(folder, 'other'), { profile }));
    await run(requestOf(source, output, { profile, resume: true }));
    expect(treeOf(output)).toEqual(treeOf(join(folder, 'other')));
  });

  it('passes over lines of the journal that are damaged', async () => {
    const { source, output, expected } = await cutOff();
    const journal = `${output}.journal`;
    const lines = readFileSync(journal, 'utf8').split('\n');
    lines[2] = lines[2].replace('"file"', '"fool"');
    writeFileSync(journal, lines.join('\n'));
    appendFileSync(journal, 'crc32:00000000 {"kind":"fi');
    const report = await run(requestOf(source, output, { resume: true }));
    expect(report.summary.written).toBe(FILES);
    expect(treeOf(output)).toEqual(expected);
    // And what came after the torn line is found again.
    const before = births(output);
    await run(requestOf(source, output, { resume: true }));
    expect(births(output)).toEqual(before);
  });

  it('is refused without a kept key, and in a folder of files that no journal knows', async () => {
    const { source, output } = await cutOff();
    await expect(run(requestOf(source, output, { resume: true, keyIsKept: false }))).rejects.toThrow('--key-file');
    rmSync(`${output}.journal`);
    await expect(run(requestOf(source, output, { resume: true }))).rejects.toThrow('no journal');
    await expect(run(requestOf(source, output))).rejects.toThrow('not empty');
  });

  it('keeps no value of a source and not the key in the journal', async () => {
    const { output } = await cutOff();
    const journal = readFileSync(`${output}.journal`, 'utf8');
    expect(journal).not.toMatch(/DNDNCL|Nicol|Borgofinto|07070707/);
  });
});

describe('lock', () => {
  it('keeps a second run out of the folder, and is taken over from a process that is gone', async () => {
    const { source, output, expected } = await cutOff();
    const lock = `${output}.lock`;
    const { hostname } = await import('node:os');
    writeFileSync(lock, JSON.stringify({ pid: process.ppid, host: hostname(), starts: 0 }));
    await expect(run(requestOf(source, output, { resume: true }))).rejects.toThrow('Another run is at work');
    // No process has this number: it is above the limit of every system.
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 30, host: hostname(), starts: 0 }));
    await run(requestOf(source, output, { resume: true }));
    expect(treeOf(output)).toEqual(expected);
    expect(() => statSync(lock)).toThrow('ENOENT');
  });

  it('of another machine counts as long as that machine gives a sign of life', async () => {
    const { source, output } = await cutOff();
    const lock = `${output}.lock`;
    writeFileSync(lock, JSON.stringify({ pid: 1, host: 'another-machine', starts: 0 }));
    await expect(run(requestOf(source, output, { resume: true }))).rejects.toThrow('Another run is at work');
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(lock, longAgo, longAgo);
    await expect(run(requestOf(source, output, { resume: true }))).resolves.toBeDefined();
  });
});
