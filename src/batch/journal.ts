import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs';
import type { FileReport } from '../anonymizer/report.ts';
import { EDITION } from '../anonymizer/rules/data/table-e1-1.ts';
import type { Setup } from './block.ts';
import { digestOf } from './digest.ts';
import { HashPlaces, hashOf } from './hash-places.ts';
import { linesOf } from './lines.ts';
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

/** Tallies in memory, some kB each. */
const TALLIES_HELD = 200;

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
  /** By hash of the relative path: where the latest line about the file stands. */
  private readonly places: HashPlaces;
  /** By hash of its name: where the line of a tally stands. */
  private readonly tallyPlaces: HashPlaces;
  /** Where runs with the present fingerprint begin and end. */
  private readonly sameRuns: { readonly start: number; end: number }[] = [];
  /** The tallies that were asked for last; a series has few, many kinds of files have many. */
  private readonly tallies = new Map<string, readonly number[]>();
  private end = 0;

  /** Opens the journal of an output folder, and reads it where the run is to go on. */
  constructor(path: string, private readonly fingerprint: string, resume: boolean) {
    this.file = openSync(path, resume && existsSync(path) ? 'r+' : 'w+', 0o600);
    this.places = new HashPlaces(path);
    this.tallyPlaces = new HashPlaces(path);
    if (resume) this.load();
    this.append([{ kind: 'run', fingerprint }]);
  }

  /** What is known of a file; undefined where it was not done. */
  find(relative: string): Earlier | undefined {
    const place = this.places.find(hashOf(relative));
    if (place === undefined) return undefined;
    const line = this.lineAt(place);
    if (line?.kind !== 'file' || line.relative !== relative) return undefined;
    return { record: line, isSame: this.sameRuns.some(({ start, end }) => place >= start && place < end) && this.tally(line.tally) !== undefined };
  }

  /** Counts of actions under a name that a file's record has; undefined where its line is lost. */
  tally(name: string): readonly number[] | undefined {
    const known = this.tallies.get(name);
    if (known !== undefined) return known;
    const place = this.tallyPlaces.find(hashOf(name));
    const line = place === undefined ? undefined : this.lineAt(place);
    if (line?.kind !== 'tally' || line.name !== name) return undefined;
    this.remember(line);
    return line.packed;
  }

  add(records: readonly FileRecord[], tallies: readonly NamedTally[]): void {
    for (const tally of tallies) {
      if (this.tally(tally.name) !== undefined) continue;
      this.remember(tally);
      this.tallyPlaces.set(hashOf(tally.name), this.end);
      this.append([{ kind: 'tally', ...tally }]);
    }
    if (records.length > 0) this.append(records.map((record) => ({ kind: 'file', ...record })));
  }

  close(): void {
    this.places.close();
    this.tallyPlaces.close();
    closeSync(this.file);
  }

  private append(lines: readonly Line[]): void {
    const bytes = Buffer.from(lines.map((line) => encode(line)).join(''));
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at, bytes.length - at, this.end + at);
    this.end += bytes.length;
  }

  private remember({ name, packed }: NamedTally): void {
    if (this.tallies.size >= TALLIES_HELD) this.tallies.clear();
    this.tallies.set(name, packed);
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
        case 'tally': this.tallyPlaces.set(hashOf(line.name), start); break;
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
