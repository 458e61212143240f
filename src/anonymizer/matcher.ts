import type { Identifier } from './identifiers.ts';
import { DOT, Numbers } from './matcher-numbers.ts';
import { CLASS, DIGIT, isMark, OTHER } from './matcher-texts.ts';
import { Words } from './matcher-words.ts';

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

export function createMatcher(identifiers: readonly Identifier[]): Matcher {
  return createListMatcher([identifiers.filter((each) => !isNumber(each)), ...identifiers.filter(isNumber).map((each) => [each])]);
}

/** A matcher of lists of words, and of lists of dates and UIDs, as `identifierLists` makes them. */
export function createListMatcher(lists: readonly (readonly Identifier[])[]): Matcher {
  const words = lists.filter((list) => list.length > 0 && !isNumber(list[0]));
  const numbers = new Numbers(lists.filter((list) => list.length > 0 && isNumber(list[0])).flat());
  return new ListMatcher(lists, dictionaryOf(words), numbers);
}

class ListMatcher implements Matcher {
  constructor(
    private readonly shared: readonly (readonly Identifier[])[], private readonly dictionary: Dictionary, private readonly numbers: Numbers,
    private readonly own?: readonly Identifier[],
  ) {}

  get lists(): readonly (readonly Identifier[])[] {
    return this.own === undefined ? this.shared : [...this.shared, this.own];
  }

  get identifiers(): readonly Identifier[] {
    return this.lists.flat();
  }

  find(bytes: Uint8Array, start: number, end: number): Hit[] {
    return find(bytes, start, end, this.dictionary.all, this.numbers);
  }

  findTelling(bytes: Uint8Array, start: number, end: number): Hit[] {
    return find(bytes, start, end, this.dictionary.telling, this.numbers);
  }

  with(uids: readonly Identifier[]): Matcher {
    return new ListMatcher(this.lists, this.dictionary, new Numbers(uids, this.numbers), uids);
  }
}

function isNumber({ kind }: Identifier): boolean {
  return kind === 'date' || kind === 'uid';
}

/** What is looked for besides dates and UIDs; made ready when it is asked for. */
class Dictionary {
  private madeAll: Words | undefined;
  private madeTelling: Words | undefined;

  constructor(readonly lists: readonly (readonly Identifier[])[]) {}

  get all(): Words {
    return (this.madeAll ??= new Words(this.lists.flat()));
  }

  get telling(): Words {
    return (this.madeTelling ??= new Words(this.lists.flat().filter(({ kind }) => kind !== 'word')));
  }
}

/** Those of earlier files, since the slices of a series share their words; the oldest goes when full. */
const MEMORY = 8;
const known: Dictionary[] = [];

function dictionaryOf(lists: readonly (readonly Identifier[])[]): Dictionary {
  const old = known.find((each) => each.lists.length === lists.length && each.lists.every((list, i) => list === lists[i]));
  if (old !== undefined) return old;
  const made = new Dictionary(lists);
  if (known.length >= MEMORY) known.pop();
  known.unshift(made);
  return made;
}

function find(bytes: Uint8Array, start: number, end: number, words: Words, numbers: Numbers): Hit[] {
  const hits: Hit[] = [];
  if (words.isEmpty && numbers.isEmpty) return hits;
  const { starts } = words;
  /** What stands here stands alone, whatever is in front of it. */
  let free = start;
  for (let at = start; at + 2 < end; at++) {
    if (starts[bytes[at]] === 0) continue;
    const kind = CLASS[bytes[at]];
    // Scripts of more than one byte a letter have no spaces between words.
    const startsWord = at === free || kind !== CLASS[bytes[at - 1]] || kind === OTHER || bytes[at] >= 0x80 || isMark(bytes[at - 1]);
    if (!startsWord) continue;
    let identifier = words.at(bytes, at, end);
    if (identifier === undefined && kind === DIGIT && !numbers.isEmpty && bytes[at - 1] !== DOT) identifier = numbers.at(bytes, at, end);
    if (identifier === undefined) continue;
    hits.push({ identifier, start: at, end: at + identifier.text.length });
    // What follows stands alone once the hit is cut out, even behind a letter that ends a word anywhere.
    free = at + identifier.text.length;
    at = free - 1;
  }
  return hits;
}
