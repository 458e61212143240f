import { type Identifier, isMoreTelling } from './identifiers.ts';

/** Classes of bytes, so that "inside a word" is a comparison: letter (bytes of the upper half too), digit, other. */
export const OTHER = 0;
const LETTER = 1;
export const DIGIT = 2;
export const CLASS = new Uint8Array(256);
/** Lower case of ASCII letters, every other byte itself. */
export const FOLD = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const isUpper = byte >= 0x41 && byte <= 0x5a;
  const isLower = byte >= 0x61 && byte <= 0x7a;
  CLASS[byte] = isUpper || isLower || byte >= 0x80 ? LETTER : byte >= 0x30 && byte <= 0x39 ? DIGIT : OTHER;
  FOLD[byte] = isUpper ? byte + 0x20 : byte;
}

/** Identifiers by their texts, and the hashes of these. */
export interface Texts {
  readonly hashes: ReadonlySet<number>;
  readonly texts: ReadonlyMap<string, Identifier>;
}

/** Of two with one text the more telling one counts. */
export function textsOf(identifiers: readonly Identifier[]): Texts {
  const hashes = new Set<number>();
  const texts = new Map<string, Identifier>();
  for (const identifier of identifiers) {
    const { text } = identifier;
    const other = texts.get(text);
    if (other !== undefined && !isMoreTelling(identifier, other)) continue;
    texts.set(text, identifier);
    let hash = 0;
    for (let i = 0; i < text.length; i++) hash = hashed(hash, text.charCodeAt(i));
    hashes.add(hash);
  }
  return { hashes, texts };
}

export function hashed(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

/** After an ASCII letter these bytes are no letter: marks of ISO 8859-1, or the rest of a mark in UTF-8. */
export function isMark(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}
