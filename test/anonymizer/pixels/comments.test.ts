import { describe, expect, it } from 'vitest';
import { concat } from '../../../src/anonymizer/dicom/encode.ts';
import { element } from '../../../src/sample/part10.ts';
import { holds } from '../../fixtures/second-reader.ts';
import { box, bytes, cleaned, EOI, jpeg, jpeg2000, NAME, SCAN, segment, SOI, SYNTAX, tilePart } from './codestreams.ts';

const warningsOf = ({ plan }: ReturnType<typeof cleaned>) => plan.warnings.map(({ code }) => code);

describe('a JPEG frame', () => {
  const source = jpeg(segment(0xe1, 'Exif\0\0', NAME), segment(0xfe, NAME));

  it.each([1, 7, 18, 26, 33, 47])('loses its texts where it is cut after %i bytes into two fragments', (cut) => {
    const { pixels, result } = cleaned(SYNTAX.jpeg, [source.subarray(0, cut * 2), source.subarray(cut * 2)]);
    expect(holds(result, NAME)).toBe(false);
    // Not even a part of it.
    expect(Buffer.from(pixels).toString('latin1')).not.toMatch(/[A-Z]{2}/);
    expect(holds(pixels, SCAN)).toBe(true);
  });

  it('loses a comment in its second fragment, behind samples', () => {
    const fragments = [bytes(SOI, SCAN, [0x01]), bytes([0x12, 0x13], segment(0xfe, NAME), EOI)];
    expect(holds(cleaned(SYNTAX.jpeg, fragments).result, NAME)).toBe(false);
  });

  it('loses what follows its end, but for a byte of padding', () => {
    const frame = jpeg();
    expect(holds(cleaned(SYNTAX.jpeg, [bytes(frame, NAME)]).result, NAME)).toBe(false);
    const odd = bytes(frame, frame.length % 2 === 0 ? [] : [0x7f]);
    expect(cleaned(SYNTAX.jpeg, [odd]).plan.redactions).toEqual([]);
    for (const filler of [0, 0xff]) expect(cleaned(SYNTAX.jpeg, [bytes(frame, new Uint8Array(31).fill(filler))]).plan.redactions).toEqual([]);
  });

  it('loses a second image that no frame tells of, with a warning', () => {
    const seen = cleaned(SYNTAX.jpeg, [jpeg(), jpeg(segment(0xfe, NAME))]);
    expect(holds(seen.result, NAME)).toBe(false);
    expect(warningsOf(seen)).toEqual(['pixel-surplus']);
    const two = cleaned(SYNTAX.jpeg, [jpeg(), jpeg(segment(0xfe, NAME))], [element(0x00280008, 'IS', '2')]);
    expect(holds(two.result, NAME)).toBe(false);
    expect(two.plan.redactions).toHaveLength(1);
    expect(warningsOf(two)).toEqual([]);
  });

  it.each([
    ['JFIF', 0xe0, bytes('JFIF\0', [1, 1, 0, 0, 1, 0, 1, 0, 0])], ['Adobe', 0xee, bytes('Adobe', [0, 100, 0, 0, 0, 0, 1])],
    ['HP', 0xe8, bytes('mrfx', [1])], ['SPIFF', 0xe8, bytes('SPIFF\0', new Uint8Array(24).fill(1))],
  ])('keeps of the %s segment what decoders need and no more', (_name, marker, fixed) => {
    const { result } = cleaned(SYNTAX.jpeg, [jpeg(segment(marker, [...fixed], NAME))]);
    expect(holds(result, NAME)).toBe(false);
    expect(holds(result, fixed)).toBe(true);
  });

  it('keeps the end of a SPIFF directory and loses its entries', () => {
    const directory = [segment(0xe8, 'SPIFF\0', new Array<number>(24).fill(1)), segment(0xe8, [0, 0, 0, 3], NAME), segment(0xe8, [0, 0, 0, 1, 0xff, 0xd8])];
    const { result } = cleaned(SYNTAX.jpegLs, [jpeg(...directory)]);
    expect(holds(result, NAME)).toBe(false);
    expect(holds(result, directory[0])).toBe(true);
    expect(holds(result, directory[2])).toBe(true);
  });

  it('loses bytes between its segments and segments of extensions', () => {
    const { result } = cleaned(SYNTAX.jpeg, [jpeg(segment(0xdb, '\0'.repeat(65)), bytes(NAME), segment(0xf0, NAME))]);
    expect(holds(result, NAME)).toBe(false);
    expect(holds(result, SCAN)).toBe(true);
  });

  it('of JPEG-LS loses a comment right behind a stuffed bit', () => {
    const frame = bytes(SOI, segment(0xf7, [8, 0, 2, 0, 2, 1, 1, 0x11, 0]), SCAN, [0x12, 0xff, 0x3a], segment(0xfe, NAME), EOI);
    expect(holds(cleaned(SYNTAX.jpegLs, [frame]).result, NAME)).toBe(false);
  });

  it('is known by its first bytes and not by its Transfer Syntax', () => {
    expect(holds(cleaned(SYNTAX.jpeg2000, [source]).result, NAME)).toBe(false);
    expect(holds(cleaned(SYNTAX.rle, [source]).result, NAME)).toBe(false);
  });

  it('may have very many comments', () => {
    const many = concat([SOI, ...Array.from({ length: 150_000 }, () => segment(0xfe, 'A')), SCAN, EOI]);
    expect(cleaned(SYNTAX.jpeg, [many]).plan.redactions).toHaveLength(150_000);
  });

  it('that is cut into very many fragments costs no more than its length', () => {
    const long = jpeg(segment(0xfe, NAME), bytes(SCAN, new Uint8Array(400_000).fill(0x55)));
    const fragments = Array.from({ length: long.length >> 3 }, (_, i) => long.subarray(i * 8, i * 8 + 8));
    const began = performance.now();
    expect(holds(cleaned(SYNTAX.jpeg, fragments).result, NAME)).toBe(false);
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

describe('a JPEG 2000 frame', () => {
  it('keeps samples that look like a marker at the beginning of a fragment', () => {
    const samples = bytes([0xff, 0x64, 0, 20], 'SAMPLESSAMPLESSAM', [0]);
    const head = jpeg2000(tilePart(bytes([1, 2], samples), 0));
    const cut = head.length - samples.length - 2;
    const seen = cleaned(SYNTAX.jpeg2000, [head.subarray(0, cut), head.subarray(cut)]);
    expect(seen.plan.redactions).toEqual([]);
    expect(holds(seen.result, samples)).toBe(true);
  });

  it.each([['told', undefined], ['not told', 0], ['wrong', 9999]])('loses what follows its end, and comments of its tile-parts, where their length is %s', (_how, told) => {
    const comment = segment(0x64, [0, 1], NAME);
    const second = bytes(segment(0x90, [0, 0, 0, 0, 0, 0, 1, 1]), comment, [0xff, 0x93, 3, 4]);
    const { pixels, result } = cleaned(SYNTAX.jpeg2000, [bytes(jpeg2000(tilePart(bytes([1, 2, 0xff, 0x7f]), told), second), NAME)]);
    expect(holds(result, NAME)).toBe(false);
    expect(holds(pixels, bytes([0xff, 0x93, 3, 4, 0xff, 0xd9]))).toBe(true);
  });

  it('loses marker segments that no decoder knows', () => {
    expect(holds(cleaned(SYNTAX.jpeg2000, [jpeg2000(segment(0x6f, NAME), tilePart(bytes([1, 2])))]).result, NAME)).toBe(false);
  });

  it('in JP2 loses boxes that no decoder needs, and the comments of its codestream', () => {
    const header = box('jp2h', bytes(box('ihdr', bytes([0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 7, 7, 0, 0])), box('xml ', bytes(NAME))));
    const codestream = box('jp2c', bytes(jpeg2000(segment(0x64, [0, 1], NAME), tilePart(bytes([1, 2]))), NAME));
    const frame = bytes(box('jP  ', bytes([0xd, 0xa, 0x87, 0xa])), box('ftyp', bytes('jp2 \0\0\0\0jp2 ')), header, box('uuid', bytes(NAME)), codestream, box('xml ', bytes(NAME)), NAME);
    const { pixels, result } = cleaned(SYNTAX.jpeg2000, [frame.subarray(0, 90), frame.subarray(90)]);
    expect(holds(result, NAME)).toBe(false);
    expect(holds(result, 'BIANC')).toBe(false);
    for (const kept of ['jP  ', 'ftyp', 'jp2h', 'ihdr', 'jp2c']) expect(holds(pixels, kept)).toBe(true);
  });
});

describe('a JPEG XL frame', () => {
  const signature = box('JXL ', bytes([0xd, 0xa, 0x87, 0xa]));

  it('loses its boxes of metadata, and what a JPEG file could be rebuilt from, with a warning', () => {
    const frame = bytes(signature, box('ftyp', bytes('jxl \0\0\0\0jxl ')), box('Exif', bytes(NAME)), box('jbrd', bytes(NAME)), box('jxlc', bytes([0xff, 0x0a, 1, 2])));
    const seen = cleaned(SYNTAX.jpegXl, [frame]);
    expect(holds(seen.result, NAME)).toBe(false);
    expect(holds(seen.pixels, 'jbrd')).toBe(false);
    expect(holds(seen.pixels, bytes('jxlc', [0xff, 0x0a, 1, 2]))).toBe(true);
    expect(warningsOf(seen)).toEqual(['unchecked-stream', 'pixel-surplus']);
  });
});

describe('an RLE frame', () => {
  /** One segment of 16 bits is two of bytes: 4×4 pixels, each a run. */
  const frame = (behind: string, header: string) => {
    const packed = [0xf1, 7];
    const first = bytes(packed, header);
    const head = new Uint8Array(64);
    new DataView(head.buffer).setUint32(0, 2, true);
    new DataView(head.buffer).setUint32(4, 64, true);
    new DataView(head.buffer).setUint32(8, 64 + first.length, true);
    head.set(bytes(header), 12);
    return bytes(head, first, packed, behind);
  };

  it('loses what stands behind the last pixel of its segments and in its header', () => {
    const seen = cleaned(SYNTAX.rle, [frame(`${NAME} `, `${NAME} `)]);
    expect(holds(seen.result, NAME)).toBe(false);
    expect(holds(seen.pixels, bytes([0xf1, 7]))).toBe(true);
    expect(warningsOf(seen)).toEqual([]);
  });

  it('stays as it is where there is nothing beside its pixels', () => {
    expect(cleaned(SYNTAX.rle, [frame('', '')]).plan.redactions).toEqual([]);
  });

  it('that contradicts itself is told of', () => {
    expect(warningsOf(cleaned(SYNTAX.rle, [bytes(new Uint8Array(64), NAME)]))).toEqual(['unchecked-stream']);
  });
});

describe('compressed pixels that cannot be looked into', () => {
  it.each([['video', SYNTAX.h264, bytes([0, 0, 0, 1, 6], NAME)], ['an unknown codestream', SYNTAX.jpeg, bytes('SH', NAME)], ['bare JPEG XL', SYNTAX.jpegXl, bytes([0xff, 0x0a], NAME)]])('such as %s are told of', (_what, syntax, frame) => {
    expect(warningsOf(cleaned(syntax, [frame]))).toEqual(['unchecked-stream']);
  });

  it('are one frame or another where Number of Frames is none', () => {
    const frames = [jpeg(segment(0xfe, NAME)), jpeg(segment(0xfe, NAME))];
    expect(cleaned(SYNTAX.jpeg, frames, [element(0x00280008, 'IS', '5')]).plan.redactions).toHaveLength(2);
    expect(cleaned(SYNTAX.jpeg, frames, [element(0x00280008, 'IS', 'many')]).plan.redactions).toHaveLength(2);
  });
});
