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

let rows: Map<Tag, AttributeRow> | undefined;

/** The row for a standard attribute, repeating groups included; undefined where neither list has one. */
export function attributeRow(tag: Tag): AttributeRow | undefined {
  rows ??= new Map([...parseRows(BEYOND_TABLE, 'beyond'), ...parseRows(TABLE_E1_1, 'E.1-1')]);
  return rows.get(tag) ?? rows.get(repeatingKey(tag));
}

/** `gg00 eeee` of even groups 5000-501E (any element) and 6000-601E (its own element), PS3.5 7.6. */
function repeatingKey(tag: Tag): Tag {
  const group = groupOf(tag);
  if (group >= 0x5000 && group <= 0x501e) return 0x50000000;
  if (group >= 0x6000 && group <= 0x601e) return 0x60000000 + (tag & 0xffff);
  return -1;
}

function* parseRows(text: string, table: AttributeRow['table']): Generator<[Tag, AttributeRow]> {
  for (const line of text.trim().split('\n')) {
    const [key, basic, ...options] = line.trim().split(' ');
    if (key === 'private') continue;
    const tag = Number.parseInt(key.replace('xxxxxx', '000000').replace('xx', '00'), 16);
    yield [tag, { basic, options: parseOptions(options), table }];
  }
}

/** `F=K` → F, K. */
export function parseOptions(words: readonly string[]): Map<string, 'K' | 'C'> {
  return new Map(words.filter((word) => word !== '').map((word) => [word[0], word[2] as 'K' | 'C']));
}
