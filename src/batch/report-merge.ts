import { readFileSync, realpathSync } from 'node:fs';
import { ActionTally, type FileReport, type Report, Spread } from '../anonymizer/report.ts';
import { systemReason, UsageError } from './errors.ts';

/**
 * Reads the JSON reports of shards or of runs that were resumed; a report that is named twice counts once.
 * @throws UsageError where one cannot be read, or is no report of this program
 */
export function readReports(paths: readonly string[]): Report[] {
  const seen = new Set<string>();
  return paths.flatMap((path) => {
    try {
      const real = realpathSync(path);
      if (seen.has(real)) return [];
      seen.add(real);
      return [parseReport(readFileSync(real, 'utf8'), path)];
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`A report cannot be read: ${systemReason(error)}: ${path}`);
    }
  });
}

function parseReport(text: string, path: string): Report {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError(`This is no JSON report of this program: ${path}`);
  }
  if (!isReport(parsed)) throw new UsageError(`This is no JSON report of this program: ${path}`);
  return parsed;
}

function isReport(value: unknown): value is Report {
  const report = value as Partial<Report> | null;
  return typeof report === 'object' && report !== null && typeof report.edition === 'string' && typeof report.profile === 'string'
    && Array.isArray(report.options) && Array.isArray(report.files) && Array.isArray(report.actions)
    && typeof report.timing?.seconds === 'number' && typeof report.timing.bytes === 'number'
    && typeof report.timing.perImage?.mean === 'number' && typeof report.summary?.written === 'number'
    && report.files.every((file) => typeof file?.input === 'string' && typeof file.status === 'string');
}

/**
 * One report of several: every file once, actions and bytes added up. Where a file is in more than one, the last
 * report that wrote it counts, or the last of all where none did. The report of a resumed run tells of what the run
 * before it had done too, so that run's own actions are not counted again. Seconds are those of all runs together, so
 * the throughput is that of one run of the average, however many went side by side.
 * @throws UsageError where the reports are of different profiles
 */
export function mergeReports(reports: readonly Report[]): Report {
  const [first, ...others] = reports;
  if (first === undefined) throw new UsageError('Name at least one report.');
  for (const other of others) checkAlike(first, other);
  const files = mergeFiles(reports);
  const tally = new ActionTally();
  const times = new Spread();
  let seconds = 0;
  let bytes = 0;
  const writtenLater = laterWritten(reports);
  for (const [i, { actions, timing, summary, files: own }] of reports.entries()) {
    const isRepeated = own.some(({ status }) => status === 'written') && own.every(({ input, status }) => status !== 'written' || (writtenLater.get(input) ?? i) > i);
    if (!isRepeated) tally.merge(actions);
    times.merge({ count: summary.written, mean: timing.perImage.mean, standardDeviation: timing.perImage.standardDeviation });
    seconds += timing.seconds;
    bytes += timing.bytes;
  }
  const count = (is: (file: FileReport) => boolean) => files.filter(is).length;
  return {
    ...first,
    summary: {
      written: count(({ status }) => status === 'written'), skipped: count(({ status }) => status === 'skipped'),
      failed: count(({ status }) => status === 'failed'), verified: count(({ status, verified }) => status === 'written' && verified === true),
      notVerified: count(({ status, verified }) => status === 'written' && verified !== true),
    },
    actions: tally.list(),
    timing: {
      seconds, files: files.length, bytes, bytesPerSecond: seconds === 0 ? 0 : bytes / seconds,
      perImage: { mean: times.mean, standardDeviation: times.standardDeviation },
    },
    files,
  };
}

/** By input, the place of the last report that wrote it. */
function laterWritten(reports: readonly Report[]): Map<string, number> {
  return new Map(reports.flatMap(({ files }, i) => files.filter(({ status }) => status === 'written').map(({ input }) => [input, i] as const)));
}

function checkAlike(first: Report, other: Report): void {
  const of = ({ edition, profile, options, result, dryRun }: Report) => JSON.stringify([edition, profile, [...options].sort(), result, dryRun]);
  if (of(first) !== of(other)) throw new UsageError('The reports are of different kinds of runs: profile, options, edition or result differ.');
}

/** In the order in which a file is first named. */
function mergeFiles(reports: readonly Report[]): FileReport[] {
  const byInput = new Map<string, FileReport>();
  for (const { files } of reports) {
    for (const file of files) {
      const earlier = byInput.get(file.input);
      if (earlier?.status !== 'written' || file.status === 'written') byInput.set(file.input, file);
    }
  }
  return [...byInput.values()];
}
