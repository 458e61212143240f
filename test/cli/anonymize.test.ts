import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/anonymizer/report.ts';
import { SAMPLE_IDENTIFIERS } from '../../src/sample/people.ts';
import { cli, temporaryFolder } from './captured-terminal.ts';
import { filesBelow, writeSample } from './sample-folder.ts';

const readReport = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Report;
const isSmall = (path: string) => path.includes('/PR/') || path.includes('/CT/IM0001') || path.includes('REFERTO');

function places() {
  const folder = temporaryFolder();
  return { folder, source: writeSample(join(folder, 'source'), isSmall), output: join(folder, 'output'), report: join(folder, 'report.json') };
}

const run = (source: string, output: string, ...more: string[]) => cli('anonymize', source, '--output', output, '--workers', '1', ...more);

describe('anonymize', () => {
  it('writes every file of a folder and a report beside the output folder, which holds nothing else', async () => {
    const { folder, source, output } = places();
    const { code, out } = await run(source, output);
    const report = readReport(join(folder, 'output.report.json'));
    expect(code).toBe(0);
    expect(out).toContain('output.report.json');
    expect(report.files.map(({ input }) => input).sort()).toEqual([...filesBelow(source).keys()].map((path) => join(source, path)).sort());
    expect(new Set(report.files.map((file) => file.output))).toEqual(new Set(filesBelow(output).keys()));
  });

  it('numbers the report of a run without a name for it where one is there already', async () => {
    const { folder, source, output } = places();
    const [first, second] = ['output.report.json', 'output.report-2.json'].map((name) => join(folder, name));
    writeFileSync(first, 'mine');
    writeFileSync(second, 'mine too');
    expect((await run(source, output)).code).toBe(0);
    expect([readFileSync(first, 'utf8'), readFileSync(second, 'utf8')]).toEqual(['mine', 'mine too']);
    expect(readReport(join(folder, 'output.report-3.json')).summary.written).toBe(3);
  });

  it('refuses a report that exists before it writes anything', async () => {
    const { source, output, report } = places();
    writeFileSync(report, 'mine');
    expect((await run(source, output, '--report', report)).code).toBe(2);
    expect(readFileSync(report, 'utf8')).toBe('mine');
    expect(existsSync(output)).toBe(false);
  });

  it('tells the mean time of an image, its standard deviation and the throughput', async () => {
    const { source, output, report } = places();
    const { out } = await run(source, output, '--report', report);
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/\d ± \d.* ms an image .* MB\/s/);
    const { timing } = readReport(report);
    expect(timing.perImage.mean).toBeGreaterThan(0);
    expect(timing.bytes).toBe([...filesBelow(source).values()].reduce((sum, { length }) => sum + length, 0));
  });

  it('says of a result with a kept key that it is pseudonymised, and of one without that no key was kept', async () => {
    const { folder, source, output, report } = places();
    const kept = await run(source, output, '--report', report, '--key-file', join(folder, 'key'));
    expect(kept.out).toContain('pseudonymised');
    expect(kept.out).not.toMatch(/anonymous/);
    expect(readReport(report).result).toBe('pseudonymised');
    const other = join(folder, 'report-2.json');
    expect((await run(source, join(folder, 'output-2'), '--report', other)).out).toContain('not kept');
    expect(readReport(other).result).toBe('without-kept-key');
  });

  it('makes a key file that nobody else can read, and the same results with it again', async () => {
    const { folder, source, output } = places();
    const key = join(folder, 'key');
    await run(source, output, '--key-file', key);
    await run(source, join(folder, 'again'), '--key-file', key);
    expect(readFileSync(key, 'latin1')).toMatch(/^[0-9a-f]{64}\n$/);
    if (process.platform !== 'win32') expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(filesBelow(join(folder, 'again'))).toEqual(filesBelow(output));
  });

  it('refuses a key file of another shape', async () => {
    const { folder, source, output } = places();
    writeFileSync(join(folder, 'key'), 'secret');
    const { code, err } = await run(source, output, '--key-file', join(folder, 'key'));
    expect(code).toBe(2);
    expect(err).toContain('64 hexadecimal digits');
    expect(err).not.toContain('secret');
  });

  it('goes on after a file that is not DICOM, names it with its reason and ends with exit code 1', async () => {
    const { source, output, report } = places();
    writeFileSync(join(source, 'notes.txt'), 'Some notes that are no image.');
    const { code, err } = await run(source, output, '--report', report);
    const { files, summary } = readReport(report);
    expect([code, summary.written, summary.skipped]).toEqual([1, 3, 1]);
    expect(files.find(({ input }) => input.endsWith('notes.txt'))).toMatchObject({ status: 'skipped', reason: expect.stringContaining('not-dicom') });
    expect(err).toContain('notes.txt');
  });

  it('tells no value of a source file, on the screen or in the report', async () => {
    const { source, output, report } = places();
    writeFileSync(join(source, 'damaged.dcm'), filesBelow(source).get(join('DANDRA_NICOLO', 'CT', 'IM0001'))?.subarray(0, 5000) ?? '');
    const { out, err } = await run(source, output, '--report', report, '--option', 'clean-descriptors');
    const withoutPaths = [readFileSync(report, 'utf8'), out, err].map((text) => text.replaceAll(source, '').replaceAll(/DANDRA_NICOLO[\w/.]*/g, ''))
      // UIDs of the result and what a clock said: six digits of a time may stand in them by chance.
      .map((text) => text.replaceAll(/\d+\.\d{6,}/g, '')).join('\n');
    expect(SAMPLE_IDENTIFIERS.filter((identifier) => identifier.length > 3 && withoutPaths.includes(identifier))).toEqual([]);
  });

  it('takes options and rules of a profile file, and further options beside it', async () => {
    const { folder, source, output, report } = places();
    const profile = join(folder, 'profile.yaml');
    writeFileSync(profile, 'name: Mine\noptions: [retain-uids]\nrules:\n  - keyword: Modality\n    action: remove\n');
    await run(source, output, '--report', report, '--profile', profile, '--option', 'clean-descriptors');
    expect(readReport(report)).toMatchObject({ profile: 'Mine', options: ['retain-uids', 'clean-descriptors'] });
    expect(readReport(report).actions).toContainEqual({ tag: '00080060', action: 'X', count: 3 });
  });
});

describe('a dry run', () => {
  it('writes nothing: no output folder, no key file, no report', async () => {
    const { folder, source, output } = places();
    const before = filesBelow(folder);
    const { code, out } = await run(source, output, '--dry-run', '--key-file', join(folder, 'key'));
    expect([code, filesBelow(folder), readdirSync(folder)]).toEqual([0, before, ['source']]);
    expect(out).toContain('nothing was written');
  });

  it('tells what would be done to which attribute', async () => {
    const { source, output } = places();
    const { out } = await run(source, output, '--dry-run');
    expect(out).toMatch(/\(0020,000D\) +Study Instance UID +U +Remapped +\d/);
    expect(out).toContain('3 would be written');
  });

  it('writes the report that it was asked for', async () => {
    const { source, output, report } = places();
    await run(source, output, '--dry-run', '--report', report);
    expect(readReport(report)).toMatchObject({ dryRun: true, summary: { written: 3 } });
    expect(existsSync(output)).toBe(false);
  });
});

describe('shards', () => {
  it('of one key write together what one run writes, with reports that merge into its report', async () => {
    const { folder, source, output } = places();
    const key = join(folder, 'key');
    for (const shard of ['1/2', '2/2']) await run(source, output, '--key-file', key, '--shard', shard);
    await run(source, join(folder, 'whole'), '--key-file', key);
    const reports = ['output.shard-1-of-2.report.json', 'output.shard-2-of-2.report.json'].map((name) => join(folder, name));
    const merged = join(folder, 'merged.json');
    await cli('report', 'merge', ...reports, '--output', merged);
    const [together, whole] = [readReport(merged), readReport(join(folder, 'whole.report.json'))];
    expect(filesBelow(output)).toEqual(filesBelow(join(folder, 'whole')));
    const byInput = (report: Report) => [...report.files].sort((a, b) => a.input.localeCompare(b.input));
    expect([together.actions, together.summary, byInput(together)]).toEqual([whole.actions, whole.summary, byInput(whole)]);
  });
});

describe('a resumed run', () => {
  it('needs the key of the run before it', async () => {
    const { source, output } = places();
    expect(await run(source, output, '--resume')).toMatchObject({ code: 2, err: expect.stringContaining('--key-file') });
  });

  it('writes nothing again and reports everything', async () => {
    const { folder, source, output } = places();
    const key = join(folder, 'key');
    await run(source, output, '--key-file', key);
    const before = filesBelow(output);
    expect((await run(source, output, '--key-file', key, '--resume')).code).toBe(0);
    expect(filesBelow(output)).toEqual(before);
    expect(readReport(join(folder, 'output.report-2.json'))).toMatchObject({ summary: { written: 3 }, actions: readReport(join(folder, 'output.report.json')).actions });
  });
});
