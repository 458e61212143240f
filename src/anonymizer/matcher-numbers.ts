import { beginsHeader } from './dicom/next-header.ts';
import { byteString } from './dicom/values.ts';
import type { Identifier } from './identifiers.ts';
import { CLASS, DIGIT, hashed, type Texts, textsOf } from './matcher-texts.ts';
import { isTextAt } from './same-bytes.ts';

export const DOT = 0x2e;
/** Digits of a date, and of a date with hours, minutes and seconds behind it. */
const DATE_LENGTHS = new Set([8, 10, 12, 14]);
const DATE_LENGTH = 8;
const SHORTEST_UID = 8;
const LONGEST_UID = 64;
/** So many are compared one after another, sooner than they could be made ready for anything else. */
const FEW = 8;

/** Dates and UIDs: found by their form and looked up, so that it costs nothing how many there are. */
export class Numbers {
  /** With hashes, so that what a file holds of other numbers costs no string. */
  private texts: Texts | undefined;

  /** @param others that are found, too */
  constructor(private readonly identifiers: readonly Identifier[], private readonly others?: Numbers) {}

  get isEmpty(): boolean {
    return this.identifiers.length === 0 && this.others?.isEmpty !== false;
  }

  /** The date or the UID that stands at a digit; a UID also where more components follow it. */
  at(bytes: Uint8Array, at: number, end: number): Identifier | undefined {
    const limit = Math.min(end, at + LONGEST_UID + 1);
    let after = at;
    let hash = 0;
    /** Of all bytes but the last one. */
    let shorter = 0;
    let date = 0;
    for (; after < limit && CLASS[bytes[after]] === DIGIT; after++) {
      shorter = hash;
      hash = hashed(hash, bytes[after]);
      if (after - at === DATE_LENGTH - 1) date = hash;
    }
    const isDate = after - at >= DATE_LENGTH && (DATE_LENGTHS.has(after - at) || (DATE_LENGTHS.has(after - 1 - at) && beginsHeader(bytes, after - 1, end)));
    const found = isDate ? this.find(date, bytes, at, at + DATE_LENGTH) : undefined;
    if (found !== undefined) return found;
    while (after < limit && bytes[after] === DOT) {
      shorter = hash;
      hash = hashed(hash, DOT);
      after++;
      for (; after < limit && CLASS[bytes[after]] === DIGIT; after++) {
        shorter = hash;
        hash = hashed(hash, bytes[after]);
      }
      if (after - at < SHORTEST_UID) continue;
      // The last digit may be no part of it, but the first byte of the next element: (0032,xxxx) begins with a 2.
      const uid = this.find(hash, bytes, at, after) ?? this.find(shorter, bytes, at, after - 1, end);
      if (uid !== undefined) return uid;
    }
    return undefined;
  }

  /** @param headerWithin where the byte behind it must begin a header that ends by then */
  private find(hash: number, bytes: Uint8Array, start: number, end: number, headerWithin = 0): Identifier | undefined {
    const found = this.lookUp(hash, bytes, start, end) ?? this.others?.lookUp(hash, bytes, start, end);
    return found !== undefined && headerWithin > 0 && !beginsHeader(bytes, end, headerWithin) ? undefined : found;
  }

  private lookUp(hash: number, bytes: Uint8Array, start: number, end: number): Identifier | undefined {
    if (this.identifiers.length <= FEW) {
      for (let i = 0; i < this.identifiers.length; i++) if (isTextAt(bytes, start, end, this.identifiers[i].text)) return this.identifiers[i];
      return undefined;
    }
    const { hashes, texts } = (this.texts ??= textsOf(this.identifiers));
    return hashes.has(hash) ? texts.get(byteString(bytes.subarray(start, end))) : undefined;
  }
}
