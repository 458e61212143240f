/** Size and depth of a JPEG XL image. */
export interface JpegXlHeader {
  readonly columns: number;
  readonly rows: number;
  readonly precision: number;
}

/** Reads bits, the lowest of a byte first (ISO/IEC 18181-1 B.2). */
class Bits {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get exhausted(): boolean {
    return this.at > this.bytes.length * 8;
  }

  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.at++) value += (((this.bytes[this.at >> 3] ?? 0) >> (this.at & 7)) & 1) * 2 ** i;
    return value;
  }

  /** One of four lengths or fixed values, chosen by two bits. */
  choose(choices: readonly (readonly [base: number, bits: number])[]): number {
    const [base, bits] = choices[this.take(2)];
    return base + this.take(bits);
  }
}

const SIZES = [[1, 9], [1, 13], [1, 18], [1, 30]] as const;
const DEPTHS = [[8, 0], [10, 0], [12, 0], [1, 6]] as const;
const RATIOS: readonly (readonly [number, number])[] = [[0, 1], [1, 1], [12, 10], [4, 3], [3, 2], [16, 9], [5, 4], [2, 1]];

/** Size header and bit depth of a codestream, bare or in its container; undefined for what is none, or animated. */
export function readJpegXlHeader(bytes: Uint8Array): JpegXlHeader | undefined {
  const start = startOfCodestream(bytes);
  if (start < 0) return undefined;
  const bits = new Bits(bytes.subarray(start + 2, start + 66));
  const { columns, rows } = readSize(bits);
  if (bits.take(1) === 1) return { columns, rows, precision: 8 };
  if (bits.take(1) === 1) {
    bits.take(3);
    if (bits.take(1) === 1) readSize(bits);
    // Previews and animations are no frames of DICOM.
    if (bits.take(1) === 1 || bits.take(1) === 1) return undefined;
  }
  if (bits.take(1) === 1) return undefined;
  const precision = bits.choose(DEPTHS);
  return bits.exhausted ? undefined : { columns, rows, precision };
}

function readSize(bits: Bits): { columns: number; rows: number } {
  const isSmall = bits.take(1) === 1;
  const side = () => (isSmall ? 8 * (bits.take(5) + 1) : bits.choose(SIZES));
  const rows = side();
  const ratio = bits.take(3);
  const [over, under] = RATIOS[ratio];
  return { rows, columns: ratio === 0 ? side() : Math.floor((rows * over) / under) };
}

/** FF 0A, or the box `jxlc` or the first `jxlp` of a container (ISO/IEC 18181-2). */
function startOfCodestream(bytes: Uint8Array): number {
  if (bytes[0] === 0xff && bytes[1] === 0x0a) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    const header = length === 1 ? 16 : 8;
    const content = at + header + (type === 0x6a786c70 ? 4 : 0);
    if (type === 0x6a786c63 || type === 0x6a786c70) return bytes[content] === 0xff && bytes[content + 1] === 0x0a ? content : -1;
    if (length < header) return -1;
    at += length;
  }
  return -1;
}
