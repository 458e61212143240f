import { type Encoding, encodeText, encodeValue, type ItemToWrite } from './dicom/encode.ts';
import { indexOf } from './dicom/data-set.ts';
import { TAG } from './dicom/tag.ts';
import { valueTexts } from './dicom/values.ts';
import { type Draft, topLevelText } from './draft.ts';
import type { Matcher } from './matcher.ts';
import type { Addition } from './plan.ts';
import { OPTION_NAMES, OPTIONS, type Profile } from './profile.ts';
import { EDITION } from './rules/data/table-e1-1.ts';
import { CID_7050 } from './rules/data/cid-7050.ts';
import { rule } from './rules/rule.ts';
import { withoutKnownIdentifiers } from './text-cleaning.ts';

const RECORD = rule('D', 'file-structure', 'The record of this de-identification (PS3.15 E.1.1)');

/**
 * What tells the next reader that and how the file was de-identified (PS3.15 E.1.1, E.2, E.3.6): Patient Identity
 * Removed, method as text and as codes beside those that were there before, and whether times were modified.
 */
export function recordAdditions(draft: Draft, matcher: Matcher): Addition[] {
  const { profile, dataSet } = draft;
  const { implicit } = dataSet.transferSyntax;
  const encoding = { implicit, littleEndian: dataSet.littleEndian };
  return [
    { tag: TAG.PatientIdentityRemoved, vr: 'CS', value: encodeText('YES', 'CS'), rule: RECORD },
    { tag: TAG.DeidentificationMethod, vr: 'LO', value: methodText(draft, matcher), rule: RECORD },
    { tag: TAG.DeidentificationMethodCodeSequence, vr: 'SQ', value: encodedCodes(profile, encoding), rule: RECORD },
    { tag: TAG.LongitudinalTemporalInformationModified, vr: 'CS', value: encodeText(temporal(draft), 'CS'), rule: RECORD },
  ];
}

/** Codes of CID 7050 for the profile and each option in force, in the order of the standard. */
export function methodCodes({ options }: Profile): string[] {
  return ['113100', ...OPTION_NAMES.filter((name) => options.has(name)).map((name) => OPTIONS[name].code)].sort();
}

/** The Items of (0012,0064), made once for a profile and an encoding. */
const encoded = new WeakMap<Profile, Map<string, Uint8Array>>();

function encodedCodes(profile: Profile, encoding: Encoding): Uint8Array {
  const name = `${encoding.implicit} ${encoding.littleEndian}`;
  const old = encoded.get(profile)?.get(name);
  if (old !== undefined) return old;
  const made = encodeValue({ tag: TAG.DeidentificationMethodCodeSequence, vr: 'SQ', value: methodCodes(profile).map(codeItem) }, encoding);
  encoded.set(profile, (encoded.get(profile) ?? new Map<string, Uint8Array>()).set(name, made));
  return made;
}

function codeItem(code: string): ItemToWrite {
  const meaning = CID_7050.split('\n').find((line) => line.startsWith(`${code} `))?.slice(7) ?? '';
  return [
    { tag: TAG.CodeValue, vr: 'SH', value: code },
    { tag: TAG.CodingSchemeDesignator, vr: 'SH', value: 'DCM' },
    { tag: TAG.CodeMeaning, vr: 'LO', value: meaning },
  ];
}

/** Values of at most 64 characters, after the earlier ones as far as they identify nobody. */
function methodText({ dataSet, profile }: Draft, matcher: Matcher): Uint8Array {
  const own = [`PS3.15 ${EDITION} Basic Profile`, ...OPTION_NAMES.filter((name) => profile.options.has(name)).map((name) => OPTIONS[name].title)];
  const index = indexOf(dataSet, TAG.DeidentificationMethod);
  const earlier = index < 0 ? [] : valueTexts(dataSet, dataSet.elements[index])
    .filter((value) => value.trim() !== '' && !own.includes(value.trim()))
    .map((value) => withoutKnownIdentifiers(value, matcher) ?? value);
  return encodeText([...earlier, ...own].join('\\'), 'LO');
}

/** (0028,0303); dates that an earlier de-identification had modified or removed stay so. */
function temporal({ dataSet, profile: { options } }: Draft): string {
  if (options.has('retain-longitudinal-modified-dates')) return 'MODIFIED';
  if (!options.has('retain-longitudinal-full-dates')) return 'REMOVED';
  const earlier = topLevelText(dataSet, TAG.LongitudinalTemporalInformationModified);
  return earlier === 'MODIFIED' || earlier === 'REMOVED' ? earlier : 'UNMODIFIED';
}
