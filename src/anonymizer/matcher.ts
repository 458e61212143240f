import type { Identifier } from './identifiers.ts';
import { DOT, Numbers } from './matcher-numbers.ts';
import { CLASS, DIGIT, isMark, OTHER } from './matcher-texts.ts';
import { Words } from './matcher-words.ts';
import { Recent } from './recent.ts';

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
  /**
   * All hits that stand alone: not inside a longer word, number or UID. Offsets ascend; the longest wins at a place.
   * @param tells whether a hit counts; what one holds that does not is found all the same
   */
  find(bytes: Uint8Array, start: number, end: number, tells?: (hit: Hit) => boolean): Hit[];
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
  return new ListMatcher(lists, wordsOf(words), numbers);
}

class ListMatcher implements Matcher {
  constructor(
    private readonly shared: readonly (readonly Identifier[])[], private readonly words: Words, private readonly numbers: Numbers,
    private readonly own?: readonly Identifier[],
  ) {}

  get lists(): readonly (readonly Identifier[])[] {
    return this.own === undefined ? this.shared : [...this.shared, this.own];
  }

  get identifiers(): readonly Identifier[] {
    return this.lists.flat();
  }

  find(bytes: Uint8Array, start: number, end: number, tells?: (hit: Hit) => boolean): Hit[] {
    return find(bytes, start, end, this.words, this.numbers, tells);
  }

  with(uids: readonly Identifier[]): Matcher {
    return new ListMatcher(this.lists, this.words, new Numbers(uids, this.numbers), uids);
  }
}

function isNumber({ kind }: Identifier): boolean {
  return kind === 'date' || kind === 'uid';
}

/** Those of earlier files, since the slices of a series share their words; the oldest goes when full. */
const MEMORY = 8;
const known = new Recent<{ readonly lists: readonly (readonly Identifier[])[]; readonly words: Words }>(MEMORY);

function wordsOf(lists: readonly (readonly Identifier[])[]): Words {
  const old = known.find((each) => each.lists.length === lists.length && each.lists.every((list, i) => list === lists[i]));
  return (old ?? known.add({ lists, words: new Words(lists.flat()) })).words;
}

function find(bytes: Uint8Array, start: number, end: number, words: Words, numbers: Numbers, tells?: (hit: Hit) => boolean): Hit[] {
  const hits: Hit[] = [];
  if (words.isEmpty && numbers.isEmpty) return hits;
  const { starts } = words;
  /** What stands here stands alone, whatever is in front of it: it follows a hit, or one that does not count. */
  let free = start;
  let others: Set<number> | undefined;
  const counts = (identifier: Identifier, at: number) => {
    const hit = { identifier, start: at, end: at + identifier.text.length };
    if (tells === undefined || tells(hit)) return true;
    (others ??= new Set()).add(hit.end);
    return false;
  };
  for (let at = start; at + 2 < end; at++) {
    if (starts[bytes[at]] === 0) continue;
    const kind = CLASS[bytes[at]];
    if (kind === CLASS[bytes[at - 1]] && kind !== OTHER && bytes[at] < 0x80 && !endsLetter(bytes, at) && at !== free && others?.has(at) !== true) continue;
    let identifier = words.at(bytes, at, end, counts);
    const number = kind === DIGIT && !numbers.isEmpty && bytes[at - 1] !== DOT ? numbers.at(bytes, at, end) : undefined;
    if (number !== undefined && number.text.length > (identifier?.text.length ?? 0) && counts(number, at)) identifier = number;
    if (identifier === undefined) continue;
    // Once the hit is cut out, even what follows a letter that ends a word anywhere stands alone.
    free = at + identifier.text.length;
    hits.push({ identifier, start: at, end: free });
    at = free - 1;
  }
  return hits;
}

/** Whether a letter of more than one byte ends there, as scripts have them that put no spaces between words. */
function endsLetter(bytes: Uint8Array, at: number): boolean {
  return isMark(bytes[at - 1]) || (bytes[at - 1] >= 0x80 && bytes[at - 2] >= 0x80);
}
