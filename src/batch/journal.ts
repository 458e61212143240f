import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs';
import type { FileReport } from '../anonymizer/report.ts';
import { EDITION } from '../anonymizer/rules/data/table-e1-1.ts';
import type { Setup } from './block.ts';
import { digestOf } from './digest.ts';
import type { Trace } from './process-file.ts';

/** A file that a run has done: from what, and what came of it. */
export interface FileRecord {
  readonly relative: string;
  readonly report: FileReport;
  readonly trace: Trace;
  /** Name of the tally of its actions. */
  readonly tally: string;
}

/** Counts of actions, as pairs of a key and a count; many files share one, so it has a name. */
export interface NamedTally {
  readonly name: string;
  readonly packed: readonly number[];
}

/** A line of the journal, after its digest. */
type Line =
  | { readonly kind: 'run'; readonly fingerprint: string }
  | ({ readonly kind: 'tally' } & NamedTally)
  | ({ readonly kind: 'file' } & FileRecord);

/** What an earlier run says of a file. */
export interface Earlier {
  readonly record: FileRecord;
  /** Whether it was done with the same key, profile and program. */
  readonly isSame: boolean;
}

/**
 * What a run has done, line after line, beside the output folder: with it a run that was cut off goes on. It names
 * the source files, as the report does, and holds no value of theirs. A line carries its own digest, so that what a
 * power cut left of the last ones is known for what it is; each result is checked against its line before it counts.
 */
export class Journal {
  private readonly file: number;
  /** By hash of the relative path: where the latest line about the file stands. A million files take some 40 MB. */
  private readonly places = new Map<number, number>();
  /** Where runs with the present fingerprint begin and end. */
  private readonly sameRuns: { readonly start: number; end: number }[] = [];
  private readonly tallies = new Map<string, readonly number[]>();
  private end = 0;

  /** Opens the journal of an output folder, and reads it where the run is to go on. */
  constructor(path: string, private readonly fingerprint: string, resume: boolean) {
    this.file = openSync(path, resume && existsSync(path) ? 'r+' : 'w+', 0o600);
    if (resume) this.load();
    this.append([{ kind: 'run', fingerprint }]);
  }

  /** What is known of a file; undefined where it was not done. */
  find(relative: string): Earlier | undefined {
    const place = this.places.get(hashOf(relative));
    if (place === undefined) return undefined;
    const line = this.lineAt(place);
    if (line?.kind !== 'file' || line.relative !== relative) return undefined;
    return { record: line, isSame: this.sameRuns.some(({ start, end }) => place >= start && place < end) && this.tallies.has(line.tally) };
  }

  /** Counts of actions under a name that `find` or `add` has met. */
  tally(name: string): readonly number[] {
    return this.tallies.get(name) ?? [];
  }

  add(records: readonly FileRecord[], tallies: readonly NamedTally[]): void {
    const lines: Line[] = [];
    for (const tally of tallies) {
      if (this.tallies.has(tally.name)) continue;
      this.tallies.set(tally.name, tally.packed);
      lines.push({ kind: 'tally', ...tally });
    }
    for (const record of records) lines.push({ kind: 'file', ...record });
    if (lines.length > 0) this.append(lines);
  }

  close(): void {
    closeSync(this.file);
  }

  private append(lines: readonly Line[]): void {
    const bytes = Buffer.from(lines.map((line) => encode(line)).join(''));
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at, bytes.length - at, this.end + at);
    this.end += bytes.length;
  }

  /** Reads line by line; what is damaged is passed over. Appending goes on at the end. */
  private load(): void {
    let isSame = false;
    for (const { text, start, end } of linesOf(this.file)) {
      this.end = end;
      const line = decode(text);
      if (isSame) this.sameRuns[this.sameRuns.length - 1].end = end;
      switch (line?.kind) {
        case 'run':
          isSame = line.fingerprint === this.fingerprint;
          if (isSame) this.sameRuns.push({ start, end });
          break;
        case 'tally': this.tallies.set(line.name, line.packed); break;
        case 'file': this.places.set(hashOf(line.relative), start); break;
        case undefined: break;
      }
    }
  }

  private lineAt(place: number): Line | undefined {
    for (let size = 2048; ; size *= 4) {
      const buffer = Buffer.allocUnsafe(size);
      const count = readSync(this.file, buffer, 0, size, place);
      const end = buffer.subarray(0, count).indexOf(0x0a);
      if (end >= 0) return decode(buffer.toString('utf8', 0, end));
      if (count < size) return undefined;
    }
  }
}

/** Tells runs apart whose results differ. Nothing leads from it to the key. */
export function fingerprintOf({ profile, key, layout, verify }: Setup, version: string): string {
  const facts = {
    version, edition: EDITION, layout, verify, options: [...profile.options].sort(), descriptors: profile.descriptors, rules: profile.rules,
    pixels: profile.pixels, regions: profile.regions, suspects: profile.suspects,
    key: createHash('sha256').update('journal\0').update(key).digest('hex'),
  };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}

function encode(line: Line): string {
  const text = JSON.stringify(line);
  return `${digestOf(Buffer.from(text))} ${text}\n`;
}

function decode(line: string): Line | undefined {
  const space = line.indexOf(' ');
  const text = line.slice(space + 1);
  if (space < 0 || digestOf(Buffer.from(text)) !== line.slice(0, space)) return undefined;
  return JSON.parse(text) as Line;
}

/** Whole lines with their places, through one buffer. A last line without its end is none. */
function* linesOf(file: number): Generator<{ text: string; start: number; end: number }> {
  let buffer = Buffer.allocUnsafe(1 << 20);
  let filled = 0;
  let base = 0;
  for (;;) {
    const count = readSync(file, buffer, filled, buffer.length - filled, base + filled);
    filled += count;
    let from = 0;
    for (let end = buffer.subarray(0, filled).indexOf(0x0a); end >= 0; end = buffer.subarray(0, filled).indexOf(0x0a, from)) {
      yield { text: buffer.toString('utf8', from, end), start: base + from, end: base + end + 1 };
      from = end + 1;
    }
    if (count === 0) return;
    buffer.copyWithin(0, from, filled);
    filled -= from;
    base += from;
    if (filled === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
  }
}

/** 53 bits, so that it is a number that a Map holds cheaply; `find` compares the path itself. */
function hashOf(relative: string): number {
  let a = 0x811c9dc5;
  let b = 0x2545f491;
  for (let i = 0; i < relative.length; i++) {
    const unit = relative.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995) + (b >>> 13);
  }
  return (a >>> 0) * 0x200000 + ((b >>> 0) & 0x1fffff);
}
