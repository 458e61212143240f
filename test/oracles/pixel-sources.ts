import { deflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { element } from '../../src/sample/part10.ts';
import { encapsulated, type FixtureElement } from '../fixtures/data-set.ts';
import { imageFile, type Look, nativePixels, through } from '../fixtures/pixels.ts';

/** Images that are to be cleaned, in every Transfer Syntax, made by other people's encoders where there is one. */

/** How a result, and a source, is brought to samples. */
export type DecoderName = 'dcmdjpeg' | 'dcmdjpls' | 'dcmdrle' | 'gdcmconv' | 'dcmconv' | 'opj_decompress' | 'djxl' | 'inflate';

export interface PixelSource {
  readonly name: string;
  readonly look: Look;
  readonly syntax: string;
  /** Tools beside the decoder that the file is made with. */
  readonly encoders: readonly string[];
  readonly decoder: DecoderName;
  /** Transfer Syntax of the result. */
  readonly becomes: string;
  /** How far two decoders of lossy frames may differ, where the standard leaves it to them. */
  readonly tolerance?: number;
  /** Frames of the box, from 0; undefined for all. */
  readonly frames?: readonly number[];
  make(): Uint8Array;
}

/** The region in all of them. */
export const BOX = { x: 5, y: 3, width: 21, height: 9 } as const;
/** Rows of images whose region holds for the second frame alone. */
export const ROWS_OF_SECOND = 50;

const EXPLICIT = '1.2.840.10008.1.2.1';
const JPEG = '1.2.840.10008.1.2.4.';
const GREY8: Look = { rows: 48, columns: 62, bitsAllocated: 8 };
const GREY12: Look = { rows: 48, columns: 62, bitsAllocated: 16, bitsStored: 12 };
const GREY16: Look = { rows: 48, columns: 62, bitsAllocated: 16 };
const SIGNED: Look = { ...GREY16, signed: true };
const COLOUR: Look = { rows: 48, columns: 62, bitsAllocated: 8, samples: 3 };
const LOOKS: Readonly<Record<string, Look>> = { 'grey 8': GREY8, 'grey 12': GREY12, 'grey 16': GREY16, 'signed 16': SIGNED, colour: COLOUR };

/** An encoder of a Transfer Syntax, what it takes, and who decodes its files. */
interface Way {
  readonly syntax: string;
  readonly looks: readonly string[];
  readonly encoders: readonly string[];
  readonly decoder: DecoderName;
  readonly becomes?: string;
  readonly tolerance?: number;
  encode(look: Look): Uint8Array;
}

const all = Object.keys(LOOKS);
const dcmtk = (tool: string, ...args: string[]) => (look: Look) => through(tool, [...args, '{in}', '{out}'], imageFile(look));
const gdcm = (...args: string[]) => (look: Look) => through('gdcmconv', [...args, '-i', '{in}', '-o', '{out}'], imageFile(look));

const WAYS: readonly Way[] = [
  { syntax: EXPLICIT, looks: all, encoders: [], decoder: 'dcmconv', encode: (look) => imageFile(look) },
  { syntax: '1.2.840.10008.1.2', looks: all, encoders: ['dcmconv'], decoder: 'dcmconv', encode: dcmtk('dcmconv', '+ti') },
  { syntax: '1.2.840.10008.1.2.2', looks: all, encoders: ['dcmconv'], decoder: 'dcmconv', encode: dcmtk('dcmconv', '+tb') },
  { syntax: '1.2.840.10008.1.2.1.99', looks: all, encoders: ['dcmconv'], decoder: 'dcmconv', encode: dcmtk('dcmconv', '+td') },
  { syntax: '1.2.840.10008.1.2.5', looks: all, encoders: ['dcmcrle'], decoder: 'dcmdrle', encode: dcmtk('dcmcrle') },
  { syntax: `${JPEG}50`, looks: ['grey 8', 'colour'], encoders: ['dcmcjpeg'], decoder: 'dcmdjpeg', becomes: EXPLICIT, encode: dcmtk('dcmcjpeg', '--encode-baseline') },
  { syntax: `${JPEG}51`, looks: ['grey 12'], encoders: ['dcmcjpeg'], decoder: 'dcmdjpeg', becomes: EXPLICIT, encode: dcmtk('dcmcjpeg', '--encode-extended') },
  { syntax: `${JPEG}57`, looks: all, encoders: ['dcmcjpeg'], decoder: 'dcmdjpeg', encode: dcmtk('dcmcjpeg', '--encode-lossless') },
  { syntax: `${JPEG}70`, looks: all, encoders: ['dcmcjpeg'], decoder: 'dcmdjpeg', encode: dcmtk('dcmcjpeg', '--encode-lossless-sv1') },
  { syntax: `${JPEG}80`, looks: all, encoders: ['dcmcjpls'], decoder: 'dcmdjpls', encode: dcmtk('dcmcjpls', '--encode-lossless') },
  { syntax: `${JPEG}81`, looks: ['grey 8', 'grey 12', 'grey 16', 'colour'], encoders: ['dcmcjpls'], decoder: 'dcmdjpls', becomes: EXPLICIT, encode: dcmtk('dcmcjpls', '--encode-nearlossless') },
  { syntax: `${JPEG}90`, looks: all, encoders: ['gdcmconv'], decoder: 'gdcmconv', encode: gdcm('--j2k') },
  { syntax: `${JPEG}91`, looks: ['grey 8', 'grey 12', 'grey 16', 'colour'], encoders: ['gdcmconv'], decoder: 'gdcmconv', becomes: EXPLICIT, encode: gdcm('--j2k', '--lossy', '-q', '40') },
  { syntax: `${JPEG}110`, looks: ['grey 8', 'grey 12', 'grey 16', 'colour'], encoders: ['cjxl'], decoder: 'djxl', encode: jpegXl(`${JPEG}110`, '-d', '0') },
  { syntax: `${JPEG}112`, looks: ['grey 8', 'colour'], encoders: ['cjxl'], decoder: 'djxl', becomes: EXPLICIT, tolerance: 2, encode: jpegXl(`${JPEG}112`, '-d', '1') },
  // No encoder of HTJ2K is in Debian: these are of the program's own, and another decodes them.
  ...['201', '202'].map((last): Way => ({ syntax: JPEG + last, looks: ['grey 8', 'grey 12', 'grey 16', 'colour'], encoders: [], decoder: 'opj_decompress', encode: own(JPEG + last) })),
  { syntax: `${JPEG}203`, looks: ['grey 8', 'colour'], encoders: [], decoder: 'opj_decompress', becomes: EXPLICIT, encode: own(`${JPEG}203`) },
  {
    syntax: '1.2.840.10008.1.2.8.1', looks: all, encoders: [], decoder: 'inflate',
    encode: (look) => imageFile({ ...look, syntax: '1.2.840.10008.1.2.8.1' }, encapsulated(framesOf(look).map((frame) => deflateRawSync(frame)))),
  },
];

/** Frames of native pixels, as bytes. */
function framesOf(look: Look): Uint8Array[] {
  const bytes = nativePixels(look);
  const length = bytes.length / (look.frames ?? 1);
  return Array.from({ length: look.frames ?? 1 }, (_, frame) => bytes.subarray(frame * length, (frame + 1) * length));
}

function jpegXl(syntax: string, ...args: readonly string[]): (look: Look) => Uint8Array {
  return (look) => imageFile({ ...look, syntax }, encapsulated(framesOf(look).map((frame) => {
    const name = look.samples === 3 ? 'a.ppm' : 'a.pgm';
    return through('cjxl', ['{in}', '{out}', ...args, '--quiet'], netpbm(look, frame), { in: name, out: 'a.jxl' });
  })));
}

/** Netpbm wants samples big endian; cjxl 0.7 rounds those of other ranges than its cells have. */
function netpbm({ rows, columns, samples, bitsAllocated }: Look, frame: Uint8Array): Uint8Array {
  const cells = bitsAllocated === 16 ? Buffer.from(frame).swap16() : Buffer.from(frame);
  return Buffer.concat([Buffer.from(`${samples === 3 ? 'P6' : 'P5'}\n${columns} ${rows}\n${2 ** bitsAllocated - 1}\n`), cells]);
}

function own(syntax: string): (look: Look) => Uint8Array {
  return (look) => {
    const { rows, columns, samples = 1, bitsAllocated, bitsStored = bitsAllocated } = look;
    const layout = { rows, columns, samples, bitsAllocated, bitsStored, highBit: bitsStored - 1, signed: false, planar: false, photometric: samples === 3 ? 'RGB' : 'MONOCHROME2' };
    const encode = (bytes: Uint8Array) => loadFrameCodecs()(syntax)?.encodeLossless?.({ bytes, samples, bitsAllocated, precision: bitsStored, signed: false, transformed: samples === 3 }, layout) ?? new Uint8Array(0);
    return imageFile({ ...look, syntax }, encapsulated(framesOf(look).map(encode)));
  };
}

/** The same codestreams in other fragments and with other tables (PS3.5 A.4, PS3.3 C.7.6.3.1.8). */
function laidAnew(layout: 'without a table' | 'in two fragments each' | 'with an extended table'): () => Uint8Array {
  return () => {
    const look: Look = { ...GREY8, frames: 3 };
    const file = through('dcmcjpls', ['--encode-lossless', '{in}', '{out}'], imageFile(look));
    const frames = codestreamsOf(file).map((bytes) => (bytes.length % 2 === 0 ? bytes : new Uint8Array([...bytes, 0])));
    const syntax = `${JPEG}80`;
    if (layout === 'without a table') return imageFile({ ...look, syntax }, encapsulated(frames, 'empty'));
    if (layout === 'in two fragments each') {
      const offsets = frames.map((_, i) => frames.slice(0, i).reduce((sum, { length }) => sum + length + 16, 0));
      return imageFile({ ...look, syntax }, encapsulated(frames.flatMap((frame) => [frame.subarray(0, 500), frame.subarray(500)]), offsets));
    }
    const table = (values: readonly number[]) => new Uint8Array(BigUint64Array.from(values, BigInt).buffer);
    const tables: FixtureElement[] = [
      element(0x7fe00001, 'OV', table(frames.map((_, i) => frames.slice(0, i).reduce((sum, { length }) => sum + length + 8, 0)))),
      element(0x7fe00002, 'OV', table(frames.map(({ length }) => length))),
    ];
    return imageFile({ ...look, syntax }, encapsulated(frames, 'empty'), tables);
  };
}

/** The frames of encapsulated Pixel Data, each of one fragment or as its offset table says, by dicom-parser. */
export function codestreamsOf(file: Uint8Array): Uint8Array[] {
  const dataSet = dicomParser.parseDicom(file);
  const pixels = dataSet.elements.x7fe00010;
  const { fragments = [], basicOffsetTable = [] } = pixels;
  const count = Number(dataSet.string('x00280008') ?? 1);
  const firsts = basicOffsetTable.length === count ? basicOffsetTable.map((offset) => fragments.findIndex((fragment) => fragment.offset === offset)) : fragments.map((_, i) => i);
  if (firsts.length !== count || firsts.includes(-1)) throw new Error('the offset table does not lead to the frames');
  return firsts.map((first, i) => Buffer.concat(fragments.slice(first, firsts[i + 1] ?? fragments.length).map(({ position, length }) => file.subarray(position, position + length))));
}

/** Every Transfer Syntax with every look that it takes, of one frame and of three; and what is laid down in other ways. */
export function pixelSources(): PixelSource[] {
  const usual = WAYS.flatMap(({ syntax, looks, encoders, decoder, becomes = syntax, tolerance = 0, encode }) => looks.flatMap((name) => [1, 3].map((frames): PixelSource => {
    const look: Look = { ...LOOKS[name], frames };
    return { name: `${syntax} ${name}${frames === 1 ? '' : ` ×${frames}`}`, look, syntax, encoders, decoder, becomes, tolerance, make: () => encode(look) };
  })));
  const second: Look = { ...GREY8, rows: ROWS_OF_SECOND, frames: 3 };
  const one = WAYS.filter(({ looks }) => looks.includes('grey 8')).map(({ syntax, encoders, decoder, becomes = syntax, tolerance = 0, encode }): PixelSource => (
    { name: `${syntax} the second of three frames`, look: second, syntax, encoders, decoder, becomes, tolerance, frames: [1], make: () => encode(second) }
  ));
  const laid = (['without a table', 'in two fragments each', 'with an extended table'] as const).map((layout): PixelSource => (
    { name: `${JPEG}80 ${layout}`, look: { ...GREY8, frames: 3 }, syntax: `${JPEG}80`, encoders: ['dcmcjpls'], decoder: 'dcmdjpls', becomes: `${JPEG}80`, make: laidAnew(layout) }
  ));
  const palette: PixelSource = {
    name: `${EXPLICIT} palette`, look: { ...GREY8, photometric: 'PALETTE COLOR' }, syntax: EXPLICIT, encoders: [], decoder: 'dcmconv', becomes: EXPLICIT,
    make: () => imageFile({ ...GREY8, photometric: 'PALETTE COLOR' }, undefined, paletteOf(7)),
  };
  const planes: PixelSource = { name: `${EXPLICIT} colour by plane`, look: { ...COLOUR, planar: true }, syntax: EXPLICIT, encoders: [], decoder: 'dcmconv', becomes: EXPLICIT, make: () => imageFile({ ...COLOUR, planar: true }) };
  const inverse: PixelSource = { name: `${EXPLICIT} MONOCHROME1`, look: { ...GREY12, photometric: 'MONOCHROME1' }, syntax: EXPLICIT, encoders: [], decoder: 'dcmconv', becomes: EXPLICIT, make: () => imageFile({ ...GREY12, photometric: 'MONOCHROME1' }) };
  return [...usual, ...one, ...laid, palette, planes, inverse];
}

/** The entry of the palette that is black in `palette` above. */
export const DARKEST = 7;

/** A palette in which one entry is black and all others are not. */
function paletteOf(black: number): FixtureElement[] {
  const data = Uint16Array.from({ length: 256 }, (_, i) => (i === black ? 0 : 0x4000 + i * 64));
  return [0x1101, 0x1102, 0x1103].map((low) => element(0x00280000 + low, 'US', [256, 0, 16]))
    .concat([0x1201, 0x1202, 0x1203].map((low) => element(0x00280000 + low, 'OW', new Uint8Array(data.buffer))));
}
