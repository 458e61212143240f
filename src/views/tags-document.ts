import { characterSetAt, decodeText } from '../anonymizer/dicom/character-set.ts';
import type { DataElement, DataSet } from '../anonymizer/dicom/data-set.ts';
import { formatTag } from '../anonymizer/dicom/tag.ts';
import { isStringVr, type VR } from '../anonymizer/dicom/vr.ts';
import { inspect, type InspectRow, type Say } from '../anonymizer/inspect.ts';
import { fileMetaRows } from '../anonymizer/inspect-file-meta.ts';
import { createMatcher } from '../anonymizer/matcher.ts';
import type { Plan } from '../anonymizer/plan.ts';
import { createProfile } from '../anonymizer/profile.ts';
import { rule } from '../anonymizer/rules/rule.ts';

/** Identifiers of rows: elements by index, what is in no list of elements after these. */
const META_ROWS = 1_000_000_000;
const ADDED_ROWS = 2_000_000_000;

/** The Data Set of an open file with the Plan in force, as rows of a tree. */
export class TagsDocument {
  rows: readonly InspectRow[] = [];
  ids: Float64Array = new Float64Array(0);
  /** By place among the rows; -1 at the top. */
  parents: Int32Array = new Int32Array(0);
  plan: Plan | undefined;

  constructor(readonly dataSet: DataSet, private readonly say: Say) {}

  /** @param plan undefined where the file cannot be anonymized: then its elements are shown as they are */
  setPlan(plan: Plan | undefined): void {
    this.plan = plan;
    const shown = plan ?? untouched(this.dataSet);
    this.rows = inspect(shown, this.say);
    const { length } = this.rows;
    const metaRows = fileMetaRows(shown, this.say).length;
    this.ids = new Float64Array(length);
    this.parents = new Int32Array(length);
    const around: number[] = [];
    let element = 0;
    for (let i = 0; i < length; i++) {
      const { action, depth } = this.rows[i];
      // Elements come in file order; only what is added stands between them.
      this.ids[i] = i < metaRows ? META_ROWS + i : action === 'Added' ? ADDED_ROWS + i : element++;
      around.length = depth;
      this.parents[i] = depth === 0 ? -1 : around[depth - 1];
      around[depth] = i;
    }
  }

  hasChildren(place: number): boolean {
    return place + 1 < this.rows.length && this.parents[place + 1] === place;
  }

  placeOf(id: number): number {
    return this.ids.indexOf(id);
  }

  /** The element of a row; undefined for File Meta Information and what is added. */
  elementOf(id: number): DataElement | undefined {
    return id < META_ROWS ? this.dataSet.elements[id] : undefined;
  }

  /** The whole text of a value up to a number of bytes; what is no text as the row has it. */
  wholeText(id: number, side: 'before' | 'after', limit: number): string {
    const row = this.rows[this.placeOf(id)];
    const element = this.elementOf(id);
    if (element === undefined || !isStringVr(element.vr as VR)) return row[side];
    const replacement = side === 'after' ? this.plan?.replacements.get(id) : undefined;
    if (side === 'after' && replacement === undefined && row.action !== 'Kept' && row.action !== 'Cleaned') return row.after;
    const bytes = replacement ?? this.dataSet.source.read(element.valueStart, Math.min(element.valueEnd, element.valueStart + limit));
    return decodeText(bytes.subarray(0, limit), element.vr as VR, characterSetAt(this.dataSet, id));
  }

  /** Bytes of the value on a side, which may be more than is shown. */
  lengthOf(id: number, side: 'before' | 'after'): number {
    const element = this.elementOf(id);
    const replacement = side === 'after' ? this.plan?.replacements.get(id) : undefined;
    if (replacement !== undefined || element !== undefined) return replacement?.length ?? element?.length ?? 0;
    const { tag } = this.rows[this.placeOf(id)];
    return this.dataSet.meta.find((meta) => formatTag(meta.tag) === tag)?.length ?? 0;
  }
}

const NO_PLAN = rule('K', 'file-structure', '');

/** Every element as it is, for a file that no plan can be made for. */
function untouched(dataSet: DataSet): Plan {
  return {
    dataSet, profile: createProfile(), rules: dataSet.elements.map(() => NO_PLAN), replacements: new Map(), additions: [], redactions: [], warnings: [],
    matcher: createMatcher([]), instance: { sopClass: '', sopInstance: '', study: '', series: '' },
  } as unknown as Plan;
}
