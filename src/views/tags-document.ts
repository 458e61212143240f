import { characterSetAt } from '../anonymizer/dicom/character-set.ts';
import { type DataElement, type DataSet, indexOf } from '../anonymizer/dicom/data-set.ts';
import { describeTag, type TagDescription } from '../anonymizer/dicom/dictionary-names.ts';
import { privateElement } from '../anonymizer/dicom/private-dictionary.ts';
import { creatorTagOf, formatTag, isPrivate, isPrivateCreator, TAG, tagKey, type Tag } from '../anonymizer/dicom/tag.ts';
import { nameOfUid } from '../anonymizer/dicom/uids.ts';
import { valueText } from '../anonymizer/dicom/values.ts';
import { isStringVr, type VR } from '../anonymizer/dicom/vr.ts';
import { type Addition, decisionAt, type Plan } from '../anonymizer/plan.ts';
import type { Rule } from '../anonymizer/rules/rule.ts';
import { CELL_BYTES, textOfValue } from './cell-text.ts';
import type { Outcome } from './protocol.ts';

/** Identifiers of rows: elements by index, what is in no list of elements after these. */
export const META_ROWS = 1_000_000_000;
export const ADDITION_ROWS = 2_000_000_000;

/** A row before anything is said of how it looks. */
export interface Entry {
  readonly id: number;
  readonly parent: number;
  readonly level: number;
  readonly tag: Tag;
  readonly vr: VR | '';
  readonly hasChildren: boolean;
}

/** The Data Set of an open file with the Plan in force, as rows in file order. */
export class TagsDocument {
  plan: Plan | undefined;
  private readonly children: Int32Array;
  private readonly attentionTags = new Set<Tag>();

  constructor(readonly dataSet: DataSet) {
    // How many Items a Sequence has, and which Item of its Sequence an Item is.
    const { elements } = dataSet;
    this.children = new Int32Array(elements.length);
    elements.forEach((element, index) => {
      if (!element.isItem) return;
      this.children[element.parent] += 1;
      this.children[index] = this.children[element.parent];
    });
  }

  setPlan(plan: Plan | undefined): void {
    this.plan = plan;
    this.attentionTags.clear();
    for (const { tag } of plan?.warnings ?? []) if (tag !== undefined) this.attentionTags.add(tag);
  }

  /** All rows in order: File Meta Information, elements, and what is added where its tag belongs. */
  *entries(): Generator<Entry> {
    const { dataSet: { meta, elements } } = this;
    for (let i = 0; i < meta.length; i++) yield { id: META_ROWS + i, parent: -1, level: 0, tag: meta[i].tag, vr: meta[i].vr, hasChildren: false };
    const additions = this.plan?.additions ?? [];
    let next = 0;
    for (let i = 0; i < elements.length; i++) {
      const element = elements[i];
      if (element.depth === 0) while (next < additions.length && additions[next].tag < element.tag) yield additionEntry(additions[next], next++);
      yield { id: i, parent: element.parent, level: element.depth, tag: element.tag, vr: element.vr, hasChildren: element.next > i + 1 };
    }
    while (next < additions.length) yield additionEntry(additions[next], next++);
  }

  elementOf(id: number): DataElement | undefined {
    if (id >= ADDITION_ROWS) return undefined;
    return id >= META_ROWS ? this.dataSet.meta[id - META_ROWS] : this.dataSet.elements[id];
  }

  additionOf(id: number): Addition | undefined {
    return id >= ADDITION_ROWS ? this.plan?.additions[id - ADDITION_ROWS] : undefined;
  }

  /** The rule in force; for what goes with the Sequence around it that of the Sequence. */
  ruleOf(id: number): Rule | undefined {
    if (id >= ADDITION_ROWS) return this.additionOf(id)?.rule;
    if (id >= META_ROWS || this.plan === undefined) return undefined;
    return decisionAt(this.plan, id).rule;
  }

  outcomeOf(id: number): Outcome {
    const { plan } = this;
    if (id >= ADDITION_ROWS) return 'added';
    if (plan === undefined) return 'kept';
    if (id >= META_ROWS) return metaOutcome(this.dataSet.meta[id - META_ROWS].tag);
    const { rule, replacement, index } = decisionAt(plan, id);
    if (rule.action === 'X') return 'removed';
    if (index !== id && replacement !== undefined) return 'removed';
    if (replacement === undefined) return id === index && this.isRedacted(id) ? 'cleaned' : 'kept';
    if (replacement.length === 0) return 'emptied';
    switch (rule.action) {
      case 'U': return 'remapped';
      case 'C': return 'cleaned';
      default: return 'replaced';
    }
  }

  /** What a person should look at: a rule of their own that is weaker, a warning, an identifier in what is kept. */
  needsAttention(id: number): boolean {
    if (this.plan === undefined || id >= META_ROWS) return false;
    const rule = this.plan.rules[id];
    if (rule === undefined) return false;
    return rule.weaker === true || rule.source === 'identifier' || this.attentionTags.has(this.dataSet.elements[id].tag);
  }

  /** Characters or bytes of the value; Items of a Sequence. */
  lengthBefore(id: number): number {
    return this.elementOf(id)?.length ?? 0;
  }

  before(id: number, limit = CELL_BYTES): string {
    const element = this.elementOf(id);
    if (element === undefined || element.isItem) return '';
    if (id >= META_ROWS) return this.text(this.dataSet.metaSource.read(element.valueStart, Math.min(element.valueEnd, element.valueStart + limit)), element.vr as VR, '', true, element.length);
    if (element.vr === 'SQ') return '';
    const bytes = this.dataSet.source.read(element.valueStart, Math.min(element.valueEnd, element.valueStart + limit));
    return this.text(bytes, element.vr as VR, this.characterSet(id, element), this.dataSet.littleEndian || element.implicit, element.length);
  }

  after(id: number, limit = CELL_BYTES): string {
    const { plan } = this;
    if (plan === undefined) return '';
    const addition = this.additionOf(id);
    if (addition !== undefined) return addition.vr === 'SQ' ? '' : this.text(addition.value.subarray(0, limit), addition.vr, '', this.dataSet.littleEndian, addition.value.length);
    const element = this.elementOf(id);
    if (element === undefined) return '';
    switch (this.outcomeOf(id)) {
      case 'removed': case 'emptied': return '';
      case 'kept': return this.before(id, limit);
      default: {
        const value = plan.replacements.get(id);
        if (value === undefined) return id >= META_ROWS ? this.metaAfter(element.tag) : this.before(id, limit);
        if (element.vr === 'SQ') return '';
        return this.text(value.subarray(0, limit), element.vr as VR, this.characterSet(id, element), this.dataSet.littleEndian || element.implicit, value.length);
      }
    }
  }

  /** Bytes after, or undefined where they are those before. */
  replacementOf(id: number): Uint8Array | undefined {
    return this.additionOf(id)?.value ?? this.plan?.replacements.get(id);
  }

  /** Number of Items of a Sequence, or the number of an Item in its Sequence. */
  itemsOf(id: number): number {
    return id < META_ROWS ? this.children[id] : 0;
  }

  describe(tag: Tag, id: number): TagDescription & { readonly creator?: string | undefined } {
    const known = describeTag(tag);
    if (known !== undefined) return known;
    const empty = { keyword: '', vm: '', retired: false };
    if (!isPrivate(tag) || id >= META_ROWS) return { ...empty, name: '' };
    if (isPrivateCreator(tag)) return { ...empty, name: 'Private Creator' };
    const creator = this.creatorOf(tag, id);
    return { ...empty, name: creator === undefined ? '' : privateElement(creator, tag)?.name ?? '', creator };
  }

  /** Tags and Items from the top to the row, as `(0040,A730)[1] > (0040,A160)`. */
  pathOf(id: number): string {
    if (id >= META_ROWS) return formatTag(this.elementOf(id)?.tag ?? this.additionOf(id)?.tag ?? 0);
    const { elements } = this.dataSet;
    const parts: string[] = [];
    for (let i = id, item = ''; i >= 0; i = elements[i].parent) {
      if (elements[i].isItem) item = `[${this.children[i]}]`;
      else {
        parts.unshift(formatTag(elements[i].tag) + item);
        item = '';
      }
    }
    return parts.join(' > ');
  }

  private creatorOf(tag: Tag, id: number): string | undefined {
    const creator = indexOf(this.dataSet, creatorTagOf(tag), this.dataSet.elements[id].parent);
    return creator < 0 ? undefined : valueText(this.dataSet, this.dataSet.elements[creator]).trim();
  }

  private characterSet(id: number, element: DataElement): string {
    return isStringVr(element.vr as VR) ? characterSetAt(this.dataSet, id) : '';
  }

  private text(bytes: Uint8Array, vr: VR, characterSet: string, littleEndian: boolean, length: number): string {
    const text = textOfValue(bytes, vr, characterSet, littleEndian, length);
    const name = vr === 'UI' && text !== '' ? nameOfUid(text) : undefined;
    return name === undefined ? text : `${text} (${name})`;
  }

  private metaAfter(tag: Tag): string {
    const { plan } = this;
    return tag === TAG.MediaStorageSOPInstanceUID && plan !== undefined ? plan.instance.sopInstance : '';
  }

  private isRedacted(id: number): boolean {
    const element = this.dataSet.elements[id];
    return this.plan?.redactions.some(({ start, end }) => start >= element.valueStart && end <= element.valueEnd) ?? false;
  }
}

function additionEntry({ tag, vr }: Addition, index: number): Entry {
  return { id: ADDITION_ROWS + index, parent: -1, level: 0, tag, vr, hasChildren: false };
}

/** The File Meta Information is written anew (PS3.10 7.1); what says who wrote the file goes. */
function metaOutcome(tag: Tag): Outcome {
  switch (tag) {
    case TAG.MediaStorageSOPClassUID: case TAG.TransferSyntaxUID: case TAG.FileMetaInformationVersion: return 'kept';
    case TAG.MediaStorageSOPInstanceUID: return 'remapped';
    case TAG.FileMetaInformationGroupLength: case TAG.ImplementationClassUID: case TAG.ImplementationVersionName: return 'replaced';
    default: return 'removed';
  }
}

/** Text that a search looks through for a tag: both ways to write it. */
export function searchableTag(tag: Tag): string {
  const key = tagKey(tag).toLowerCase();
  return `${key} (${key.slice(0, 4)},${key.slice(4)})`;
}
