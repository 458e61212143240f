import { inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import { through } from '../fixtures/pixels.ts';
import { codestreamsOf, type DecoderName } from './pixel-sources.ts';

/** The samples of an image as another decoder gives them: by frame, then by pixel. */
export interface Samples {
  readonly columns: number;
  readonly photometric: string;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly frames: readonly (readonly (readonly number[])[])[];
}

/** Samples of a file, by a decoder of other people; native files by dcmtk alone. */
export function samplesOf(file: Uint8Array, decoder: DecoderName): Samples {
  const isNative = /^1\.2\.840\.10008\.1\.2(\.1|\.2|\.1\.99)?$/.test(syntaxOf(file));
  switch (isNative ? 'dcmconv' : decoder) {
    case 'dcmconv': return nativeSamples(through('dcmconv', ['+te', '{in}', '{out}'], file));
    case 'dcmdjpeg': return nativeSamples(through('dcmdjpeg', ['{in}', '{out}'], file));
    case 'dcmdjpls': return nativeSamples(through('dcmdjpls', ['{in}', '{out}'], file));
    case 'dcmdrle': return nativeSamples(through('dcmdrle', ['{in}', '{out}'], file));
    case 'gdcmconv': return nativeSamples(through('gdcmconv', ['--raw', '-i', '{in}', '-o', '{out}'], file));
    case 'opj_decompress': return netpbmSamples(file, 'opj_decompress', ['-i', '{in}', '-o', '{out}'], 'a.j2k');
    case 'djxl': return netpbmSamples(file, 'djxl', ['{in}', '{out}'], 'a.jxl');
    case 'inflate': return inflatedSamples(file);
  }
}

/** The Transfer Syntax of a file, from its File Meta Information alone (PS3.10 7.1). */
export function syntaxOf(file: Uint8Array): string {
  const bytes = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, 1024));
  const at = bytes.indexOf(Buffer.from([0x02, 0x00, 0x10, 0x00, 0x55, 0x49]));
  return bytes.toString('latin1', at + 8, at + 8 + bytes.readUInt16LE(at + 6)).replace(/\0$/, '');
}

interface Header extends Omit<Samples, 'frames'> {
  readonly rows: number;
  readonly samples: number;
  readonly bits: number;
  readonly planar: boolean;
  readonly count: number;
}

function headerOf(dataSet: dicomParser.DataSet): Header {
  const number = (tag: string) => dataSet.uint16(tag) ?? 0;
  return {
    rows: number('x00280010'), columns: number('x00280011'), samples: number('x00280002'), bits: number('x00280100'), bitsStored: number('x00280101'),
    signed: number('x00280103') === 1, planar: number('x00280006') === 1, photometric: (dataSet.string('x00280004') ?? '').trim(), count: Number(dataSet.string('x00280008') ?? 1),
  };
}

function nativeSamples(file: Uint8Array): Samples {
  // dicom-parser does not know the VR of an Extended Offset Table, which decoders leave in front of the pixels.
  const dataSet = dicomParser.parseDicom(file, { untilTag: 'x7fe00001' });
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const at = Math.max(bytes.lastIndexOf('e07f10004f420000', undefined, 'hex'), bytes.lastIndexOf('e07f10004f570000', undefined, 'hex'));
  return arranged(headerOf(dataSet), file.subarray(at + 12, at + 12 + bytes.readUInt32LE(at + 8)), true);
}

function inflatedSamples(file: Uint8Array): Samples {
  return arranged(headerOf(dicomParser.parseDicom(file)), Buffer.concat(codestreamsOf(file).map((frame) => inflateRawSync(frame))), true);
}

/** A tool of its own for each codestream, which writes Netpbm: samples behind the header, big endian. */
function netpbmSamples(file: Uint8Array, tool: string, args: readonly string[], name: string): Samples {
  const header = headerOf(dicomParser.parseDicom(file));
  const size = header.rows * header.columns * header.samples * (header.bits / 8);
  const frames = codestreamsOf(file).map((bytes) => {
    const image = through(tool, args, bytes, { in: name, out: header.samples === 3 ? 'a.ppm' : 'a.pgm' });
    return image.subarray(image.length - size);
  });
  // What these tools give is RGB whatever the codestream transforms.
  const photometric = header.samples === 3 ? 'RGB' : header.photometric;
  return arranged({ ...header, photometric }, Buffer.concat(frames), false);
}

function arranged({ rows, columns, samples, bits, bitsStored, signed, planar, photometric, count }: Header, bytes: Uint8Array, littleEndian: boolean): Samples {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const value = (at: number) => (bits === 8 ? (signed ? view.getInt8(at) : view.getUint8(at)) : signed ? view.getInt16(at * 2, littleEndian) : view.getUint16(at * 2, littleEndian));
  const pixels = rows * columns;
  if (bytes.length < (pixels * samples * count * bits) / 8) throw new Error('there are fewer samples than the header says');
  const frames = Array.from({ length: count }, (_, frame) => Array.from({ length: pixels }, (_, pixel) => Array.from({ length: samples }, (_, sample) => (
    value(frame * pixels * samples + (planar ? sample * pixels + pixel : pixel * samples + sample))
  ))));
  return { columns, photometric, bitsStored, signed, frames };
}
