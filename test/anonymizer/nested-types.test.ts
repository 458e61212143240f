import { describe, expect, it } from 'vitest';
import { vrOfTag } from '../../src/anonymizer/dicom/dictionary.ts';
import { element, reference } from '../../src/sample/part10.ts';
import { item, part10, sequence, type FixtureElement } from '../fixtures/data-set.ts';
import { deidentify } from '../fixtures/deidentify.ts';
import { SOP_CLASS_UID } from '../fixtures/instances.ts';
import { see } from '../fixtures/second-reader.ts';
import { nestedCases, ROWS } from './table-rows.ts';

/** Compound codes inside Sequences: the Type is that of the attribute at its place in the IOD. */

const rowOf = new Map(ROWS.map((row) => [row.key, row]));
/** Not in the table, and removed all the same: it identifies the group that a patient belongs to. */
const REMOVED_BEYOND_TABLE = '00100026';
/** Under Sequences that the Basic Profile keeps, so that what is inside is seen. */
const CASES = nestedCases().filter(({ path }) => path.slice(0, -1).every((tag) => !rowOf.has(tag) && tag !== REMOVED_BEYOND_TABLE));

const PLANTED: Record<string, string> = { DA: '20010203', TM: '112233', DT: '20010203112233', PN: 'Plantedson^X', CS: 'PLANTED' };

function planted(tag: string): FixtureElement {
  const number = Number.parseInt(tag, 16);
  const vr = vrOfTag(number) ?? 'UT';
  if (vr === 'SQ') return sequence(number, [item(reference(SOP_CLASS_UID.ct, '1.2.3.4711'))]);
  return element(number, vr, PLANTED[vr] ?? 'PLANTED-4711');
}

function inside(path: readonly string[]): FixtureElement {
  const [first, ...rest] = path;
  return rest.length === 0 ? planted(first) : sequence(Number.parseInt(first, 16), [item([inside(rest)])]);
}

/** What a compound code leaves for a Type: nothing, something empty or new, or something new that is not empty. */
const LEFT: Record<string, Record<1 | 2 | 3, 'gone' | 'any' | 'filled'>> = {
  'Z/D': { 1: 'filled', 2: 'any', 3: 'any' }, 'X/Z': { 1: 'any', 2: 'any', 3: 'gone' }, 'X/D': { 1: 'filled', 2: 'filled', 3: 'gone' },
  'X/Z/D': { 1: 'filled', 2: 'any', 3: 'gone' }, 'X/Z/U*': { 1: 'filled', 2: 'any', 3: 'gone' },
};

describe('inside Sequences', () => {
  it('many places are known, with each Type', () => {
    expect(CASES.length).toBeGreaterThan(30);
    expect(new Set(CASES.map(({ type }) => type))).toEqual(new Set([1, 2, 3]));
  });

  it.each(CASES.map((each) => [each.path.join('/'), each.type, each] as const))('%s of Type %i leaves what its code allows', (_name, type, { path, sopClass }) => {
    const basic = rowOf.get(path.at(-1) ?? '')?.basic ?? '';
    const source = part10([element(0x00080016, 'UI', sopClass), element(0x00080018, 'UI', '1.2.3.1'), inside(path)].sort((a, b) => a.tag - b.tag));
    const seen = see(deidentify(source).bytes);
    const place = path.join('/0/');
    const left = LEFT[basic][type];
    expect(seen.has(place)).toBe(left !== 'gone');
    const text = seen.text(place) ?? '';
    expect(text).not.toMatch(/planted|1\.2\.3\.4711|20010203|112233/i);
    if (left === 'filled') expect(text).not.toBe('');
  });
});
