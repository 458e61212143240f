import { type DataElement, type DataSet, indexOf } from './dicom/data-set.ts';
import { formatTag, groupOf, isPrivateCreator, TAG, type Tag } from './dicom/tag.ts';
import { valueBytes, valueText } from './dicom/values.ts';
import { isSingleValued, type VR } from './dicom/vr.ts';
import { metaText, pathOf, topLevelText } from './draft.ts';
import { fileLeftovers } from './leftovers-file.ts';
import { createMatcher } from './matcher.ts';
import { isDummyDocument } from './encapsulated-document.ts';
import { isOwnUid, isSaidByNobody } from './own-values.ts';
import { createPlanner, DICOMDIR_SOP_CLASS, type Planner } from './planner.ts';
import { createProfile, OPTION_NAMES, type OptionName, OPTIONS, type Profile } from './profile.ts';
import { createPseudonyms, KEY_LENGTH } from './pseudonyms.ts';
import { explain, type Rule, rule } from './rules/rule.ts';
import { createRuleSet } from './rules/rule-set.ts';
import { cleanText } from './text-cleaning.ts';

/** Something in a file that still identifies, or may. It names places and rules, never a value. */
export interface Leftover {
  /** Undefined for what is no Data Element. */
  readonly tag: Tag | undefined;
  /** From the top, with the Items' numbers from 1; empty for what is no Data Element. */
  readonly path: string;
  /** A sentence with numbered blanks, and what stands in them. */
  readonly text: string;
  readonly args: readonly string[];
}

const NO_IDENTIFIERS = createMatcher([]);

/** What a bulk value may be at most to be compared with its dummy: no dummy is longer. */
const LONGEST_DUMMY = 1 << 16;

/** Looks for what still identifies in files that are meant to be de-identified; plans are made once for each set of options. */
export class LeftoverFinder {
  private readonly planners = new Map<string, Planner>();
  private readonly optionsSeen = new Set<OptionName>();

  /**
   * Everything that the Basic Profile, with the options that the file says were in force, would still take out, and
   * that is no dummy or pseudonym of this program; and the record that has to be there (PS3.15 E.1.1). A DICOMDIR
   * does not say which options were in force, so it comes last: those of the files before it count.
   * @throws DicomError for what cannot be judged: private SOP Classes
   */
  find(dataSet: DataSet): Leftover[] {
    const isDirectory = metaText(dataSet, TAG.MediaStorageSOPClassUID) === DICOMDIR_SOP_CLASS || indexOf(dataSet, DIRECTORY_RECORDS) >= 0;
    const inForce = isDirectory ? withoutContradiction(this.optionsSeen) : optionsInForce(dataSet);
    for (const option of inForce) this.optionsSeen.add(option);
    const profile = createProfile({ options: inForce });
    const judge = isDirectory ? new Judge(dataSet, directoryRules(dataSet, profile), NOTHING_NEW) : this.judge(dataSet, profile);
    return [...fileLeftovers(dataSet, profile, isDirectory), ...judge.leftovers()];
  }

  private judge(dataSet: DataSet, profile: Profile): Judge {
    const key = [...profile.options].join();
    // The key of a plan that is never carried out: of its pseudonyms only the form is looked at.
    const planner = this.planners.get(key) ?? createPlanner(profile, createPseudonyms(new Uint8Array(KEY_LENGTH)));
    this.planners.set(key, planner);
    const { rules, replacements } = planner.plan(dataSet);
    return new Judge(dataSet, rules, replacements);
  }
}

/** What needs a dependable result and cannot be told from attributes. */
const NOT_OF_ATTRIBUTES: ReadonlySet<OptionName> = new Set(['clean-pixel-data', 'clean-recognizable-visual-features']);

/**
 * The options that were in force when a file was de-identified, by the codes in (0012,0064), and where these do not
 * speak of dates by (0028,0303). Contradictions count for nothing.
 */
export function optionsInForce(dataSet: DataSet): OptionName[] {
  const { elements } = dataSet;
  const found = new Set<OptionName>();
  const sequence = indexOf(dataSet, TAG.DeidentificationMethodCodeSequence);
  if (sequence >= 0) {
    for (let item = sequence + 1; item < elements[sequence].next; item = elements[item].next) {
      const index = indexOf(dataSet, TAG.CodeValue, item);
      const code = index < 0 ? '' : valueText(dataSet, elements[index]).trim();
      const option = OPTION_NAMES.find((name) => OPTIONS[name].code === code);
      if (option !== undefined && !NOT_OF_ATTRIBUTES.has(option)) found.add(option);
    }
  }
  const times = topLevelText(dataSet, TAG.LongitudinalTemporalInformationModified);
  if (!DATES.some((name) => found.has(name))) {
    if (times === 'UNMODIFIED') found.add('retain-longitudinal-full-dates');
    if (times === 'MODIFIED') found.add('retain-longitudinal-modified-dates');
  }
  return withoutContradiction(found);
}

const DATES: readonly OptionName[] = ['retain-longitudinal-full-dates', 'retain-longitudinal-modified-dates'];

/** In the order of the standard. */
function withoutContradiction(options: ReadonlySet<OptionName>): OptionName[] {
  const contradicts = DATES.every((name) => options.has(name));
  return OPTION_NAMES.filter((name) => options.has(name) && !(contradicts && DATES.includes(name)));
}

const DIRECTORY_RECORDS = 0x00041220;
const REFERENCED_SOP_INSTANCE_IN_FILE = 0x00041511;
const REFERENCED = rule('U', 'basic', 'The UID of a file that it lists');

const NOTHING_NEW: ReadonlyMap<number, Uint8Array> = new Map();

/** A DICOMDIR is no composite instance: its records are judged attribute by attribute, its own group is structure. */
function directoryRules(dataSet: DataSet, profile: Profile): (Rule | undefined)[] {
  const ruleSet = createRuleSet(profile, DICOMDIR_SOP_CLASS);
  return dataSet.elements.map(({ tag, vr, depth, isItem }, index) => {
    if (tag === REFERENCED_SOP_INSTANCE_IN_FILE && !profile.options.has('retain-uids')) return REFERENCED;
    return isItem || groupOf(tag) === 0x0004 ? undefined : ruleSet.ruleFor(tag, vr as VR, depth, () => pathOf(dataSet, index));
  });
}

class Judge {
  private numbers: Int32Array | undefined;

  constructor(private readonly dataSet: DataSet, private readonly rules: readonly (Rule | undefined)[], private readonly replacements: ReadonlyMap<number, Uint8Array>) {}

  leftovers(): Leftover[] {
    const found: Leftover[] = [];
    this.dataSet.elements.forEach((element, index) => {
      const own = this.rules[index];
      if (own === undefined || !this.isLeft(index, element, own)) return;
      found.push({ tag: element.tag, path: this.pathTo(index), text: 'It still has a value: {0}', args: [explain(own)] });
    });
    return found;
  }

  private pathTo(index: number): string {
    this.numbers ??= itemNumbers(this.dataSet);
    return pathText(this.dataSet, this.numbers, index);
  }

  private isLeft(index: number, element: DataElement, { action, source }: Rule): boolean {
    // What repeats an identifier is told where that identifier itself stands.
    if (element.isItem || element.length === 0 || source === 'file-structure' || source === 'identifier') return false;
    switch (action) {
      case 'K': return false;
      case 'C': return this.isUncleaned(index, element);
      // The creator of a block identifies nobody; its elements are judged one by one.
      case 'X': return !isPrivateCreator(element.tag) && !this.isEmptyOrDummy(index, element);
      case 'U': return element.vr !== 'SQ' && !this.isEmptyOrDummy(index, element);
      default: return !this.isEmptyOrDummy(index, element);
    }
  }

  private isUncleaned(index: number, element: DataElement): boolean {
    switch (element.vr) {
      case 'SQ': case '': case 'DA': case 'DT': case 'TM': return false;
      // Free of what identifies by its form; which identifiers its source had is not known.
      case 'AE': case 'CS': case 'LO': case 'LT': case 'SH': case 'ST': case 'UC': case 'UR': case 'UT': {
        const text = valueText(this.dataSet, element);
        const values = isSingleValued(element.vr) ? [text] : text.split('\\');
        return values.some((value) => cleanText(value, NO_IDENTIFIERS) !== undefined) && !this.isEmptyOrDummy(index, element);
      }
      default: return this.replacements.has(index) && !this.isEmptyOrDummy(index, element);
    }
  }

  private isEmptyOrDummy(index: number, element: DataElement): boolean {
    const { dataSet } = this;
    const replacement = this.replacements.get(index);
    // A Sequence that is kept for its references is judged by what is in it.
    if (element.vr === 'SQ' && replacement === undefined && this.rules[index]?.action !== 'X') return this.replacements !== NOTHING_NEW || element.next === index + 1;
    if (element.vr === 'SQ' && element.next === index + 1) return true;
    if (element.vr === 'UI') return valueText(dataSet, element).split('\\').every((uid) => isOwnUid(uid.trim()));
    if (element.tag === TAG.EncapsulatedDocument && isDummyDocument(valueBytes(dataSet, element))) return true;
    if (element.length > LONGEST_DUMMY && element.length !== replacement?.length) return false;
    return isSaidByNobody(valueBytes(dataSet, element), element, replacement);
  }
}

/** Depth from which on a path is cut: written out, one of a hostile file would be as long as the file. */
const DEEPEST_PATH = 64;

/** `(0008,1140)[1].(0008,1155)`; of a deeper element the first steps and its own. */
function pathText({ elements }: DataSet, numbers: Int32Array, index: number): string {
  const steps: string[] = [];
  for (let i = index; i >= 0; i = elements[i].parent) {
    const { tag, isItem, depth } = elements[i];
    if (depth > DEEPEST_PATH && i !== index) continue;
    steps.push(isItem ? `[${numbers[i]}]` : `${depth === 0 ? '' : depth > DEEPEST_PATH ? '…' : '.'}${formatTag(tag)}`);
  }
  return steps.reverse().join('');
}

/** The number of each Item in its Sequence, from 1. */
function itemNumbers({ elements }: DataSet): Int32Array {
  const numbers = new Int32Array(elements.length);
  const met = new Int32Array(elements.length);
  elements.forEach(({ isItem, parent }, i) => {
    if (isItem) numbers[i] = ++met[parent];
  });
  return numbers;
}
