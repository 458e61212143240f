import { describe, expect, it } from 'vitest';
import { RangedSource } from '../../../src/anonymizer/dicom/byte-source.ts';
import { readDataSet } from '../../../src/anonymizer/dicom/part10.ts';
import { element } from '../../../src/sample/part10.ts';
import { encapsulated, item, part10, raw, sequence } from '../../fixtures/data-set.ts';
import { deidentify, inflate, plannerWith } from '../../fixtures/deidentify.ts';
import { minimalCt } from '../../fixtures/instances.ts';
import { holds, see } from '../../fixtures/second-reader.ts';
import { bytes, jpeg, NAME, native, newBytes, pixelsOf, segment } from './codestreams.ts';

const PIXELS = 0x7fe00010;

describe('native Pixel Data', () => {
  it('is blanked behind its last frame, with a warning', () => {
    const { bytes: result, plan } = deidentify(native(bytes([1, 2, 3, 4], `${NAME} `)));
    expect([...pixelsOf(result)]).toEqual([1, 2, 3, 4, ...new Array<number>(14).fill(0)]);
    expect(plan.warnings.map(({ code }) => code)).toEqual(['pixel-surplus']);
  });

  it('may have zeros and a byte of padding behind its last frame', () => {
    for (const value of [bytes([1, 2, 3, 4]), bytes([1, 2, 3, 4], new Uint8Array(128))]) expect(deidentify(native(value)).plan.warnings).toEqual([]);
    const odd = native(bytes([1, 2, 3, 9]), [element(0x00280011, 'US', [1]), element(0x00280008, 'IS', '1'), element(0x00280010, 'US', [3])]);
    expect([...pixelsOf(deidentify(odd).bytes)]).toEqual([1, 2, 3, 9]);
  });

  it('has as many frames as there are where Number of Frames is no number', () => {
    const { bytes: result } = deidentify(native(bytes([1, 2, 3, 4, 5, 6, 7, 8]), [element(0x00280008, 'IS', '1A')]));
    expect([...pixelsOf(result)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('of shared colours may be written in full', () => {
    const colours = [element(0x00280002, 'US', [3]), element(0x00280004, 'CS', 'YBR_FULL_422')];
    const full = Array.from({ length: 12 }, (_, i) => i + 1);
    expect([...pixelsOf(deidentify(native(bytes(full), colours)).bytes)]).toEqual(full);
    expect([...pixelsOf(deidentify(native(bytes(full.slice(0, 10)), colours)).bytes)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0, 0]);
  });

  it('is refused where nothing says what it holds, or where it is a compressed image', () => {
    expect(() => deidentify(native(bytes(`${NAME} `), [], [0x00280010]))).toThrow(/\(7FE0,0010\), offset \d+/);
    const frame = jpeg(segment(0xfe, NAME), bytes([0]));
    const wide = [element(0x00280010, 'US', [64]), element(0x00280011, 'US', [64])];
    expect(() => deidentify(native(frame.subarray(0, frame.length & ~1), wide))).toThrow(/compressed image/);
  });

  it('of which much is blanked costs no memory, and of a lawful one nothing is read', () => {
    expect(newBytes(native(bytes([1, 2, 3, 4], new Uint8Array(20 << 20).map((_, i) => i))))).toBeLessThan(3 << 20);
    const file = native(new Uint8Array(4 << 20).fill(65), [element(0x00280010, 'US', [2048]), element(0x00280011, 'US', [2048])]);
    let read = 0;
    const source = new RangedSource(file.length, (start, end) => { read += end - start; return file.subarray(start, end); });
    plannerWith().plan(readDataSet(source, { inflate }));
    expect(read).toBeLessThan(1 << 20);
  });
});

describe('Pixel Data', () => {
  it('is refused a second time, as UN, as fragments under a native Transfer Syntax, and the other way round', () => {
    const twice = [...minimalCt(), element(PIXELS, 'OW', bytes(`${NAME} `))];
    expect(() => deidentify(part10(twice))).toThrow(/second time/);
    expect(() => deidentify(part10(minimalCt([element(PIXELS, 'UN', new Uint8Array(32))])))).toThrow(/Value Representation/);
    expect(() => deidentify(part10(minimalCt([encapsulated([jpeg(segment(0xfe, NAME))])])))).toThrow(/native Transfer Syntax/);
    expect(() => deidentify(part10(minimalCt(), { syntax: '1.2.840.10008.1.2.4.50' }))).toThrow(/encapsulates/);
  });

  it('inside a Sequence goes, and so do fragments in other elements', () => {
    const nested = deidentify(part10(minimalCt([sequence(0x00081115, [item([element(0x0020000e, 'UI', '1.2.3'), element(PIXELS, 'OW', bytes(`${NAME} `))])])])));
    expect(holds(nested.bytes, NAME)).toBe(false);
    expect(see(nested.bytes).text('00081115/0/0020000E')).toMatch(/^2\.25/);
    const table = bytes([0xfe, 0xff, 0, 0xe0, 14, 0, 0, 0], `${NAME} `, [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
    expect(() => deidentify(part10(minimalCt([raw(0x00281201, 'OW', 0xffffffff, table)])))).toThrow(/\(0028,1201\)/);
  });
});
