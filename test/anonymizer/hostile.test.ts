import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/anonymizer/apply.ts';
import { MemorySource } from '../../src/anonymizer/dicom/byte-source.ts';
import { encodeHeader } from '../../src/anonymizer/dicom/encode.ts';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import { withLimits } from '../../src/anonymizer/dicom/limits.ts';
import { readDataSet } from '../../src/anonymizer/dicom/part10.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { element, wrapPart10 } from '../../src/sample/part10.ts';
import { bare, BIG_ENDIAN, EXPLICIT, IMPLICIT, item, part10, raw, sequence, un, unknownSequence, type FixtureElement } from '../fixtures/data-set.ts';
import { deidentify, emptyPlan, gather, inflate, plannerWith, read } from '../fixtures/deidentify.ts';
import { minimalCt, minimalReport } from '../fixtures/instances.ts';

/** Bytes that mean harm, or are only damaged, end in a result or in a refusal: soon, and within bounds. */

const MS_PER_MUTANT = 2000;

function endsWell(bytes: Uint8Array): 'written' | 'refused' {
  const began = performance.now();
  try {
    deidentify(bytes, plannerWith('retain-safe-private', 'clean-descriptors', 'clean-structured-content', 'clean-graphics', 'retain-longitudinal-modified-dates'));
    return 'written';
  } catch (error) {
    // A RangeError or a TypeError is a fault of the program and no refusal.
    if (!(error instanceof DicomError)) throw error;
    return 'refused';
  } finally {
    expect(performance.now() - began).toBeLessThan(MS_PER_MUTANT);
  }
}

/** Ways to spoil valid bytes. */
type Mutation =
  | { readonly kind: 'set'; readonly at: number; readonly byte: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'delete' | 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'length'; readonly at: number; readonly value: number };

const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at, byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'repeat' as const), at, length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant('insert' as const), at, bytes: fc.uint8Array({ minLength: 1, maxLength: 32 }) }),
  fc.record({ kind: fc.constant('length' as const), at, value: fc.constantFrom(0, 1, 0xfe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff) }),
);

/** Pixels are left alone: what is spoilt is the header, or all of a small file. */
function spoil(source: Uint8Array, mutations: readonly Mutation[], limit: number): Uint8Array {
  let bytes = Buffer.from(source);
  for (const each of mutations) {
    const offset = Math.floor(each.at * Math.min(bytes.length, limit));
    switch (each.kind) {
      case 'set': bytes[offset] = each.byte; break;
      case 'cut': bytes = bytes.subarray(0, offset); break;
      case 'delete': bytes = Buffer.concat([bytes.subarray(0, offset), bytes.subarray(offset + each.length)]); break;
      case 'repeat': bytes = Buffer.concat([bytes.subarray(0, offset + each.length), bytes.subarray(offset)]); break;
      case 'insert': bytes = Buffer.concat([bytes.subarray(0, offset), each.bytes, bytes.subarray(offset)]); break;
      case 'length': if (offset + 4 <= bytes.length) bytes.writeUInt32LE(each.value, offset); break;
    }
  }
  return new Uint8Array(bytes);
}

/** The sample's files without most of their pixels, and small files with what the sample lacks. */
const SEEDS: readonly Uint8Array[] = [
  ...sampleStudy().filter((_, i) => i === 0 || i >= 8).map(({ bytes }) => bytes),
  part10(minimalCt(), { syntax: '1.2.840.10008.1.2' }),
  part10(minimalCt(), { syntax: '1.2.840.10008.1.2.2' }),
  part10(minimalCt(), { syntax: '1.2.840.10008.1.2.1.99' }),
  part10(minimalReport('nothing to see')),
  part10(minimalCt([
    element(0x00090010, 'LO', 'SOME CREATOR'), un(0x00091001, Uint8Array.of(1, 2, 3, 4)),
    unknownSequence(0x00081140, [item([element(0x00081155, 'UI', '1.2.3')])], 'defined'),
    sequence(0x00082218, [item([element(0x00100010, 'PN', 'A^B')], 'defined'), item([])]),
  ])),
  bare(minimalCt(), EXPLICIT),
  bare(minimalCt(), IMPLICIT),
];

describe('a spoilt file', () => {
  it('ends in a result or in a refusal, in time', () => {
    const outcomes = { written: 0, refused: 0 };
    fc.assert(fc.property(fc.constantFrom(...SEEDS.keys()), fc.array(mutation, { minLength: 1, maxLength: 4 }), (seed, mutations) => {
      outcomes[endsWell(spoil(SEEDS[seed], mutations, 6000))] += 1;
    }), { numRuns: 3000 });
    // Both happen, so the mutations are neither all harmless nor all fatal.
    expect(outcomes.written).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(100);
  });

  it('is never taken for one when it is noise', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      endsWell(noise);
      endsWell(wrapPart10(noise, {}));
    }), { numRuns: 1000 });
  });

  it.each(['1.2.840.10008.1.2.1', '1.2.840.10008.1.2', '1.2.840.10008.1.2.2'])('cut at any byte, under %s, leaves the patient nowhere', (syntax) => {
    const whole = part10(minimalCt(), { syntax });
    for (let end = 0; end < whole.length; end++) {
      const cut = whole.subarray(0, end);
      if (endsWell(cut) === 'refused') continue;
      expect(Buffer.from(deidentify(cut).bytes).includes('Test^Person')).toBe(false);
    }
  });
});

describe('a file that was cut', () => {
  it.each(['1.2.840.10008.1.2.1', '1.2.840.10008.1.2', '1.2.840.10008.1.2.2'])('anywhere but between two elements, under %s, is refused', (syntax) => {
    const elements = minimalCt();
    const whole = part10(elements, { syntax });
    const sizes = elements.map((each) => bare([each], syntax.endsWith('.2.2') ? BIG_ENDIAN : syntax.endsWith('.2') ? IMPLICIT : EXPLICIT).length);
    const start = whole.length - sizes.reduce((sum, size) => sum + size, 0);
    let boundary = start;
    for (const size of sizes) {
      const next = boundary + size;
      for (let end = boundary + 1; end < next; end++) {
        // One byte of a group in big endian is a zero, as padding is.
        if (whole.subarray(boundary, end).every((byte) => byte === 0)) continue;
        expect(endsWell(whole.subarray(0, end)), `${end - boundary} bytes after an element`).toBe('refused');
      }
      boundary = next;
    }
    expect(boundary).toBe(whole.length);
  });

  it.each([1, 2, 7])('is not what a file with %i bytes of padding is: zeros or FF at its end', (length) => {
    const whole = part10(minimalCt());
    const followedBy = (byte: number) => new Uint8Array(Buffer.concat([whole, Buffer.alloc(length, byte)]));
    for (const byte of [0, 0xff]) expect(Buffer.compare(deidentify(followedBy(byte)).bytes, deidentify(whole).bytes)).toBe(0);
    for (const byte of [0x20, 0x41]) expect(endsWell(followedBy(byte))).toBe('refused');
  });
});

/** `levels` Sequences, each in an Item of the one around it, with a name at the bottom. */
function nested(levels: number, lengths: 'defined' | 'undefined'): Uint8Array {
  const name = bare([element(TAG.PatientName, 'PN', 'Deep^Person')], IMPLICIT);
  const parts: Uint8Array[] = [];
  for (let level = 0; level < levels; level++) {
    const inside = 16 * (levels - 1 - level) + name.length;
    const isOpen = lengths === 'undefined';
    parts.push(encodeHeader(0x00082218, 'SQ', isOpen ? 0xffffffff : inside + 8, IMPLICIT), encodeHeader(TAG.Item, '', isOpen ? 0xffffffff : inside, IMPLICIT));
  }
  const close = [encodeHeader(TAG.ItemDelimitationItem, '', 0, IMPLICIT), encodeHeader(TAG.SequenceDelimitationItem, '', 0, IMPLICIT)];
  const tail = lengths === 'undefined' ? Array.from({ length: levels }, () => close).flat() : [];
  const head = bare([element(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.1.1.2'), element(TAG.SOPInstanceUID, 'UI', '1.2.3.4')], IMPLICIT);
  return wrapPart10(new Uint8Array(Buffer.concat([head, ...parts, name, ...tail])), { transferSyntax: '1.2.840.10008.1.2' });
}

describe('Items nested 100,000 deep', () => {
  it.each(['defined', 'undefined'] as const)('of %s length are read, de-identified to the bottom, and written', (lengths) => {
    const source = nested(100_000, lengths);
    const began = performance.now();
    const { bytes, plan } = deidentify(source);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(plan.dataSet.elements.length).toBe(200_003);
    expect(Buffer.from(source).includes('Deep^Person')).toBe(true);
    expect(Buffer.from(bytes).includes('Deep')).toBe(false);
    expect(read(bytes).elements.length).toBeGreaterThan(200_000);
  }, 60_000);

  it('come back byte for byte from an empty plan', () => {
    const dataSet = read(nested(100_000, 'undefined'));
    expect(Buffer.compare(gather(apply(emptyPlan(dataSet)), dataSet), dataSet.source.read(dataSet.start, dataSet.source.size))).toBe(0);
  });
});

describe('a size that lies', () => {
  const file = (...elements: FixtureElement[]) => part10([element(TAG.SOPClassUID, 'UI', '1.2.840.10008.5.1.4.1.1.2'), ...elements]);
  const refusal = (bytes: Uint8Array): DicomError => {
    try {
      read(bytes);
    } catch (error) {
      if (error instanceof DicomError) return error;
      throw error;
    }
    throw new Error('it was read');
  };

  it.each([
    ['a value of 4 GB in a small file', raw(0x00282000, 'OB', 0xfffffff0, new Uint8Array(4))],
    ['a Sequence of 4 GB in a small file', raw(0x00081140, 'SQ', 0xfffffff0, new Uint8Array(16))],
    ['an undefined length for a string', raw(0x00081030, 'UT', 0xffffffff, new Uint8Array(8))],
    ['an Item that is longer than its Sequence', raw(0x00081140, 'SQ', 8, Uint8Array.of(0xfe, 0xff, 0x00, 0xe0, 0xff, 0, 0, 0))],
    ['a Sequence without an Item', raw(0x00081140, 'SQ', 8, Uint8Array.of(8, 0, 0x50, 0x11, 0, 0, 0, 0))],
    ['an open Sequence that never ends', raw(0x00081140, 'SQ', 0xffffffff, new Uint8Array(0))],
    ['open pixel data that never end', raw(TAG.PixelData, 'OB', 0xffffffff, Uint8Array.of(0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0))],
    ['a fragment of 4 GB', raw(TAG.PixelData, 'OB', 0xffffffff, Uint8Array.of(0xfe, 0xff, 0x00, 0xe0, 0xf0, 0xff, 0xff, 0xff))],
  ])('%s is damage, with tag and offset', (_name, lying) => {
    const error = refusal(file(lying));
    expect(error.code).toBe('damaged');
    expect(error.offset).toBeGreaterThan(132);
    expect(error.message).toMatch(/offset \d+/);
  });

  it('that inflates without bounds is refused at the limit', () => {
    const bomb = wrapPart10(deflateRawSync(new Uint8Array(8 << 20)), { transferSyntax: '1.2.840.10008.1.2.1.99' });
    expect(bomb.length).toBeLessThan(20_000);
    const limits = withLimits({ inflatedBytes: 1 << 20 });
    expect(() => readDataSet(new MemorySource(bomb), { inflate, limits })).toThrow(DicomError);
  });

  it('of more elements than the limit is refused as such', () => {
    const many = file(...Array.from({ length: 50 }, (_, i) => element(0x00200013 + i * 0x10000, 'IS', '1')));
    const limits = withLimits({ elements: 20 });
    expect(() => readDataSet(new MemorySource(many), { inflate, limits })).toThrow(expect.objectContaining({ code: 'limit' }) as Error);
  });

  it('says where, and never what', () => {
    const error = refusal(file(element(TAG.PatientName, 'PN', 'Telling^Name'), raw(0x00100020, 'LO', 0xfff0, Uint8Array.from(Buffer.from('Telling ID')))));
    expect(error.message).toContain('(0010,0020)');
    expect(error.message).not.toMatch(/telling/i);
  });
});
