import { Numbers } from './pages.ts';

const FIRST_SLOTS = 1 << 12;
/** Pages of the table in memory: 1 MiB, in which the hashes of some 30,000 files lie. */
const PAGES = 256;

/** Numbers by hash, as a Map has them, on the disk where they are many (open addressing, never more than half full). */
export class HashPlaces {
  private table: Numbers;
  private slots = FIRST_SLOTS;
  private count = 0;

  constructor(private readonly beside: string) {
    this.table = new Numbers(beside, PAGES);
  }

  /** @param isIt tells what was meant from another of the same hash; where it is left out, hashes are believed */
  find(hash: number, isIt: (value: number) => boolean = () => true): number | undefined {
    const slot = this.slotOf(hash, isIt);
    return this.table.get(2 * slot) === 0 ? undefined : this.table.get(2 * slot + 1);
  }

  set(hash: number, value: number, isIt: (value: number) => boolean = () => true): void {
    const slot = this.slotOf(hash, isIt);
    const isNew = this.table.get(2 * slot) === 0;
    this.table.set(2 * slot, keyOf(hash));
    this.table.set(2 * slot + 1, value);
    if (isNew && ++this.count * 2 > this.slots) this.grow();
  }

  close(): void {
    this.table.close();
  }

  /** Where the hash stands or would stand. */
  private slotOf(hash: number, isIt: (value: number) => boolean): number {
    const key = keyOf(hash);
    for (let slot = key % this.slots; ; slot = (slot + 1) % this.slots) {
      const found = this.table.get(2 * slot);
      if (found === 0 || (found === key && isIt(this.table.get(2 * slot + 1)))) return slot;
    }
  }

  private grow(): void {
    const old = this.table;
    const oldSlots = this.slots;
    this.table = new Numbers(this.beside, PAGES);
    this.slots *= 2;
    for (let slot = 0; slot < oldSlots; slot++) {
      const key = old.get(2 * slot);
      if (key === 0) continue;
      // Two of one hash are two entries, so none is taken for the other.
      const place = this.slotOf(key, () => false);
      this.table.set(2 * place, key);
      this.table.set(2 * place + 1, old.get(2 * slot + 1));
    }
    old.close();
  }
}

/** Zero says that a slot is free. */
function keyOf(hash: number): number {
  return hash === 0 ? 1 : hash;
}

/** 53 bits of a text, a number that is held cheaply. */
export function hashOf(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x2545f491;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995) + (b >>> 13);
  }
  return (a >>> 0) * 0x200000 + ((b >>> 0) & 0x1fffff);
}
