import { visible } from './cell-text.ts';
import type { TagsDocument } from './tags-document.ts';

/** Characters of a value in a line. */
const VALUE = 400;
/** Lines at most: what the diff editor still compares. */
const LINES = 200_000;

/** The data set as lines of text for the diff editor: what stays the same is the same line on both sides. */
export function tagLines({ rows }: TagsDocument, side: 'before' | 'after'): string[] {
  const lines: string[] = [];
  for (const row of rows) {
    if (lines.length >= LINES) break;
    if (row.action === (side === 'after' ? 'Removed' : 'Added')) continue;
    const indent = '  '.repeat(row.depth);
    const value = visible(row[side].slice(0, VALUE));
    const head = row.vr === '' ? row.name : `${row.tag} ${row.vr} ${row.name}`;
    lines.push(`${indent}${head}${value === '' ? '' : `: ${value}`}${row[side].length > VALUE ? '…' : ''}`);
  }
  return lines;
}
