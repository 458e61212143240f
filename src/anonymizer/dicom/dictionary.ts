import { DICTIONARY_VR, DICTIONARY_VR_PATTERNS } from './data/dictionary-vr.ts';
import { groupOf, isGroupLength, isPrivate, isPrivateCreator, type Tag } from './tag.ts';
import type { VR } from './vr.ts';

/**
 * The VR that PS3.6 gives to a tag, which implicit VR encoding leaves unsaid (PS3.5 7.1.3). Where PS3.6 leaves a
 * choice it is US for US/SS and OW for all that may be OW. A Private Creator is LO (PS3.5 7.8.1), a group length UL
 * (PS3.5 7.2). Undefined for other private elements, Items and delimiters, group 0000 and what PS3.6 does not know.
 */
export function vrOfTag(tag: Tag): VR | undefined {
  const vr = standardVr(tag);
  if (vr !== undefined) return vr;
  if (isPrivate(tag)) return isPrivateCreator(tag) ? 'LO' : isGroupLength(tag) ? 'UL' : undefined;
  if (isGroupLength(tag)) return tag < 0x10000 ? undefined : 'UL';
  patterns ??= parsePatterns();
  for (const pattern of patterns) if (matchesPattern(tag, pattern)) return pattern.vr;
  return undefined;
}

/** A family of tags: those that equal `value` in the bits of `mask`. */
export interface TagPattern {
  readonly mask: number;
  readonly value: Tag;
}

/**
 * Eight hexadecimal digits with x for any digit, as PS3.6 writes repeating groups. 50xx and 60xx stand for the 16
 * even groups up to 501E and 601E (PS3.5 7.6), which is not what the digits say.
 */
export function parseTagPattern(digits: string): TagPattern {
  const repeating = /^[56]0xx/.test(digits);
  const mask = Number.parseInt(digits.replace(/[^x]/g, 'F').replace(/x/g, '0'), 16) | (repeating ? 0x00e10000 : 0);
  return { mask: mask >>> 0, value: Number.parseInt(digits.replace(/x/g, '0'), 16) };
}

/** Whether an even group's tag belongs to the family; odd groups never do. */
export function matchesPattern(tag: Tag, pattern: TagPattern): boolean {
  return (tag & pattern.mask) >>> 0 === pattern.value && !isPrivate(tag);
}

/** Characters of an element in a line: four digits, two letters, a space. */
const STEP = 7;

/** Lines of elements by group. They are never decoded as a whole: a file asks for some hundred of the five thousand. */
let groups: Map<number, string> | undefined;
const known = new Map<Tag, VR>();
let patterns: readonly (TagPattern & { readonly vr: VR })[] | undefined;

/** By the tags of PS3.6 alone, without families and private elements. */
function standardVr(tag: Tag): VR | undefined {
  const vr = known.get(tag);
  if (vr !== undefined || isPrivate(tag)) return vr;
  groups ??= new Map(DICTIONARY_VR.trim().split('\n').map((line) => [Number.parseInt(line.slice(0, 4), 16), line.slice(5)]));
  const line = groups.get(groupOf(tag));
  const found = line === undefined ? undefined : vrIn(line, (tag & 0xffff).toString(16).toUpperCase().padStart(4, '0'));
  // Only what the standard has, so that a hostile file cannot fill it.
  if (found !== undefined) known.set(tag, found);
  return found;
}

/** Elements stand in their order, so halves are enough. */
function vrIn(line: string, element: string): VR | undefined {
  let low = 0;
  let high = Math.ceil(line.length / STEP);
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = middle * STEP;
    const other = line.slice(at, at + 4);
    if (other === element) return line.slice(at + 4, at + 6) as VR;
    if (other < element) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

function parsePatterns(): readonly (TagPattern & { readonly vr: VR })[] {
  const lines = DICTIONARY_VR_PATTERNS.trim().split('\n');
  return lines.map((line) => ({ ...parseTagPattern(line.slice(0, 8)), vr: line.slice(9) as VR }));
}
