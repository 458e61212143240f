import { type DataElement, indexOf } from './dicom/data-set.ts';
import { isPrivate, type Tag } from './dicom/tag.ts';
import type { VR } from './dicom/vr.ts';
import { type Draft, pathOf } from './draft.ts';
import { overlayRule } from './graphics.ts';
import type { PrivateBlocks } from './private-blocks.ts';
import { chosenText, dummyFor, emptyOrPseudonym, isDateOrTime, isUid, pseudonymFor, remapped, shifted } from './replacement.ts';
import { type Rule, rule } from './rules/rule.ts';
import type { RuleSet } from './rules/rule-set.ts';
import { contentItemRule, contentValueRule } from './structured-content.ts';
import { asRule, type UserRules } from './user-rules.ts';

const ITEM = rule('K', 'vr', 'Item of a Sequence that is kept');
/** Referenced Performed Procedure Step, Referenced Study: their Items hold a class and an instance (PS3.3 10.2). */
const REFERENCES: ReadonlySet<Tag> = new Set([0x00081110, 0x00081111]);
const NOT_A_UID = rule('U', 'basic', 'Not a UID by its form, so it cannot be retained');
const COMMON_REFERENCE = rule('U', 'basic', 'Basic Profile X/Z/U* → U: Common Instance Reference lists what it refers to');
const NOT_A_DATE = rule('D', 'basic', 'Not a date or time by its form, so it cannot be retained');

/** Decides element after element, in file order; what is inside a removed or replaced Sequence is stepped over. */
export class Decider {
  constructor(
    private readonly draft: Draft,
    private readonly ruleSet: RuleSet,
    private readonly basicSet: RuleSet,
    private readonly privates: PrivateBlocks,
    private readonly own: UserRules,
  ) {
    this.listsReferences = indexOf(draft.dataSet, 0x00081115) >= 0;
  }

  /** Whether the instance has a Common Instance Reference. */
  private readonly listsReferences: boolean;

  decideAll(): void {
    const { elements } = this.draft.dataSet;
    for (let i = 0; i < elements.length; ) i = this.decide(i);
  }

  /** The index of the element to be decided next. */
  private decide(index: number): number {
    const { draft } = this;
    const element = draft.dataSet.elements[index];
    if (element.isItem) return this.decideItem(index, element);
    const own = this.ruleFor(index, element);
    draft.rules[index] = own;
    switch (own.action) {
      case 'K': return this.keep(index, element, own);
      case 'X': return element.next;
      case 'Z': return this.replace(index, element, emptyOrPseudonym(draft, element));
      case 'D':
        if (own.value !== undefined) return this.replace(index, element, chosenText(own.value, element.vr));
        // References stay, with their UIDs remapped: an Item that refers to nothing would be worse than none.
        if (REFERENCES.has(element.tag) && element.next > index + 1) return index + 1;
        return this.replace(index, element, dummyFor(draft, element));
      case 'U': return element.vr === 'SQ' ? index + 1 : this.replace(index, element, this.remap(element));
      case 'C': return this.clean(index, element, own);
    }
  }

  private decideItem(index: number, element: DataElement): number {
    const { draft } = this;
    draft.rules[index] = ITEM;
    if (!draft.profile.options.has('clean-structured-content')) return index + 1;
    const content = contentItemRule(draft.dataSet, index, draft.profile);
    if (content === undefined) return index + 1;
    draft.rules[index] = content;
    return content.action === 'X' ? element.next : index + 1;
  }

  private ruleFor(index: number, element: DataElement): Rule {
    const { privates } = this;
    const vr = element.vr as VR;
    const standard = this.standardRule(index, element, this.ruleSet);
    if (this.draft.profile.rules.length === 0) return standard;
    const own = this.own.find(element.tag, vr, () => privates.creatorOf(index));
    // What the structure of a file asks for is not a matter of choice.
    return own === undefined || standard.source === 'file-structure' ? standard : asRule(own, standard);
  }

  private standardRule(index: number, element: DataElement, ruleSet: RuleSet): Rule {
    const { draft, privates } = this;
    if (isPrivate(element.tag)) return privates.ruleFor(index);
    const item = element.parent < 0 ? undefined : draft.rules[element.parent];
    if (item !== undefined && item !== ITEM) {
      const content = contentValueRule(item, element.tag);
      if (content !== undefined) return content;
    }
    const found = ruleSet.ruleFor(element.tag, element.vr as VR, element.depth, () => pathOf(draft.dataSet, index));
    // What the instance lists as referenced it must refer to (PS3.3 C.12.2).
    const isReference = element.tag === 0x00081140 || element.tag === 0x00082112;
    return isReference && found.action === 'X' && this.listsReferences ? COMMON_REFERENCE : found;
  }

  /** Action C: date moved, text marked to be cleaned, Sequence entered; what cannot be cleaned falls back. */
  private clean(index: number, element: DataElement, own: Rule): number {
    const { draft } = this;
    switch (element.vr) {
      case 'SQ': return index + 1;
      case 'DA': case 'DT': case 'TM': {
        const value = shifted(draft, element);
        if (value !== undefined) return this.replace(index, element, value);
        draft.rules[index] = NOT_A_DATE;
        return this.replace(index, element, dummyFor(draft, element));
      }
      case 'UI': {
        if (draft.profile.options.has('retain-uids') && isUid(draft, element)) return index + 1;
        return this.replace(index, element, remapped(draft, element));
      }
      case 'PN': return this.replace(index, element, dummyFor(draft, element));
      // AE titles are made up from names of places more often than not; a code still tells devices apart (E.3.8).
      case 'AE': return element.length === 0 ? index + 1 : this.replace(index, element, pseudonymFor(draft, element));
      case 'CS': case 'LO': case 'LT': case 'SH': case 'ST': case 'UC': case 'UR': case 'UT':
        if (own.source === 'clean-descriptors' && draft.profile.descriptors === 'remove') return this.replace(index, element, dummyFor(draft, element));
        draft.textsToClean.push(index);
        return index + 1;
      default: return this.cleanBinary(index, element, own);
    }
  }

  private cleanBinary(index: number, element: DataElement, own: Rule): number {
    const { draft } = this;
    if (own.source === 'clean-graphics') {
      const graphic = overlayRule(draft, index);
      draft.rules[index] = graphic.rule;
      if (graphic.rule.action === 'X') return element.next;
      return graphic.value === undefined ? index + 1 : this.replace(index, element, graphic.value);
    }
    // A number, or a binary that Table E.3.10-1 knows to be safe.
    if (own.source === 'retain-safe-private' && element.vr !== 'UN') return index + 1;
    const fallback = this.standardRule(index, element, this.basicSet);
    draft.rules[index] = fallback.action === 'C' ? { ...fallback, action: 'X' } : fallback;
    if (fallback.action === 'D') return this.replace(index, element, dummyFor(draft, element));
    if (fallback.action === 'Z') return this.replace(index, element, emptyOrPseudonym(draft, element));
    return fallback.action === 'K' ? index + 1 : element.next;
  }

  /** Dates and UIDs that are retained must be such by their form, or they might hold anything; a user's choice stands. */
  private keep(index: number, element: DataElement, { source }: Rule): number {
    const { draft } = this;
    if (source === 'user') return index + 1;
    switch (element.vr) {
      case 'DA': case 'DT': case 'TM':
        if (isDateOrTime(draft, element)) return index + 1;
        draft.rules[index] = NOT_A_DATE;
        return this.replace(index, element, dummyFor(draft, element));
      case 'UI':
        if (isUid(draft, element)) return index + 1;
        draft.rules[index] = NOT_A_UID;
        return this.replace(index, element, remapped(draft, element));
      default:
        return index + 1;
    }
  }

  /** UIDs are remapped; of what is no text there is nothing to remap, so it gets a dummy. */
  private remap(element: DataElement): Uint8Array {
    if (element.vr === 'UI') return remapped(this.draft, element);
    const isLabel = element.vr === 'LO' || element.vr === 'SH' || element.vr === 'UC' || element.vr === 'PN' || element.vr === 'CS' || element.vr === 'AE';
    return isLabel ? pseudonymFor(this.draft, element) : dummyFor(this.draft, element);
  }

  private replace(index: number, element: DataElement, value: Uint8Array): number {
    this.draft.replacements.set(index, value);
    return element.next;
  }
}
