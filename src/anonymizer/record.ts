import { type Encoding, encodeText, encodeValue, type ItemToWrite } from './dicom/encode.ts';
import { indexOf } from './dicom/data-set.ts';
import { TAG, type Tag } from './dicom/tag.ts';
import { valueTexts } from './dicom/values.ts';
import { type Draft, topLevelText } from './draft.ts';
import type { Matcher } from './matcher.ts';
import type { Addition } from './plan.ts';
import { OPTION_NAMES, type OptionName, OPTIONS, type Profile } from './profile.ts';
import { EDITION } from './rules/data/table-e1-1.ts';
import { CID_7050 } from './rules/data/cid-7050.ts';
import { rule } from './rules/rule.ts';
import { cleanText } from './text-cleaning.ts';

const RECORD = rule('D', 'file-structure', 'The record of this de-identification (PS3.15 E.1.1)');

/**
 * What tells the next reader that and how the file was de-identified (PS3.15 E.1.1, E.2, E.3.6): Patient Identity
 * Removed, method as text and as codes, and whether times were modified. Where a rule of the user's left something that
 * the profile takes out, the record does not claim the profile.
 */
export function recordAdditions(draft: Draft, matcher: Matcher): Addition[] {
  const { dataSet, warnings } = draft;
  const encoding = { implicit: dataSet.transferSyntax.implicit, littleEndian: dataSet.littleEndian };
  const weakened = weakenedTags(draft);
  for (const tag of weakened) warnings.push({ code: 'weaker-rule', text: 'A rule of yours keeps what the standard takes out, so the result does not claim that the patient\'s identity is removed', args: [], tag });
  const isFull = weakened.size === 0;
  const codes: Addition = { tag: TAG.DeidentificationMethodCodeSequence, vr: 'SQ', value: encodedCodes(draft, encoding), rule: RECORD };
  return [
    { tag: TAG.PatientIdentityRemoved, vr: 'CS', value: encodeText(isFull ? 'YES' : 'NO', 'CS'), rule: RECORD },
    { tag: TAG.DeidentificationMethod, vr: 'LO', value: methodText(draft, matcher, isFull ? [] : ['Weakened by rules of the user']), rule: RECORD },
    ...(isFull ? [codes] : []),
    { tag: TAG.LongitudinalTemporalInformationModified, vr: 'CS', value: encodeText(temporal(draft), 'CS'), rule: RECORD },
  ];
}

/** Attributes of which a weaker rule of the user's left a value. */
function weakenedTags({ dataSet, profile, rules, replacements }: Draft): ReadonlySet<Tag> {
  const tags = new Set<Tag>();
  if (profile.rules.length === 0) return tags;
  rules.forEach((own, index) => {
    const element = dataSet.elements[index];
    if (own?.weaker && ((replacements.get(index)?.length ?? element.length) > 0)) tags.add(element.tag);
  });
  return tags;
}

/** The options that were carried out: Clean Pixel Data alone where pixels were looked at or changed. */
function carriedOut({ profile: { options }, pixels }: Draft): OptionName[] {
  return OPTION_NAMES.filter((name) => options.has(name) && (name !== 'clean-pixel-data' || pixels?.plan.isChecked === true));
}

/** Codes of CID 7050 for the profile and each option that was carried out, in the order of the standard. */
function methodCodes(draft: Draft): string[] {
  return ['113100', ...carriedOut(draft).map((name) => OPTIONS[name].code)].sort();
}

/** The Items of (0012,0064), made once for a profile and an encoding. */
const encoded = new WeakMap<Profile, Map<string, Uint8Array>>();

function encodedCodes(draft: Draft, encoding: Encoding): Uint8Array {
  const { profile } = draft;
  const name = `${encoding.implicit} ${encoding.littleEndian} ${draft.pixels?.plan.isChecked === true}`;
  const old = encoded.get(profile)?.get(name);
  if (old !== undefined) return old;
  const made = encodeValue({ tag: TAG.DeidentificationMethodCodeSequence, vr: 'SQ', value: methodCodes(draft).map(codeItem) }, encoding);
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
function methodText(draft: Draft, matcher: Matcher, more: readonly string[]): Uint8Array {
  const { dataSet } = draft;
  const own = [`PS3.15 ${EDITION} Basic Profile`, ...carriedOut(draft).map((name) => OPTIONS[name].title), ...more];
  const index = indexOf(dataSet, TAG.DeidentificationMethod);
  const earlier = index < 0 ? [] : valueTexts(dataSet, dataSet.elements[index])
    .filter((value) => value.trim() !== '' && !own.includes(value.trim()))
    .map((value) => cleanText(value, matcher) ?? value);
  return encodeText([...earlier, ...own].join('\\'), 'LO');
}

/** (0028,0303); dates that an earlier de-identification had modified or removed stay so. */
function temporal({ dataSet, profile: { options } }: Draft): string {
  if (options.has('retain-longitudinal-modified-dates')) return 'MODIFIED';
  if (!options.has('retain-longitudinal-full-dates')) return 'REMOVED';
  const earlier = topLevelText(dataSet, TAG.LongitudinalTemporalInformationModified);
  return earlier === 'MODIFIED' || earlier === 'REMOVED' ? earlier : 'UNMODIFIED';
}
