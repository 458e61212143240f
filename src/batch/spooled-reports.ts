import type { FileReport, FileReports, FileStatus, Report } from '../anonymizer/report.ts';
import { Spool } from './spool.ts';

const STATUSES: readonly FileStatus[] = ['written', 'skipped', 'failed'];
const WARNED = 4;
const VERIFIED = 8;

/** Which files of a report are asked for. */
export type ReportFilter = 'all' | FileStatus | 'not-written' | 'warned';

/**
 * What became of each file of a run, by its place in the walk, on the disk: a report of a million files needs no more
 * memory than one of a thousand. It is read as it is asked for, until it is closed.
 */
export class SpooledReports implements FileReports {
  private readonly spool: Spool;

  constructor(beside: string) {
    this.spool = new Spool(beside);
  }

  get length(): number {
    return this.spool.count();
  }

  /** Sets or replaces what became of the file at a place. */
  set(place: number, report: FileReport): void {
    const { status, warnings, verified } = report;
    this.spool.set(place, JSON.stringify(report), STATUSES.indexOf(status) + (warnings === undefined ? 0 : WARNED) + (verified === true ? VERIFIED : 0));
  }

  get(place: number): FileReport | undefined {
    const text = this.spool.get(place);
    return text === undefined ? undefined : (JSON.parse(text) as FileReport);
  }

  *[Symbol.iterator](): Generator<FileReport> {
    yield* this.select('all');
  }

  /** Each file as JSON. */
  *lines(): Generator<string> {
    for (const { text } of this.spool.entries()) yield text;
  }

  count(filter: ReportFilter): number {
    return this.spool.count(testOf(filter));
  }

  /** The files that a filter lets through, without the first `skip` of them. */
  *select(filter: ReportFilter, skip = 0): Generator<FileReport> {
    for (const { text } of this.spool.entries(testOf(filter), skip)) yield JSON.parse(text) as FileReport;
  }

  summary(): Report['summary'] {
    const isWritten = testOf('written');
    const isVerified = (kind: number) => (kind & VERIFIED) !== 0;
    return {
      written: this.count('written'), skipped: this.count('skipped'), failed: this.count('failed'),
      verified: this.spool.count(isVerified), notVerified: this.spool.count((kind) => isWritten(kind) && !isVerified(kind)),
    };
  }

  close(): void {
    this.spool.close();
  }
}

function testOf(filter: ReportFilter): (kind: number) => boolean {
  if (filter === 'all') return () => true;
  if (filter === 'warned') return (kind) => (kind & WARNED) !== 0;
  if (filter === 'not-written') return (kind) => kind % WARNED !== 0;
  const status = STATUSES.indexOf(filter);
  return (kind) => kind % WARNED === status;
}
