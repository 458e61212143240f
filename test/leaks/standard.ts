import { IOD_MODULES, MODULE_TYPES, SOP_CLASS_IODS } from '../../src/anonymizer/rules/data/iod-types.ts';
import { SAFE_PRIVATE } from '../../src/anonymizer/rules/data/safe-private.ts';
import { SR_CONCEPTS } from '../../src/anonymizer/rules/data/sr-concepts.ts';
import { TABLE_E1_1 } from '../../src/anonymizer/rules/data/table-e1-1.ts';
import { DICTIONARY_NAMES } from '../../src/anonymizer/dicom/data/dictionary-names.ts';
import { vrOfTag } from '../../src/anonymizer/dicom/dictionary.ts';
import type { VR } from '../../src/anonymizer/dicom/vr.ts';

/**
 * The facts of the standard, read from the data files by the bench's own hand: what the program makes of them is what
 * is examined, so none of its rules is used here.
 */

/** A row of Table E.1-1. */
export interface TableRow {
  /** As the table writes it: eight hexadecimal digits, `50xxxxxx`, `60xx3000`, `private`. */
  readonly key: string;
  readonly basic: string;
  /** Letter of an option → K or C. */
  readonly options: Readonly<Record<string, string>>;
}

export interface SafeElement {
  readonly group: number;
  readonly low: number;
  readonly vr: string;
  readonly creator: string;
}

export interface Concept {
  readonly scheme: string;
  readonly code: string;
  readonly valueType: string;
  readonly basic: string;
  readonly options: Readonly<Record<string, string>>;
  readonly meaning: string;
}

const lines = (text: string) => text.trim().split('\n');
const optionsOf = (words: readonly string[]) => Object.fromEntries(words.filter((each) => each.includes('=')).map((each) => each.split('=')));

export const ROWS: readonly TableRow[] = lines(TABLE_E1_1).map((line) => {
  const [key, basic, ...options] = line.split(' ');
  return { key, basic, options: optionsOf(options) };
});

export const SAFE: readonly SafeElement[] = lines(SAFE_PRIVATE).map((line) => {
  const [group, low, vr, ...creator] = line.split(' ');
  return { group: Number.parseInt(group, 16), low: Number.parseInt(low, 16), vr, creator: creator.join(' ') };
});

export const CONCEPTS: readonly Concept[] = lines(SR_CONCEPTS).map((line) => {
  const [scheme, code, valueType, basic, options, meaning] = line.split('\t');
  return { scheme, code, valueType, basic, options: optionsOf(options.split(' ')), meaning };
});

const byKey = new Map(ROWS.map((row) => [row.key, row]));

/** The row that covers a standard tag: its own, or that of its repeating group. */
export function rowOf(tag: number): TableRow | undefined {
  const hex = hexOf(tag);
  const group = tag >>> 16;
  const repeats = group % 2 === 0 && ((group >= 0x5000 && group <= 0x501e) || (group >= 0x6000 && group <= 0x601e));
  return byKey.get(hex) ?? (repeats ? (byKey.get(`60xx${hex.slice(4)}`) ?? (group < 0x6000 ? byKey.get('50xxxxxx') : undefined)) : undefined);
}

export function hexOf(tag: number): string {
  return (tag >>> 0).toString(16).toUpperCase().padStart(8, '0');
}

/** An attribute of PS3.6. */
export interface Attribute {
  readonly tag: number;
  readonly vr: VR;
  readonly keyword: string;
}

/** dicom-parser 1.8 takes these for VRs with a short length, and loses its way in explicit VR. */
const UNREADABLE: ReadonlySet<string> = new Set(['OV', 'SV', 'UV']);
/** What a de-identification writes itself, and what tells how the file is encoded. */
const OWN: ReadonlySet<number> = new Set([0x00080005, 0x00080016, 0x00080060, 0x00120062, 0x00120063, 0x00120064, 0x00280303, 0x00420012, 0x00420015]);

/** Every attribute of the dictionary that Table E.1-1 does not list; groups 0000 to 0004 and pixel data aside. */
export function unlistedAttributes(): readonly Attribute[] {
  unlisted ??= readUnlisted();
  return unlisted;
}

let unlisted: readonly Attribute[] | undefined;

function readUnlisted(): Attribute[] {
  return lines(DICTIONARY_NAMES).flatMap((line) => {
    const tag = /^[0-9A-F]{8}/.test(line) ? Number.parseInt(line.slice(0, 8), 16) : -1;
    const vr = tag < 0x00080000 || tag >>> 16 === 0x7fe0 || (tag & 0xffff) === 0 || tag >= 0xfffc0000 || tag % 0x20000 >= 0x10000 ? undefined : vrOfTag(tag);
    return vr === undefined || UNREADABLE.has(vr) || rowOf(tag) !== undefined || OWN.has(tag) ? [] : [{ tag, vr, keyword: line.slice(9).split(/[\t ]/)[0] }];
  });
}

const fact = (text: string, name: string) => lines(text).find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);

/** The strictest Type (1, 2, 3; 1C counts as 1) of an attribute at the top level of a SOP Class; undefined where no module has it. */
export function typeOf(sopClass: string, tag: number): 1 | 2 | 3 | undefined {
  const known = types.get(sopClass) ?? typesOf(sopClass);
  types.set(sopClass, known);
  return known.get(hexOf(tag));
}

const types = new Map<string, Map<string, 1 | 2 | 3>>();

function typesOf(sopClass: string): Map<string, 1 | 2 | 3> {
  const found = new Map<string, 1 | 2 | 3>();
  const modules = (fact(IOD_MODULES, fact(SOP_CLASS_IODS, sopClass) ?? '-') ?? '').split(',');
  for (const module of modules) {
    for (const entry of (fact(MODULE_TYPES, module) ?? '').split(' ').filter((each) => each !== '')) {
      const [key, type] = entry.split('=');
      const strictness = Number(type[0]) as 1 | 2 | 3;
      if (strictness < (found.get(key) ?? 4)) found.set(key, strictness);
    }
  }
  return found;
}
