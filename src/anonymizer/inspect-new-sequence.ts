import { MemorySource } from './dicom/byte-source.ts';
import type { DataElement } from './dicom/data-set.ts';
import { concat, encodeHeader } from './dicom/encode.ts';
import { readElements } from './dicom/reader.ts';
import { formatTag, type Tag } from './dicom/tag.ts';
import type { VR } from './dicom/vr.ts';
import { encodingOf } from './draft.ts';
import type { Plan } from './plan.ts';
import { valueForPeople } from './value-text.ts';

/** An Item or element of a Sequence that the plan writes anew. */
export interface NewRow {
  readonly tag: Tag;
  readonly vr: VR | '';
  /** From the Sequence on: `[1].(0008,0100)`. */
  readonly path: string;
  /** 0 for the Items. */
  readonly depth: number;
  /** Number of an Item in its Sequence, from 1. */
  readonly item?: number | undefined;
  /** How many Items a nested Sequence has. */
  readonly items?: number | undefined;
  readonly text: string;
}

/** What the bytes of a new Sequence hold, read back as any reader will; `before` is the element that they replace. */
export function newSequence(plan: Plan, tag: Tag, value: Uint8Array, before?: DataElement): { readonly items: number; readonly rows: readonly NewRow[] } {
  const { dataSet } = plan;
  const encoding = before === undefined ? { implicit: dataSet.transferSyntax.implicit, littleEndian: dataSet.littleEndian } : encodingOf(dataSet, before);
  const bytes = concat([encodeHeader(tag, 'SQ', value.length, encoding), value]);
  const { elements } = readElements(new MemorySource(bytes), 0, encoding, bytes.length);
  const paths = [''];
  const depths = [-1];
  const counts = elements.map(() => 0);
  const rows = elements.slice(1).map((element, i): NewRow => {
    const { parent, vr, isItem } = element;
    const item = isItem ? ++counts[parent] : undefined;
    const path = item === undefined ? `${paths[parent]}.${formatTag(element.tag)}` : `${paths[parent]}[${item}]`;
    const depth = depths[parent] + 1;
    paths[i + 1] = path;
    depths[i + 1] = depth;
    const text = isItem || vr === 'SQ' || vr === '' ? '' : valueForPeople(bytes.subarray(element.valueStart, element.valueEnd), vr, { characterSet: '', littleEndian: encoding.littleEndian });
    return { tag: element.tag, vr, path, depth, item, text };
  });
  const withCounts = rows.map((row, i) => (row.vr === 'SQ' ? { ...row, items: counts[i + 1] } : row));
  return { items: counts[0], rows: withCounts };
}
