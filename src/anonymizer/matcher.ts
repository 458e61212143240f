import { beginsHeader } from './dicom/next-header.ts';
import { type Identifier, isMoreTelling } from './identifiers.ts';

export interface Hit {
  readonly identifier: Identifier;
  /** Offsets in the bytes that were searched. */
  readonly start: number;
  readonly end: number;
}

/** Finds any of many identifiers in bytes, in one pass, whatever their case (ASCII). */
export interface Matcher {
  readonly identifiers: readonly Identifier[];
  /** The same as the matcher was given them. */
  readonly lists: readonly (readonly Identifier[])[];
  /** All hits that stand alone: not inside a longer word, number or UID. Offsets ascend; the longest wins at a place. */
  find(bytes: Uint8Array, start: number, end: number): Hit[];
  /** The same for all but words, which prove nothing and may hide a name: what they hold is found. */
  findTelling(bytes: Uint8Array, start: number, end: number): Hit[];
  /** The same that finds these, too. */
  with(uids: readonly Identifier[]): Matcher;
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

/** Words by their first three bytes. */
interface Chains {
  /** By byte: 1 where a word, a date or a UID may begin with it. */
  readonly starts: Uint8Array;
  readonly heads: Int16Array;
  readonly lists: readonly Chain[];
}

/** Words that begin alike, by their lengths, the longest first: a place costs as many look-ups as there are lengths. */
interface Chain {
  readonly lengths: readonly number[];
  /** With hashes, so that what only begins like one costs no string. */
  readonly words: Texts;
}

/** Identifiers by their texts, and the hashes of these. */
interface Texts {
  readonly hashes: ReadonlySet<number>;
  readonly texts: ReadonlyMap<string, Identifier>;
}

/** Of two with one text the more telling one counts. */
function textsOf(identifiers: readonly Identifier[]): Texts {
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

export function createMatcher(identifiers: readonly Identifier[]): Matcher {
  return createListMatcher([identifiers.filter((each) => !isNumber(each)), ...identifiers.filter(isNumber).map((each) => [each])]);
}

/** A matcher of lists of words, and of lists of dates and UIDs, as `identifierLists` makes them. */
export function createListMatcher(lists: readonly (readonly Identifier[])[]): Matcher {
  const words = lists.filter((list) => list.length > 0 && !isNumber(list[0]));
  const numbers = new Numbers(lists.filter((list) => list.length > 0 && isNumber(list[0])).flat());
  return new ListMatcher(lists, chainsOf(words), numbers);
}

class ListMatcher implements Matcher {
  constructor(readonly lists: readonly (readonly Identifier[])[], private readonly chains: { readonly all: Chains; readonly telling: Chains }, private readonly numbers: Numbers) {}

  get identifiers(): readonly Identifier[] {
    return this.lists.flat();
  }

  find(bytes: Uint8Array, start: number, end: number): Hit[] {
    return find(bytes, start, end, this.chains.all, this.numbers);
  }

  findTelling(bytes: Uint8Array, start: number, end: number): Hit[] {
    return find(bytes, start, end, this.chains.telling, this.numbers);
  }

  with(uids: readonly Identifier[]): Matcher {
    return new ListMatcher([...this.lists, uids], this.chains, new Numbers(uids, this.numbers));
  }
}

function isNumber({ kind }: Identifier): boolean {
  return kind === 'date' || kind === 'uid';
}

/** Chains of earlier files, since the slices of a series share their words; the oldest goes when full. */
const MEMORY = 8;
const known: { readonly lists: readonly (readonly Identifier[])[]; readonly all: Chains; readonly telling: Chains }[] = [];

function chainsOf(lists: readonly (readonly Identifier[])[]): { readonly all: Chains; readonly telling: Chains } {
  const old = known.find((entry) => entry.lists.length === lists.length && entry.lists.every((list, i) => list === lists[i]));
  if (old !== undefined) return old;
  const identifiers = lists.flat().sort((a, b) => b.text.length - a.text.length);
  const telling = identifiers.filter(({ kind }) => kind !== 'word');
  const all = chained(identifiers);
  const made = { lists, all, telling: telling.length === identifiers.length ? all : chained(telling) };
  if (known.length >= MEMORY) known.pop();
  known.unshift(made);
  return made;
}

/** @param identifiers the longest first */
function chained(identifiers: readonly Identifier[]): Chains {
  const buckets: Identifier[][] = [];
  const heads = new Int16Array(BUCKETS).fill(-1);
  const starts = CLASS.map((kind) => (kind === DIGIT ? 1 : 0));
  for (const identifier of identifiers) {
    const [first, second, third] = [0, 1, 2].map((i) => identifier.text.charCodeAt(i));
    const bucket = bucketOf(first, second, third);
    if (heads[bucket] < 0) heads[bucket] = buckets.push([]) - 1;
    buckets[heads[bucket]].push(identifier);
    for (let byte = 0; byte < 256; byte++) if (FOLD[byte] === first) starts[byte] = 1;
  }
  return { starts, heads, lists: buckets.map((list) => ({ lengths: [...new Set(list.map(({ text }) => text.length))], words: textsOf(list) })) };
}

function find(bytes: Uint8Array, start: number, end: number, { starts, heads, lists }: Chains, numbers: Numbers): Hit[] {
  const hits: Hit[] = [];
  if (lists.length === 0 && numbers.isEmpty) return hits;
  /** What stands here stands alone, whatever is in front of it. */
  let free = start;
  for (let at = start; at + 2 < end; at++) {
    if (starts[bytes[at]] === 0) continue;
    const kind = CLASS[bytes[at]];
    // Scripts of more than one byte a letter have no spaces between words.
    const startsWord = at === free || kind !== CLASS[bytes[at - 1]] || kind === OTHER || bytes[at] >= 0x80 || isMark(bytes[at - 1]);
    if (!startsWord) continue;
    const head = heads[bucketOf(FOLD[bytes[at]], FOLD[bytes[at + 1]], FOLD[bytes[at + 2]])];
    let identifier = head < 0 ? undefined : wordAt(lists[head], bytes, at, end);
    if (identifier === undefined && kind === DIGIT && !numbers.isEmpty && bytes[at - 1] !== DOT) identifier = numbers.at(bytes, at, end);
    if (identifier === undefined) continue;
    hits.push({ identifier, start: at, end: at + identifier.text.length });
    // What follows stands alone once the hit is cut out, even behind a letter that ends a word anywhere.
    free = at + identifier.text.length;
    at = free - 1;
  }
  return hits;
}

const DOT = 0x2e;
/** Digits of a date, and of a date with hours, minutes and seconds behind it. */
const DATE_LENGTHS = new Set([8, 10, 12, 14]);
const DATE_LENGTH = 8;
const SHORTEST_UID = 8;
const LONGEST_UID = 64;

/** Dates and UIDs: found by their form and looked up, so that it costs nothing how many there are. */
class Numbers {
  private texts: Texts | undefined;

  /** @param others that are found, too */
  constructor(private readonly identifiers: readonly Identifier[], private readonly others?: Numbers) {}

  get isEmpty(): boolean {
    return this.identifiers.length === 0 && this.others?.isEmpty !== false;
  }

  /** With hashes, so that what a file holds of other numbers costs no string. Many a slice has no number that asks for them. */
  private get own(): Texts {
    return (this.texts ??= textsOf(this.identifiers));
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
    const { own, others } = this;
    if (!own.hashes.has(hash) && others?.own.hashes.has(hash) !== true) return undefined;
    if (headerWithin > 0 && !beginsHeader(bytes, end, headerWithin)) return undefined;
    const text = textOf(bytes, start, end);
    return own.texts.get(text) ?? others?.own.texts.get(text);
  }
}

function hashed(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
}

function bucketOf(a: number, b: number, c: number): number {
  return (a ^ (b << 4) ^ (c << 7)) & (BUCKETS - 1);
}

function wordAt({ lengths, words }: Chain, bytes: Uint8Array, at: number, end: number): Identifier | undefined {
  for (const length of lengths) {
    const after = at + length;
    if (after > end) continue;
    let hash = 0;
    for (let i = at; i < after; i++) hash = hashed(hash, FOLD[bytes[i]]);
    if (!words.hashes.has(hash) || !endsWord(bytes, after, end)) continue;
    const found = words.texts.get(foldedText(bytes, at, after));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Scripts of more than one byte a letter have no spaces between words; marks such as a curly apostrophe end one. */
function endsWord(bytes: Uint8Array, after: number, end: number): boolean {
  const last = bytes[after - 1];
  const next = bytes[after];
  if (after === end || CLASS[last] === OTHER || last >= 0x80 || CLASS[next] !== CLASS[last]) return true;
  return isMark(next) || (next === 0xe2 && bytes[after + 1] === 0x80) || beginsHeader(bytes, after, end);
}

/** After an ASCII letter these bytes are no letter: marks of ISO 8859-1, or the rest of a mark in UTF-8. */
function isMark(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}

function foldedText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(FOLD[bytes[i]]);
  return text;
}
