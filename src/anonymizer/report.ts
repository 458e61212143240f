import { type Tag, tagKey } from './dicom/tag.ts';
import { OPTION_NAMES, type OptionName, type Profile } from './profile.ts';
import type { Plan } from './plan.ts';
import type { ActionCode } from './rules/rule.ts';

/** The key of the pseudonyms, with which originals can be matched; a table of original and new identifiers. */
export type WayBack = 'key' | 'table';

export type FileStatus = 'written' | 'skipped' | 'failed';

/** What became of one file. `input` and `reason` are for the operator; nothing is a value of the source. */
export interface FileReport {
  /** The path as given, or as found under the given folder. */
  readonly input: string;
  /** Relative to the output folder. */
  readonly output?: string | undefined;
  readonly status: FileStatus;
  readonly reason?: string | undefined;
  /** Whether a second reader read the result again. */
  readonly verified?: boolean | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/** How often an action was done to an attribute, over all files. */
export interface ActionCount {
  /** GGGGEEEE; private elements by group. */
  readonly tag: string;
  readonly action: ActionCode | 'added';
  readonly count: number;
}

/** Seconds and bytes of a run. */
export interface Timing {
  readonly seconds: number;
  readonly files: number;
  readonly bytes: number;
  readonly bytesPerSecond: number;
  /** Milliseconds an image, over read, plan, write and verify. */
  readonly perImage: { readonly mean: number; readonly standardDeviation: number };
}

/** The files of a report in the order of the walk: a list, or what is read from elsewhere as it is asked for. */
export interface FileReports extends Iterable<FileReport> {
  readonly length: number;
  /** Each as JSON, where they are held so. */
  lines?(): Iterable<string>;
}

export interface Report<Files extends FileReports = readonly FileReport[]> {
  readonly program: string;
  readonly version: string;
  /** Edition of PS3.15 whose tables were applied. */
  readonly edition: string;
  readonly profile: string;
  readonly options: readonly OptionName[];
  /** Whether a key or a table was kept that leads to the originals (GDPR Art. 4(5)), or the key made and forgotten. */
  readonly result: 'pseudonymised' | 'without-kept-key';
  /** What was kept that leads from results to originals; nothing where it is empty. */
  readonly wayBack?: readonly WayBack[] | undefined;
  readonly dryRun: boolean;
  /** Names of the manifests, which lie beside the output folder. */
  readonly manifests?: readonly string[] | undefined;
  readonly summary: { readonly written: number; readonly skipped: number; readonly failed: number; readonly verified: number; readonly notVerified: number };
  readonly actions: readonly ActionCount[];
  readonly timing: Timing;
  readonly files: Files;
}

const CODES = ['D', 'Z', 'X', 'K', 'C', 'U', 'added'] as const;

/** Counts actions by attribute; made to be added up over workers and shards. */
export class ActionTally {
  /** Tag and code in one number, since this is counted for every element of every file. */
  private readonly counts = new Map<number, number>();
  /** By place in the file what the last file had there and how often: the slices of a series agree in nearly all. */
  private readonly keys: number[] = [];
  private readonly pending: number[] = [];
  /** The plan that came last, how often its rules did since they were counted, and what they come to once. */
  private last: Plan | undefined;
  private repeats = 0;
  private once: Float64Array<ArrayBuffer> | undefined;
  /** Whether anything was counted besides. */
  private isMixed = false;

  add(plan: Plan): void {
    if (this.last?.rules !== plan.rules) {
      this.settleRepeats();
      this.last = plan;
      this.once = undefined;
    }
    this.repeats += 1;
  }

  private addTimes({ dataSet, rules, replacements, additions }: Plan, times: number): void {
    this.isMixed = true;
    rules.forEach((rule, index) => {
      const element = dataSet.elements[index];
      if (rule === undefined || element.isItem || (rule.action === 'K' && !replacements.has(index))) return;
      const key = keyOf(element.tag, rule.action);
      if (this.keys[index] === key) {
        this.pending[index] += times;
        return;
      }
      this.settle(index);
      this.keys[index] = key;
      this.pending[index] = times;
    });
    for (const { tag } of additions) this.count(tag, 'added', times);
  }

  private settleRepeats(): void {
    if (this.repeats > 0 && this.last !== undefined) this.addTimes(this.last, this.repeats);
    this.repeats = 0;
  }

  private settle(index: number): void {
    const count = this.pending[index] ?? 0;
    if (count > 0) this.counts.set(this.keys[index], (this.counts.get(this.keys[index]) ?? 0) + count);
    this.pending[index] = 0;
  }

  private settleAll(): void {
    this.settleRepeats();
    for (let index = 0; index < this.pending.length; index++) this.settle(index);
  }

  /** What was counted, as pairs of a key and a count, which go between threads cheaply; the tally begins anew. */
  take(): Float64Array<ArrayBuffer> {
    const { repeats, isMixed } = this;
    if (isMixed || repeats === 0) return this.pack();
    // Slices of one series and nothing else: what one of them comes to, so often.
    this.repeats = 1;
    this.once ??= this.pack();
    this.repeats = 0;
    return this.once.map((each, i) => (i % 2 === 0 ? each : each * repeats));
  }

  private pack(): Float64Array<ArrayBuffer> {
    this.settleAll();
    const packed = new Float64Array(this.counts.size * 2);
    let at = 0;
    for (const [key, count] of this.counts) {
      packed[at++] = key;
      packed[at++] = count;
    }
    this.counts.clear();
    this.isMixed = false;
    return packed;
  }

  /** Adds what another tally's `take` returned. */
  addPacked(packed: ArrayLike<number>): void {
    this.isMixed = true;
    for (let at = 0; at < packed.length; at += 2) this.counts.set(packed[at], (this.counts.get(packed[at]) ?? 0) + packed[at + 1]);
  }

  merge(counts: readonly ActionCount[]): void {
    for (const { tag, action, count } of counts) this.count(Number.parseInt(tag, 16), action, count);
  }

  /** In the order of tags. */
  list(): ActionCount[] {
    this.settleAll();
    return [...this.counts].sort(([a], [b]) => a - b).map(([key, count]) => (
      { tag: tagKey(Math.floor(key / 8)), action: CODES[key % 8], count }
    ));
  }

  private count(tag: Tag, action: ActionCount['action'], by: number): void {
    const key = keyOf(tag, action);
    this.isMixed = true;
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }
}

function keyOf(tag: Tag, action: ActionCount['action']): number {
  return tag * 8 + CODES.indexOf(action);
}

/** Mean and standard deviation in one pass (Welford), so that a million files need no list; can be added up. */
export class Spread {
  count = 0;
  mean = 0;
  private squares = 0;

  add(value: number): void {
    this.count += 1;
    const delta = value - this.mean;
    this.mean += delta / this.count;
    this.squares += delta * (value - this.mean);
  }

  merge(other: { count: number; mean: number; standardDeviation: number }): void {
    if (other.count === 0) return;
    const total = this.count + other.count;
    const delta = other.mean - this.mean;
    this.squares += other.standardDeviation ** 2 * other.count + (delta * delta * this.count * other.count) / total;
    this.mean += (delta * other.count) / total;
    this.count = total;
  }

  get standardDeviation(): number {
    return this.count === 0 ? 0 : Math.sqrt(this.squares / this.count);
  }
}

/** Options in the order of the standard, for reports and manifests. */
export function optionsOf(profile: Profile): OptionName[] {
  return OPTION_NAMES.filter((name) => profile.options.has(name));
}

