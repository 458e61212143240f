import { visible, widthOf } from './visible-text.ts';

/** A column: its title and how its cells stand. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Columns of the screen at most; longer cells end in `…`. */
  readonly max?: number;
}

/** Rows under titles, aligned by spaces; control characters in cells are made visible. */
export function tableText(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => columns.map(({ max }, i) => cut(visible(row[i] ?? ''), max)));
  const widths = columns.map(({ title }, i) => cells.reduce((widest, row) => Math.max(widest, widthOf(row[i])), title.length));
  const line = (row: readonly string[]) => row.map((cell, i) => pad(cell, widths[i], columns[i].align)).join('  ').trimEnd();
  return [line(columns.map(({ title }) => title)), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

function pad(text: string, width: number, align: Column['align'] = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? spaces + text : text + spaces;
}

/** At most `max` columns of the screen wide. */
export function cut(text: string, max = Number.POSITIVE_INFINITY): string {
  if (widthOf(text) <= max) return text;
  let width = 1;
  let kept = '';
  for (const character of text) {
    width += widthOf(character);
    if (width > max) break;
    kept += character;
  }
  return `${kept}…`;
}
