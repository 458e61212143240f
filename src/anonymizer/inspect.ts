import { characterSetAt } from './dicom/character-set.ts';
import type { DataElement, DataSet } from './dicom/data-set.ts';
import { describeTag } from './dicom/dictionary-names.ts';
import { privateElement } from './dicom/private-dictionary.ts';
import { formatTag, isPrivate, isPrivateCreator, TAG, type Tag } from './dicom/tag.ts';
import { valueBytes } from './dicom/values.ts';
import { isStringVr, type VR } from './dicom/vr.ts';
import { lengthOf } from './apply.ts';
import { encodingOf } from './draft.ts';
import { fileMetaRows } from './inspect-file-meta.ts';
import { newSequence } from './inspect-new-sequence.ts';
import { type Addition, decisionAt, type Plan } from './plan.ts';
import { type PrivateBlocks, privateBlocks } from './private-blocks.ts';
import type { ActionCode, Rule } from './rules/rule.ts';
import { lengthText, valueForPeople } from './value-text.ts';
import { areSame } from './same-bytes.ts';

/** What happens to an element, in the word that people see. */
export type ActionWord = 'Removed' | 'Emptied' | 'Replaced' | 'Remapped' | 'Cleaned' | 'Kept' | 'Added';

/** One line of a preview. It holds values of the source: it is for the screen of whoever opened the file alone. */
export interface InspectRow {
  /** `(GGGG,EEEE)`. */
  readonly tag: string;
  /** From the top, with the Items' numbers from 1: `(0008,1140)[1].(0008,1155)`. */
  readonly path: string;
  /** 0 at the top level; a Sequence, its Items and their elements are each one deeper. */
  readonly depth: number;
  readonly name: string;
  /** Empty for an Item. */
  readonly vr: string;
  readonly before: string;
  readonly after: string;
  readonly action: ActionWord;
  /** Code of Table E.1-1; empty for what is added and for File Meta Information. */
  readonly code: ActionCode | '';
  readonly why: string;
  /** A rule of the user's that is weaker than the standard, an identifier in a value that was to be kept, and the like. */
  readonly needsAttention: boolean;
  readonly isPrivate: boolean;
  /** Of a private element in a block. */
  readonly creator?: string | undefined;
}

/** Fills `{0}` and what follows with the arguments; handed in where sentences are translated. */
export type Say = (text: string, args: readonly string[]) => string;

const inEnglish: Say = (text, args) => text.replace(/\{(\d)\}/g, (_, i: string) => args[Number(i)] ?? '');

/**
 * The elements of a Data Set before and after, as the Plan that makes the output has them: File Meta Information,
 * then all elements in file order, with what is added where it will stand.
 */
export function inspect(plan: Plan, say: Say = inEnglish): InspectRow[] {
  return [...inspectRows(plan, say)];
}

/** The same row by row, for who needs not hold them all. */
export function* inspectRows(plan: Plan, say: Say = inEnglish): Generator<InspectRow> {
  yield* fileMetaRows(plan, say);
  yield* new Inspector(plan, say).rows();
}

/** Depth from which on a path names the place by its number alone: written out, paths of a deep file would fill any memory. */
const DEEPEST_PATH = 64;

class Inspector {
  private readonly privates: PrivateBlocks;
  private readonly flagged: ReadonlySet<Tag | undefined>;
  private readonly characterSets = new Map<number, string>();
  private readonly paths: string[] = [];
  private readonly itemNumbers = new Map<number, number>();
  /** Whether anything inside a Sequence or Item changes. */
  private readonly changes: Uint8Array;

  constructor(private readonly plan: Plan, private readonly say: Say) {
    this.privates = privateBlocks(plan.dataSet, plan.profile);
    this.flagged = new Set(plan.warnings.map(({ tag }) => tag));
    this.changes = changesInside(plan);
  }

  *rows(): Generator<InspectRow> {
    const { dataSet, additions } = this.plan;
    const { elements } = dataSet;
    let next = 0;
    for (let index = 0; index < elements.length; index++) {
      const element = elements[index];
      let written: Addition | undefined;
      if (element.parent < 0) {
        while (next < additions.length && additions[next].tag < element.tag) yield* this.added(additions[next++]);
        // The record of an earlier de-identification is written anew: one row, before and after.
        if (additions[next]?.tag === element.tag) written = additions[next++];
      }
      yield this.row(index, element, written);
      if (written !== undefined && element.next === index + 1) yield* this.inside(written.tag, written.vr, written.value, written.rule, 1);
      const replacement = this.plan.replacements.get(index);
      if (replacement !== undefined && element.vr === 'SQ') yield* this.inside(element.tag, 'SQ', replacement, this.plan.rules[index], element.depth + 1, this.paths[index]);
    }
    while (next < additions.length) yield* this.added(additions[next++]);
  }

  private row(index: number, element: DataElement, written: Addition | undefined): InspectRow {
    const { dataSet, rules } = this.plan;
    const decision = decisionAt(this.plan, index);
    const rule = written?.rule ?? decision.rule;
    const own = rules[index] !== undefined;
    const action = written !== undefined ? (this.isSame(element, written.value) ? 'Kept' : 'Replaced') : own ? this.wordFor(index, element, rule) : 'Removed';
    const creator = isPrivate(element.tag) ? this.privates.creatorOf(index) : undefined;
    const before = this.before(index, element);
    const path = this.pathTo(index, element);
    return {
      tag: formatTag(element.tag), path, depth: element.depth, name: this.nameOf(index, element, creator),
      vr: element.vr, before, after: this.after(index, element, action, before, written), action, code: written === undefined ? rule.action : '',
      why: this.why(rule, own ? undefined : dataSet.elements[decision.index].tag),
      needsAttention: rule.weaker === true || rule.source === 'identifier' || this.flagged.has(element.tag),
      isPrivate: isPrivate(element.tag), ...(creator === undefined ? {} : { creator }),
    };
  }

  private wordFor(index: number, element: DataElement, { action }: Rule): ActionWord {
    if (action === 'X') return 'Removed';
    const replacement = this.plan.replacements.get(index);
    if (replacement === undefined) {
      if (this.plan.pixels?.pieces !== undefined && this.plan.pixels.index === index) return 'Cleaned';
      if (this.changes[index] === 0 || action === 'K') return 'Kept';
      return action === 'U' ? 'Remapped' : 'Cleaned';
    }
    if (this.isSame(element, replacement)) return 'Kept';
    if (replacement.length === 0) return 'Emptied';
    return action === 'U' ? 'Remapped' : action === 'C' ? 'Cleaned' : 'Replaced';
  }

  private isSame(element: DataElement, replacement: Uint8Array): boolean {
    // Of another length it may be too long to be looked into.
    return element.length === replacement.length && areSame(valueBytes(this.plan.dataSet, element), replacement);
  }

  private before(index: number, element: DataElement): string {
    const { dataSet } = this.plan;
    if (element.isItem) return '';
    if (element.vr === 'SQ') return this.itemsText(countItems(dataSet, index));
    return this.textOf(valueBytesFor(dataSet, element), element, index);
  }

  private after(index: number, element: DataElement, action: ActionWord, before: string, written: Addition | undefined): string {
    if (written !== undefined) return written.vr === 'SQ' ? this.itemsText(newSequence(this.plan, written.tag, written.value).items) : this.textOf(written.value, element, index);
    const replacement = this.plan.replacements.get(index);
    if (action === 'Removed') return '';
    if (replacement === undefined) {
      if (element.vr === 'SQ' && !element.isItem) return this.itemsText(countItems(this.plan.dataSet, index, (item) => this.plan.rules[item]?.action !== 'X'));
      const { pixels } = this.plan;
      if (pixels?.pieces !== undefined && pixels.index === index && pixels.transferSyntax !== this.plan.dataSet.transferSyntax) return lengthText(lengthOf(pixels.pieces.slice(1)));
      // Stretches inside a value that are blanked in place keep its length.
      return before;
    }
    return element.vr === 'SQ' ? this.itemsText(newSequence(this.plan, element.tag, replacement, element).items) : this.textOf(replacement, element, index);
  }

  private textOf(bytes: Uint8Array | number, element: DataElement, index: number): string {
    if (typeof bytes === 'number') return lengthText(bytes);
    const { littleEndian } = encodingOf(this.plan.dataSet, element);
    return valueForPeople(bytes, element.vr as VR, { characterSet: this.characterSetOf(element, index), littleEndian });
  }

  private characterSetOf({ parent }: DataElement, index: number): string {
    const known = this.characterSets.get(parent);
    if (known !== undefined) return known;
    const characterSet = characterSetAt(this.plan.dataSet, index);
    this.characterSets.set(parent, characterSet);
    return characterSet;
  }

  private itemsText(count: number): string {
    return count === 1 ? this.say('1 item', []) : this.say('{0} items', [String(count)]);
  }

  private why(rule: Rule, around: Tag | undefined): string {
    const sentence = this.say(rule.why, rule.args);
    return around === undefined ? sentence : this.say('Inside {0}: {1}', [formatTag(around), sentence]);
  }

  private nameOf(index: number, element: DataElement, creator: string | undefined): string {
    if (element.isItem) return this.say('Item {0}', [String(this.itemNumbers.get(index))]);
    return nameOfElement(element.tag, creator, this.say);
  }

  /** Elements come in file order, so what is around one has its path already. */
  private pathTo(index: number, { tag, parent, isItem, depth }: DataElement): string {
    const around = parent < 0 ? '' : this.paths[parent];
    if (depth > DEEPEST_PATH) {
      this.paths[index] = `${around.replace(/…\d+$/, '')}…${index}`;
      if (isItem) this.itemNumbers.set(parent, (this.itemNumbers.get(parent) ?? 0) + 1).set(index, this.itemNumbers.get(parent) ?? 1);
      return this.paths[index];
    }
    if (isItem) {
      // A Sequence's own entry counts the Items met so far.
      const number = (this.itemNumbers.get(parent) ?? 0) + 1;
      this.itemNumbers.set(parent, number).set(index, number);
    }
    this.paths[index] = isItem ? `${around}[${this.itemNumbers.get(index)}]` : `${around}${around === '' ? '' : '.'}${formatTag(tag)}`;
    return this.paths[index];
  }

  private *added({ tag, vr, value, rule }: Addition): Generator<InspectRow> {
    const { dataSet } = this.plan;
    const after = vr === 'SQ' ? this.itemsText(newSequence(this.plan, tag, value).items) : valueForPeople(value, vr, { characterSet: '', littleEndian: dataSet.littleEndian });
    yield {
      tag: formatTag(tag), path: formatTag(tag), depth: 0, name: nameOfElement(tag, undefined, this.say), vr, before: '', after, action: 'Added', code: '',
      why: this.why(rule, undefined), needsAttention: false, isPrivate: false,
    };
    yield* this.inside(tag, vr, value, rule, 1);
  }

  /** Items and elements of a Sequence that is written anew. */
  private *inside(tag: Tag, vr: VR, value: Uint8Array, rule: Rule | undefined, depth: number, path = formatTag(tag)): Generator<InspectRow> {
    if (vr !== 'SQ' || rule === undefined) return;
    for (const row of newSequence(this.plan, tag, value).rows) {
      yield {
        tag: formatTag(row.tag), path: `${path}${row.path}`, depth: depth + row.depth,
        name: row.item === undefined ? nameOfElement(row.tag, undefined, this.say) : this.say('Item {0}', [String(row.item)]),
        vr: row.vr, before: '', after: row.items === undefined ? row.text : this.itemsText(row.items), action: 'Added', code: '',
        why: this.why(rule, undefined), needsAttention: false, isPrivate: false,
      };
    }
  }
}

export function nameOfElement(tag: Tag, creator: string | undefined, say: Say): string {
  if (isPrivateCreator(tag)) return say('Private Creator', []);
  if (isPrivate(tag)) return (creator === undefined ? undefined : privateElement(creator, tag)?.name) ?? say('Private', []);
  return describeTag(tag)?.name ?? say('Not in the dictionary', []);
}

function countItems({ elements }: DataSet, sequence: number, counts: (item: number) => boolean = () => true): number {
  let count = 0;
  for (let item = sequence + 1; item < elements[sequence].next; item = elements[item].next) if (counts(item)) count += 1;
  return count;
}

/** Longest value that is read for a list of elements. */
const MAX_READ = 1 << 16;

/** Of pixels and other long bytes the length alone, of a long text its beginning. */
function valueBytesFor({ source }: DataSet, { tag, vr, valueStart, valueEnd, length, undefinedLength }: DataElement): Uint8Array | number {
  const isLong = length > MAX_READ || undefinedLength || tag === TAG.PixelData;
  if (isLong && !isStringVr(vr as VR)) return length;
  return source.read(valueStart, Math.min(valueEnd, valueStart + MAX_READ));
}

function changesInside({ dataSet, rules, replacements, redactions }: Plan): Uint8Array {
  const { elements } = dataSet;
  const changes = new Uint8Array(elements.length);
  let last = redactions.length - 1;
  for (let i = elements.length - 1; i >= 0; i--) {
    const { parent, start, end } = elements[i];
    while (last >= 0 && redactions[last].start >= end) last--;
    if (last >= 0 && redactions[last].start >= start) changes[i] = 1;
    const changed = changes[i] === 1 || rules[i]?.action === 'X' || replacements.has(i);
    if (changed && parent >= 0) changes[parent] = 1;
  }
  return changes;
}
