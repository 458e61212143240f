/** Numbers that look random and follow from a seed alone (sfc32), so that every run can be repeated anywhere. */
export class Random {
  private a = 0x9e3779b9;
  private b = 0x243f6a88;
  private c = 0xb7e15162;
  private counter = 1;
  private readonly seen = new Set<string>();
  private held: ReadonlySet<string> = new Set();

  constructor(seed: number) {
    this.a ^= seed >>> 0;
    this.b ^= Math.floor(seed / 0x100000000) >>> 0;
    for (let i = 0; i < 20; i++) this.next();
  }

  /** 32 bits, unsigned. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** What `make` makes, made again while it is held, or was made before since the last `forget`. */
  fresh(make: () => string): string {
    let made = make();
    for (let tries = 0; tries < 50 && (this.seen.has(made.toLowerCase()) || this.held.has(made.toLowerCase())); tries++) made = make();
    this.seen.add(made.toLowerCase());
    return made;
  }

  forget(): void {
    this.seen.clear();
  }

  /** What was made since the last `forget` is not made again until the next `hold`. */
  hold(): void {
    this.held = new Set(this.seen);
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability * 0x100000000;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  digits(count: number): string {
    return Array.from({ length: count }, (_, i) => (i === 0 ? this.between(1, 9) : this.below(10))).join('');
  }

  letters(count: number): string {
    return Array.from({ length: count }, () => String.fromCharCode(0x41 + this.below(26))).join('');
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  shuffled<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }
}
