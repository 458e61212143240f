import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { FileReport } from '../anonymizer/report.ts';
import { UsageError } from '../batch/errors.ts';
import { newKey, readOrMakeKey } from '../batch/key-file.ts';
import type { ManifestOutcome } from '../batch/manifest.ts';
import { checkPlaces } from '../batch/output-folder.ts';
import type { Layout } from '../batch/output-path.ts';
import { resultSentence, summarySentence, timeSentence, verificationSentence, wayBackSentence } from '../batch/report-sentences.ts';
import { checkReportPath, defaultReportPath, tryToWriteReport } from '../batch/report-write.ts';
import { type RunReport, run } from '../batch/run.ts';
import { parseShard, shardOfEnvironment } from '../batch/shard.ts';
import type { HeadStart } from '../batch/start-worker.ts';
import type { TableOutcome } from '../batch/table.ts';
import { parseArguments, positiveNumber } from './arguments.ts';
import { chosenLimits } from './chosen-limits.ts';
import { chosenManifest, MANIFEST_ARGUMENTS } from './chosen-manifest.ts';
import { chosenProfile, PIXEL_ARGUMENTS } from './chosen-profile.ts';
import { chosenTable, type OpenTable, TABLE_ARGUMENTS } from './chosen-table.ts';
import { ProgressLine } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';
import { visible } from './visible-text.ts';

/** Files that are named on the screen; the report names all. */
const FILES_NAMED = 10;

const OPTIONS = {
  output: { type: 'string' }, profile: { type: 'string' }, option: { type: 'string', multiple: true }, 'key-file': { type: 'string' },
  layout: { type: 'string' }, report: { type: 'string' }, workers: { type: 'string' }, shard: { type: 'string' }, index: { type: 'string' }, timeout: { type: 'string' },
  'dry-run': { type: 'boolean' }, resume: { type: 'boolean' }, 'no-verify': { type: 'boolean' }, ...PIXEL_ARGUMENTS,
  limit: { type: 'string', multiple: true }, ...MANIFEST_ARGUMENTS, ...TABLE_ARGUMENTS,
} as const;

/** `anonymize`: de-identifies files and folders into a folder; exit code 0 where every file was written. */
export async function anonymize(args: readonly string[], terminal: Terminal, headStart?: HeadStart): Promise<number> {
  const { values, positionals: inputs } = parseArguments(args, OPTIONS);
  const { output, report: reportPath, 'key-file': keyFile } = values;
  const dryRun = values['dry-run'] ?? false;
  if (inputs.length === 0) throw new UsageError('Name at least one file or folder.');
  if (output === undefined || output === '') throw new UsageError('Name the output folder with --output DIR.');
  const shard = values.shard === undefined ? shardOfEnvironment(process.env) : parseShard(values.shard);
  if (shard !== undefined && keyFile === undefined && !dryRun) throw new UsageError('--shard needs --key-file, so that all parts get the same pseudonyms.');
  const layout = layoutOf(values.layout ?? 'uid');
  const workers = values.workers === undefined ? undefined : positiveNumber(values.workers, '--workers');
  const profile = await chosenProfile(values.profile, values.option, values);
  const limits = chosenLimits(values.limit);
  const timeout = values.timeout === undefined ? undefined : positiveNumber(values.timeout, '--timeout');
  if (reportPath !== undefined) {
    checkReportPath(reportPath);
    if (isInside(reportPath, output)) throw new UsageError('The output folder holds de-identified files and nothing else. Put the report beside it.');
  }
  // Before a key is made.
  checkPlaces({ inputs, output, keyFile, mayHoldFiles: shard !== undefined || values.resume === true });
  const evidence = await chosenManifest(values, output, dryRun);
  const table = await chosenTable(values, { inputs, output, dryRun }, terminal);
  let manifestOutcome: ManifestOutcome | undefined;
  const progress = new ProgressLine(terminal);
  const signal = terminal.stopOnInterrupt();
  const done = await orAbandon(table, async () => run({
    inputs, output, profile, layout, dryRun, version, workers, shard, index: values.index, signal, resume: values.resume ?? false,
    verify: values['no-verify'] !== true, key: keyOf(keyFile, dryRun), keyIsKept: keyFile !== undefined, limits, timeout, headStart, ...evidence,
  }, {
    onProgress: (now) => progress.update(now), onManifest: (outcome) => { manifestOutcome = outcome; }, onStuckThreads: () => { terminal.endByForce(); },
    ...(table === undefined ? {} : { onPairs: (lines) => table.add(lines) }),
  }));
  const tableOutcome = await table?.finish();
  const report = withTable(done, tableOutcome);
  progress.end();
  if (signal?.aborted === true) terminal.err(`Stopped: files that the report does not name were not looked at.${keyFile === undefined ? '' : ' --resume goes on.'}\n`);
  const written = reportPath ?? (dryRun ? undefined : defaultReportPath(output, shard));
  const outcome = written === undefined ? undefined : await tryToWriteReport(written, report);
  await print(report, { Report: outcome, Manifest: manifestOutcome, 'Table of identifiers': tableOutcome }, terminal);
  report.files.close();
  const reportFailed = [outcome, manifestOutcome, tableOutcome].some((each) => each !== undefined && 'problem' in each);
  const allWritten = report.summary.written === report.files.length && signal?.aborted !== true;
  return allWritten && !reportFailed ? 0 : 1;
}

type Outcome = { readonly path: string } | { readonly problem: string };

function tellOutcome(name: string, outcome: Outcome | undefined, terminal: Terminal): void {
  if (outcome === undefined) return;
  if ('path' in outcome) terminal.out(`${name}: ${visible(outcome.path)}\n`);
  else terminal.err(`${outcome.problem}\n`);
}

async function print(report: RunReport, outcomes: Readonly<Record<string, Outcome | undefined>>, terminal: Terminal): Promise<void> {
  const bad = report.files.length - report.summary.written;
  for (const file of firstOf(report.files.select('not-written'), FILES_NAMED)) terminal.err(`${lineOf(file)}\n`);
  if (bad > FILES_NAMED) terminal.err(`and ${bad - FILES_NAMED} more, all in the report\n`);
  if (report.dryRun) {
    const { actionTable } = await import('./action-table.ts');
    terminal.out(`Dry run: nothing was written.\n\n${actionTable(report)}\n`);
  }
  if (report.files.length === 0) terminal.out('No file was found.\n');
  terminal.out(`${summarySentence(report)}\n${verificationSentence(report)}\n${resultSentence(report)}\n${wayBackSentence(report)}\n`);
  for (const [name, outcome] of Object.entries(outcomes)) tellOutcome(name, outcome, terminal);
  terminal.out(`${timeSentence(report)}\n`);
}

function* firstOf<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}

function lineOf({ input, status, reason }: FileReport): string {
  return `${status}: ${visible(input)}: ${reason ?? ''}`;
}

/** A dry run makes no key file: a key that is thrown away shows the same actions. */
function keyOf(path: string | undefined, dryRun: boolean): Uint8Array {
  if (path === undefined || (dryRun && !existsSync(path))) return newKey();
  return readOrMakeKey(path);
}

/** A run that could not be done leaves no table. */
async function orAbandon<T>(table: OpenTable | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    table?.abandon();
    throw error;
  }
}

/** Without the table that could not be written nothing leads back by it. */
function withTable(report: RunReport, outcome: TableOutcome | undefined): RunReport {
  if (outcome === undefined || 'path' in outcome) return report;
  const wayBack = (report.wayBack ?? []).filter((way) => way !== 'table');
  return { ...report, wayBack, result: wayBack.length > 0 ? 'pseudonymised' : 'without-kept-key' };
}

function layoutOf(name: string): Layout {
  if (name !== 'uid' && name !== 'mirror') throw new UsageError('--layout is uid or mirror.');
  return name;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}
