import { realpathSync } from 'node:fs';
import { ActionTally, type FileReport, type FileReports, type Report, Spread } from '../anonymizer/report.ts';
import { systemReason, UsageError } from './errors.ts';
import { HashPlaces, hashOf } from './hash-places.ts';
import { Numbers } from './pages.ts';
import { readReport, SCRATCH, type StoredReport } from './report-read.ts';
import { SpooledReports } from './spooled-reports.ts';

/**
 * Reads the JSON reports of shards or of runs that were resumed; a report that is named twice counts once.
 * @throws UsageError where one cannot be read, or is no report of this program
 */
export function readReports(paths: readonly string[], beside = SCRATCH): StoredReport[] {
  const seen = new Set<string>();
  return paths.flatMap((path) => {
    const real = realOf(path);
    if (seen.has(real)) return [];
    seen.add(real);
    return [readReport(path, beside)];
  });
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new UsageError(`A report cannot be read: ${systemReason(error)}: ${path}`);
  }
}

/**
 * One report of several: every file once, actions and bytes added up. Where a file is in more than one, the last
 * report that wrote it counts, or the last of all where none did. The report of a resumed run tells of what the run
 * before it had done too, so that run's own actions are not counted again. Seconds are those of all runs together, so
 * the throughput is that of one run of the average, however many went side by side.
 * @param beside the first bytes of the names that scratch files have for a moment
 * @throws UsageError where the reports are of different profiles
 */
export function mergeReports(reports: readonly Report<FileReports>[], beside = SCRATCH): StoredReport {
  const [first, ...others] = reports;
  if (first === undefined) throw new UsageError('Name at least one report.');
  for (const other of others) checkAlike(first, other);
  const merged = new MergedFiles(beside);
  try {
    for (const [i, { files }] of reports.entries()) for (const file of files) merged.add(file, i);
    const tally = new ActionTally();
    const times = new Spread();
    let seconds = 0;
    let bytes = 0;
    for (const [i, { actions, timing, summary, files }] of reports.entries()) {
      if (!merged.isRepeated(files, i)) tally.merge(actions);
      times.merge({ count: summary.written, mean: timing.perImage.mean, standardDeviation: timing.perImage.standardDeviation });
      seconds += timing.seconds;
      bytes += timing.bytes;
    }
    const { files } = merged;
    const wayBack = [...new Set(reports.flatMap((report) => report.wayBack ?? []))];
    const manifests = [...new Set(reports.flatMap((report) => report.manifests ?? []))];
    return {
      ...first,
      ...(manifests.length === 0 ? {} : { manifests }),
      ...(wayBack.length === 0 ? {} : { wayBack }),
      summary: files.summary(),
      actions: tally.list(),
      timing: {
        seconds, files: files.length, bytes, bytesPerSecond: seconds === 0 ? 0 : bytes / seconds,
        perImage: { mean: times.mean, standardDeviation: times.standardDeviation },
      },
      files,
    };
  } catch (error) {
    merged.files.close();
    throw error;
  } finally {
    merged.close();
  }
}

function checkAlike(first: Report<FileReports>, other: Report<FileReports>): void {
  const of = ({ edition, profile, options, result, dryRun }: Report<FileReports>) => JSON.stringify([edition, profile, [...options].sort(), result, dryRun]);
  if (of(first) !== of(other)) throw new UsageError('The reports are of different kinds of runs: profile, options, edition or result differ.');
}

/** Every file once, in the order in which it is first named; on the disk, as the reports are. */
class MergedFiles {
  readonly files: SpooledReports;
  private readonly places: HashPlaces;
  /** By place: the last report that wrote the file, counted from 1. */
  private readonly writers: Numbers;

  constructor(beside: string) {
    this.files = new SpooledReports(beside);
    this.places = new HashPlaces(beside);
    this.writers = new Numbers(beside);
  }

  add(file: FileReport, report: number): void {
    const known = this.placeOf(file.input);
    const place = known ?? this.files.length;
    if (known === undefined) this.places.set(hashOf(file.input), place, () => false);
    const isWritten = file.status === 'written';
    if (isWritten || this.writers.get(place) === 0) this.files.set(place, file);
    if (isWritten) this.writers.set(place, report + 1);
  }

  /** Whether later reports tell of everything that this one wrote. */
  isRepeated(files: FileReports, report: number): boolean {
    let hasWritten = false;
    for (const { input, status } of files) {
      if (status !== 'written') continue;
      hasWritten = true;
      if (this.writers.get(this.placeOf(input) ?? 0) <= report + 1) return false;
    }
    return hasWritten;
  }

  close(): void {
    this.places.close();
    this.writers.close();
  }

  private placeOf(input: string): number | undefined {
    return this.places.find(hashOf(input), (place) => this.files.get(place)?.input === input);
  }
}
