import { execFileSync } from 'node:child_process';
import { closeSync, constants, copyFileSync, cpSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createProfile } from '../../src/anonymizer/profile.ts';
import { isLocal } from '../../src/batch/local-disk.ts';
import { FILE_SECONDS, patienceFor, secondsFor, within } from '../../src/batch/patience.ts';
import { FileProcessor } from '../../src/batch/process-file.ts';
import { run, type RunEvents, type RunRequest } from '../../src/batch/run.ts';
import { writeData } from '../bench/data.ts';
import { requestOf, temporaryFolder } from './run-fixture.ts';
import { treeOf } from './tree.ts';
import { workerScript } from './worker-script.ts';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
// `npm test` builds first.
const isBuilt = existsSync(join(dist, 'cli.js'));
if (!isBuilt) console.warn('Skipped: the built program is not there. Run npm run build first.');

const hasPipes = process.platform !== 'win32';
if (!hasPipes) console.warn('skipped: there are no named pipes here, so that no call of the system hangs');

/** Some files, and some with names at which a worker of the tests hangs; what the others come to without them. */
async function hanging(...names: string[]) {
  const folder = temporaryFolder();
  const source = join(folder, 'source');
  writeData(source, { files: 40, rows: 8, columns: 8 });
  await run(requestOf(source, join(folder, 'expected')));
  for (const name of names) copyFileSync(join(source, 'S0000', 'IM000000.dcm'), join(source, 'S0000', name));
  const output = join(folder, 'output');
  const start = (changes: Partial<RunRequest>, events?: RunEvents) => run(requestOf(source, output, { timeout: 2, keepCallerFree: true, ...changes }), events);
  return { folder, source, output, start, expected: treeOf(join(folder, 'expected')) };
}

describe('a file that hangs', () => {
  let script: string;
  beforeAll(() => { script = workerScript('test/batch/hanging-worker.ts'); });

  it.each([1, 2])('in a computation without end is given up, and the rest is done, with %i workers', async (workers) => {
    const { start, output, expected, source } = await hanging('IM000003-endless.dcm', 'IM000030-endless.dcm');
    const stuck = vi.fn();
    const report = await start({ workers, workerScript: script }, { onStuckThreads: stuck });
    const failed = [...report.files.select('failed')];
    expect(failed.map(({ input }) => input).sort()).toEqual([join(source, 'S0000', 'IM000003-endless.dcm'), join(source, 'S0000', 'IM000030-endless.dcm')]);
    expect(failed.map(({ reason }) => reason)).toEqual(Array(2).fill(expect.stringMatching(/^it was given up after \d+ s without an end$/)));
    expect(report.summary).toMatchObject({ written: 40, failed: 2 });
    expect(treeOf(output)).toEqual(expected);
    // Such a thread ends when it is told to.
    expect(stuck).not.toHaveBeenCalled();
  }, 60_000);

  it.runIf(hasPipes)('in a call of the system is given up, and who ends the process is told of it', async () => {
    const { folder, start, output, expected } = await hanging('IM000003-waiting.dcm');
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    // Lets the thread go, so that this process can end.
    onTestFinished(() => closeSync(openSync(join(folder, 'pipe'), constants.O_RDWR)));
    const stuck = vi.fn();
    const report = await start({ workers: 1, workerScript: script }, { onStuckThreads: stuck });
    expect([...report.files.select('failed')]).toMatchObject([{ input: expect.stringContaining('waiting'), reason: expect.stringContaining('given up') }]);
    expect(report.summary).toMatchObject({ written: 40, failed: 1 });
    expect(treeOf(output)).toEqual(expected);
    expect(stuck).toHaveBeenCalledWith(1);
  }, 60_000);

  it('has more time where it is large', async () => {
    const { start, source } = await hanging('IM000003-endless.dcm');
    truncateSync(join(source, 'S0000', 'IM000003-endless.dcm'), 9 << 20);
    const report = await start({ workers: 1, workerScript: script });
    // Two seconds, and a second more for each MiB.
    expect([...report.files.select('failed')]).toMatchObject([{ reason: 'it was given up after 11 s without an end' }]);
  }, 60_000);

  it('is given up in the calling thread, too, where that does the work alone', async () => {
    const { start, output, expected, source } = await hanging('IM000003-endless.dcm', 'IM000030-endless.dcm');
    const { process: original } = FileProcessor.prototype;
    const spy = vi.spyOn(FileProcessor.prototype, 'process').mockImplementation(function (this: FileProcessor, found, ...rest) {
      if (found.path.includes('endless')) for (;;);
      return original.call(this, found, ...rest);
    });
    onTestFinished(() => spy.mockRestore());
    const report = await start({ workers: 1, keepCallerFree: false, timeout: 1 });
    expect([...report.files.select('failed')].map(({ input }) => input).sort()).toEqual(['IM000003-endless.dcm', 'IM000030-endless.dcm'].map((name) => join(source, 'S0000', name)));
    expect(report.summary).toMatchObject({ written: 40, failed: 2 });
    expect(treeOf(output)).toEqual(expected);
  }, 60_000);

  it.runIf(hasPipes && isBuilt)('does not keep the program from its end', async () => {
    const { folder, source, output } = await hanging('IM000003-waiting.dcm');
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (let i = 0; i < 300; i++) copyFileSync(join(source, 'S0000', 'IM000000.dcm'), join(source, 'S0000', `more-${i}.dcm`));
    const program = join(folder, 'program');
    mkdirSync(program);
    cpSync(dist, program, { recursive: true });
    copyFileSync(script, join(program, 'worker.js'));
    let ended: { signal?: unknown; stdout?: Buffer } = {};
    try {
      execFileSync(process.execPath, [join(program, 'cli.js'), 'anonymize', source, '--output', output, '--timeout', '2', '--workers', '6'], { timeout: 50_000, killSignal: 'SIGQUIT', stdio: 'pipe' });
    } catch (error) {
      ended = error as typeof ended;
    }
    expect(ended.signal).toBe('SIGKILL');
    expect(String(ended.stdout)).toContain('340 written, 0 skipped, 1 failed');
    expect(JSON.parse(readFileSync(`${output}.report.json`, 'utf8'))).toMatchObject({ summary: { written: 340, failed: 1 } });
    expect(readdirSync(output).filter((name) => name.endsWith('.partial'))).toEqual([]);
  }, 90_000);
});

describe('the time that a file may take', () => {
  it('is minutes, grows with its size, and is longer where text in pixels is read', () => {
    const [plain, cleaned] = [createProfile(), createProfile({ options: ['clean-pixel-data'] })].map((profile) => patienceFor(profile));
    expect(secondsFor(plain, 500_000)).toBe(FILE_SECONDS + 1);
    // 2.2 GB: more than half an hour, at a megabyte a second.
    expect(secondsFor(plain, 2.2e9)).toBeGreaterThan(2000);
    expect(secondsFor(cleaned, 1e8)).toBeGreaterThan(10 * 60 + FILE_SECONDS);
  });

  it('does not change what work gives back or throws', () => {
    expect(within(10, () => 5)).toBe(5);
    expect(within(10, () => within(10, () => 'inner'))).toBe('inner');
    expect(() => within(10, () => { throw new RangeError('mine'); })).toThrow(new RangeError('mine'));
  });
});

describe('a disk', () => {
  it.runIf(process.platform === 'linux')('is local or not by its kind; what is not known is not', () => {
    expect(isLocal([temporaryFolder(), join(temporaryFolder(), 'not', 'yet', 'there')])).toBe(true);
    // A kind that is in no list.
    expect(isLocal([temporaryFolder(), '/proc/self'])).toBe(false);
  });
});
