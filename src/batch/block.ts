import { join } from 'node:path';
import type { Limits } from '../anonymizer/dicom/limits.ts';
import { createPlanner } from '../anonymizer/planner.ts';
import type { Profile } from '../anonymizer/profile.ts';
import { createPseudonyms } from '../anonymizer/pseudonyms.ts';
import { recordPseudonyms } from '../anonymizer/recorded-pseudonyms.ts';
import { ActionTally, type FileReport, Spread } from '../anonymizer/report.ts';
import type { DirectoryEntry } from '../anonymizer/directory-entry.ts';
import { milliseconds } from './clock.ts';
import type { Layout } from './output-path.ts';
import type { DicomdirSource } from './dicomdir.ts';
import { digestOf } from './digest.ts';
import { bytesOfHead, type Evidence, evidenceOfFile } from './evidence.ts';
import type { Earlier, FileRecord, NamedTally } from './journal.ts';
import { NODE_HOST } from './node-host.ts';
import { temporaryPath } from './output-folder.ts';
import { openPixelCleaner, type ThreadCleaner } from './pixel-cleaner.ts';
import { FileProcessor } from './process-file.ts';
import { isStillDone, removeResult } from './resume.ts';
import { isRaised, type StopFlag } from './stop.ts';
import type { Found } from './walk.ts';

/** What every thread of a run needs to know; made of what can be sent to a worker. The key goes no other way. */
export interface Setup {
  readonly profile: Profile;
  readonly key: Uint8Array;
  readonly outputFolder: string;
  /** What the output folder was when the run began, by `identityOf`; undefined where nothing is written. */
  readonly root?: string | undefined;
  /** Begins the names of temporary files. */
  readonly owner: string;
  readonly layout: Layout;
  readonly verify: boolean;
  readonly dryRun: boolean;
  /** Whether there is a journal, which wants to know of every file. */
  readonly traced: boolean;
  /** Raised when the run is to stop; what was begun is left undone then. */
  readonly stop?: StopFlag | undefined;
  /** On what one file may cost; the usual ones where undefined. */
  readonly limits?: Limits | undefined;
  /** How many bytes of each result are hashed for the manifest; undefined where there is none. */
  readonly hashed?: number | undefined;
  /** Whether there is a table of original and new identifiers. */
  readonly paired?: boolean | undefined;
}

/** Names of tallies that a thread remembers; what is forgotten is handed over again. */
const NAMES_HELD = 1000;

/** Some files of the walk, one after another. */
export interface Block {
  /** Place of its first file in the walk. */
  readonly first: number;
  readonly files: readonly Found[];
  /** A result of an earlier attempt at the same files may be there and is replaced. */
  readonly replace: boolean;
  /** What an earlier run says of each file, where this one goes on. */
  readonly earlier?: readonly (Earlier | undefined)[] | undefined;
}

/** The files from one to another, without the latter. */
export function partOf(block: Block, from: number, to = block.files.length): Block {
  return { ...block, first: block.first + from, files: block.files.slice(from, to), earlier: block.earlier?.slice(from, to) };
}

/**
 * What became of a block. It is reported as a whole or not at all, so that a thread that dies falsifies no count; of a
 * run that is stopped, or where the room is too small, it has the files that were done by then.
 */
export interface BlockResult {
  readonly first: number;
  readonly reports: readonly FileReport[];
  /** Bytes of the sources. */
  readonly bytes: readonly number[];
  /** Milliseconds an image. */
  readonly times: { readonly count: number; readonly mean: number; readonly standardDeviation: number };
  /** Counts of actions, as `ActionTally` packs them. */
  readonly actions: Float64Array<ArrayBuffer>;
  /** For the journal: what was written now, and the names of the tallies of what an earlier run has done. */
  readonly records: readonly FileRecord[];
  readonly tallies: readonly NamedTally[];
  readonly keptTallies: readonly string[];
  /** For each report, for the manifest. */
  readonly evidence: readonly (Evidence | undefined)[];
  /** For the table of identifiers: a line of JSON for each pair that was met. */
  readonly pairs: string;
  /** For each report: what a DICOMDIR would say of it, where it is one itself, or that its earlier result must be asked. */
  readonly directory: readonly (DirectoryEntry | DicomdirSource | 'kept' | undefined)[];
}

/** Where a thread tells which file of its block it is at: all that is left of it when it dies. */
export type Place = Int32Array<SharedArrayBuffer>;

/** A result of an earlier run that stays. */
interface Kept {
  readonly record: FileRecord;
  readonly evidence: Evidence | undefined;
  readonly pairs: string;
}

/** De-identifies blocks one after another, in whatever thread it is made. */
export class BlockProcessor {
  private readonly tally = new ActionTally();
  private readonly processor: FileProcessor;
  private readonly cleaner: ThreadCleaner | undefined;
  /** Names of the tallies that were handed over already, as far as they are remembered. */
  private readonly named = new Set<string>();

  constructor(private readonly setup: Setup, thread: number, private readonly place?: Place) {
    const pseudonyms = createPseudonyms(setup.key, NODE_HOST);
    this.cleaner = openPixelCleaner(setup.profile);
    const recorder = setup.paired === true ? recordPseudonyms(pseudonyms, setup.profile.options.has('retain-longitudinal-modified-dates')) : undefined;
    this.processor = new FileProcessor({
      planner: createPlanner(setup.profile, recorder ?? pseudonyms, this.cleaner), pseudonyms, recorder, outputFolder: setup.outputFolder,
      temporary: temporaryPath(setup.outputFolder, setup.owner, thread),
      layout: setup.layout, verify: setup.verify, dryRun: setup.dryRun, traced: setup.traced, stop: setup.stop, limits: setup.limits, hashed: setup.hashed, root: setup.root,
    }, this.tally);
  }

  /** @param room for the bytes of its files: the block is left before the first one that does not fit */
  process({ first, files, replace, earlier }: Block, room = Number.POSITIVE_INFINITY): BlockResult {
    let left = room;
    const reports: FileReport[] = [];
    const bytes: number[] = [];
    const evidence: (Evidence | undefined)[] = [];
    let pairs = '';
    const times = new Spread();
    const total = new ActionTally();
    const traced = { records: [] as FileRecord[], tallies: [] as NamedTally[], keptTallies: [] as string[], directory: [] as BlockResult['directory'][number][] };
    for (let i = 0; i < files.length; i++) {
      if (isRaised(this.setup.stop)) break;
      if (this.place !== undefined) Atomics.store(this.place, 0, i);
      // A result that may stay is read again.
      const known = earlier?.[i]?.record.trace.outputSize ?? 0;
      if (known > left) break;
      const kept = this.keep(files[i], earlier?.[i]);
      if (kept !== undefined) {
        left -= known;
        reports.push(kept.record.report);
        bytes.push(0);
        evidence.push(kept.evidence);
        pairs += kept.pairs;
        traced.keptTallies.push(kept.record.tally);
        traced.directory.push('kept');
        continue;
      }
      const start = milliseconds();
      const processed = this.processor.process(files[i], replace, left);
      if (processed === undefined) break;
      const { report, bytes: size, trace, directory } = processed;
      if (report.status === 'written') times.add(milliseconds() - start);
      reports.push(report);
      bytes.push(size);
      left -= size;
      evidence.push(processed.evidence);
      pairs += processed.pairs ?? '';
      traced.directory.push(directory);
      if (trace === undefined) continue;
      const packed = this.tally.take();
      total.addPacked(packed);
      const tally = digestOf(new Uint8Array(packed.buffer));
      if (!this.named.has(tally)) traced.tallies.push({ name: tally, packed: [...packed] });
      if (this.named.size >= NAMES_HELD) this.named.clear();
      this.named.add(tally);
      traced.records.push({ relative: files[i].relative, report, trace, tally });
    }
    const { count, mean, standardDeviation } = times;
    const actions = (this.setup.traced ? total : this.tally).take();
    return { first, reports, bytes, times: { count, mean, standardDeviation }, actions, evidence, pairs, ...traced };
  }

  close(): void {
    this.processor.close();
    this.cleaner?.close();
  }

  /** Of a result that is left as it is, from the disk: its journal may have been written for another manifest. */
  private evidenceOf({ report: { output }, trace }: FileRecord): Evidence | undefined {
    const { hashed, outputFolder } = this.setup;
    return hashed === undefined || output === undefined ? undefined : evidenceOfFile(join(outputFolder, output), bytesOfHead(hashed, trace.hashed ?? Number.POSITIVE_INFINITY));
  }

  /** The record of a file that need not be done again; what is left of an outdated one is removed. */
  private keep(found: Found, earlier: Earlier | undefined): Kept | undefined {
    if (earlier === undefined) return undefined;
    try {
      const { record } = earlier;
      if (earlier.isSame && isStillDone(found, record, this.setup.outputFolder)) return { record: { ...record, report: { ...record.report, input: found.path } }, evidence: this.evidenceOf(record), pairs: this.processor.pairsOf(found) };
      removeResult(record, this.setup.outputFolder);
    } catch {
      // What cannot be looked at or removed now will be refused for that reason when it is done again.
    }
    return undefined;
  }
}
