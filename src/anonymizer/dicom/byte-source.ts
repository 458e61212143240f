/** Random access to the bytes of one file, synchronous so that reading is one loop; handed in by the caller. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /**
   * Bytes `start` to `end` (exclusive). The view stays valid as long as the source.
   * @throws RangeError where the range leaves the source
   */
  read(start: number, end: number): Uint8Array;
  /** A view that holds `start` and at least `length` bytes from it, or all there are, with the offset of its first byte. */
  window(start: number, length: number): ByteWindow;
}

export interface ByteWindow {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** A source over bytes that are in memory as a whole. */
export class MemorySource implements ByteSource {
  readonly size: number;
  readonly #window: ByteWindow;

  constructor(readonly bytes: Uint8Array) {
    this.size = bytes.length;
    this.#window = { bytes, offset: 0 };
  }

  read(start: number, end: number): Uint8Array {
    if (start < 0 || end < start || end > this.size) throw new RangeError('range leaves the source');
    return this.bytes.subarray(start, end);
  }

  window(): ByteWindow {
    return this.#window;
  }
}

const WINDOW = 1 << 18;

/**
 * A source over a file of any size: reads in windows through a function that is handed in, and keeps the last two,
 * so that the memory is that of the header and not of the pixels.
 */
export class RangedSource implements ByteSource {
  #last: ByteWindow = { bytes: new Uint8Array(0), offset: 0 };
  readonly #first: ByteWindow;

  constructor(
    readonly size: number,
    /** Must return exactly the bytes `start` to `end`. */
    private readonly readRange: (start: number, end: number) => Uint8Array,
  ) {
    this.#first = { bytes: readRange(0, Math.min(size, WINDOW)), offset: 0 };
  }

  read(start: number, end: number): Uint8Array {
    if (start < 0 || end < start || end > this.size) throw new RangeError('range leaves the source');
    const { bytes, offset } = this.window(start, end - start);
    return bytes.subarray(start - offset, end - offset);
  }

  window(start: number, length: number): ByteWindow {
    const end = Math.min(this.size, start + length);
    if (end <= this.#first.bytes.length) return this.#first;
    const last = this.#last;
    if (start < last.offset || end > last.offset + last.bytes.length) {
      this.#last = { bytes: this.readRange(start, Math.min(this.size, Math.max(end, start + WINDOW))), offset: start };
    }
    return this.#last;
  }
}
