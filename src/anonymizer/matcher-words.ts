import { beginsHeader } from './dicom/next-header.ts';
import type { Identifier } from './identifiers.ts';
import { CLASS, DIGIT, FOLD, hashed, isMark, OTHER, type Texts, textsOf } from './matcher-texts.ts';

const BUCKETS = 4096;

/** Whether an identifier counts at a place. */
type Counts = (identifier: Identifier, at: number) => boolean;

/** Identifiers by their first three bytes. */
export class Words {
  /** By byte: 1 where one of them, a date or a UID may begin with it. */
  readonly starts = CLASS.map((kind) => (kind === DIGIT ? 1 : 0));
  readonly isEmpty: boolean;
  private readonly heads = new Int16Array(BUCKETS).fill(-1);
  private readonly chains: Chain[] = [];

  constructor(identifiers: readonly Identifier[]) {
    this.isEmpty = identifiers.length === 0;
    for (const identifier of identifiers) {
      const { text } = identifier;
      const first = text.charCodeAt(0);
      const bucket = bucketOf(first, text.charCodeAt(1), text.charCodeAt(2));
      if (this.heads[bucket] < 0) this.heads[bucket] = this.chains.push(new Chain()) - 1;
      this.chains[this.heads[bucket]].identifiers.push(identifier);
      this.starts[first] = 1;
      if (first >= 0x61 && first <= 0x7a) this.starts[first - 0x20] = 1;
    }
  }

  /** The longest that stands there and counts. */
  at(bytes: Uint8Array, at: number, end: number, counts: Counts): Identifier | undefined {
    const head = this.heads[bucketOf(FOLD[bytes[at]], FOLD[bytes[at + 1]], FOLD[bytes[at + 2]])];
    return head < 0 ? undefined : this.chains[head].at(bytes, at, end, counts);
  }
}

/** Identifiers that begin alike, by their lengths: a place costs as many look-ups as there are lengths. Most are never met. */
class Chain {
  readonly identifiers: Identifier[] = [];
  /** The longest first. */
  private lengths: readonly number[] = [];
  /** With hashes, so that what only begins like one costs no string. */
  private texts: Texts | undefined;

  at(bytes: Uint8Array, at: number, end: number, counts: Counts): Identifier | undefined {
    const { hashes, texts } = (this.texts ??= this.prepared());
    for (const length of this.lengths) {
      const after = at + length;
      if (after > end) continue;
      let hash = 0;
      for (let i = at; i < after; i++) hash = hashed(hash, FOLD[bytes[i]]);
      if (!hashes.has(hash) || !endsWord(bytes, after, end)) continue;
      const found = texts.get(foldedText(bytes, at, after));
      if (found !== undefined && counts(found, at)) return found;
    }
    return undefined;
  }

  private prepared(): Texts {
    this.lengths = [...new Set(this.identifiers.map(({ text }) => text.length))].sort((a, b) => b - a);
    return textsOf(this.identifiers);
  }
}

function bucketOf(a: number, b: number, c: number): number {
  return (a ^ (b << 4) ^ (c << 7)) & (BUCKETS - 1);
}

/** Scripts of more than one byte a letter have no spaces between words; marks such as a curly apostrophe end one. */
function endsWord(bytes: Uint8Array, after: number, end: number): boolean {
  const last = bytes[after - 1];
  const next = bytes[after];
  if (after === end || CLASS[last] === OTHER || last >= 0x80 || CLASS[next] !== CLASS[last]) return true;
  return isMark(next) || (next === 0xe2 && bytes[after + 1] === 0x80) || beginsHeader(bytes, after, end);
}

function foldedText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(FOLD[bytes[i]]);
  return text;
}
