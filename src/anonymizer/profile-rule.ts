import { tagOfKeyword } from './dicom/dictionary-names.ts';
import { vrOfTag } from './dicom/dictionary.ts';
import { groupOf, isGroupLength, isPrivate, TAG, type Tag } from './dicom/tag.ts';
import { isStringVr, MAX_CHARACTERS, type VR } from './dicom/vr.ts';
import { createProfile, ProfileError, type RuleAction, type UserRule } from './profile.ts';
import type { FoundProblem } from './profile-problems.ts';

/** A rule as a profile file writes it; the schema has been checked. */
export interface WrittenRule {
  readonly tag?: string;
  readonly keyword?: string;
  readonly creator?: string;
  readonly group?: string;
  readonly element?: string;
  readonly vr?: VR;
  readonly action: RuleAction;
  readonly value?: string;
}

/** What every result carries in the same form (PS3.15 E.1.1), so that no rule changes it. */
const RECORD: ReadonlySet<Tag> = new Set([
  TAG.PatientIdentityRemoved, TAG.DeidentificationMethod, TAG.DeidentificationMethodCodeSequence, TAG.LongitudinalTemporalInformationModified,
]);

/** The form of a single value (PS3.5 Table 6.2-1), where a VR has one. */
const FORMS: Partial<Record<VR, readonly [RegExp, string]>> = {
  AS: [/^\d{3}[DWMY]$/, 'an age such as 042Y'],
  CS: [/^[A-Z0-9_ ]*$/, 'capitals, digits, spaces and underscores'],
  DA: [/^\d{8}$/, 'a date such as 19000101'],
  DS: [/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/, 'a number'],
  DT: [/^\d{4,14}(\.\d{1,6})?([+-]\d{4})?$/, 'a date and time such as 19000101000000'],
  IS: [/^[-+]?\d{1,10}$/, 'a whole number'],
  TM: [/^\d{2,6}(\.\d{1,6})?$/, 'a time such as 000000'],
  UI: [/^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/, 'a UID'],
};

/** The options that cannot be carried out, each with the sentence of `createProfile`, and those that exclude each other. */
export function optionProblems(options: readonly string[]): FoundProblem[] {
  const problemOf = (list: readonly string[]): string | undefined => {
    try {
      createProfile({ options: list });
      return undefined;
    } catch (error) {
      if (error instanceof ProfileError) return `is refused: ${error.message.replace(/\.$/, '')}`;
      throw error;
    }
  };
  const each = options.flatMap((option, i) => {
    const message = problemOf([option]);
    return message === undefined ? [] : [{ path: ['options', i], message }];
  });
  const together = each.length > 0 ? undefined : problemOf(options);
  return together === undefined ? each : [{ path: ['options'], message: together }];
}

/** The rule, or what is wrong with it, with the path from the rule on. */
export function readRule(written: WrittenRule): UserRule | FoundProblem {
  const match = matchOf(written);
  if ('message' in match) return match;
  const { action, value } = written;
  const vr = 'tag' in match ? vrOfTag(match.tag) : 'vr' in match ? match.vr : undefined;
  const misuse = vr === undefined ? undefined : misuseOf(action, value, vr);
  if (misuse !== undefined) return misuse;
  return { match, action, ...(value === undefined ? {} : { value }) };
}

function matchOf({ tag, keyword, creator, group, element, vr }: WrittenRule): UserRule['match'] | FoundProblem {
  if (vr !== undefined) return { vr };
  if (creator !== undefined) {
    const hex = (text: string | undefined) => (text === undefined ? undefined : Number.parseInt(text, 16));
    return { creator: creator.trim(), ...(group === undefined ? {} : { group: hex(group) }), ...(element === undefined ? {} : { element: hex(element) }) };
  }
  const path = [tag === undefined ? 'keyword' : 'tag'];
  const number = tag === undefined ? tagOfKeyword(keyword ?? '') : Number.parseInt(tag.replace(/[(),]/g, ''), 16);
  if (number === undefined) return { path, message: `is no keyword of PS3.6: "${keyword}"` };
  if (isPrivate(number)) return { path, message: 'is private, and a private block may lie anywhere: name it by creator, group and element' };
  if (groupOf(number) < 0x0008 || groupOf(number) === 0xfffe || isGroupLength(number)) return { path, message: 'belongs to the structure of a file, which is always written anew' };
  if (RECORD.has(number)) return { path, message: 'is the record of the de-identification, which is always written anew' };
  return { tag: number };
}

function misuseOf(action: RuleAction, value: string | undefined, vr: VR): FoundProblem | undefined {
  if (action === 'shift' && vr !== 'DA' && vr !== 'DT' && vr !== 'TM') return { path: ['action'], message: `shift moves dates and times (DA, DT, TM), and this is ${vr}` };
  if (value === undefined) return undefined;
  const path = ['value'];
  if (!isStringVr(vr)) return { path, message: `cannot stand here: ${vr} is no text. Without value a dummy is put in` };
  const form = FORMS[vr];
  if (form !== undefined && !value.split('\\').every((each) => form[0].test(each))) return { path, message: `must be ${form[1]}, as ${vr} is` };
  const longest = MAX_CHARACTERS[vr];
  if (longest !== undefined && value.split('\\').some((each) => each.length > longest)) return { path, message: `is longer than the ${longest} characters that ${vr} takes` };
  return undefined;
}
