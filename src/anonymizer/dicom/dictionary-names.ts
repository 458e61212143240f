import { DICTIONARY_NAMES } from './data/dictionary-names.ts';
import { matchesPattern, parseTagPattern, type TagPattern } from './dictionary.ts';
import type { Tag } from './tag.ts';

/** A Data Element as PS3.6 registers it. */
export interface TagDescription {
  readonly keyword: string;
  readonly name: string;
  /** Value Multiplicity as written there, such as `1` or `2-2n`; empty where it is not known. */
  readonly vm: string;
  readonly retired: boolean;
}

/**
 * Keyword, name and Value Multiplicity of a standard tag (PS3.6 Tables 6-1, 7-1, 8-1 and 9-1), those of repeating
 * groups included. Undefined for private elements, group 0000 and what is not registered.
 */
export function describeTag(tag: Tag): TagDescription | undefined {
  names ??= parseNames();
  const line = names.lineOfTag.get(tag);
  if (line !== undefined) return describe(line);
  const pattern = names.patterns.find((candidate) => matchesPattern(tag, candidate));
  return pattern === undefined ? undefined : describe(pattern.line);
}

/**
 * The tag of a keyword (PS3.6), exact in case. For a repeating group (PS3.5 7.6) it is the tag of the first, as
 * (6000,3000) for OverlayData; families that repeat in the element number have no first and give undefined.
 */
export function tagOfKeyword(keyword: string): Tag | undefined {
  names ??= parseNames();
  return names.tagOfKeyword.get(keyword);
}

interface Names {
  readonly lineOfTag: ReadonlyMap<Tag, string>;
  readonly patterns: readonly (TagPattern & { readonly line: string })[];
  readonly tagOfKeyword: ReadonlyMap<string, Tag>;
}

let names: Names | undefined;

/** Lines `tag keyword vm r|- name`; what follows the tag is taken apart when it is asked for. */
function parseNames(): Names {
  const lineOfTag = new Map<Tag, string>();
  const tagOfKeyword = new Map<string, Tag>();
  const patterns: (TagPattern & { readonly line: string })[] = [];
  for (const line of DICTIONARY_NAMES.trim().split('\n')) {
    const digits = line.slice(0, 8);
    const keyword = line.slice(9, line.indexOf(' ', 9));
    const repeats = digits.indexOf('x');
    if (repeats < 0) {
      const tag = Number.parseInt(digits, 16);
      lineOfTag.set(tag, line);
      tagOfKeyword.set(keyword, tag);
      continue;
    }
    const pattern = { ...parseTagPattern(digits), line };
    patterns.push(pattern);
    if (repeats < 4) tagOfKeyword.set(keyword, pattern.value);
  }
  return { lineOfTag, patterns, tagOfKeyword };
}

function describe(line: string): TagDescription {
  const [, keyword, vm, retired] = line.split(' ', 4);
  const name = line.slice(8 + 1 + keyword.length + 1 + vm.length + 3);
  return { keyword, name, vm: vm === '-' ? '' : vm.replaceAll('_', ' '), retired: retired === 'r' };
}
