import type { KeyObject } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import type { Limits } from '../anonymizer/dicom/limits.ts';
import type { Profile } from '../anonymizer/profile.ts';
import { createPseudonyms } from '../anonymizer/pseudonyms.ts';
import { ActionTally, type FileReport, optionsOf, Spread, type WayBack } from '../anonymizer/report.ts';
import { EDITION } from '../anonymizer/rules/data/table-e1-1.ts';
import type { BlockResult, Setup } from './block.ts';
import { milliseconds } from './clock.ts';
import { Crew } from './crew.ts';
import { Dicomdirs, type DicomdirSource } from './dicomdir.ts';
import { UsageError } from './errors.ts';
import { bytesHashed, type DigestReach, type Evidence, evidenceOfFile } from './evidence.ts';
import { readIndex } from './file-index.ts';
import { fingerprintOf, Journal } from './journal.ts';
import { Lock } from './lock.ts';
import { Manifest, type ManifestOutcome } from './manifest.ts';
import { NODE_HOST } from './node-host.ts';
import { prepareOutputFolder, removeTemporaries, temporaryOwner, temporaryPath } from './output-folder.ts';
import { identityOf } from './output-place.ts';
import type { Layout } from './output-path.ts';
import { SCRATCH, type StoredReport } from './report-read.ts';
import { isInShard, type Shard, shardName } from './shard.ts';
import { SpooledReports } from './spooled-reports.ts';
import type { HeadStart } from './start-worker.ts';
import { type Found, walk } from './walk.ts';

/** What a run is asked for. */
export interface RunRequest {
  readonly inputs: readonly string[];
  readonly output: string;
  readonly profile: Profile;
  readonly key: Uint8Array;
  readonly keyIsKept: boolean;
  readonly layout: Layout;
  readonly verify: boolean;
  readonly dryRun: boolean;
  readonly version: string;
  /** On what one file may cost; the usual ones where undefined. */
  readonly limits?: Limits | undefined;
  /** How much of each result the manifest's digests are of; no manifest where undefined. */
  readonly manifest?: DigestReach | undefined;
  /** Signs the manifest. */
  readonly signingKey?: KeyObject | undefined;
  /** Threads that work side by side; as many as the machine has cores where undefined. */
  readonly workers?: number | undefined;
  /** Only the files of this shard; the output folder may then hold the results of the others. */
  readonly shard?: Shard | undefined;
  /** A list of the shard's files, made beforehand by `writeIndexes`; without it a hash of the path decides. */
  readonly index?: string | undefined;
  /** Go on with a run into the same folder that was cut off. Needs a kept key. */
  readonly resume?: boolean | undefined;
  /** Seconds after which one file is given up, where it is no large one; `FILE_SECONDS` where undefined. */
  readonly timeout?: number | undefined;
  /** Never work in the calling thread, which has something else to do; for an editor's extension host. */
  readonly keepCallerFree?: boolean | undefined;
  /** Stops the run between two files, or within a large one, of which nothing is left; what was done by then is reported. */
  readonly signal?: AbortSignal | undefined;
  /** Of this process, with the same script; the calling thread counts as loaded once its workers are started. */
  readonly headStart?: HeadStart | undefined;
  /** Script of the workers, beside the running one where undefined. */
  readonly workerScript?: string | undefined;
}

/** How far a run is. */
export interface Progress {
  readonly filesDone: number;
  /** Of the sources. */
  readonly bytesDone: number;
  /** Known once the walk has come to its end, which is soon for all but very large inputs. */
  readonly filesTotal: number | undefined;
}

/** What a run tells while it goes on. Files come in the order in which they are done. */
export interface RunEvents {
  onFile?(report: FileReport, bytes: number): void;
  onProgress?(progress: Progress): void;
  /** At the end, where threads hang in a call of the system: then the process cannot end by itself. */
  onStuckThreads?(count: number): void;
  /** At the end, where a manifest was asked for. */
  onManifest?(outcome: ManifestOutcome): void;
  /** Lines of JSON, each an original identifier and its pseudonym, for a table that somebody keeps; no dry run tells any. */
  onPairs?(lines: string): void;
}

/** What a run came to. Its files lie on the disk until they are closed. */
export type RunReport = StoredReport;

/**
 * De-identifies every file of the inputs into the output folder.
 * @throws UsageError where nothing may be written there, or an input does not exist
 */
export async function run(request: RunRequest, events: RunEvents = {}): Promise<RunReport> {
  const { inputs, shard, dryRun, resume = false } = request;
  if (resume && !request.keyIsKept) {
    throw new UsageError('--resume needs the --key-file of the run that was cut off: another key would give other pseudonyms.');
  }
  const outputFolder = prepareOutputFolder({ inputs, output: request.output, dryRun, mayHoldFiles: shard !== undefined || resume });
  const ownShard = shard === undefined ? '' : `${shardName(shard)}-`;
  const setup: Setup = {
    profile: request.profile, key: request.key, outputFolder, owner: temporaryOwner(ownShard),
    layout: request.layout, verify: request.verify, dryRun, traced: request.keyIsKept && !dryRun, limits: request.limits,
    paired: events.onPairs !== undefined && !dryRun, root: dryRun ? undefined : identityOf(outputFolder),
    hashed: request.manifest === undefined || dryRun ? undefined : bytesHashed(request.manifest),
  };
  const beside = shard === undefined ? outputFolder : `${outputFolder}.${shardName(shard)}`;
  const lock = dryRun ? undefined : new Lock(`${beside}.lock`);
  // A dry run writes nothing beside the output folder, either.
  const files = new SpooledReports(dryRun ? SCRATCH : beside);
  let journal: Journal | undefined;
  let manifest: Manifest | undefined;
  try {
    const goesOn = resume && hasJournal(`${beside}.journal`, outputFolder, shard);
    if (!dryRun) removeTemporaries(outputFolder, ownShard);
    if (setup.traced) journal = new Journal(`${beside}.journal`, fingerprintOf(setup, request.version), goesOn);
    if (!dryRun) manifest = manifestOf(request, beside);
    return await work(request, setup, journal, goesOn, new Results(events, journal, dicomdirsOf(setup, resume), files, manifest));
  } catch (error) {
    files.close();
    throw error;
  } finally {
    manifest?.close();
    journal?.close();
    lock?.release();
  }
}

async function work(request: RunRequest, setup: Setup, journal: Journal | undefined, goesOn: boolean, results: Results): Promise<RunReport> {
  const began = milliseconds();
  const crew = new Crew({
    setup, workers: request.workers ?? availableParallelism(), script: request.workerScript ?? join(__dirname, 'worker.js'), headStart: request.headStart,
    keepCallerFree: request.keepCallerFree ?? false, signal: request.signal, timeout: request.timeout,
    inputs: request.index === undefined ? request.inputs : [...request.inputs, request.index],
    // A result that the journal does not know may be there: it was written just before the run was cut off.
    prepare: (block) => (goesOn ? { ...block, replace: true, earlier: block.files.map(({ relative }) => journal?.find(relative)) } : block),
  });
  await crew.work(filesOf(request), (result, filesTotal) => results.add(result, filesTotal));
  results.tellStuckThreads(crew.stuckThreads);
  results.finishDicomdirs(request, setup);
  results.finishManifest(request);
  return results.report(request, (milliseconds() - began) / 1000);
}

function dicomdirsOf({ key, outputFolder, owner, layout, verify, dryRun, limits, root }: Setup, mayReplace: boolean): Dicomdirs {
  return new Dicomdirs({
    pseudonyms: createPseudonyms(key, NODE_HOST), outputFolder, temporary: temporaryPath(outputFolder, owner, 0), layout, verify, dryRun, mayReplace, limits, root,
  });
}

function manifestOf({ version, profile, layout, verify, manifest, limits, shard }: RunRequest, beside: string): Manifest | undefined {
  if (manifest === undefined) return undefined;
  return new Manifest(beside, { version, profile, layout, verify, digests: manifest, limits, ...(shard === undefined ? {} : { shard: `${shard.index}/${shard.count}` }) });
}

/**
 * Whether there is something to go on with.
 * @throws UsageError where files lie in the output folder that no journal knows
 */
function hasJournal(path: string, outputFolder: string, shard: Shard | undefined): boolean {
  if (existsSync(path)) return true;
  if (shard === undefined && existsSync(outputFolder) && readdirSync(outputFolder).length > 0) {
    throw new UsageError('There is no journal beside the output folder, so its files are not of a run that can be resumed. Choose another folder.');
  }
  return false;
}

function* filesOf({ inputs, shard, index }: RunRequest): Generator<Found> {
  if (index !== undefined) return yield* readIndex(index);
  for (const found of walk(inputs)) if (shard === undefined || isInShard(shard, found.relative)) yield found;
}

/** Gathers what the threads report. */
class Results {
  private readonly tally = new ActionTally();
  private readonly times = new Spread();
  /** Of the manifest, beside the output folder. */
  private manifestName: string | undefined;
  private filesDone = 0;
  private bytesDone = 0;

  /** DICOMDIRs of the input, which wait for all other files, and their places in the walk. */
  private readonly waiting: { readonly place: number; readonly source: DicomdirSource }[] = [];

  constructor(
    private readonly events: RunEvents, private readonly journal: Journal | undefined, private readonly dicomdirs: Dicomdirs,
    /** By place in the walk. */
    private readonly files: SpooledReports, private readonly manifest: Manifest | undefined,
  ) {}

  add({ first, reports, bytes, times, actions, records, tallies, keptTallies, directory, evidence, pairs }: BlockResult, filesTotal: number | undefined): void {
    this.journal?.add(records, tallies);
    if (pairs !== '') this.events.onPairs?.(pairs);
    this.tally.addPacked(actions);
    for (const name of keptTallies) this.tally.addPacked(this.journal?.tally(name) ?? []);
    this.times.merge(times);
    this.filesDone += reports.length;
    reports.forEach((report, i) => {
      this.files.set(first + i, report);
      this.listInManifest(report, evidence[i]);
      this.bytesDone += bytes[i];
      const listed = directory[i];
      if (listed !== undefined && listed !== 'kept' && 'relative' in listed) {
        this.waiting.push({ place: first + i, source: listed });
        return;
      }
      if (listed === 'kept') this.dicomdirs.addResult(report.output ?? '');
      else if (listed !== undefined) this.dicomdirs.addEntry(listed);
      this.events.onFile?.(report, bytes[i]);
    });
    this.events.onProgress?.({ filesDone: this.filesDone, bytesDone: this.bytesDone, filesTotal });
  }

  /** What a DICOMDIR lists is known when all files are done; the places decide where two would become one. */
  finishDicomdirs({ shard, signal }: RunRequest, { outputFolder, hashed }: Setup): void {
    const waiting = this.waiting.sort((a, b) => a.place - b.place);
    for (const { source } of waiting) this.dicomdirs.addSource(source);
    const incomplete = shard !== undefined ? 'a shard does not know the files of the others' : signal?.aborted ? 'the run was stopped' : undefined;
    this.dicomdirs.finish(incomplete).forEach((report, i) => {
      this.files.set(waiting[i].place, report);
      if (hashed !== undefined && report.output !== undefined) this.listInManifest(report, tryEvidence(join(outputFolder, report.output), hashed));
      this.events.onFile?.(report, 0);
    });
  }

  private listInManifest({ output, verified }: FileReport, evidence: Evidence | undefined): void {
    if (output !== undefined && evidence !== undefined) this.manifest?.add(output, verified, evidence);
  }

  tellStuckThreads(count: number): void {
    if (count > 0) this.events.onStuckThreads?.(count);
  }

  finishManifest({ signingKey }: RunRequest): void {
    const outcome = this.manifest?.finish(this.files.summary(), new Date(), signingKey);
    if (outcome === undefined) return;
    if ('path' in outcome) this.manifestName = basename(outcome.path);
    this.events.onManifest?.(outcome);
  }

  report(request: RunRequest, seconds: number): RunReport {
    const { bytesDone, times, files } = this;
    const wayBack: WayBack[] = [...(request.keyIsKept ? ['key' as const] : []), ...(this.events.onPairs === undefined ? [] : ['table' as const])];
    return {
      program: 'DICOM Anonymizer', version: request.version, edition: EDITION,
      profile: request.profile.name, options: optionsOf(request.profile),
      result: wayBack.length > 0 ? 'pseudonymised' : 'without-kept-key', wayBack, dryRun: request.dryRun,
      ...(this.manifestName === undefined ? {} : { manifests: [this.manifestName] }),
      summary: files.summary(), actions: this.tally.list(),
      timing: {
        seconds, files: files.length, bytes: bytesDone, bytesPerSecond: seconds === 0 ? 0 : bytesDone / seconds,
        perImage: { mean: times.mean, standardDeviation: times.standardDeviation },
      },
      files,
    };
  }
}

/** One that is gone already is told when the manifest is checked. */
function tryEvidence(path: string, hashed: number): Evidence | undefined {
  try {
    return evidenceOfFile(path, hashed);
  } catch {
    return undefined;
  }
}
