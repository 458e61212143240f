import { describeTag } from '../anonymizer/dicom/dictionary-names.ts';
import type { Chip, Counts } from './protocol.ts';
import type { TagsDocument } from './tags-document.ts';

export interface Selection {
  readonly query: string;
  readonly chip: Chip;
  /** Identifiers of rows. */
  readonly folded: readonly number[];
}

/** A row that is shown. */
export interface Shown {
  /** Among all rows. */
  readonly place: number;
  /** It is shown for what is inside it alone. */
  readonly isContext: boolean;
  readonly isFolded: boolean;
}

const NOT_SHOWN = 0;
const MATCHES = 1;
const HOLDS_A_MATCH = 2;

/** What is shown of a document: search, chips and folding, with the ancestors of everything that matches. */
export class TagsView {
  shown: Shown[] = [];
  /** Rows that match themselves; Items are not counted. */
  matches = 0;
  private texts: (string | undefined)[] = [];
  private counts: Counts | undefined;

  constructor(private readonly document: TagsDocument) {}

  /** Rows and what they say have changed. */
  planChanged(): void {
    this.texts = [];
    this.counts = undefined;
  }

  select({ query, chip, folded }: Selection): void {
    const { rows, parents, ids } = this.document;
    const wanted = query.trim().toLowerCase();
    const isFiltered = wanted !== '' || chip !== 'all';
    const closed = new Set(folded);
    const marks = new Uint8Array(rows.length);
    this.matches = 0;
    for (let i = 0; i < rows.length; i++) {
      const isItem = rows[i].vr === '';
      if (isItem && isFiltered) continue;
      if (!this.isIn(i, chip) || (wanted !== '' && !this.textOf(i).includes(wanted))) continue;
      marks[i] = MATCHES;
      if (!isItem) this.matches += 1;
      for (let parent = parents[i]; parent >= 0 && marks[parent] === NOT_SHOWN; parent = parents[parent]) marks[parent] = HOLDS_A_MATCH;
    }
    this.shown = [];
    // Depth of the outermost folded row that hides what follows.
    let hidden = Infinity;
    for (let i = 0; i < rows.length; i++) {
      if (rows[i].depth <= hidden) hidden = Infinity;
      if (marks[i] === NOT_SHOWN || hidden !== Infinity) continue;
      const isFolded = closed.has(ids[i]) && this.document.hasChildren(i);
      this.shown.push({ place: i, isContext: marks[i] === HOLDS_A_MATCH, isFolded });
      if (isFolded) hidden = rows[i].depth;
    }
  }

  /** How many elements each chip would show; Items are not counted. */
  countAll(): Counts {
    if (this.counts !== undefined) return this.counts;
    const counts = { all: 0, changed: 0, kept: 0, private: 0, attention: 0 };
    this.document.rows.forEach((row, i) => {
      if (row.vr === '') return;
      for (const chip of ['all', 'changed', 'kept', 'private', 'attention'] as const) if (this.isIn(i, chip)) counts[chip] += 1;
    });
    this.counts = counts;
    return counts;
  }

  /** Where a row stands among those shown; -1 where it is not. */
  indexOfRow(id: number): number {
    const { ids } = this.document;
    return this.shown.findIndex(({ place }) => ids[place] === id);
  }

  private isIn(place: number, chip: Chip): boolean {
    const { action, isPrivate, needsAttention } = this.document.rows[place];
    switch (chip) {
      case 'all': return true;
      case 'changed': return action !== 'Kept';
      case 'kept': return action === 'Kept';
      case 'private': return isPrivate;
      case 'attention': return needsAttention;
    }
  }

  private textOf(place: number): string {
    const known = this.texts[place];
    if (known !== undefined) return known;
    const { tag, name, creator = '', before, after } = this.document.rows[place];
    const digits = tag.replace(/[(),]/g, '');
    const keyword = describeTag(Number.parseInt(digits, 16))?.keyword ?? '';
    const text = `${tag} ${digits}\n${name}\n${keyword}\n${creator}\n${before}${after === before ? '' : `\n${after}`}`.toLowerCase();
    this.texts[place] = text;
    return text;
  }
}
