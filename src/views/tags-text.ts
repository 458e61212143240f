import { formatTag, TAG } from '../anonymizer/dicom/tag.ts';
import { explain } from '../anonymizer/rules/rule.ts';
import { cell, isBinary } from './cell-text.ts';
import type { TagsDocument } from './tags-document.ts';
import { formatBytes } from './tags-rows.ts';

/** Characters of a value in a line. */
const VALUE = 400;
/** Lines at most: what the diff editor still compares. */
const LINES = 200_000;

/** The data set as lines of text for the diff editor: what stays the same is the same line on both sides. */
export function tagLines(document: TagsDocument, side: 'before' | 'after'): string[] {
  const lines: string[] = [];
  for (const { id, tag, vr, level } of document.entries()) {
    if (lines.length >= LINES) break;
    const outcome = document.outcomeOf(id);
    if (side === 'after' ? outcome === 'removed' : outcome === 'added') continue;
    const indent = '  '.repeat(level);
    if (tag === TAG.Item && vr === '') {
      lines.push(`${indent}#${document.itemsOf(id)}`);
      continue;
    }
    const { name } = document.describe(tag, id);
    const head = `${indent}${formatTag(tag)} ${vr} ${name}`.trimEnd();
    if (vr === 'SQ') {
      const rule = document.ruleOf(id);
      lines.push(side === 'after' && outcome !== 'kept' && rule !== undefined ? `${head}: ${explain(rule)}` : head);
      continue;
    }
    const length = side === 'before' ? document.lengthBefore(id) : document.replacementOf(id)?.length ?? document.lengthBefore(id);
    const { text, more } = cell(side === 'before' ? document.before(id, VALUE * 4) : document.after(id, VALUE * 4), undefined, VALUE);
    lines.push(`${head}: ${text}${more > 0 ? '…' : ''}${isBinary(vr) && length > 0 ? ` [${formatBytes(length)}]` : ''}`);
  }
  return lines;
}
