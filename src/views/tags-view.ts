import { isPrivate } from '../anonymizer/dicom/tag.ts';
import { isBinary } from './cell-text.ts';
import type { Chip, Counts } from './protocol.ts';
import { type Entry, searchableTag, type TagsDocument } from './tags-document.ts';

/** Bytes of a value that a search looks through. */
const SEARCHED_BYTES = 1 << 20;

export interface Selection {
  readonly query: string;
  readonly chip: Chip;
  readonly folded: readonly number[];
}

/** A row that is shown, and whether only for what is inside it. */
export interface Shown {
  readonly entry: Entry;
  readonly isContext: boolean;
  readonly isFolded: boolean;
}

/** What is shown of a document: search, chips and folding, with the ancestors of everything that matches. */
export class TagsView {
  shown: Shown[] = [];
  /** Rows that match themselves; Items are not counted. */
  matches = 0;
  private entries: Entry[] = [];
  private texts: (string | undefined)[] = [];
  private counts: Counts | undefined;

  constructor(private readonly document: TagsDocument) {
    this.planChanged();
  }

  /** Rows and what they say have changed. */
  planChanged(): void {
    this.entries = [...this.document.entries()];
    this.texts = new Array<string | undefined>(this.entries.length).fill(undefined);
    this.counts = undefined;
  }

  select({ query, chip, folded }: Selection): void {
    const wanted = query.trim().toLowerCase();
    const closed = new Set(folded);
    const { entries } = this;
    const keep = new Uint8Array(entries.length); // 1 matches, 2 holds a match
    const place = new Map<number, number>();
    const isFiltered = wanted !== '' || chip !== 'all';
    this.matches = 0;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      if (entry.hasChildren) place.set(entry.id, i);
      if (entry.vr === '' && isFiltered) continue;
      if (!this.isIn(entry, chip) || (wanted !== '' && !this.textOf(i).includes(wanted))) continue;
      keep[i] = 1;
      if (entry.vr !== '') this.matches += 1;
      for (let parent = entry.parent; parent >= 0; ) {
        const at = place.get(parent) as number;
        if (keep[at] !== 0) break;
        keep[at] = 2;
        parent = entries[at].parent;
      }
    }
    this.shown = [];
    // Level of the outermost folded row that hides what follows.
    let hidden = Infinity;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      if (entry.level <= hidden) hidden = Infinity;
      if (keep[i] === 0 || hidden !== Infinity) continue;
      const isFolded = entry.hasChildren && closed.has(entry.id);
      this.shown.push({ entry, isContext: keep[i] === 2, isFolded });
      if (isFolded) hidden = entry.level;
    }
  }

  /** How many elements each chip would show; Items are not counted. */
  countAll(): Counts {
    if (this.counts !== undefined) return this.counts;
    const counts = { all: 0, changed: 0, kept: 0, private: 0, attention: 0 };
    for (const entry of this.entries) {
      if (entry.vr === '') continue;
      for (const chip of ['all', 'changed', 'kept', 'private', 'attention'] as const) if (this.isIn(entry, chip)) counts[chip] += 1;
    }
    this.counts = counts;
    return counts;
  }

  /** Where a row stands among those shown; -1 where it is not. */
  indexOfRow(id: number): number {
    return this.shown.findIndex(({ entry }) => entry.id === id);
  }

  private isIn(entry: Entry, chip: Chip): boolean {
    switch (chip) {
      case 'all': return true;
      case 'changed': return this.document.outcomeOf(entry.id) !== 'kept';
      case 'kept': return this.document.outcomeOf(entry.id) === 'kept';
      case 'private': return isPrivate(entry.tag) && entry.vr !== '';
      case 'attention': return this.document.needsAttention(entry.id);
    }
  }

  private textOf(index: number): string {
    const known = this.texts[index];
    if (known !== undefined) return known;
    const { id, tag, vr } = this.entries[index];
    const { keyword, name, creator } = this.document.describe(tag, id);
    const limit = isBinary(vr) ? 16 : SEARCHED_BYTES;
    const before = this.document.before(id, limit);
    const after = this.document.after(id, limit);
    const text = `${searchableTag(tag)}\n${keyword}\n${name}\n${creator ?? ''}\n${before}${after === before ? '' : `\n${after}`}`.toLowerCase();
    this.texts[index] = text;
    return text;
  }
}
