import { vrOfTag } from '../../src/anonymizer/dicom/dictionary.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import type { VR } from '../../src/anonymizer/dicom/vr.ts';
import { code, element } from '../../src/sample/part10.ts';
import { type FixtureElement, item, sequence, un, unknownSequence } from '../fixtures/data-set.ts';
import { CHARACTER_SETS, encodeIn } from './charsets.ts';
import type { Content, Origin, Place, Planted } from './planted.ts';
import { type Attribute, hexOf, ROWS, rowOf, type TableRow } from './standard.ts';
import { benignValue, holdsSentences, secretValue, sentenceValue, type Value } from './values.ts';

/** An element to be written and everything planted in it, itself and what is inside. */
export interface Plant {
  readonly element: FixtureElement;
  readonly planted: readonly Planted[];
}

/** Identifying attributes that Table E.1-1 lacks: calendars, issuers, strain, overlay and curve texts, document title. */
export const GAPS: ReadonlySet<number> = new Set([
  0x00100033, 0x00100034, 0x00100024, 0x00080051, 0x00321031, 0x00100217, 0x00100218, 0x00120083, 0x00420010,
  0x00200242, 0x00081167, 0x00280304, 0x0070031b, 0x300a0675, 0x00209312, 0x00209313, 0x0018991e, 0x0040e011, 0x0040e030, 0x0040e031,
  0x00440102, 0x00440108, 0x0008010d, 0x00089123, 0x0072007f,
]);

export const MACHINES: ReadonlySet<number> = new Set([0x30020020, 0x00181003, 0x00181801]);

/** Attributes whose UID names a class, a syntax, a scheme or a mapping and is registered. */
const REGISTERED = /ClassUID|ClassesIn|ClassesSupported|TransferSyntax|CodingSchemeUID|^ContextUID|MappingResource/;

/** Texts that hold codes, formats or physics by their definition: a person's name must not stay in them, the rest may. */
const TECHNICAL = /CodingScheme|ExtendedCodeMeaning|CodeValue|ContextGroup|MappingResource|DetectorMode|^Grid|ColumnNames|SpectralSensitivity|EXIFVersion|AlgorithmParameters|ImageDisplayFormat|FractionPattern|ConceptualVolumeCombination|BatteryLevel/;

/** Sequences that the table does not list, so that they stay and what is in them is judged on its own. */
const KEPT_SEQUENCES = [0x52009229, 0x52009230, 0x00089215, 0x00540220, 0x00082218, 0x00289110, 0x00400260, 0x00540012, 0x00189326, 0x30060039];

export function tagOfRow(row: TableRow, place: Place): number {
  const { random } = place;
  const hex = row.key.replace('private', '00090010').replace('50xxxxxx', `50${hexOf(2 * random.below(15)).slice(6)}${random.pick(['0010', '0022', '3000', '2500'])}`).replace('60xx', `60${hexOf(2 * random.below(15)).slice(6)}`);
  return Number.parseInt(hex, 16);
}

/** Plants a row of the table at a path: its own value, or a sentence where an option may ask for cleaning. */
export function plantRow(place: Place, row: TableRow, prefix: readonly number[], tag = tagOfRow(row, place)): Plant {
  const vr = vrOfTag(tag) ?? 'LO';
  if (vr === 'SQ') return plantSequence(place, tag, prefix, row);
  const fixed = prefix.length === 0 ? place.fixed.get(tag) : undefined;
  if (fixed !== undefined) return planted(place, { tag, vr, prefix, origin: 'table', row, content: 'secret', value: fixedValue(place, vr, fixed) });
  const isSentence = vrOfTag(tag) !== undefined && holdsSentences(vr) && ['C', 'G', 'T'].some((letter) => row.options[letter] === 'C');
  const value = isSentence ? sentenceValue(place, vr) : secretValue(place, vr);
  return planted(place, { tag, vr, prefix, origin: 'table', row, content: isSentence ? 'sentence' : 'secret', value });
}

/** What the table does not list, by its VR; undefined where nothing is to be shown by it. */
export function plantUnlisted(place: Place, { tag, vr, keyword }: Attribute, prefix: readonly number[]): Plant | undefined {
  const { random } = place;
  const base = { tag, vr, prefix };
  if (GAPS.has(tag)) return planted(place, { ...base, origin: 'gap', content: 'secret', value: secretValue(place, vr) });
  if (vr === 'UI' && REGISTERED.test(keyword)) return planted(place, { ...base, origin: 'unlisted', content: 'benign', value: { value: '1.2.840.10008.5.1.4.1.1.7', secrets: [], benign: [] } });
  if (vr === 'PN' || vr === 'UI' || vr === 'DA' || vr === 'DT' || vr === 'TM') return planted(place, { ...base, origin: 'unlisted', content: 'secret', value: secretValue(place, vr) });
  // Names of machines: identifying, and retained with the identity of devices (E.3.8).
  if (MACHINES.has(tag)) return planted(place, { ...base, origin: 'gap', content: 'secret', value: secretValue(place, vr) });
  if (holdsSentences(vr)) {
    // What only a person could know to be a name is not asked of a short text that is kept.
    const isFree = vr !== 'LO' && vr !== 'SH' && !TECHNICAL.test(keyword);
    return planted(place, { ...base, origin: 'unlisted', content: 'sentence', value: sentenceValue(place, vr, isFree ? 'anything' : 'known') });
  }
  if (vr === 'CS' && !isStructural(tag) && random.chance(0.1)) {
    const name = encodeIn('', place.patient.name.family.toUpperCase());
    if (name.length <= 16) return planted(place, { ...base, origin: 'unlisted', content: 'sentence', value: { value: name, secrets: [place.patient.name.family], benign: [] } });
  }
  const value = isTechnical(tag) && random.chance(0.5) ? benignValue(place, vr) : undefined;
  return value === undefined ? undefined : planted(place, { ...base, origin: 'unlisted', content: 'benign', value: { value, secrets: [], benign: [] } });
}

/** Terms without which the file could not be read: its character set, kind of image, layout of pixels, report's structure. */
function isStructural(tag: number): boolean {
  const group = tag >>> 16;
  return group === 0x0028 || group === 0x0040 || tag === 0x00080008 || tag === 0x00080064 || tag === 0x00185100;
}

/** Groups of acquisition, image presentation, nuclear medicine and radiotherapy, where numbers and codes are technique. */
function isTechnical(tag: number): boolean {
  const group = tag >>> 16;
  return group === 0x0018 || group === 0x0028 || group === 0x0054 || group === 0x3002 || group === 0x3004 || group === 0x300a;
}

/** A Sequence with two Items: a code with a name in its meaning, and some rows of the table. */
export function plantSequence(place: Place, tag: number, prefix: readonly number[], row?: TableRow, depth = 1): Plant {
  const { random } = place;
  const path = [...prefix, tag];
  const meaning = sentenceValue(place, 'LO', 'known');
  const meaningPath = [...path, 0, TAG.CodeMeaning];
  const inside = nested(place, [...path, 1], depth);
  const named = code('99001', '99BENCH', '').map((each) => (each.tag === TAG.CodeMeaning ? element(each.tag, 'LO', meaning.value) : each));
  const length = random.chance(0.5) ? 'defined' : 'undefined';
  const lay = place.unknownSequences && random.chance(0.1) ? unknownSequence : sequence;
  return {
    element: lay(tag, [item(named, random.chance(0.5) ? 'defined' : 'undefined'), item(inside.map((each) => each.element))], length),
    planted: [
      { path, vr: 'SQ', label: row?.key ?? hexOf(tag), origin: row === undefined ? 'unlisted' : 'table', content: 'items', row, secrets: [], benign: [] },
      { path: meaningPath, vr: 'LO', label: hexOf(TAG.CodeMeaning), origin: 'unlisted', content: 'sentence', secrets: meaning.secrets, benign: [] },
      ...inside.flatMap((each) => each.planted),
    ],
  };
}

/** A chain of Sequences that stay, `depth` deep, with rows of the table at its end. */
export function plantChain(place: Place, tag: number, rows: readonly TableRow[], depth: number, prefix: readonly number[] = []): Plant {
  const path = [...prefix, tag, 0];
  const inner = [...KEPT_SEQUENCES].filter((each) => each !== tag);
  // Only where the file's own set can write the same name: no one can tell an accent that is nowhere else.
  const isWritten = place.set !== '' && !(place.set === 'GB18030' && place.patient.locale === 'de');
  const own = isWritten && place.random.chance(0.25) ? CHARACTER_SETS.find((set) => set === 'ISO_IR 192') : undefined;
  const here = own === undefined ? place : { ...place, set: own };
  const declared: Plant[] = own === undefined ? [] : [{ element: element(TAG.SpecificCharacterSet, 'CS', own), planted: [] }];
  const below = depth > 1
    ? [...declared, plantChain(here, here.random.pick(inner), rows, depth - 1, path)]
    : distinct([...declared, ...rows.map((row) => plantRow(here, row, path))]);
  return {
    element: sequence(tag, [item(below.map((each) => each.element))], place.random.chance(0.5) ? 'defined' : 'undefined'),
    planted: [
      { path: [...prefix, tag], vr: 'SQ', label: hexOf(tag), origin: 'unlisted', content: 'items', secrets: [], benign: [] },
      ...below.flatMap((each) => each.planted),
    ],
  };
}

/** Rows of the table that can be nested: groups of the file's own structure and repeating groups stand at the top. */
export const NESTABLE: readonly TableRow[] = ROWS.filter(({ key }) => /^[0-9A-F]{8}$/.test(key) && key >= '0008' && key < 'FFFA' && key !== '0040A730');

function nested(place: Place, prefix: readonly number[], depth: number): Plant[] {
  const { random } = place;
  const rows = Array.from({ length: 3 }, () => random.pick(NESTABLE));
  return distinct(rows.map((row) => (depth >= 3 && vrOfTag(Number.parseInt(row.key, 16)) === 'SQ' ? plantRow(place, ROWS[16], prefix) : plantRow(place, row, prefix))));
}

/** In the order of tags, each once. */
export function distinct(plants: readonly Plant[]): Plant[] {
  return [...new Map(plants.map((each) => [each.element.tag, each])).values()].sort((a, b) => a.element.tag - b.element.tag);
}

export interface PlantedValue {
  readonly tag: number;
  readonly vr: VR;
  readonly prefix: readonly number[];
  readonly origin: Origin;
  readonly content: Content;
  readonly value: Value;
  readonly row?: TableRow | undefined;
  readonly label?: string;
}

/** One in fifteen texts of an explicit file is written as UN, as devices do that do not know a tag (PS3.5 6.2.2). */
export function planted(place: Place, { tag, vr, prefix, origin, content, value, row, label }: PlantedValue): Plant {
  const bytes = typeof value.value === 'string' ? new TextEncoder().encode(value.value) : value.value;
  const isUnknown = place.explicit && !place.fixed.has(tag) && bytes instanceof Uint8Array && place.random.chance(1 / 15);
  return {
    element: isUnknown ? un(tag, bytes) : element(tag, vr, value.value),
    planted: [{ path: [...prefix, tag], vr, label: label ?? row?.key ?? hexOf(tag), origin, content, row: row ?? rowOf(tag), secrets: value.secrets, benign: value.benign }],
  };
}

function fixedValue({ set }: Place, vr: VR, text: string): Value {
  if (vr !== 'PN') return { value: encodeIn(set, text), secrets: vr === 'CS' ? [] : [text], benign: [] };
  return { value: encodeIn(set, text), secrets: text.split(/[\^=\\]/).filter((part) => part !== ''), benign: [] };
}
