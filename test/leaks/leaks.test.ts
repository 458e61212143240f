import { describe, expect, it } from 'vitest';
import { CORPUS } from '../fixtures/corpus.ts';
import { searchCorpus } from './corpus-leaks.ts';
import { generate } from './generate.ts';
import { lawfulOutcomes } from './lawful.ts';
import { Reading } from './reading.ts';
import { COMBINED_RUNS, SINGLE_RUNS } from './runs.ts';
import { score } from './score.ts';
import { ROWS } from './standard.ts';
import { tableOf } from './tally.ts';

/**
 * The bench of leaks with one seed. Other seeds, more files, the command line and its folders: `npm run leaks`.
 */
const SEED = 20_260_101;
const files = generate(SEED, 8);

describe('the bench of leaks', () => {
  it('makes the same files from the same seed, and others from another', () => {
    const [first] = generate(SEED, 1);
    expect(Buffer.from(first.bytes).equals(files[0].bytes)).toBe(true);
    expect(Buffer.from(generate(SEED + 1, 1)[0].bytes).equals(files[0].bytes)).toBe(false);
  });

  it('plants every row of Table E.1-1, and the values stand in the files', () => {
    const planted = new Set(files.flatMap((file) => file.planted.map(({ row }) => row?.key)));
    const alone = new Set(['private', '00020003']);
    expect(ROWS.filter(({ key }) => !planted.has(key) && !alone.has(key)).map(({ key }) => key)).toEqual([]);
    for (const file of files) {
      const source = new Reading(file.bytes);
      const missing = file.planted.filter(({ path, concept, vr }) => concept === undefined && vr !== 'SQ' && path.length === 1 && source.find(path) === undefined);
      expect(missing.map(({ label }) => label)).toEqual([]);
    }
  });

  it('has an answer for everything that it plants', () => {
    const answers = files.flatMap((file) => file.planted.map((planted) => lawfulOutcomes(planted, new Set(), file.sopClass).size));
    expect(Math.min(...answers)).toBeGreaterThan(0);
  });

  it('finds leaks and wrong actions where nothing was done', () => {
    const tally = score(files, [], (file) => ({ bytes: file.bytes, output: file.name, told: file.patient.name.family, refusal: '' }));
    expect(tally.leakCount).toBeGreaterThan(4_000);
    expect([...tally.leaks.keys()].some((where) => where.startsWith('output name'))).toBe(true);
    expect([...tally.leaks.keys()].some((where) => where.startsWith('report'))).toBe(true);
    expect(tally.percentRight).toBeLessThan(20);
  });
});

describe('generated files', () => {
  it.each([...SINGLE_RUNS, ...COMBINED_RUNS].map((options) => ({ options, name: options.join(' ') || 'the Basic Profile' })))('leak nothing under $name, and more than 99.9 % of the actions are right', ({ options }) => {
    const tally = score(files, options);
    expect(tally.refusalCount, tableOf(tally)).toBe(0);
    expect(tally.leakCount, tableOf(tally)).toBe(0);
    expect(tally.percentRight, tableOf(tally)).toBeGreaterThan(99.9);
  });
});

describe.skipIf(CORPUS.length === 0)('files of the corpus', () => {
  it('keep none of their own identifiers', () => {
    const { searched, leaks } = searchCorpus([]);
    expect(searched).toBeGreaterThan(300);
    expect([...leaks.keys()]).toEqual([]);
  });
});
