import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where a bench works: everything in it is removed at the end. */
export interface Place {
  readonly folder: string;
  /** Bundles of the program, copied so that a build meanwhile disturbs nothing. */
  readonly program: string;
}

export interface Mode {
  readonly verify: boolean;
  /** Undefined: as many as the machine has cores. */
  readonly workers?: number | undefined;
  /** With a kept key there is a journal, so that the run could be resumed. */
  readonly journal?: boolean | undefined;
  /** The manifest's digests are of the first bytes of each result, and not of all. */
  readonly head?: boolean | undefined;
}

/** One run of the program. */
export interface Run {
  readonly seconds: number;
  /** MiB of the whole process at its largest. */
  readonly peak: number;
  /** Seconds of processor time, of all threads. */
  readonly cpu: number;
  readonly mean: number;
  readonly standardDeviation: number;
}

/** Seconds that `cp -r` takes. */
export function timeCopy({ folder }: Place, source: string): number {
  const target = join(folder, 'copied');
  const seconds = timed(() => spawn('cp', ['-r', source, target]));
  rmSync(target, { recursive: true });
  return seconds;
}

export function timeProgram({ folder, program }: Place, source: string, mode: Mode): Run {
  const output = join(folder, 'anonymized');
  const reportPath = join(folder, 'report.json');
  const peakPath = join(folder, 'peak');
  const args = ['--require', join(program, 'peak.cjs'), join(program, 'cli.js'), 'anonymize', source, '--output', output, '--report', reportPath];
  if (!mode.verify) args.push('--no-verify');
  if (mode.workers !== undefined) args.push('--workers', String(mode.workers));
  if (mode.head === true) args.push('--digests', 'head');
  if (mode.journal === true) args.push('--key-file', join(folder, 'key'));
  const seconds = timed(() => spawn(process.execPath, args, { PEAK_FILE: peakPath }));
  const { timing, summary } = JSON.parse(readFileSync(reportPath, 'utf8')) as {
    timing: { perImage: { mean: number; standardDeviation: number } }; summary: { skipped: number; failed: number };
  };
  if (summary.skipped + summary.failed > 0) throw new Error('not every file was written');
  const [peak, cpu] = readFileSync(peakPath, 'utf8').split(' ').map(Number);
  for (const path of [output, reportPath, `${output}.journal`, `${output}.manifest.jsonl`]) rmSync(path, { recursive: true, force: true });
  return { seconds, peak: peak / 1024, cpu, mean: timing.perImage.mean, standardDeviation: timing.perImage.standardDeviation };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function spawn(command: string, args: readonly string[], env: Record<string, string> = {}): void {
  const { status, stderr, error } = spawnSync(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  if (error !== undefined || status !== 0) throw new Error(`${command} failed with ${status}: ${error?.message ?? stderr.toString().slice(0, 2000)}`);
}
