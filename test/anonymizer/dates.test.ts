import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTime, shiftDate, shiftDateTime } from '../../src/anonymizer/dates.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import type { OptionName } from '../../src/anonymizer/profile.ts';
import { element } from '../../src/sample/part10.ts';
import { item, part10, sequence, type FixtureElement } from '../fixtures/data-set.ts';
import { deidentify, plannerOf, plannerWith, testKey } from '../fixtures/deidentify.ts';
import { minimalCt } from '../fixtures/instances.ts';
import { see } from '../fixtures/second-reader.ts';

const DAY = 86_400_000;
const MODIFIED: OptionName = 'retain-longitudinal-modified-dates';
const FULL: OptionName = 'retain-longitudinal-full-dates';

const text = (days: number) => {
  const date = new Date(days * DAY);
  return `${String(date.getUTCFullYear()).padStart(4, '0')}${String(date.getUTCMonth() + 1).padStart(2, '0')}${String(date.getUTCDate()).padStart(2, '0')}`;
};
const daysOf = (date: string) => Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / DAY;

function result(changes: readonly FixtureElement[], ...options: OptionName[]) {
  return see(deidentify(part10(minimalCt(changes)), plannerWith(...options)).bytes);
}

describe('a date', () => {
  it('is moved as the calendar of the platform moves it, for centuries', () => {
    const days = fc.integer({ min: daysOf('16000101'), max: daysOf('24001231') });
    fc.assert(fc.property(days, fc.integer({ min: -4000, max: 4000 }), (day, offset) => {
      expect(shiftDate(text(day), offset)).toBe(text(day + offset));
    }), { numRuns: 3000 });
  });

  it.each([['20240301', -1, '20240229'], ['19000301', -1, '19000228'], ['20000301', -1, '20000229'], ['20210101', -367, '20191231'], ['2024.05.17', -17, '20240430']])(
    '%s moved by %i days is %s', (from, by, to) => expect(shiftDate(from, by)).toBe(to),
  );

  it.each(['20240230', '20230229', '19000229', '20240431', '20241301', '20240100', '2024', '202405', 'about 2024', '20240517 at noon', '00000000', '19900101-19910101'])('that is none, such as %s, is not moved', (value) => {
    expect(shiftDate(value, -10)).toBeUndefined();
  });

  it('that would leave the years of four digits is not moved', () => {
    expect(shiftDate('00010105', -10)).toBeUndefined();
  });
});

describe('a date with a time', () => {
  it.each([
    ['20240517101112.123456+0200', -17, '20240430101112.123456+0200'], ['20240517235959-0130', -1, '20240516235959-0130'],
    ['202405171011', -17, '202404301011'], ['20240517', -17, '20240430'],
  ])('%s moved by %i days is %s: time, fraction and zone stay', (from, by, to) => expect(shiftDateTime(from, by)).toBe(to));

  it('keeps its precision: a year stays a year, a month a month', () => {
    expect(shiftDateTime('2024', -3)).toMatch(/^\d{4}$/);
    expect(shiftDateTime('202405', -40)).toMatch(/^2024(03|04)$/);
    expect(shiftDateTime('202405+0200', -40)).toMatch(/^2024(03|04)\+0200$/);
  });

  it.each(['NaN', '2024-05-17T10:00', '20240517 101112', '20240517101112.1234567', ''])('that is none, such as "%s", is not moved', (value) => {
    expect(shiftDateTime(value, -10)).toBeUndefined();
  });

  it.each([['10', true], ['101112.5', true], ['10:11:12', true], ['noon', false], ['1', false], ['10111213', false]])('a time of day is recognised, %s %s', (value, is) => {
    expect(isTime(value)).toBe(is);
  });
});

describe('the offset of a patient', () => {
  it('is whole days, towards the past, never none, and different for most patients', () => {
    const pseudonyms = createPseudonyms(testKey());
    const offsets = Array.from({ length: 2000 }, (_, i) => pseudonyms.dateOffsetDays(`patient ${i}`));
    expect(offsets.every((days) => Number.isInteger(days) && days <= -1 && days >= -3653)).toBe(true);
    expect(new Set(offsets).size).toBeGreaterThan(1200);
  });

  it('is the same in every file and at every place of a patient', () => {
    const dates = (changes: readonly FixtureElement[]) => {
      const seen = result([...changes, sequence(0x00082218, [item([element(0x00400244, 'DA', '20200115')])])], MODIFIED);
      return [daysOf(seen.text('00080020') ?? '') - daysOf('20200102'), daysOf(seen.text('00082218/0/00400244') ?? '') - daysOf('20200115')];
    };
    const [one, inside] = dates([]);
    expect(inside).toBe(one);
    expect(dates([element(0x00080018, 'UI', '1.2.3.9'), element(0x0020000d, 'UI', '1.2.3.8')])).toEqual([one, one]);
    expect(dates([element(0x00100020, 'LO', 'SOMEBODY-ELSE')])[0]).not.toBe(one);
  });

  it('depends on the key', () => {
    const moved = (byte: number) => see(deidentify(part10(minimalCt()), plannerOf({ options: [MODIFIED] }, testKey(byte))).bytes).text('00080020');
    expect(new Set([1, 2, 3, 4].map(moved)).size).toBe(4);
  });
});

describe('under modified dates', () => {
  it('intervals stay, across midnight and between dates', () => {
    const seen = result([element(0x00080021, 'DA', '20200103'), element(0x00080031, 'TM', '235959'), element(0x0008002a, 'DT', '20200104000001.5')], MODIFIED);
    expect(daysOf(seen.text('00080021') ?? '') - daysOf(seen.text('00080020') ?? '')).toBe(1);
    expect(daysOf(seen.text('0008002A') ?? '') - daysOf(seen.text('00080020') ?? '')).toBe(2);
    expect(seen.text('00080031')).toBe('235959');
    expect(seen.text('0008002A')?.slice(8)).toBe('000001.5');
  });

  it('several values are moved each, and empty ones stay empty', () => {
    const [one, none, two] = (result([element(0x00181200, 'DA', '20190101\\\\20190131')], MODIFIED).text('00181200') ?? '').split('\\');
    expect(none).toBe('');
    expect(daysOf(two) - daysOf(one)).toBe(30);
  });

  it('a date that no row names is moved too', () => {
    const seen = result([element(0x00440010, 'DT', '20200103101112')], MODIFIED);
    expect(daysOf(seen.text('00440010') ?? '') - daysOf('20200103')).toBe(daysOf(seen.text('00080020') ?? '') - daysOf('20200102'));
  });
});

describe('under either longitudinal option', () => {
  it.each([FULL, MODIFIED])('what is no date is not kept, %s', (option) => {
    const seen = result([element(0x00080021, 'DA', 'Mayday'), element(0x0008002a, 'DT', 'NaN'), element(0x00080031, 'TM', 'noon')], option);
    expect([seen.text('00080021'), seen.text('0008002A'), seen.text('00080031')].join()).not.toMatch(/Mayday|NaN|noon/);
  });

  it('full dates are kept as they are', () => {
    const seen = result([element(0x0008002a, 'DT', '20200102101112.25+0100')], FULL);
    expect(seen.text('00080020')).toBe('20200102');
    expect(seen.text('0008002A')).toBe('20200102101112.25+0100');
  });
});
