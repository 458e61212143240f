import { DicomError } from '../anonymizer/dicom/errors.ts';
import { formatTag, TAG } from '../anonymizer/dicom/tag.ts';
import type { Rule } from '../anonymizer/rules/rule.ts';
import { cell, isBinary } from './cell-text.ts';
import type { CellText } from './protocol.ts';
import { META_ROWS, type TagsDocument } from './tags-document.ts';
import type { RawDetail, RawRow, Sentence } from './tags-thread.ts';
import type { Shown } from './tags-view.ts';

/** Characters of a value that the details show at first, and when all of it is asked for. */
const FOLDED = 2_000;
const UNFOLDED = 200_000;
/** Bytes of a text value that are read to be copied or unfolded. */
const WHOLE_TEXT = 64 << 20;
/** Bytes of a binary value that its digest covers at most. */
const DIGESTED = 16 << 20;

export interface RowParts {
  readonly tag: string;
  readonly name: string;
  readonly vr: string;
  readonly before: string;
  readonly after: string;
  readonly outcome: RawRow['outcome'];
}

export function rowOf(document: TagsDocument, { entry, isContext, isFolded }: Shown): RawRow {
  const { id, level, tag, vr, hasChildren } = entry;
  const isItem = tag === TAG.Item && vr === '';
  const { keyword, name, creator } = isItem ? { keyword: '', name: '', creator: undefined } : document.describe(tag, id);
  const outcome = document.outcomeOf(id);
  return {
    id, level, expanded: hasChildren ? !isFolded : undefined,
    tag: isItem ? '' : formatTag(tag), name: isItem ? `#${document.itemsOf(id)}` : name, keyword, vr, creator,
    before: outcome === 'added' ? cell('') : beforeCell(document, id, vr), after: afterCell(document, id, vr),
    outcome, why: whySentence(document.ruleOf(id), id), attention: document.needsAttention(id), isContext,
  };
}

/** Why nothing asks about the File Meta Information: it is written anew. */
function whySentence(rule: Rule | undefined, id: number): Sentence {
  if (rule !== undefined) return { text: rule.why, args: rule.args };
  return id >= META_ROWS ? { text: 'File Meta Information is written anew (PS3.10 7.1)', args: [] } : { text: '', args: [] };
}

function beforeCell(document: TagsDocument, id: number, vr: string): CellText {
  if (vr === 'SQ') return itemCount(document.itemsOf(id));
  const length = document.lengthBefore(id);
  return valueCell(document.before(id), vr, length);
}

function afterCell(document: TagsDocument, id: number, vr: string): CellText {
  const outcome = document.outcomeOf(id);
  if (outcome === 'removed' || outcome === 'emptied') return cell('');
  const value = document.replacementOf(id);
  if (vr === 'SQ') return outcome === 'kept' ? itemCount(document.itemsOf(id)) : itemCount(value === undefined || value.length === 0 ? 0 : 1);
  return valueCell(document.after(id), vr, value?.length ?? document.lengthBefore(id));
}

/** Of a binary value its length goes first: it says more than its bytes. */
function valueCell(text: string, vr: string, length: number): CellText {
  if (isBinary(vr)) return cell(length === 0 ? '' : `${formatBytes(length)} · ${text}`);
  return cell(text, Math.max(text.length, length > 600 ? length : text.length));
}

function itemCount(count: number): CellText {
  return cell(`× ${count}`);
}

/** `512 B`, `1.5 kB`, `2.1 GB`, in powers of ten as file managers have it. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const step = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${['B', 'kB', 'MB', 'GB'][step]}`;
}

export function detailOf(document: TagsDocument, id: number, whole: boolean, digest: (bytes: Uint8Array) => string): RawDetail {
  const element = document.elementOf(id);
  const addition = document.additionOf(id);
  const tag = element?.tag ?? addition?.tag ?? 0;
  const vr = element?.vr ?? addition?.vr ?? '';
  const isItem = tag === TAG.Item && vr === '';
  const { name, creator } = isItem ? { name: `#${document.itemsOf(id)}`, creator: undefined } : document.describe(tag, id);
  const limit = whole ? UNFOLDED : FOLDED;
  const text = (value: string, length: number) => (isBinary(vr) ? cell(value) : cell(value, Math.max(value.length, length > limit * 4 ? length : 0), limit));
  const isGone = ['removed', 'emptied'].includes(document.outcomeOf(id));
  const length = document.lengthBefore(id);
  return {
    id, tag: isItem ? '' : formatTag(tag), name, path: document.pathOf(id), creator, vr, length,
    outcome: document.outcomeOf(id), why: whySentence(document.ruleOf(id), id),
    warnings: (document.plan?.warnings ?? []).filter((warning) => warning.tag === tag && id < META_ROWS).map(({ text: sentence, args }) => ({ text: sentence, args })),
    before: vr === 'SQ' ? itemCount(document.itemsOf(id)) : text(document.before(id, limit * 4), length),
    after: vr === 'SQ' || isGone ? afterCell(document, id, vr) : text(document.after(id, limit * 4), document.replacementOf(id)?.length ?? length),
    digest: element !== undefined && id < META_ROWS && isBinary(vr) && length > 0
      ? digest(document.dataSet.source.read(element.valueStart, Math.min(element.valueEnd, element.valueStart + DIGESTED)))
      : undefined,
  };
}

/** What is copied: the value itself and not how it is shown. */
export function rawText(document: TagsDocument, id: number, part: 'before' | 'after' | 'tag' | 'path'): string {
  switch (part) {
    case 'before': return document.before(id, WHOLE_TEXT);
    case 'after': return document.after(id, WHOLE_TEXT);
    case 'tag': return formatTag(document.elementOf(id)?.tag ?? document.additionOf(id)?.tag ?? 0);
    case 'path': return document.pathOf(id);
  }
}

/** The refusal of a file as a sentence that can be translated; place and tag stand in the blanks. */
export function sentenceOf(error: Error): Sentence {
  if (!(error instanceof DicomError)) return { text: error.message, args: [] };
  return { text: error.message.replace(/( at \(\w{4},\w{4}\))?(, offset \d+)?$/, ''), args: [] };
}
