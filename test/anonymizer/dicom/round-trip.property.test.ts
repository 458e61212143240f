import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../../src/anonymizer/apply.ts';
import { MemorySource, RangedSource } from '../../../src/anonymizer/dicom/byte-source.ts';
import type { DataSet } from '../../../src/anonymizer/dicom/data-set.ts';
import type { Encoding } from '../../../src/anonymizer/dicom/encode.ts';
import { readDataSet } from '../../../src/anonymizer/dicom/part10.ts';
import type { Tag } from '../../../src/anonymizer/dicom/tag.ts';
import { hasLongForm, type VR } from '../../../src/anonymizer/dicom/vr.ts';
import {
  bare, BIG_ENDIAN, encapsulated, EXPLICIT, IMPLICIT, item, part10, raw, sequence, unknownSequence, type FixtureElement, type Length,
} from '../../fixtures/data-set.ts';
import { emptyPlan, gather, inflate, read } from '../../fixtures/deidentify.ts';

/** Generated data sets, laid down by the fixtures' writer, must come back from the reader as they were meant. */

/** What was meant: an element with its bytes, or with its Items. */
type Meant =
  | { readonly tag: Tag; readonly vr: VR; readonly bytes: Uint8Array }
  | { readonly tag: Tag; readonly kind: 'SQ' | 'UN'; readonly length: Length; readonly items: readonly { readonly length: Length; readonly elements: readonly Meant[] }[] };

/** A tag of each VR, so that implicit VR finds it in the dictionary; two of them of odd use. */
const TAG_OF_VR: readonly (readonly [Tag, VR])[] = [
  [0x00080054, 'AE'], [0x00101010, 'AS'], [0x00280009, 'AT'], [0x00080060, 'CS'], [0x00080020, 'DA'], [0x00101030, 'DS'], [0x0008002a, 'DT'],
  [0x00189087, 'FD'], [0x00089459, 'FL'], [0x00200013, 'IS'], [0x00080070, 'LO'], [0x00104000, 'LT'], [0x00282000, 'OB'], [0x7fe00009, 'OD'],
  [0x00660016, 'OF'], [0x00660040, 'OL'], [0x7fe00001, 'OV'], [0x54000110, 'OW'], [0x00100010, 'PN'], [0x00080050, 'SH'], [0x00186020, 'SL'],
  [0x00189219, 'SS'], [0x00080081, 'ST'], [0x00720082, 'SV'], [0x00080030, 'TM'], [0x00080119, 'UC'], [0x00080018, 'UI'], [0x00186018, 'UL'],
  [0x00080120, 'UR'], [0x00280010, 'US'], [0x0040a160, 'UT'], [0x0008040c, 'UV'],
];
const SEQUENCES: readonly Tag[] = [0x00081140, 0x00082218, 0x00400275, 0x0040a730, 0x52009230];

const bytesArbitrary = fc.uint8Array({ maxLength: 40 });
const length = fc.constantFrom<Length>('defined', 'undefined');

const { meant } = fc.letrec<{ meant: Meant; simple: Meant; nested: Meant; odd: Meant }>((tie) => ({
  meant: fc.oneof({ maxDepth: 4, depthSize: 'small' }, { weight: 6, arbitrary: tie('simple') }, { weight: 1, arbitrary: tie('odd') }, { weight: 2, arbitrary: tie('nested') }),
  simple: fc.record({ pair: fc.constantFrom(...TAG_OF_VR), bytes: bytesArbitrary }).map(({ pair: [tag, vr], bytes }) => ({ tag, vr, bytes })),
  // A private element without a creator, whose meaning nobody knows.
  odd: bytesArbitrary.map((bytes) => ({ tag: 0x00091010, vr: 'UN' as const, bytes })),
  nested: fc.record({
    tag: fc.constantFrom(...SEQUENCES), kind: fc.constantFrom('SQ' as const, 'UN' as const), length,
    items: fc.array(fc.record({ length, elements: fc.array(tie('meant'), { maxLength: 4 }) }), { maxLength: 3 }),
  }),
}));
/** In the order of tags, or in none, and with duplicates. */
const dataSets = fc.array(meant, { minLength: 1, maxLength: 8 });

function laid(each: Meant): FixtureElement {
  if ('bytes' in each) return raw(each.tag, each.vr, each.bytes.length, each.bytes);
  const items = each.items.map((one) => ({ ...item(one.elements.map(laid)), length: one.length }));
  return each.kind === 'UN' ? unknownSequence(each.tag, items, each.length) : sequence(each.tag, items, each.length);
}

/** What the reader found, in the same shape, without how it was laid down. */
function found(dataSet: DataSet): unknown[] {
  const { elements, source } = dataSet;
  const inside = (from: number, to: number): unknown[] => {
    const list: unknown[] = [];
    for (let i = from; i < to; i = elements[i].next) {
      const { tag, vr, isItem, valueStart, valueEnd, next } = elements[i];
      if (isItem) list.push(inside(i + 1, next));
      else if (vr === 'SQ') list.push([tag, inside(i + 1, next)]);
      else list.push([tag, vr, [...source.read(valueStart, valueEnd)]]);
    }
    return list;
  };
  return inside(0, elements.length);
}

function expected(all: readonly Meant[]): unknown[] {
  return all.map((each) => ('bytes' in each ? [each.tag, each.vr, [...each.bytes]] : [each.tag, each.items.map((one) => expected(one.elements))]));
}

const SOP_CLASS: Meant = { tag: 0x00080016, vr: 'UI', bytes: Uint8Array.from(Buffer.from('1.2.840.10008.5.1.4.1.1.7\0')) };
const SYNTAXES: readonly (readonly [string, Encoding])[] = [
  ['1.2.840.10008.1.2.1', EXPLICIT], ['1.2.840.10008.1.2', IMPLICIT], ['1.2.840.10008.1.2.2', BIG_ENDIAN], ['1.2.840.10008.1.2.1.99', EXPLICIT],
];

describe('a generated data set', () => {
  it.each(SYNTAXES)('under %s is read as it was meant, each element and each Item', (syntax) => {
    fc.assert(fc.property(dataSets, (all) => {
      const withClass = [SOP_CLASS, ...all];
      expect(found(read(part10(withClass.map(laid), { syntax })))).toEqual(expected(withClass));
    }), { numRuns: 150 });
  });

  it.each(SYNTAXES)('under %s is written byte for byte by an empty plan', (syntax) => {
    fc.assert(fc.property(dataSets, (all) => {
      const dataSet = read(part10([SOP_CLASS, ...all].map(laid), { syntax }));
      const written = gather(apply(emptyPlan(dataSet)), dataSet);
      expect(Buffer.compare(written, dataSet.source.read(dataSet.start, dataSet.source.size))).toBe(0);
    }), { numRuns: 150 });
  });

  it.each(SYNTAXES.slice(0, 3))('without File Meta Information is recognised as %s', (syntax, encoding) => {
    fc.assert(fc.property(dataSets, (all) => {
      const dataSet = read(bare([SOP_CLASS, ...all].map(laid), encoding));
      expect(dataSet.transferSyntax.uid).toBe(syntax);
      expect(found(dataSet)).toEqual(expected([SOP_CLASS, ...all]));
    }), { numRuns: 100 });
  });

  it('reads the same from a file in windows as from memory', () => {
    fc.assert(fc.property(dataSets, (all) => {
      const filler: Meant = { tag: 0x7fe00010, vr: 'OW', bytes: new Uint8Array(300_000) };
      const bytes = part10([SOP_CLASS, ...all, filler, ...all].map(laid));
      const inWindows = readDataSet(new RangedSource(bytes.length, (start, end) => bytes.slice(start, end)), { inflate });
      const inMemory = readDataSet(new MemorySource(bytes), { inflate });
      const spans = ({ elements }: DataSet) => elements.map(({ tag, vr, start, valueStart, valueEnd, end, next }) => [tag, vr, start, valueStart, valueEnd, end, next]);
      expect(spans(inWindows)).toEqual(spans(inMemory));
    }), { numRuns: 40 });
  });

  it('keeps its encapsulated fragments, whatever their number and size', () => {
    const tables = fc.constantFrom('computed' as const, 'empty' as const);
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 6 }), tables, (fragments, table) => {
      const dataSet = read(part10([laid(SOP_CLASS), encapsulated(fragments, table)], { syntax: '1.2.840.10008.1.2.4.50' }));
      const pixels = dataSet.elements[1];
      expect(pixels.tag).toBe(0x7fe00010);
      expect(pixels.end).toBe(dataSet.source.size);
      expect(gather(apply(emptyPlan(dataSet)), dataSet)).toEqual(dataSet.source.read(dataSet.start, dataSet.source.size));
    }), { numRuns: 100 });
  });

  it('holds every VR', () => {
    expect(new Set(TAG_OF_VR.map(([, vr]) => vr)).size).toBe(32);
    expect(TAG_OF_VR.filter(([, vr]) => hasLongForm(vr)).length).toBeGreaterThan(9);
  });
});
