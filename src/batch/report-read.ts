import { closeSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileReport, Report } from '../anonymizer/report.ts';
import { systemReason, UsageError } from './errors.ts';
import { linesOf } from './lines.ts';
import { SpooledReports } from './spooled-reports.ts';

/** Where scratch files of reports lie that belong to no run. */
export const SCRATCH = join(tmpdir(), 'dicom-anonymizer');

/** A report whose files lie on the disk until they are closed. */
export type StoredReport = Report<SpooledReports>;

/**
 * Reads a JSON report, line by line as `jsonReport` writes it, so that a million files need no memory; as a whole
 * where somebody has formatted it anew.
 * @throws UsageError where it cannot be read, or is no report of this program
 */
export function readReport(path: string, beside = SCRATCH): StoredReport {
  const files = new SpooledReports(beside);
  try {
    const head = tryLines(path, files) ?? readWhole(path, files);
    if (!isHead(head)) throw noReport(path);
    return { ...head, files };
  } catch (error) {
    files.close();
    if (error instanceof UsageError) throw error;
    if (error instanceof SyntaxError) throw noReport(path);
    throw new UsageError(`A report cannot be read: ${systemReason(error)}: ${path}`);
  }
}

function noReport(path: string): UsageError {
  return new UsageError(`This is no JSON report of this program: ${path}`);
}

/** Undefined where the lines are not as they are written here. */
function tryLines(path: string, files: SpooledReports): unknown {
  try {
    return readLines(path, files);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Everything but the files, which are stored. */
function readLines(path: string, files: SpooledReports): unknown {
  const file = openSync(path, 'r');
  try {
    let head = '';
    let isInFiles = false;
    let isOurs = false;
    let place = 0;
    for (const { text } of linesOf(file)) {
      if (isInFiles && text !== '  ]') {
        store(JSON.parse(text.endsWith(',') ? text.slice(0, -1) : text), place++, files, path);
        continue;
      }
      isInFiles = text === '  "files": [';
      isOurs ||= isInFiles || text === '  "files": []';
      head += text;
    }
    return isOurs && !isInFiles ? JSON.parse(head) : undefined;
  } finally {
    closeSync(file);
  }
}

function readWhole(path: string, files: SpooledReports): unknown {
  const whole = JSON.parse(readFileSync(path, 'utf8')) as { files?: unknown } | null;
  if (!Array.isArray(whole?.files)) throw noReport(path);
  whole.files.forEach((file: unknown, place) => store(file, place, files, path));
  return whole;
}

function store(file: unknown, place: number, files: SpooledReports, path: string): void {
  const { input, status } = (file ?? {}) as Partial<FileReport>;
  if (typeof input !== 'string' || (status !== 'written' && status !== 'skipped' && status !== 'failed')) throw noReport(path);
  files.set(place, file as FileReport);
}

function isHead(value: unknown): value is Report {
  const report = value as Partial<Report> | null;
  return typeof report === 'object' && report !== null && typeof report.edition === 'string' && typeof report.profile === 'string'
    && Array.isArray(report.options) && Array.isArray(report.actions)
    && typeof report.timing?.seconds === 'number' && typeof report.timing.bytes === 'number'
    && typeof report.timing.perImage?.mean === 'number' && typeof report.summary?.written === 'number';
}
