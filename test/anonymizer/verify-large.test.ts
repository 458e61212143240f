import { describe, expect, it } from 'vitest';
import { apply } from '../../src/anonymizer/apply.ts';
import { RangedSource } from '../../src/anonymizer/dicom/byte-source.ts';
import { readDataSet } from '../../src/anonymizer/dicom/part10.ts';
import { TAG, type Tag } from '../../src/anonymizer/dicom/tag.ts';
import { encodeFileMeta } from '../../src/anonymizer/file-meta.ts';
import type { IdentifierKind } from '../../src/anonymizer/identifiers.ts';
import { createMatcher } from '../../src/anonymizer/matcher.ts';
import type { Plan, Redaction } from '../../src/anonymizer/plan.ts';
import { verifyLarge } from '../../src/anonymizer/verify-large.ts';
import { element } from '../../src/sample/part10.ts';
import { encapsulated, type FixtureElement, part10 } from '../fixtures/data-set.ts';
import { emptyPlan, inflate } from '../fixtures/deidentify.ts';
import { INSTANCE_UID, minimalCt, SOP_CLASS_UID } from '../fixtures/instances.ts';

const MEGABYTE = 1 << 20;
/** Between Pixel Data and the end of a Data Set, and between the last of the image's attributes and the Pixel Data. */
const BEHIND: Tag = 0x7fe10010;
const BEFORE: Tag = 0x70010010;

interface Case {
  readonly elements: readonly FixtureElement[];
  readonly syntax?: string;
  readonly redactions?: readonly Redaction[];
  readonly kind?: IdentifierKind;
}

/** Verifies a file in which BIANCHI is a name that must not be left, and tells how much of it was read for that. */
function check({ elements, syntax, redactions = [], kind = 'name' }: Case) {
  const bytes = part10(minimalCt([element(TAG.PatientIdentityRemoved, 'CS', 'YES'), ...elements]), syntax === undefined ? {} : { syntax });
  let asked = 0;
  let atOnce = 0;
  const source = new RangedSource(bytes.length, (start, end) => {
    asked += end - start;
    atOnce = Math.max(atOnce, end - start);
    return bytes.slice(start, end);
  });
  const dataSet = readDataSet(source, { inflate });
  const pixels = dataSet.elements.findIndex(({ tag }) => tag === TAG.PixelData);
  const plan: Plan = {
    ...emptyPlan(dataSet), matcher: createMatcher([{ kind, text: 'bianchi', tag: TAG.PatientName }]),
    instance: { sopClass: SOP_CLASS_UID.ct, sopInstance: INSTANCE_UID.instance, study: INSTANCE_UID.study, series: INSTANCE_UID.series },
    redactions: redactions.map(({ start, end, fill }) => {
      const { valueStart } = dataSet.elements[pixels];
      return { start: start + valueStart, end: end + valueStart, fill };
    }),
  };
  const meta = encodeFileMeta({ ...plan.instance, transferSyntax: dataSet.transferSyntax.uid });
  asked = 0;
  atOnce = 0;
  return { outcome: verifyLarge(plan, [meta, ...apply(plan)], { inflate }).outcome, asked, atOnce };
}

/** A value that says something at an offset. */
function saying(text: string, at: number, length: number): Uint8Array {
  const value = new Uint8Array(length);
  value.set(new TextEncoder().encode(text), at);
  return value;
}

describe('the check of a file that is too large to hold', () => {
  it.each([
    ['native', undefined], ['compressed', '1.2.840.10008.1.2.4.50'],
  ])('reads its head and none of its %s pixels, however many redactions are in them', (_, syntax) => {
    const frame = saying('BIANCHI', 1000, 64 << 10);
    const frames = Array.from({ length: 300 }, () => frame);
    const pixels = syntax === undefined ? element(TAG.PixelData, 'OB', new Uint8Array(Buffer.concat(frames))) : encapsulated(frames);
    const redactions = frames.map((_frame, i) => ({ start: 5000 + i * (64 << 10), end: 5020 + i * (64 << 10), fill: 0x20 }));
    const { outcome, asked } = check({ elements: [pixels], ...(syntax === undefined ? {} : { syntax }), redactions });
    expect(outcome).toBe('passed');
    expect(asked).toBeLessThan(MEGABYTE);
  });

  it('is of its head alone where a redaction begins with the first pixel and another ends with the last', () => {
    const length = 17 * MEGABYTE;
    const redactions = [{ start: 0, end: 8, fill: 0 }, { start: 8, end: 16, fill: 0 }, { start: length - 8, end: length, fill: 0 }];
    const { outcome, asked } = check({ elements: [element(TAG.PixelData, 'OB', new Uint8Array(length))], redactions });
    expect(outcome).toBe('passed');
    expect(asked).toBeLessThan(MEGABYTE);
  });

  it('knows pixels that are floating-point numbers', () => {
    const { outcome, asked } = check({ elements: [element(TAG.PixelData, 'OB', ''), element(0x7fe00008, 'OF', new Array(5 * MEGABYTE).fill(0))] });
    expect(outcome).toBe('passed');
    expect(asked).toBeLessThan(MEGABYTE);
  });

  it('finds what stands before and behind the pixels', () => {
    const pixels = element(TAG.PixelData, 'OB', new Uint8Array(17 * MEGABYTE));
    expect(() => check({ elements: [pixels, element(BEFORE, 'LO', 'Laura Bianchi')] })).toThrow('an identifier that stood in (0010,0010) is left');
    expect(() => check({ elements: [pixels, element(BEHIND, 'LO', 'Laura Bianchi')] })).toThrow('an identifier that stood in (0010,0010) is left');
    expect(check({ elements: [pixels, element(BEHIND, 'LO', 'Laura Bianchini')] }).outcome).toBe('passed');
  });

  it('judges a hit behind the pixels by the attribute that it stands in', () => {
    const pixels = element(TAG.PixelData, 'OB', new Uint8Array(17 * MEGABYTE));
    expect(check({ elements: [pixels, element(BEHIND, 'CS', 'GRIGIO_BIANCHI')] }).outcome).toBe('passed');
    expect(() => check({ elements: [pixels, element(BEHIND, 'CS', 'BIANCHI')] })).toThrow('is left');
  });

  it('finds in big endian what stands right behind a length that looks like a letter', () => {
    // 66 bytes: the last byte of the length is a B.
    const value = element(BEFORE, 'LO', `Bianchi Laura${' '.repeat(53)}`);
    expect(() => check({ elements: [value], syntax: '1.2.840.10008.1.2.2' })).toThrow('an identifier that stood in (0010,0010) is left');
  });

  it.each([
    ['at the beginning', 0], ['on the border of two windows', MEGABYTE - 3], ['right before a border', 2 * MEGABYTE - 7],
    ['right behind a border', 3 * MEGABYTE], ['at the end', 40 * MEGABYTE - 8],
  ])('searches a long value through a window, and finds a name %s of it', (_, at) => {
    const long = (text: string) => element(BEFORE, 'OB', saying(text, at, 40 * MEGABYTE));
    expect(() => check({ elements: [long('BIANCHI')] })).toThrow('an identifier that stood in (0010,0010) is left');
    const { outcome, atOnce } = check({ elements: [long('BIANCHO')] });
    expect(outcome).toBe('passed');
    expect(atOnce).toBeLessThan(2 * MEGABYTE);
  });

  it('takes no end of a longer word for a name, where a window begins in the middle of it', () => {
    // Where the second window begins depends on the length of the header: every place is tried.
    const at = MEGABYTE - 600;
    const value = saying('', 0, 40 * MEGABYTE);
    for (let i = 0; i < 60; i++) value.set(new TextEncoder().encode('nonebianchi'), at + i * 12);
    expect(check({ elements: [element(BEFORE, 'OB', value)] }).outcome).toBe('passed');
  });

  it('searches what follows a long value, and says that the second reader did not read the record behind it', () => {
    const long = element(0x00091001, 'OB', new Uint8Array(40 * MEGABYTE));
    expect(check({ elements: [long] }).outcome).toBe('unread');
    expect(() => check({ elements: [long, element(0x00104000, 'LT', 'Laura Bianchi')] })).toThrow('is left');
  });
});
