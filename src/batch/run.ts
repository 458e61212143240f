import { existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { createPlanner } from '../anonymizer/planner.ts';
import type { Profile } from '../anonymizer/profile.ts';
import { createPseudonyms } from '../anonymizer/pseudonyms.ts';
import { ActionTally, type FileReport, optionsOf, type Report, Spread } from '../anonymizer/report.ts';
import { EDITION } from '../anonymizer/rules/data/table-e1-1.ts';
import { systemReason, UsageError } from './errors.ts';
import type { Layout } from './output-path.ts';
import { FileProcessor, type Job } from './process-file.ts';
import { walk } from './walk.ts';

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
}

/** What a run tells while it goes on. */
export interface RunEvents {
  onFile?(report: FileReport, bytes: number): void;
}

/**
 * De-identifies every file of the inputs into the output folder.
 * @throws UsageError where nothing may be written there, or an input does not exist
 */
export function run(request: RunRequest, events: RunEvents = {}): Report {
  const output = checkFolders(request);
  const pseudonyms = createPseudonyms(request.key);
  const job: Job = {
    planner: createPlanner(request.profile, pseudonyms), pseudonyms, outputFolder: output,
    layout: request.layout, verify: request.verify, dryRun: request.dryRun,
  };
  const tally = new ActionTally();
  const processor = new FileProcessor(job, tally);
  const files: FileReport[] = [];
  const times = new Spread();
  let bytes = 0;
  const began = performance.now();
  for (const found of walk(request.inputs)) {
    const start = performance.now();
    const processed = processor.process(found);
    if (processed.report.status === 'written') times.add(performance.now() - start);
    bytes += processed.bytes;
    files.push(processed.report);
    events.onFile?.(processed.report, processed.bytes);
  }
  const seconds = (performance.now() - began) / 1000;
  return {
    program: 'DICOM Anonymizer', version: request.version, edition: EDITION,
    profile: request.profile.name, options: optionsOf(request.profile),
    result: request.keyIsKept ? 'pseudonymised' : 'without-kept-key', dryRun: request.dryRun,
    summary: summarize(files), actions: tally.list(),
    timing: {
      seconds, files: files.length, bytes, bytesPerSecond: seconds === 0 ? 0 : bytes / seconds,
      perImage: { mean: times.mean, standardDeviation: times.standardDeviation },
    },
    files,
  };
}

function summarize(files: readonly FileReport[]): Report['summary'] {
  const count = (is: (file: FileReport) => boolean) => files.filter(is).length;
  return {
    written: count(({ status }) => status === 'written'),
    skipped: count(({ status }) => status === 'skipped'),
    failed: count(({ status }) => status === 'failed'),
    verified: count(({ verified }) => verified === true),
    notVerified: count(({ status, verified }) => status === 'written' && verified !== true),
  };
}

/** The absolute output folder, made when it is missing: empty, outside every input, and no input inside it. */
function checkFolders({ inputs, output, dryRun }: RunRequest): string {
  const target = realOf(resolve(output));
  for (const input of inputs) {
    const source = realOf(resolve(input));
    if (isInside(target, source)) throw new UsageError('The output folder is inside an input, or is the input itself. Choose another one.');
    if (isInside(source, target)) throw new UsageError('An input is inside the output folder. Choose another one.');
  }
  try {
    if (existsSync(target) && readdirSync(target).length > 0) throw new UsageError('The output folder is not empty. Choose another one, or go on with an earlier run by --resume.');
    if (!dryRun) mkdirSync(target, { recursive: true });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The output folder cannot be made: ${systemReason(error)}.`);
  }
  return target;
}

/** The path without links, as far as it exists. */
function realOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return dirname(path) === path ? path : join(realOf(dirname(path)), basename(path));
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
