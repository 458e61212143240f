/**
 * The kinds of checks of the MIDI-B challenge (Medical Image De-Identification Benchmark), and what each is here:
 * what became of an element is compared with what is lawful, and counted under the kind that the key asks for.
 */
export const CHECK_KINDS = [
  /** An element without text (number, binary, Sequence) that has to stay is there, with its value or its Items. */
  'tag retained',
  /** A text that has to stay (K, or the harmless words of a cleaned text) is there. */
  'text retained',
  /** X, Z, C: the text of the source is not there any more. */
  'text removed',
  /** D: something of non-zero length stands in its place. */
  'text notnull',
  /** Pixel data are the same, byte for byte but for the comments in compressed frames. */
  'pixels retained',
  /** Text in pixels is hidden: counted once the option that does it works. */
  'pixels hidden',
  /** U: another UID. */
  'uid changed',
  /** The same UID became the same one in every file, and no two became one. */
  'uid consistent',
  /** One new Patient ID for one patient in all files, and none shared. */
  'patid consistent',
  /** Every date of a patient moved by the same whole number of days, not 0. */
  'date shifted',
] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

/** Counts of right and wrong, and of strings found where none may be. */
export class Tally {
  readonly right = new Map<CheckKind, number>();
  readonly wrong = new Map<CheckKind, number>();
  /** How often, by kind, row or tag, and what was found instead; never a value. */
  readonly mistakes = new Map<string, number>();
  readonly leaks = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  files = 0;

  check(kind: CheckKind, isRight: boolean, mistake: () => string): void {
    const counts = isRight ? this.right : this.wrong;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (!isRight) add(this.mistakes, `${kind}: ${mistake()}`);
  }

  leak(where: string): void {
    add(this.leaks, where);
  }

  refused(why: string): void {
    add(this.refusals, why);
  }

  merge(other: Tally): void {
    for (const name of ['right', 'wrong', 'mistakes', 'leaks', 'refusals'] as const) {
      const into: Map<string, number> = this[name];
      for (const [key, count] of other[name]) into.set(key, (into.get(key) ?? 0) + count);
    }
    this.files += other.files;
  }

  get checks(): number {
    return total(this.right) + total(this.wrong);
  }

  get leakCount(): number {
    return total(this.leaks);
  }

  get refusalCount(): number {
    return total(this.refusals);
  }

  /** Per cent of right checks. */
  get percentRight(): number {
    return this.checks === 0 ? 0 : (100 * total(this.right)) / this.checks;
  }
}

/** A table: kind, right, wrong, per cent; then leaks and each mistake. */
export function tableOf(tally: Tally, details = 40): string {
  const rows = CHECK_KINDS.map((kind) => {
    const [right, wrong] = [tally.right.get(kind) ?? 0, tally.wrong.get(kind) ?? 0];
    const percent = right + wrong === 0 ? '-' : `${((100 * right) / (right + wrong)).toFixed(3)} %`;
    return `${kind.padEnd(18)}${String(right).padStart(9)}${String(wrong).padStart(8)}${percent.padStart(12)}`;
  });
  const all = `${'all'.padEnd(18)}${String(total(tally.right)).padStart(9)}${String(total(tally.wrong)).padStart(8)}${`${tally.percentRight.toFixed(3)} %`.padStart(12)}`;
  return [
    `${'check'.padEnd(18)}${'right'.padStart(9)}${'wrong'.padStart(8)}${'% right'.padStart(12)}`, ...rows, all,
    `leaks ${tally.leakCount}, files ${tally.files}, refused ${tally.refusalCount}`,
    ...listOf('leak', tally.leaks, details), ...listOf('wrong', tally.mistakes, details), ...listOf('refused', tally.refusals, details),
  ].join('\n');
}

function listOf(name: string, counts: ReadonlyMap<string, number>, most: number): string[] {
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return [
    ...sorted.slice(0, most).map(([key, count]) => `  ${name} ${count} × ${key}`),
    ...(sorted.length > most ? [`  … ${sorted.length - most} more`] : []),
  ];
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
