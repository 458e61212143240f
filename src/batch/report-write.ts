import { closeSync, existsSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { FileReports, Report } from '../anonymizer/report.ts';
import { systemReason, UsageError } from './errors.ts';
import { jsonReport } from './report-json.ts';
import type { Language } from './report-sentences.ts';
import { type Shard, shardName } from './shard.ts';

/** Characters that are gathered before they are written. */
const BLOCK = 1 << 20;

type Format = (report: Report<FileReports>, language?: Language) => Iterable<string>;

/** By the ending of the file; but for the usual one, each is loaded when it is asked for. */
const FORMATS = new Map<string, () => Promise<Format>>([
  ['.json', async () => jsonReport],
  ['.csv', async () => (await import('./report-csv.ts')).csvReport],
  ['.html', async () => (await import('./report-html.ts')).htmlReport],
]);

/**
 * Looks before the work begins whether a report can lie there afterwards.
 * @throws UsageError for an ending that is no format, a file that exists, or a folder that does not
 */
export function checkReportPath(path: string): void {
  if (!FORMATS.has(extname(path).toLowerCase())) throw new UsageError('A report ends in .json, .csv or .html.');
  if (existsSync(path)) throw new UsageError('The report file exists already and is not overwritten. Choose another name.');
  const folder = dirname(resolve(path));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError('The folder of the report does not exist.');
}

/** The path that a run without a name for its report writes it to: beside the output folder, never in it. */
export function defaultReportPath(outputFolder: string, shard?: Shard): string {
  return `${resolve(outputFolder)}${shard === undefined ? '' : `.${shardName(shard)}`}.report.json`;
}

/**
 * Writes the report in the format that the path's ending names. Where a file has that name, the report gets a number
 * behind it: `study.report-2.json`. Words for people are in the given language, English where there is none.
 * @returns the path that it was written to
 * @throws Error of the system, without a file left behind
 */
export async function writeReport(path: string, report: Report<FileReports>, language?: Language): Promise<string> {
  const load = FORMATS.get(extname(path).toLowerCase());
  if (load === undefined) throw new UsageError('A report ends in .json, .csv or .html.');
  const format = await load();
  const { file, name } = openNew(path);
  try {
    let block = '';
    for (const piece of format(report, language)) {
      block += piece;
      if (block.length < BLOCK) continue;
      writeAll(file, block);
      block = '';
    }
    writeAll(file, block);
  } catch (error) {
    rmSync(name, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return name;
}

/** As `writeReport`, with a sentence instead of an error; the work that it tells of is done by then. */
export async function tryToWriteReport(path: string, report: Report<FileReports>): Promise<{ readonly path: string } | { readonly problem: string }> {
  try {
    return { path: await writeReport(path, report) };
  } catch (error) {
    return { problem: `The report could not be written: ${systemReason(error)}.` };
  }
}

function openNew(path: string): { file: number; name: string } {
  const ending = extname(path);
  const stem = path.slice(0, path.length - ending.length);
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : `${stem}-${number}${ending}`;
    try {
      return { file: openSync(name, 'wx', 0o600), name };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
