import { type DataSet, indexOf } from './dicom/data-set.ts';
import { encodeValue } from './dicom/encode.ts';
import { DicomError } from './dicom/errors.ts';
import { TAG } from './dicom/tag.ts';
import { Decider } from './decider.ts';
import { type Draft, encodingOf, patientOf } from './draft.ts';
import { warnOfBurnedIn } from './burned-in.ts';
import { cleanKeptValues, cleanTexts } from './kept-values.ts';
import { collectIdentifiers, identifierLists } from './identifiers.ts';
import { createListMatcher, type Matcher } from './matcher.ts';
import { dropEmptied } from './emptied.ts';
import { dropOverlayPlanes } from './graphics.ts';
import { findComments } from './pixels/comments.ts';
import { guardPixelData } from './pixels/hidden-bytes.ts';
import { dropOverlayBits } from './pixels/overlay-bits.ts';
import { cleanPixelData } from './pixels/plan-pixels.ts';
import type { PixelCleaner } from './pixels/cleaner.ts';
import { identify, sopClassOf } from './instance.ts';
import type { Plan } from './plan.ts';
import { privateBlocks } from './private-blocks.ts';
import type { Profile } from './profile.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { recordAdditions } from './record.ts';
import type { Rule } from './rules/rule.ts';
import { createRuleSet, type RuleSet } from './rules/rule-set.ts';
import { userRules } from './user-rules.ts';

/** Makes Plans for one profile; what does not depend on the file is made once. */
export interface Planner {
  /**
   * @throws DicomError `private-sop-class`, for which de-identification is not defined (PS3.15 E.1),
   *   `not-dicom` for what names no SOP Class, `unsafe` for a DICOMDIR, which is rebuilt and not de-identified;
   *   under Clean Pixel Data `unsafe`, `limit` or `damaged` for pixels that cannot be cleaned
   */
  plan(dataSet: DataSet): Plan;
}

export const DICOMDIR_SOP_CLASS = '1.2.840.10008.1.3.10';

/** @param cleaner for Clean Pixel Data, which cannot be carried out without one */
export function createPlanner(profile: Profile, pseudonyms: Pseudonyms, cleaner?: PixelCleaner): Planner {
  if (cleaner === undefined && profile.options.has('clean-pixel-data')) throw new TypeError('Clean Pixel Data needs a cleaner');
  const own = userRules(profile);
  const ruleSets = new Map<string, RuleSet>();
  const basicSets = new Map<string, RuleSet>();
  const basic: Profile = { ...profile, options: new Set() };
  return {
    plan(dataSet) {
      const sopClass = sopClassOf(dataSet);
      if (sopClass === DICOMDIR_SOP_CLASS) throw new DicomError('unsafe', 'a DICOMDIR is rebuilt from what was written and not de-identified');
      const draft: Draft = {
        dataSet, profile, pseudonyms, patient: patientOf(dataSet, pseudonyms),
        rules: new Array<Rule | undefined>(dataSet.elements.length).fill(undefined),
        replacements: new Map(), redactions: [], warnings: [], textsToClean: [],
      };
      const decider = new Decider(
        draft, remember(ruleSets, sopClass, () => createRuleSet(profile, sopClass)),
        remember(basicSets, sopClass, () => createRuleSet(basic, sopClass)), privateBlocks(dataSet, profile), own,
      );
      decider.decideAll();
      guardPixelData(draft);
      dropEmptied(draft);
      dropOverlayPlanes(draft);
      adjustDocumentLength(draft);
      const matcher = identifierMatcher(draft);
      cleanTexts(draft, matcher);
      cleanKeptValues(draft, matcher);
      dropOverlayBits(draft);
      findComments(draft);
      if (cleaner !== undefined) cleanPixelData(draft, matcher.identifiers, cleaner);
      warnOfBurnedIn(draft);
      const { instance, additions: identity } = identify(draft, sopClass);
      const { rules, replacements, redactions, warnings, pixels } = draft;
      const additions = [...identity, ...recordAdditions(draft, matcher)];
      if (pixels !== undefined) additions.push(...pixels.additions);
      if (pixels !== undefined) additions.sort((a, b) => a.tag - b.tag);
      return { dataSet, profile, rules, replacements, additions, redactions, warnings, matcher, instance, pixels: pixels?.plan };
    },
  };
}

/** Rule sets that are remembered; a run has a handful of SOP Classes, hostile files may invent any number. */
const SOP_CLASSES = 64;

function remember<T>(known: Map<string, T>, name: string, make: () => T): T {
  const old = known.get(name);
  if (old !== undefined) return old;
  if (known.size >= SOP_CLASSES) known.clear();
  const made = make();
  known.set(name, made);
  return made;
}

/** Knows what the plan takes out, but for what the user keeps elsewhere by a rule of their own. */
function identifierMatcher(draft: Draft): Matcher {
  const { dataSet, rules, replacements } = draft;
  const isTakenOut = (index: number) => rules[index] === undefined || rules[index].action === 'X' || replacements.has(index);
  const removed = identifierLists(dataSet, isTakenOut);
  if (draft.profile.rules.length === 0) return createListMatcher(removed);
  const keeps = (index: number) => rules[index]?.action === 'K' && rules[index].source === 'user';
  const kept = new Set(collectIdentifiers(dataSet, keeps).map(({ text }) => text));
  return createListMatcher(kept.size === 0 ? removed : removed.map((list) => list.filter(({ text }) => !kept.has(text))));
}

/** (0042,0015) tells how long the document is (PS3.3 C.24.2), so it follows the document that was put in. */
function adjustDocumentLength({ dataSet, replacements }: Draft): void {
  const document = replacements.get(indexOf(dataSet, TAG.EncapsulatedDocument));
  const index = indexOf(dataSet, TAG.EncapsulatedDocumentLength);
  if (document === undefined || index < 0) return;
  replacements.set(index, encodeValue({ tag: TAG.EncapsulatedDocumentLength, vr: 'UL', value: [document.length] }, encodingOf(dataSet, dataSet.elements[index])));
}
