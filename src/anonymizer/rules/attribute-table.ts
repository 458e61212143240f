import { groupOf, type Tag } from '../dicom/tag.ts';
import { BEYOND_TABLE } from './beyond-table.ts';
import { TABLE_E1_1 } from './data/table-e1-1.ts';

/** A row of Table E.1-1: what the Basic Profile asks, and what each option asks instead. */
export interface AttributeRow {
  /** One code, or a compound such as `X/Z/D`. */
  readonly basic: string;
  /** Letter of an option → K or C. */
  readonly options: ReadonlyMap<string, 'K' | 'C'>;
  /** Row of the standard's table, or of the project's own list of what that table lacks. */
  readonly table: 'E.1-1' | 'beyond';
}

/** Lines of the tables by tag; what a line says is read when it is asked for. */
let lines: Map<Tag, { readonly line: string; readonly table: AttributeRow['table'] }> | undefined;
const rows = new Map<Tag, AttributeRow>();

/** The row for a standard attribute, repeating groups included; undefined where neither list has one. */
export function attributeRow(tag: Tag): AttributeRow | undefined {
  return rowAt(tag) ?? rowAt(repeatingKey(tag));
}

function rowAt(tag: Tag): AttributeRow | undefined {
  const known = rows.get(tag);
  if (known !== undefined) return known;
  lines ??= new Map([...linesOf(BEYOND_TABLE, 'beyond'), ...linesOf(TABLE_E1_1, 'E.1-1')]);
  const found = lines.get(tag);
  if (found === undefined) return undefined;
  const [, basic, ...options] = found.line.split(' ');
  const row = { basic, options: parseOptions(options), table: found.table };
  rows.set(tag, row);
  return row;
}

/** `gg00 eeee` of even groups 5000-501E (any element) and 6000-601E (its own element), PS3.5 7.6. */
function repeatingKey(tag: Tag): Tag {
  const group = groupOf(tag);
  if (group >= 0x5000 && group <= 0x501e) return 0x50000000;
  if (group >= 0x6000 && group <= 0x601e) return 0x60000000 + (tag & 0xffff);
  return -1;
}

function* linesOf(text: string, table: AttributeRow['table']): Generator<[Tag, { line: string; table: AttributeRow['table'] }]> {
  for (const raw of text.trim().split('\n')) {
    const line = raw.trim();
    const key = line.slice(0, line.indexOf(' '));
    if (key !== 'private') yield [Number.parseInt(key.includes('x') ? key.replaceAll('x', '0') : key, 16), { line, table }];
  }
}

/** `F=K` → F, K. */
export function parseOptions(words: readonly string[]): Map<string, 'K' | 'C'> {
  return new Map(words.filter((word) => word !== '').map((word) => [word[0], word[2] as 'K' | 'C']));
}
