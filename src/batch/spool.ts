import { Numbers, Pages } from './pages.ts';

const PAGE = 1 << 16;
/** Kinds of entries that can be told apart without reading them. */
export const KINDS = 32;

/** One text of a spool. */
export interface Entry {
  readonly place: number;
  readonly kind: number;
  readonly text: string;
}

/**
 * Texts by number that lie on the disk once they are more than some hundred kB: they come in any order, and are read
 * in the order of their numbers. A text has no line feeds. Setting one again replaces it.
 */
export class Spool {
  private readonly pages: Pages;
  /** By place: where the text begins, counted from 1, and its kind; zero where there is none. */
  private readonly index: Numbers;
  private end = 0;
  /** One more than the highest place. */
  private places = 0;
  private readonly counts = new Array<number>(KINDS).fill(0);

  /** @param beside the first bytes of the name of a file, which has it for a moment only */
  constructor(beside: string) {
    this.pages = new Pages({ beside, pageBytes: PAGE, most: 8 });
    this.index = new Numbers(beside);
  }

  /** How many texts there are of the kinds that a test accepts. */
  count(accepts: (kind: number) => boolean = () => true): number {
    return this.counts.reduce((sum, count, kind) => (accepts(kind) ? sum + count : sum), 0);
  }

  set(place: number, text: string, kind = 0): void {
    const before = place < this.places ? this.index.get(place) : 0;
    if (before !== 0) this.counts[before % KINDS] -= 1;
    this.counts[kind] += 1;
    this.index.set(place, (this.end + 1) * KINDS + kind);
    this.places = Math.max(this.places, place + 1);
    this.append(Buffer.from(`${text}\n`, 'utf8'));
  }

  get(place: number): string | undefined {
    const entry = place < this.places ? this.index.get(place) : 0;
    return entry === 0 ? undefined : this.textAt(Math.floor(entry / KINDS) - 1);
  }

  /** In the order of their numbers; of the kinds that a test accepts, without the first `skip` of them. */
  *entries(accepts: (kind: number) => boolean = () => true, skip = 0): Generator<Entry> {
    let left = skip;
    for (let place = 0; place < this.places; place++) {
      const entry = this.index.get(place);
      const kind = entry % KINDS;
      if (entry === 0 || !accepts(kind)) continue;
      if (left > 0) left -= 1;
      else yield { place, kind, text: this.textAt(Math.floor(entry / KINDS) - 1) };
    }
  }

  close(): void {
    this.pages.close();
    this.index.close();
  }

  private append(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const offset = this.end % PAGE;
      const count = Math.min(bytes.length - at, PAGE - offset);
      bytes.copy(this.pages.write(Math.floor(this.end / PAGE)).bytes, offset, at, at + count);
      at += count;
      this.end += count;
    }
  }

  private textAt(start: number): string {
    const parts: Buffer[] = [];
    for (let number = Math.floor(start / PAGE), offset = start % PAGE; ; number++, offset = 0) {
      const { bytes } = this.pages.read(number);
      const end = bytes.indexOf(0x0a, offset);
      if (end >= 0 && parts.length === 0) return bytes.toString('utf8', offset, end);
      // A copy: the page's memory is used again.
      parts.push(Buffer.from(bytes.subarray(offset, end < 0 ? PAGE : end)));
      if (end >= 0) return Buffer.concat(parts).toString('utf8');
    }
  }
}
