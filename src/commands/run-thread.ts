import { parentPort } from 'node:worker_threads';
import type { ActionCount, FileReport, Report } from '../anonymizer/report.ts';
import { systemReason, UsageError } from '../batch/errors.ts';
import { nameOfTag } from '../batch/report-html.ts';
import { readReport, type StoredReport } from '../batch/report-read.ts';
import { defaultReportPath, tryToWriteReport, writeReport } from '../batch/report-write.ts';
import { type Progress, run, type RunRequest } from '../batch/run.ts';
import type { FileFilter } from '../views/protocol.ts';
import { type Bundle, reasonIn, translateIn } from '../views/say.ts';
import { type Failure, serve } from '../views/thread-calls.ts';

/** A report without its files, which may be a million. */
export type ReportHead = Omit<Report, 'files' | 'actions'> & {
  readonly actions: readonly (ActionCount & { readonly name: string })[];
  readonly fileCount: number;
  readonly warned: number;
  /** Why files were not written, the most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
};

export interface RunEnd {
  readonly head: ReportHead;
  readonly isCancelled: boolean;
  /** Where the report was written; undefined for a dry run. */
  readonly reportPath?: string | undefined;
  readonly reportProblem?: string | undefined;
}

/** A file that somebody should look at. */
export interface FileProblem {
  readonly input: string;
  readonly output: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly sentences: readonly string[];
}

let report: StoredReport | undefined;
let progress: Progress = { filesDone: 0, bytesDone: 0, filesTotal: undefined };
const cancelled = new AbortController();

/** One run and its report, away from the host: walking, waiting for workers and paging through a million files. */
const calls = {
  async run(request: Omit<RunRequest, 'signal' | 'headStart'>): Promise<RunEnd> {
    const done = await run({ ...request, keepCallerFree: true, signal: cancelled.signal }, { onProgress: (now) => { progress = now; } });
    take(done);
    const written = request.dryRun ? undefined : await tryToWriteReport(defaultReportPath(request.output), done);
    return {
      head: headOf(done), isCancelled: cancelled.signal.aborted,
      reportPath: written !== undefined && 'path' in written ? written.path : undefined,
      reportProblem: written !== undefined && 'problem' in written ? written.problem : undefined,
    };
  },
  cancel(_: undefined): void {
    cancelled.abort();
  },
  progress(_: undefined): Progress {
    return progress;
  },
  load({ path }: { path: string }): ReportHead {
    take(readReport(path));
    return headOf(current());
  },
  head(_: undefined): ReportHead {
    return headOf(current());
  },
  files({ filter, from, count }: { filter: FileFilter; from: number; count: number }): { total: number; files: readonly FileReport[] } {
    const { files } = current();
    const page: FileReport[] = [];
    for (const file of files.select(filter, from)) if (page.push(file) >= Math.min(count, 500)) break;
    return { total: files.count(filter), files: page };
  },
  problems({ limit }: { limit: number }): FileProblem[] {
    const problems: FileProblem[] = [];
    for (const file of current().files) {
      if (problems.length >= limit) break;
      const problem = problemOf(file);
      if (problem !== undefined) problems.push(problem);
    }
    return problems;
  },
  export({ path, bundle, locale }: { path: string; bundle: Bundle; locale: string }): Promise<string> {
    return writeReport(path, current(), { code: locale, translate: translateIn(bundle), reason: reasonIn(bundle) });
  },
};

export type RunCalls = typeof calls;

function take(taken: StoredReport): void {
  report?.files.close();
  report = taken;
}

function current(): StoredReport {
  if (report === undefined) throw new UsageError('There is no report yet.');
  return report;
}

function headOf({ files, ...head }: StoredReport): ReportHead {
  const reasons = new Map<string, number>();
  for (const { reason } of files.select('not-written')) {
    // The place in the file differs from file to file; the reason is the same.
    const cause = reason?.replace(/( at \(\w{4},\w{4}\))?(, offset \d+)?$/, '');
    if (cause !== undefined) reasons.set(cause, (reasons.get(cause) ?? 0) + 1);
  }
  const actions = head.actions.map((counted) => ({ ...counted, name: nameOfTag(Number.parseInt(counted.tag, 16)) }));
  return { ...head, actions, fileCount: files.length, warned: files.count('warned'), reasons: [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count).slice(0, 50) };
}

/** What is no DICOM is told by the report; Problems are for what was meant to be anonymized. */
function problemOf({ input, output, status, reason, verified, warnings = [] }: FileReport): FileProblem | undefined {
  if (status === 'failed') return { input, output: '', severity: 'error', sentences: [reason ?? ''] };
  // What lies in it was never seen.
  if (reason?.startsWith('the folder cannot be read') === true) return { input, output: '', severity: 'error', sentences: [reason] };
  const sentences = [...warnings, ...(verified === false ? ['The result was written, but not verified by a second reader'] : [])];
  return status === 'written' && sentences.length > 0 ? { input, output: output ?? '', severity: 'warning', sentences } : undefined;
}

function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { name: error.name, text: error.message };
  if (error instanceof Error && 'code' in error) return { name: 'SystemError', code: String(error.code), text: systemReason(error) };
  return { name: error instanceof Error ? error.name : 'Error', code: 'internal', text: '' };
}

if (parentPort !== null) serve(parentPort, calls, failureOf);
