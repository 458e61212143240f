import type { Identifier } from './identifiers.ts';

export interface Hit {
  readonly identifier: Identifier;
  /** Offsets in the bytes that were searched. */
  readonly start: number;
  readonly end: number;
}

/** Finds any of many identifiers in bytes, in one pass, whatever their case (ASCII). */
export interface Matcher {
  readonly identifiers: readonly Identifier[];
  /** All hits that stand alone: not inside a longer word, number or UID. Offsets ascend; the longest wins at a place. */
  find(bytes: Uint8Array, start: number, end: number): Hit[];
}

/** Classes of bytes, so that "inside a word" is a comparison: letter (bytes of the upper half too), digit, other. */
const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const CLASS = new Uint8Array(256);
/** Lower case of ASCII letters, every other byte itself. */
const FOLD = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const isUpper = byte >= 0x41 && byte <= 0x5a;
  const isLower = byte >= 0x61 && byte <= 0x7a;
  CLASS[byte] = isUpper || isLower || byte >= 0x80 ? LETTER : byte >= 0x30 && byte <= 0x39 ? DIGIT : OTHER;
  FOLD[byte] = isUpper ? byte + 0x20 : byte;
}

const BUCKETS = 4096;

export function createMatcher(identifiers: readonly Identifier[]): Matcher {
  // Chains by the first three bytes; the longest identifier first.
  const chains: Identifier[][] = [];
  const heads = new Int16Array(BUCKETS).fill(-1);
  for (const identifier of [...identifiers].sort((a, b) => b.text.length - a.text.length)) {
    const { text } = identifier;
    const bucket = bucketOf(text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2));
    if (heads[bucket] < 0) heads[bucket] = chains.push([]) - 1;
    chains[heads[bucket]].push(identifier);
  }
  return {
    identifiers,
    find(bytes, start, end) {
      const hits: Hit[] = [];
      if (chains.length === 0) return hits;
      let before = OTHER;
      for (let at = start; at + 2 < end; at++) {
        const kind = CLASS[bytes[at]];
        const startsWord = kind !== before || kind === OTHER;
        before = kind;
        if (!startsWord) continue;
        const head = heads[bucketOf(FOLD[bytes[at]], FOLD[bytes[at + 1]], FOLD[bytes[at + 2]])];
        if (head < 0) continue;
        const identifier = chains[head].find(({ text }) => standsAt(text, bytes, at, end));
        if (identifier === undefined) continue;
        hits.push({ identifier, start: at, end: at + identifier.text.length });
        at += identifier.text.length - 1;
        before = CLASS[bytes[at]];
      }
      return hits;
    },
  };
}

function bucketOf(a: number, b: number, c: number): number {
  return (a ^ (b << 4) ^ (c << 7)) & (BUCKETS - 1);
}

function standsAt(text: string, bytes: Uint8Array, at: number, end: number): boolean {
  const after = at + text.length;
  if (after > end) return false;
  for (let i = 0; i < text.length; i++) if (FOLD[bytes[at + i]] !== text.charCodeAt(i)) return false;
  const last = CLASS[bytes[after - 1]];
  return after === end || last === OTHER || CLASS[bytes[after]] !== last;
}
