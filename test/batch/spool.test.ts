import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileReport } from '../../src/anonymizer/report.ts';
import { HashPlaces, hashOf } from '../../src/batch/hash-places.ts';
import { Numbers, Pages } from '../../src/batch/pages.ts';
import { Spool } from '../../src/batch/spool.ts';
import { SpooledReports } from '../../src/batch/spooled-reports.ts';
import { temporaryFolder } from './run-fixture.ts';

const beside = () => join(temporaryFolder(), 'output');

describe('what lies on the disk instead of in memory', () => {
  it('reads back as it was written, whatever leaves memory meanwhile', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(400), fc.double({ noNaN: true })), { maxLength: 300 }), (writes) => {
      const pages = new Pages({ beside: beside(), pageBytes: 64, most: 2 });
      const expected = new Map<number, number>();
      for (const [index, value] of writes) {
        pages.write(index >> 3).numbers[index & 7] = value;
        expected.set(index, value);
      }
      for (let index = 0; index <= 400; index++) expect(pages.read(index >> 3).numbers[index & 7]).toBe(expected.get(index) ?? 0);
      pages.close();
    }), { numRuns: 40 });
  });

  it('has no name that a killed run would leave, and is for this user alone', () => {
    const folder = temporaryFolder();
    const pages = new Pages({ beside: join(folder, 'output'), pageBytes: 64, most: 1 });
    for (let number = 0; number < 10; number++) pages.write(number).numbers[0] = number;
    expect(readdirSync(folder)).toEqual([]);
    expect(pages.read(3).numbers[0]).toBe(3);
    pages.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays in memory where no file can be written', () => {
    const missing = join(temporaryFolder(), 'missing');
    const pages = new Pages({ beside: join(missing, 'output'), pageBytes: 64, most: 2 });
    // Nor in the system's place for temporary files.
    const before = process.env.TMPDIR;
    process.env.TMPDIR = missing;
    try {
      for (let number = 0; number < 20; number++) pages.write(number).numbers[0] = number;
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    for (let number = 0; number < 20; number++) expect(pages.read(number).numbers[0]).toBe(number);
    pages.close();
  });
});

describe('a spool', () => {
  it('gives texts in the order of their numbers, the last one of each, whatever the order they came in', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(60), fc.string({ unit: 'grapheme', maxLength: 9000 }), fc.nat(31)), { maxLength: 80 }), (writes) => {
      const spool = new Spool(beside());
      const expected = new Map<number, { text: string; kind: number }>();
      for (const [place, raw, kind] of writes) {
        const text = JSON.stringify(raw.repeat(20));
        spool.set(place, text, kind);
        expected.set(place, { text, kind });
      }
      const inOrder = [...expected].sort(([a], [b]) => a - b).map(([place, entry]) => ({ place, ...entry }));
      expect([...spool.entries()]).toEqual(inOrder);
      expect(spool.count()).toBe(inOrder.length);
      expect([...spool.entries((kind) => kind < 8, 2)]).toEqual(inOrder.filter(({ kind }) => kind < 8).slice(2));
      for (const { place, text } of inOrder) expect(spool.get(place)).toBe(text);
      spool.close();
    }), { numRuns: 30 });
  });
});

describe('numbers by hash', () => {
  it('are those of a Map, however many there are', () => {
    const places = new HashPlaces(beside());
    const name = (i: number) => `series ${i % 97}/image ${i}`;
    for (let i = 0; i < 20_000; i++) places.set(hashOf(name(i)), i);
    for (let i = 0; i < 20_000; i += 7) expect(places.find(hashOf(name(i)))).toBe(i);
    expect(places.find(hashOf('another'))).toBeUndefined();
    places.close();
  });

  it('tell two of the same hash apart by what they mean', () => {
    const places = new HashPlaces(beside());
    for (const value of [10, 20, 30]) places.set(0, value, (other) => other === value);
    for (let i = 0; i < 5000; i++) places.set(hashOf(`${i}`), i);
    for (const value of [10, 20, 30]) expect(places.find(0, (other) => other === value)).toBe(value);
    expect(places.find(0, (other) => other === 40)).toBeUndefined();
    places.close();
  });

  it('are zero where none was set, far beyond what memory holds', () => {
    const numbers = new Numbers(beside(), 2);
    numbers.set(1_000_000, 7);
    numbers.set(5, 3);
    numbers.set(70_000, 4);
    expect([0, 5, 6, 70_000, 999_999, 1_000_000, 2_000_000].map((index) => numbers.get(index))).toEqual([0, 3, 0, 4, 0, 7, 0]);
    numbers.close();
  });
});

describe('reports on the disk', () => {
  const written = (input: string, more: Partial<FileReport> = {}): FileReport => ({ input, output: `${input}.out`, status: 'written', verified: true, ...more });
  const all: FileReport[] = [
    written('a'), { input: 'b', status: 'skipped', reason: 'not-dicom: no' }, written('c', { warnings: ['look'] }),
    { input: 'd', status: 'failed', reason: 'damaged' }, written('e', { verified: undefined }), written('f', { verified: false }),
  ];
  const stored = () => {
    const reports = new SpooledReports(beside());
    for (const place of [3, 0, 5, 1, 4, 2]) reports.set(place, all[place]);
    return reports;
  };

  it('are counted and chosen by what became of the files', () => {
    const reports = stored();
    expect([...reports]).toEqual(all.map((report) => JSON.parse(JSON.stringify(report))));
    expect(reports.summary()).toEqual({ written: 4, skipped: 1, failed: 1, verified: 2, notVerified: 2 });
    const inputs = (filter: Parameters<typeof reports.select>[0], skip = 0) => [...reports.select(filter, skip)].map(({ input }) => input).join('');
    expect([inputs('all'), inputs('written'), inputs('written', 2), inputs('skipped'), inputs('failed'), inputs('not-written'), inputs('warned')])
      .toEqual(['abcdef', 'acef', 'ef', 'b', 'd', 'bd', 'c']);
    reports.close();
  });

  it('count a file once that is reported again', () => {
    const reports = stored();
    reports.set(1, written('b'));
    expect(reports.summary()).toMatchObject({ written: 5, skipped: 0, verified: 3 });
    expect(reports.length).toBe(6);
    reports.close();
  });
});
