import type { ByteSource } from '../dicom/byte-source.ts';
import type { Redaction } from '../plan.ts';
import type { Fragment } from './fragments.ts';

/** Longest redaction, so that blanking much costs no memory when it is written. */
const LONGEST = 1 << 20;

/**
 * The bytes of one compressed frame as one stream, whatever fragments it was cut into (PS3.5 A.4), read in windows.
 * Offsets count from the first byte of the frame. What is blanked becomes redactions of the source, which must be
 * asked for in ascending order.
 */
export class FrameStream {
  readonly length: number;
  /** By fragment, the offset of its first byte. */
  private readonly firsts: number[] = [];
  /** The window in hand: `bytes` begin at offset `base`, and those from `from` to `to` are of this frame. */
  private bytes: Uint8Array = new Uint8Array(0);
  private base = 0;
  private from = 0;
  private to = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly fragments: readonly Fragment[],
    private readonly redactions: Redaction[],
  ) {
    let length = 0;
    for (const { start, end } of fragments) {
      this.firsts.push(length);
      length += end - start;
    }
    this.length = length;
  }

  byte(at: number): number {
    if (at < this.from || at >= this.to) this.load(at);
    return this.bytes[at - this.base];
  }

  /** Big endian, as the codestreams of all JPEG standards have it. */
  uint16(at: number): number {
    return (this.byte(at) << 8) | this.byte(at + 1);
  }

  /** Big endian. */
  uint32(at: number): number {
    return this.uint16(at) * 0x10000 + this.uint16(at + 2);
  }

  /** Bytes `from` to `to`, one character each. */
  text(from: number, to: number): string {
    let text = '';
    for (let at = from; at < to; at++) text += String.fromCharCode(this.byte(at));
    return text;
  }

  /** Offset of the first byte of this value from `from` to `end`; `end` where there is none. */
  indexOf(value: number, from: number, end: number): number {
    for (let at = from; at < end; at = this.to) {
      if (at < this.from || at >= this.to) this.load(at);
      const found = this.bytes.subarray(at - this.base, Math.min(end, this.to) - this.base).indexOf(value);
      if (found >= 0) return at + found;
    }
    return end;
  }

  /** Overwrites what is from `from` to `to`; across fragments in several redactions. */
  blank(from: number, to: number, fill: number): void {
    for (let at = from; at < to; ) {
      const i = this.fragmentAt(at);
      const { start, end } = this.fragments[i];
      const place = start + at - this.firsts[i];
      const stop = Math.min(end, place + to - at, place + LONGEST);
      this.redactions.push({ start: place, end: stop, fill });
      at += stop - place;
    }
  }

  /**
   * Overwrites what follows the end of something, one byte of padding aside, unless it is filler already. Tells whether
   * whole fragments went that way.
   */
  blankRest(from: number, to: number, fill = 0): boolean {
    if (to - from < 2 || this.isFiller(from, to)) return false;
    this.blank(from, to, fill);
    return this.firsts.some((first) => first >= from && first < to);
  }

  /** One byte again and again, which says nothing. */
  private isFiller(from: number, to: number): boolean {
    const filler = this.byte(from);
    for (let at = from + 1; at < to; at++) if (this.byte(at) !== filler) return false;
    return true;
  }

  private load(at: number): void {
    const i = this.fragmentAt(at);
    const { start, end } = this.fragments[i];
    const first = this.firsts[i];
    const { bytes, offset } = this.source.window(start + at - first, 1);
    this.bytes = bytes;
    this.base = offset - start + first;
    this.from = Math.max(first, this.base);
    this.to = Math.min(first + end - start, this.base + bytes.length);
  }

  private fragmentAt(at: number): number {
    if (at < 0 || at >= this.length) throw new RangeError('offset leaves the frame');
    let [low, high] = [0, this.firsts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.firsts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
