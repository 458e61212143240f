import { formsOf } from './charsets.ts';

/** A string that must not be found, in one of its spellings. */
interface Needle {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly isEscaped: boolean;
}

export interface Finding {
  readonly text: string;
  readonly offset: number;
  /** Characters beyond ASCII, spelled in its bytes: JIS X 0208, which means nothing without an escape sequence before it. */
  readonly isEscaped: boolean;
}

const MIN_BYTES = 4;

/** Looks for many strings in bytes, in every character set's spelling, whatever the case. */
export class Searcher {
  /** By the first four bytes, lower case. */
  private readonly needles = new Map<number, Needle[]>();

  constructor(texts: Iterable<string>) {
    for (const text of new Set(texts)) for (const bytes of spellings(text)) this.add({ text, bytes: folded(bytes), isEscaped: /[^ -~]/.test(text) && bytes.every((byte) => byte < 0x80) && bytes.length === 2 * [...text].length });
  }

  find(haystack: Uint8Array, start = 0, end = haystack.length): Finding[] {
    const bytes = folded(haystack);
    const found: Finding[] = [];
    for (let at = start; at + MIN_BYTES <= end; at++) {
      const candidates = this.needles.get(keyAt(bytes, at));
      if (candidates === undefined) continue;
      for (const needle of candidates) {
        if (at + needle.bytes.length <= end && isAt(needle.bytes, bytes, at)) found.push({ text: needle.text, offset: at, isEscaped: needle.isEscaped });
      }
    }
    return found;
  }

  private add(needle: Needle): void {
    if (needle.bytes.length < MIN_BYTES) return;
    const key = keyAt(needle.bytes, 0);
    const list = this.needles.get(key);
    if (list === undefined) this.needles.set(key, [needle]);
    else list.push(needle);
  }
}

const known = new Map<string, Uint8Array[]>();

function spellings(text: string): Uint8Array[] {
  let forms = known.get(text);
  if (forms === undefined) known.set(text, (forms = formsOf(text)));
  return forms;
}

function keyAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

function isAt(needle: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = MIN_BYTES; i < needle.length; i++) if (bytes[at + i] !== needle[i]) return false;
  return true;
}

function folded(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) copy[i] = bytes[i] >= 0x41 && bytes[i] <= 0x5a ? bytes[i] + 0x20 : bytes[i];
  return copy;
}
