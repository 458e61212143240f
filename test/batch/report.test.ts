import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FileReport, Report } from '../../src/anonymizer/report.ts';
import { csvCell, csvReport } from '../../src/batch/report-csv.ts';
import { htmlReport } from '../../src/batch/report-html.ts';
import { jsonReport } from '../../src/batch/report-json.ts';
import { mergeReports } from '../../src/batch/report-merge.ts';
import { readReport } from '../../src/batch/report-read.ts';
import { ENGLISH, resultSentence, verificationSentence } from '../../src/batch/report-sentences.ts';
import { checkReportPath, tryToWriteReport, writeReport } from '../../src/batch/report-write.ts';
import { reasonIn, translateIn } from '../../src/views/say.ts';
import { reportOf } from './report-fixture.ts';

const written = (input: string, output = `${input}.out`): FileReport => ({ input, output, status: 'written', verified: true });
const failed = (input: string): FileReport => ({ input, status: 'failed', reason: 'damaged: a value runs past the end at (0010,0010), offset 12' });
const text = (pieces: Iterable<string>) => [...pieces].join('');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'report-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('a JSON report', () => {
  it.each([[[]], [[written('a')]], [[written('a'), failed('b "quoted"\n')]]])('reads back as what it was made of: %j', (files) => {
    const report = reportOf(files);
    expect(JSON.parse(text(jsonReport(report)))).toEqual(report);
    const bare = reportOf(files, { actions: [] });
    expect(JSON.parse(text(jsonReport(bare)))).toEqual(bare);
  });

  it.each([
    ['as this program writes it', (report: Report) => text(jsonReport(report))],
    ['indented anew', (report: Report) => JSON.stringify(report, null, 2)],
    ['on one line', (report: Report) => JSON.stringify(report)],
  ])('is read %s, file by file', (_, write) => {
    const path = join(folder(), 'r.json');
    for (const files of [[], [written('a'), failed('b "quoted"\n')]]) {
      const report = reportOf(files);
      writeFileSync(path, write(report));
      const { files: read, ...head } = readReport(path);
      expect({ ...head, files: [...read] }).toEqual(report);
      // What was read is written as it was.
      expect(text(jsonReport({ ...head, files: read }))).toBe(text(jsonReport(report)));
    }
  });

  it.each(['', 'null', '[]', '{}', '{"files":[{}]}', '{\n  "files": [\n    {"input": 1}\n  ]\n}\n', '{\n  "files": [\n    {"input":"a","status":"written"}\n  ]\n}\n'])('is told from other files: %j', (other) => {
    const path = join(folder(), 'r.json');
    writeFileSync(path, other);
    expect(() => readReport(path)).toThrow('no JSON report of this program');
  });

  it('has a line for each file', () => {
    const lines = text(jsonReport(reportOf([written('a'), failed('b')]))).split('\n');
    expect(lines.filter((line) => line.includes('"input"'))).toHaveLength(2);
  });
});

describe('a CSV report', () => {
  it('has a line of names and a line for each file', () => {
    const lines = text(csvReport(reportOf([written('a', 'x'), { ...failed('b'), reason: 'no, "really"' }]))).split('\r\n');
    expect(lines).toEqual(['input,output,status,reason,verified,warnings', 'a,x,written,,yes,', 'b,,failed,"no, ""really""",,', '']);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('makes a text of a cell that a spreadsheet would run: %j', (cell) => {
    expect(csvCell(cell).replace(/^"/, '')).toMatch(/^'/);
  });

  it('leaves other cells as they are', () => {
    expect(['a=b', 'a/b c', ''].map(csvCell)).toEqual(['a=b', 'a/b c', '']);
  });
});

describe('an HTML report', () => {
  const hostile = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&';

  it('shows names of files as text, whatever they are', () => {
    const html = text(htmlReport(reportOf([written(hostile), { ...failed(hostile), reason: hostile }], { profile: hostile })));
    expect(html).not.toMatch(/<script|<img|onerror="/i);
    expect(html).toContain('&#60;script&#62;');
  });

  it('loads nothing and runs nothing', () => {
    const html = text(htmlReport(reportOf([written('a'), failed('b')])));
    expect(html).not.toMatch(/<script|<link|\bsrc=|\bhref=|@import|url\(|https?:/i);
    expect(html).toContain('default-src \'none\'');
  });

  it('is light or dark as its reader is', () => {
    expect(text(htmlReport(reportOf([])))).toMatch(/prefers-color-scheme: dark/);
  });

  it('tells outcomes with reasons, actions with names and codes, options, edition, verification, result and time', () => {
    const html = text(htmlReport(reportOf([written('first'), failed('second')], { options: ['retain-uids'] })));
    for (const part of ['first.out', 'second', 'a value runs past the end', '(0010,0010)', 'Patient&#39;s Name', 'Pseudonym', 'Retain UIDs', '2026d', 'not kept', '10.00 ± 2.00 ms', '2.0 MB/s']) {
      expect(html).toContain(part);
    }
  });

  it('closes every element that it opens', () => {
    const html = text(htmlReport(reportOf([written('a'), failed('b')])));
    const count = (pattern: RegExp) => html.match(pattern)?.length ?? 0;
    for (const tag of ['table', 'tr', 'td', 'th', 'dl', 'dt', 'dd', 'details', 'div', 'ul', 'li', 'p', 'h2', 'body']) {
      expect([tag, count(new RegExp(`<${tag}[ >]`, 'g'))]).toEqual([tag, count(new RegExp(`</${tag}>`, 'g'))]);
    }
  });
});

describe('an HTML report in another language', () => {
  const bundle = JSON.parse(readFileSync(new URL('../../l10n/bundle.l10n.it.json', import.meta.url), 'utf8')) as Record<string, string>;
  const warned = { ...written('c'), warnings: ['Some warning'] };
  const reports = [true, false].flatMap((dryRun) => (['pseudonymised', 'without-kept-key'] as const).flatMap((result) => [[written('a'), failed('b'), warned, { ...written('d'), verified: false }], [{ input: 'e', status: 'skipped' as const }], []].flatMap((files) => [
    reportOf(files, { dryRun, result }), reportOf(files, { dryRun, result, wayBack: result === 'pseudonymised' ? ['table'] : [] }), reportOf(files, { dryRun, result, wayBack: ['key'] }), reportOf(files, { dryRun, result, options: ['retain-uids'], summary: { ...reportOf(files).summary, notVerified: 1 } }),
  ])));

  it('leaves no word of its own in English', () => {
    const marked = { code: 'xx', translate: (sentence: string, ...args: string[]) => `«${ENGLISH.translate(sentence, ...args)}»`, reason: (sentence: string) => `«${sentence}»` };
    // What is a value, a code or the program's name stays what it is.
    const values = /^([abcde](\.out)?|\(.*\)|[XZDUCK+]|Basic Application Confidentiality Profile|DICOM PS3\.15 2026d|DICOM Anonymizer 1\.2\.3|[\d· ×,.]*)$/;
    for (const report of reports) {
      const html = text(htmlReport(report, marked)).replace(/<style>.*?<\/style>/s, '');
      expect(html).toContain('<html lang="xx">');
      expect(html.split(/<[^>]*>/).map((part) => part.replace(/«[^»]*»/g, '').trim()).filter((part) => !values.test(part.replace(/^[;, ]+$/, '')))).toEqual([]);
    }
  });

  it('finds all of its sentences in the Italian bundle', () => {
    const asked = new Set<string>();
    const asking = { ...ENGLISH, translate: (sentence: string) => { asked.add(sentence); return ''; } };
    for (const report of reports) text(htmlReport(report, asking));
    // Names of attributes are those of the standard, in any language.
    expect([...asked].filter((sentence) => !(sentence in bundle) && !['Patient\'s Name', 'De-identification Method'].some((name) => sentence.startsWith(name)) && sentence !== 'Patient Identity Removed')).toEqual([]);
    expect(asked.size).toBeGreaterThan(40);
  });

  it('says reasons and numbers as its readers do', () => {
    const italian = { code: 'it', translate: translateIn(bundle), reason: reasonIn(bundle) };
    const html = text(htmlReport(reportOf([written('a'), failed('b')]), italian));
    expect(html).toContain('danneggiato: ');
    expect(html).toContain('posizione 12');
    expect(html).toContain('10,00 ± 2,00 ms per immagine');
    expect(html).toContain('Tempo');
  });
});

describe('what a report says of its result', () => {
  it('never calls a pseudonymised result anonymous', () => {
    expect(resultSentence({ result: 'pseudonymised', dryRun: false })).toMatch(/pseudonymised/);
    expect(resultSentence({ result: 'pseudonymised', dryRun: false })).not.toMatch(/anonym(?!is)/);
    expect(resultSentence({ result: 'pseudonymised', dryRun: false })).toContain('Art. 4(5)');
  });

  it('says how many results were not verified', () => {
    const summary = { written: 5, skipped: 0, failed: 0, verified: 3, notVerified: 2 };
    expect(verificationSentence({ summary, dryRun: false })).toMatch(/3 of 5 .*2 not verified/);
  });
});

describe('merged reports', () => {
  const of = (...runs: FileReport[][]) => mergeReports(runs.map((files) => reportOf(files)));

  it('name each file of each shard once and add up what was done', () => {
    const merged = of([written('a'), written('b')], [failed('c')]);
    expect([...merged.files].map(({ input }) => input)).toEqual(['a', 'b', 'c']);
    expect(merged.summary).toMatchObject({ written: 2, failed: 1, skipped: 0 });
    expect(merged.actions).toContainEqual({ tag: '00100010', action: 'Z', count: 6 });
    expect(merged.timing).toMatchObject({ files: 3, bytes: 8_000_000, seconds: 4, bytesPerSecond: 2_000_000 });
  });

  it('count a file of a resumed run as written where any run wrote it, by the last that did', () => {
    expect([...of([failed('a')], [written('a', 'x')]).files]).toEqual([written('a', 'x')]);
    expect([...of([written('a', 'x')], [{ input: 'a', status: 'skipped', reason: 'is there' }]).files]).toEqual([written('a', 'x')]);
    expect([...of([written('a', 'x')], [written('a', 'y')]).files]).toEqual([written('a', 'y')]);
    expect([...of([{ input: 'a', status: 'skipped' }], [failed('a')]).files]).toEqual([failed('a')]);
  });

  it('count the actions of a run that was resumed once, since the later report tells of the earlier run too', () => {
    const actions = [{ tag: '00100010', action: 'Z' as const, count: 2 }];
    const cutOff = reportOf([written('a')], { actions: [{ tag: '00100010', action: 'Z', count: 1 }] });
    const resumed = reportOf([written('a'), written('b')], { actions });
    expect(mergeReports([cutOff, resumed]).actions).toEqual(actions);
    expect(mergeReports([cutOff, resumed, reportOf([written('c')], { actions })]).actions).toEqual([{ tag: '00100010', action: 'Z', count: 4 }]);
  });

  it('have the mean and the standard deviation of all images together', () => {
    const one = (mean: number) => reportOf([written(`${mean}`)], { timing: { ...reportOf([]).timing, perImage: { mean, standardDeviation: 0 } } });
    // Of 10 and 20: mean 15, both 5 away from it.
    expect(mergeReports([one(10), one(20)]).timing.perImage).toEqual({ mean: 15, standardDeviation: 5 });
  });

  it('are one report where there is one', () => {
    const report = reportOf([written('a'), failed('b')]);
    expect(mergeReports([report])).toEqual({ ...report, files: expect.anything(), timing: { ...report.timing, perImage: { mean: 10, standardDeviation: 2 } } });
  });
});

describe('the file of a report', () => {
  it('gets a number where its name is taken', async () => {
    const path = join(folder(), 'r.json');
    writeFileSync(path, 'mine');
    expect(await writeReport(path, reportOf([]))).toBe(path.replace('r.json', 'r-2.json'));
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('holds as many files as there are', async () => {
    const path = join(folder(), 'r.json');
    const files = Array.from({ length: 30_000 }, (_, i) => written(`a file with a rather long name that has the number ${i}`));
    await writeReport(path, reportOf(files));
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ files: { length: 30_000 } });
  });

  it('is not left half written', async () => {
    const place = folder();
    const broken = { ...reportOf([]), get files(): never { throw new Error('broken'); } };
    expect(await tryToWriteReport(join(place, 'r.json'), broken)).toEqual({ problem: expect.stringContaining('could not be written') });
    expect(readdirSync(place)).toEqual([]);
  });

  it('is checked for before the work begins', () => {
    const place = folder();
    writeFileSync(join(place, 'r.json'), '');
    expect(() => checkReportPath(join(place, 'r.json'))).toThrow('exists already');
    expect(() => checkReportPath(join(place, 'r.txt'))).toThrow('.json, .csv or .html');
    expect(() => checkReportPath(join(place, 'no', 'r.json'))).toThrow('does not exist');
    expect(() => checkReportPath(join(place, 'new.html'))).not.toThrow();
    expect(existsSync(join(place, 'new.html'))).toBe(false);
  });
});
