/** What the headers of a codestream say of its image, read without decoding it. */
export interface CodestreamHeader {
  readonly columns: number;
  readonly rows: number;
  readonly samples: number;
  readonly precision: number;
  readonly signed: boolean;
  /** All components have the size of the image. */
  readonly fullSize: boolean;
  /** The codestream reaches to its end marker as far as its own lengths tell. */
  readonly complete: boolean;
  /** JPEG 2000: a multiple component transform is used. */
  readonly transformed: boolean;
  /** JPEG with three components: how their colour is meant, as the markers tell. */
  readonly colour: 'RGB' | 'YBR' | 'unknown';
}

/** Frame header, APPn and the end of a JPEG or JPEG-LS image (ITU-T T.81 B, T.87 C); undefined where there is none. */
export function readJpegHeader(bytes: Uint8Array): CodestreamHeader | undefined {
  let jfif = false;
  let adobe = -1;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1];
    if (marker === 0xff) { at++; continue; }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) { at += 2; continue; }
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 9));
    if (marker === 0xe0 && name.startsWith('JFIF')) jfif = true;
    if (marker === 0xee && name === 'Adobe' && length >= 14) adobe = bytes[at + 15];
    const isFrame = (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7;
    if (isFrame) return frameHeader(bytes, at, marker, jfif, adobe);
    if (marker === 0xda || marker === 0xd9 || length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

function frameHeader(bytes: Uint8Array, at: number, marker: number, jfif: boolean, adobe: number): CodestreamHeader {
  const samples = bytes[at + 9];
  const ids = Array.from({ length: samples }, (_, i) => bytes[at + 10 + i * 3]);
  const sampling = Array.from({ length: samples }, (_, i) => bytes[at + 11 + i * 3]);
  const isLossless = marker === 0xc3 || marker === 0xc7 || marker === 0xf7;
  const last = bytes.lastIndexOf(0xd9);
  return {
    precision: bytes[at + 4],
    rows: (bytes[at + 5] << 8) | bytes[at + 6],
    columns: (bytes[at + 7] << 8) | bytes[at + 8],
    samples,
    signed: false,
    fullSize: sampling.every((value) => value === sampling[0]),
    complete: last > 0 && bytes[last - 1] === 0xff,
    transformed: false,
    colour: samples === 3 ? colourOf(ids, jfif, adobe, isLossless, sampling) : 'unknown',
  };
}

/** As the decoders of the field do it: Adobe's marker, JFIF, names of the components, sub-sampling. */
function colourOf(ids: readonly number[], jfif: boolean, adobe: number, isLossless: boolean, sampling: readonly number[]): 'RGB' | 'YBR' | 'unknown' {
  if (adobe === 0) return 'RGB';
  if (adobe === 1) return 'YBR';
  if (ids.join() === '82,71,66') return 'RGB';
  if (isLossless) return 'unknown';
  if (jfif || sampling[0] !== sampling[1]) return 'YBR';
  return 'unknown';
}

/** Main header and chain of tile-parts of a JPEG 2000 or HTJ2K codestream, bare or in JP2 (ITU-T T.800 A, I). */
export function readJpeg2000Header(bytes: Uint8Array): CodestreamHeader | undefined {
  const start = startOfCodestream(bytes);
  if (start < 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let transformed = false;
  let size: Pick<CodestreamHeader, 'columns' | 'rows' | 'samples' | 'precision' | 'signed' | 'fullSize'> | undefined;
  for (let at = start + 2; at + 4 <= bytes.length; ) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (marker === 0xff51 && at + 40 < bytes.length) size = imageSize(view, at);
    if (marker === 0xff52) transformed = bytes[at + 8] === 1;
    if (marker === 0xff90) return size === undefined ? undefined : { ...size, transformed, colour: 'unknown', complete: reachesEnd(view, at) };
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

function imageSize(view: DataView, at: number) {
  const samples = view.getUint16(at + 38);
  const components = Array.from({ length: Math.min(samples, Math.floor((view.byteLength - at - 40) / 3)) }, (_, i) => at + 40 + i * 3);
  const depth = view.getUint8(at + 40);
  return {
    columns: view.getUint32(at + 6) - view.getUint32(at + 14),
    rows: view.getUint32(at + 10) - view.getUint32(at + 18),
    samples,
    precision: (depth & 0x7f) + 1,
    signed: (depth & 0x80) !== 0,
    fullSize: components.every((place) => view.getUint8(place) === depth && view.getUint8(place + 1) === 1 && view.getUint8(place + 2) === 1),
  };
}

/** Whether the lengths of the tile-parts (SOT, A.4.2) lead to the end of the codestream. */
function reachesEnd(view: DataView, first: number): boolean {
  let at = first;
  while (at + 12 <= view.byteLength && view.getUint16(at) === 0xff90) {
    const length = view.getUint32(at + 6);
    if (length === 0) {
      // The last tile-part reaches to the end marker, behind which there may be padding.
      let last = view.byteLength;
      while (last > at + 14 && view.getUint8(last - 1) === 0) last--;
      return view.getUint16(last - 2) === 0xffd9;
    }
    at += length;
  }
  return at + 2 <= view.byteLength && view.getUint16(at) === 0xffd9;
}

function startOfCodestream(bytes: Uint8Array): number {
  if (bytes[0] === 0xff && bytes[1] === 0x4f) return 0;
  // JP2: boxes of length and type; the codestream is in `jp2c`.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    const isCodestream = view.getUint32(at + 4) === 0x6a703263;
    const header = length === 1 ? 16 : 8;
    if (isCodestream) return bytes[at + header] === 0xff ? at + header : -1;
    if (length < header) return -1;
    at += length;
  }
  return -1;
}
