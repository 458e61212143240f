import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { UsageError, systemReason } from '../../src/batch/errors.ts';
import { readOrMakeKey } from '../../src/batch/key-file.ts';
import { outputPath } from '../../src/batch/output-path.ts';
import { run, type RunReport } from '../../src/batch/run.ts';
import { testKey } from '../fixtures/deidentify.ts';
import { writeData } from '../bench/data.ts';
import { cli } from '../cli/captured-terminal.ts';
import { requestOf, temporaryFolder } from './run-fixture.ts';
import { treeOf } from './tree.ts';
import { workerScript } from './worker-script.ts';

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';

/** A file system of its own; undefined where none can be mounted. */
function disk(options: string): string | undefined {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  if (!isLinux || !isRoot || spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0) return undefined;
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

const NO_DISK = 'no file system of its own can be mounted here';

function sourceOf(files: number): { folder: string; source: string; output: string } {
  const folder = temporaryFolder();
  const source = join(folder, 'source');
  writeData(source, { files, rows: 8, columns: 8 });
  return { folder, source, output: join(folder, 'output') };
}

const reasonsOf = (report: RunReport) => new Set([...report.files].filter(({ status }) => status !== 'written').map(({ reason }) => reason));

/** Does something once, after the first block of files. */
function once(act: () => void): { onFile(): void } {
  let isDone = false;
  return {
    onFile: () => {
      if (isDone) return;
      isDone = true;
      act();
    },
  };
}

describe('names of files', () => {
  const NAMES = [
    '..dcm', '...', 'a\nb', '\x1b]0;title\x07', '\x1b[2J\x1b[1;1H', '\u202egnp.mcd', 'x'.repeat(255), 'a\\..\\..\\b', '=1+1', '-rf', '--output', 'CON', 'NUL.dcm', 'dots...', ' spaces ', '<script>alert(1)<', '"', "'; $(x) `x`",
  ];

  it.runIf(isLinux).each(['uid', 'mirror'])('with dots, new lines, escapes, 255 bytes and devices are only names, under --layout %s', async (layout) => {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    writeData(data, { files: 1, rows: 8, columns: 8 });
    const source = join(folder, 'source');
    mkdirSync(source);
    for (const [i, name] of NAMES.entries()) {
      linkSync(join(data, 'S0000/IM000000.dcm'), join(source, name));
      // And one of each that is refused, so that its name is told.
      mkdirSync(join(source, `folder ${i}`));
      writeFileSync(join(source, `folder ${i}`, name), 'no DICOM');
    }
    const output = join(folder, 'output');
    for (const ending of ['json', 'csv', 'html']) {
      const report = join(folder, `report.${ending}`);
      const { code, out, err } = await cli('anonymize', source, '--output', `${output}-${ending}`, '--layout', layout, '--report', report);
      expect(code).toBe(1);
      // Nothing that a terminal would obey.
      expect(out + err).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
      const text = readFileSync(report, 'utf8');
      if (ending === 'json') {
        const { files } = JSON.parse(text) as { files: { input: string; status: string; output: string }[] };
        expect(files.filter(({ status }) => status === 'written').map(({ input }) => input).sort()).toEqual(NAMES.map((name) => join(source, name)).sort());
        expect(files).toHaveLength(2 * NAMES.length);
        for (const written of files.filter(({ status }) => status === 'written')) {
          expect(statSync(join(`${output}-${ending}`, written.output)).isFile()).toBe(true);
          if (layout === 'uid') expect(written.output).toMatch(/^[\d.]+\/[\d.]+\/[\d.]+-[0-9A-Z]{8}\.dcm$/);
        }
      }
      // What a browser would run, and what a spreadsheet would.
      if (ending === 'html') expect(text).not.toContain('<script');
      if (ending === 'csv') expect(text).not.toMatch(/(^|,|")=1\+1/m);
      expect([...treeOf(`${output}-${ending}`).keys()]).toHaveLength(NAMES.length);
    }
    expect(readdirSync(folder).sort()).not.toContain('b');
  });

  it.runIf(isLinux)('that are no UTF-8 are told in ASCII, and too long ones are refused under --layout mirror', async () => {
    const { source, output } = sourceOf(1);
    const bytes = readFileSync(join(source, 'S0000/IM000000.dcm'));
    writeFileSync(Buffer.concat([Buffer.from(`${source}/`), Buffer.alloc(200, 0xff)]), bytes);
    const report = await run(requestOf(source, output, { layout: 'mirror' }));
    expect(report.summary).toMatchObject({ written: 1, failed: 1 });
    expect(reasonsOf(report)).toEqual(new Set(['the name is too long']));
    expect([...report.files].every(({ input }) => /^[\x20-\x7e]+$/.test(input))).toBe(true);
  });

  const pseudonyms = createPseudonyms(testKey());
  const mirrored = (input: string, platform: string) => outputPath('mirror', input, { sopClass: '', sopInstance: '', study: '', series: '' }, pseudonyms, platform);

  it.each(['CON', 'nul.dcm', 'a/PRN', 'aux .txt', 'COM1.dcm', 'x/lpt9/y', 'com\xb9', 'dots..', 'space ', 'a:b', 'a\\b', 'CONIN$'])('%j are not repeated on Windows, where they are devices, streams or other names', (name) => {
    expect(() => mirrored(name, 'win32')).toThrow('means something else on Windows');
    expect(mirrored(name, 'linux')).toBe(name);
  });

  it.each(['console.dcm', 'null', 'COM10', 'a.b.c', 'CON1'])('%j are repeated on Windows', (name) => {
    expect(mirrored(name, 'win32')).toBe(name);
  });

  it.each(['../x', 'a/../../x', '..', '/etc/x', 'a//b', './x'])('%j never lead out of the output folder, whoever made the list of files', (name) => {
    expect(() => mirrored(name, 'linux')).toThrow(DicomError);
  });

  it.each(['..', '.', '...', '1/../../x', '', '\0', '1.2\n3', '2.25.1/..'])('made of retained UIDs like %j stay inside the output folder', (uid) => {
    const path = outputPath('uid', 'input', { sopClass: '', sopInstance: uid, study: uid, series: uid }, pseudonyms);
    expect(path).toMatch(/^no-study\/no-series\/instance-[0-9A-Z]{8}\.dcm$/);
  });
});

describe('links', () => {
  it.runIf(isLinux)('that come to stand in the place of a file after the walk are not followed', async () => {
    const { folder, source, output } = sourceOf(30);
    const secret = join(folder, 'secret.dcm');
    renameSync(join(source, 'S0000/IM000029.dcm'), secret);
    writeFileSync(join(source, 'S0000/IM000029.dcm'), '');
    const report = await run(requestOf(source, output), once(() => {
      for (const name of readdirSync(join(source, 'S0000'))) {
        rmSync(join(source, 'S0000', name));
        symlinkSync(secret, join(source, 'S0000', name));
      }
    }));
    expect(reasonsOf(report)).toContain('a symbolic link, which is not followed');
    expect(report.summary.written).toBeLessThan(10);
    expect(report.files.length).toBe(30);
  });

  it('in the place of the output folder get nothing written to where they lead', async () => {
    const { folder, source, output } = sourceOf(30);
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    const report = await run(requestOf(source, output), once(() => {
      renameSync(output, join(folder, 'moved'));
      symlinkSync(elsewhere, output);
    }));
    expect(treeOf(elsewhere)).toEqual(new Map());
    expect(reasonsOf(report)).toEqual(new Set(['unsafe: the output folder is not the one that the run began with']));
    expect(report.summary.failed).toBeGreaterThan(10);
    expect(treeOf(join(folder, 'moved')).size).toBe(report.summary.written);
  });

  it('in the place of a folder in the output get nothing, either', async () => {
    const { folder, source, output } = sourceOf(30);
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    const report = await run(requestOf(source, output, { layout: 'mirror' }), once(() => {
      renameSync(join(output, 'S0000'), join(folder, 'moved'));
      symlinkSync(elsewhere, join(output, 'S0000'));
    }));
    expect(treeOf(elsewhere)).toEqual(new Map());
    expect(reasonsOf(report)).toEqual(new Set(['unsafe: a link stands in the place of a folder of the output']));
    expect(treeOf(join(folder, 'moved')).size).toBe(report.summary.written);
  });
});

describe('places that do not go together', () => {
  it.each([
    ['the output folder in the input', 'source', 'source/out', 'inside an input'],
    ['the input in the output folder', 'source/S0000', 'source', 'inside the output folder'],
    ['one and the same folder', 'source', 'source', 'is the input itself'],
    ['the same folder by a link', 'source', 'link/out', 'inside an input'],
    ['a file of the output folder', 'source/S0000/IM000000.dcm', 'source', 'inside the output folder'],
  ])('are refused before a key or a folder is made: %s', async (_name, input, output, sentence) => {
    const { folder, source } = sourceOf(2);
    symlinkSync(source, join(folder, 'link'));
    const key = join(folder, 'key');
    const before = treeOf(folder);
    const { code, err } = await cli('anonymize', join(folder, input), '--output', join(folder, output), '--key-file', key);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
    expect(existsSync(key)).toBe(false);
    expect(treeOf(folder)).toEqual(before);
  });

  it('are told apart by what they are, and not by their names', async ({ skip }) => {
    const { folder, source } = sourceOf(2);
    const other = join(folder, 'other');
    mkdirSync(other);
    if (!isRoot || spawnSync('mount', ['--bind', source, other]).status !== 0) return skip('no second name can be mounted here');
    onTestFinished(() => void execFileSync('umount', ['-l', other]));
    await expect(run(requestOf(source, join(other, 'out')))).rejects.toThrow('inside an input');
    await expect(run(requestOf(join(other, 'S0000'), source))).rejects.toThrow('inside the output folder');
    await expect(run(requestOf(source, other))).rejects.toThrow('is the input itself');
  });

  it.each([
    ['an output folder with something in it', ['source', '--output', 'full', '--key-file', 'key'], 'not empty'],
    ['an input that is not there', ['nowhere', '--output', 'output', '--key-file', 'key'], 'no such file or folder'],
    ['a key among the results', ['source', '--output', 'empty', '--key-file', 'empty/key'], 'Keep the key file elsewhere'],
    ['a job for an output folder with something in it', ['slurm', 'source', '--output', 'full', '--key-file', 'key'], 'not empty'],
  ])('leave no key behind: %s', async (_name, args, sentence) => {
    const { folder } = sourceOf(2);
    mkdirSync(join(folder, 'empty'));
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full/something'), '');
    const before = treeOf(folder);
    const [command, ...rest] = args[0] === 'slurm' ? args : ['anonymize', ...args];
    const { code, err } = await cli(command, ...rest.map((each) => (each.startsWith('--') ? each : join(folder, each))));
    expect(code).toBe(2);
    expect(err).toContain(sentence);
    expect(treeOf(folder)).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['empty', 'full', 'source']);
  });

  it('do not move the cursor where their names are told', async () => {
    const { err } = await cli('anonymize', '/nowhere/\x1b[2J\x07', '--output', '/nowhere/out');
    expect(err).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });
});

describe('two runs on one output folder', () => {
  it('are one: the second is refused while the first is at work, and harms nothing', async () => {
    const { source, output } = sourceOf(40);
    const refusals: unknown[] = [];
    let second: Promise<unknown> | undefined;
    const report = await run(requestOf(source, output), once(() => {
      second = run(requestOf(source, output, { resume: true })).catch((error: unknown) => refusals.push(error));
    }));
    await second;
    expect(refusals).toEqual([expect.any(UsageError)]);
    expect(String(refusals[0])).toContain('Another run is at work');
    expect(report.summary).toMatchObject({ written: 40, failed: 0 });
    expect(treeOf(output).size).toBe(40);
    await expect(run(requestOf(source, output))).rejects.toThrow('not empty');
  });
});

describe('a disk', () => {
  it('that is read-only is refused with that reason', async ({ skip }) => {
    const { source, output } = sourceOf(2);
    const readOnly = disk('size=1m,ro');
    if (readOnly !== undefined) await expect(run(requestOf(source, join(readOnly, 'output')))).rejects.toThrow('The output folder cannot be made: the disk is read-only.');
    if (isRoot) return readOnly === undefined ? skip(NO_DISK) : undefined;
    mkdirSync(output, { mode: 0o555 });
    const report = await run(requestOf(source, output));
    expect(reasonsOf(report)).toEqual(new Set(['permission denied']));
    chmodSync(output, 0o755);
    expect(treeOf(output).size).toBe(0);
  });

  it('that becomes read-only while it is written to fails the rest, and leaves whole files alone', async ({ skip }) => {
    const { source } = sourceOf(30);
    const output = disk('size=4m');
    if (output === undefined) return skip(NO_DISK);
    const report = await run(requestOf(source, output), once(() => void execFileSync('mount', ['-o', 'remount,ro', output])));
    expect(reasonsOf(report)).toEqual(new Set(['the disk is read-only']));
    expect(report.summary.written).toBeGreaterThan(0);
    expect(report.summary.written + report.summary.failed).toBe(30);
    expect(treeOf(output).size).toBe(report.summary.written);
  });

  it('that is full gets no half of a key, and the run ends with a sentence', async ({ skip }) => {
    const { folder, source } = sourceOf(2);
    const full = disk('size=64k');
    if (full === undefined) return skip(NO_DISK);
    spawnSync('dd', ['if=/dev/zero', `of=${join(full, 'filler')}`, 'bs=4096', 'count=64'], { stdio: 'ignore' });
    expect(() => readOrMakeKey(join(full, 'key'))).toThrow('The key file cannot be made: no space left on the disk.');
    expect(existsSync(join(full, 'key'))).toBe(false);
    const { code, err } = await cli('anonymize', source, '--output', join(full, 'output'), '--key-file', join(folder, 'key'));
    expect(code).not.toBe(0);
    expect(err).toContain('no space left on the disk');
    expect(err).not.toContain('Internal error');
    const left = existsSync(join(full, 'output')) ? treeOf(join(full, 'output')).size : 0;
    expect(left).toBe(0);
  });

  it('that goes away from under the input fails each file that is left, and the run ends', async () => {
    const { folder, source, output } = sourceOf(30);
    const report = await run(requestOf(source, output), once(() => renameSync(source, join(folder, 'unplugged'))));
    expect(report.files.length).toBe(30);
    expect(report.summary.written).toBeGreaterThan(0);
    expect(reasonsOf(report)).toEqual(new Set(['no such file or folder']));
    expect(treeOf(output).size).toBe(report.summary.written);
  });

  it('that answers nothing but errors ends no run, with workers either', async () => {
    // A link to itself in the place of the folder: every look at a file below it is an error, and not that it is missing.
    const { folder, source, output } = sourceOf(400);
    const report = await run(requestOf(source, output, { workers: 2, workerScript: await workerScript() }), once(() => {
      for (const name of readdirSync(source)) {
        renameSync(join(source, name), join(folder, name));
        symlinkSync(name, join(source, name));
      }
    }));
    expect(report.files.length).toBe(400);
    expect(report.summary.failed).toBeGreaterThan(0);
    expect(reasonsOf(report)).toEqual(new Set(['a symbolic link, which is not followed']));
  });

  it('that goes away from under the output fails each file that is left, and makes no other folder in its place', async () => {
    const { folder, source, output } = sourceOf(30);
    const report = await run(requestOf(source, output), once(() => renameSync(output, join(folder, 'unplugged'))));
    expect(report.summary.failed).toBeGreaterThan(10);
    expect(report.summary.written + report.summary.failed).toBe(30);
    expect(existsSync(output) ? treeOf(output).size : 0).toBe(0);
    expect(treeOf(join(folder, 'unplugged')).size).toBe(report.summary.written);
  });

  it.each([['ESTALE', 'the disk or network folder is gone'], ['ENOTCONN', 'the disk or network folder is gone'], ['EIO', 'input/output error'], ['EROFS', 'the disk is read-only']])('that says %s is told of in words', (code, words) => {
    expect(systemReason(Object.assign(new Error('not to be told'), { code }))).toBe(words);
  });
});
