import { cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type DataSpec, writeData } from './data.ts';
import { median, type Mode, type Place, type Run, timeCopy, timeProgram } from './measure.ts';
import { benchPeers } from './peers.ts';

/** What is measured, and what is asked of it. */
interface Subject {
  readonly name: string;
  readonly title: string;
  readonly data: DataSpec;
  /** Highest ratio to `cp -r`, or lowest rate in files a second, verification on and off. */
  readonly asked: { readonly unit: 'ratio' | 'rate'; readonly on: number; readonly off: number };
  /** MiB. */
  readonly askedPeak?: number;
  /** Three runs a pair instead of six: more workers do nothing for a single file. */
  readonly isSingle?: boolean;
}

const SUBJECTS: readonly Subject[] = [
  { name: 'ct1000', title: '1,000 CT 512×512×2', data: { files: 1000, rows: 512, columns: 512 }, asked: { unit: 'ratio', on: 2.5, off: 1.8 } },
  { name: 'ct4000', title: '4,000 CT 512×512×2', data: { files: 4000, rows: 512, columns: 512 }, asked: { unit: 'ratio', on: 1.6, off: 1.1 } },
  { name: 'small5000', title: '5,000 of 24 kB', data: { files: 5000, rows: 92, columns: 92 }, asked: { unit: 'rate', on: 5000, off: 12000 } },
  { name: 'multiframe', title: 'one of 2.2 GB', data: { files: 1, rows: 512, columns: 512, frames: 4200 }, asked: { unit: 'ratio', on: 2, off: 1.7 }, askedPeak: 150, isSingle: true },
];
/** The third tells where memory comes to its end: garbage of the first files is looked for behind the second. */
const GROWTH = [1000, 10_000, 30_000, 100_000];
const SEED = '1 ms ± 0.721 ms (the seed, its tag loop alone)';

const { values } = parseArgs({ options: {
  only: { type: 'string' }, pairs: { type: 'string', default: '5' }, folder: { type: 'string', default: '/dev/shm' },
} });
const only = values.only?.split(',');
const isAsked = (name: string) => only === undefined || only.includes(name);

// Certificates that a machine adds are read by node before anything else, for 25 ms, and have nothing to do with programs.
delete process.env['NODE_EXTRA_CA_CERTS'];

const folder = mkdtempSync(join(values.folder, 'dicom-anonymizer-bench-'));
const remove = () => rmSync(folder, { recursive: true, force: true });
process.on('exit', remove);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const place: Place = { folder, program: join(folder, 'program') };
mkdirSync(place.program);
cpSync('dist', place.program, { recursive: true });
cpSync('test/bench/peak.cjs', join(place.program, 'peak.cjs'));

const cores = availableParallelism();
console.log(`${cores} cores, node ${process.versions.node}, ${values.pairs} pairs in turn, medians; everything in ${values.folder}\n`);
for (const subject of SUBJECTS) if (isAsked(subject.name)) benchSubject(subject);
if (isAsked('growth')) benchGrowth(GROWTH);
if (isAsked('peers')) peers();
if (only?.includes('growth-short') === true) benchGrowth(GROWTH.slice(0, 2));

function benchSubject({ name, title, data, asked, askedPeak, isSingle }: Subject): void {
  const bytes = data.files * (data.rows * data.columns * 2 * (data.frames ?? 1) + 8000);
  if (!hasSpace(bytes * 2.1, name)) return;
  const source = join(folder, name);
  writeData(source, data);
  const modes: Mode[] = [{ verify: true }, { verify: true, head: true }, { verify: false }];
  if (isSingle !== true) modes.push({ verify: true, workers: 1 }, { verify: false, workers: 1 }, { verify: true, journal: true });
  const copies: number[] = [];
  const runs: Run[][] = modes.map(() => []);
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    copies.push(timeCopy(place, source));
    modes.forEach((mode, i) => runs[i].push(timeProgram(place, source, mode)));
  }
  console.log(`${title}: cp -r ${median(copies).toFixed(3)} s`);
  modes.forEach((mode, i) => {
    const ratio = median(runs[i].map(({ seconds }, pair) => seconds / copies[pair]));
    const seconds = median(runs[i].map((run) => run.seconds));
    const rate = data.files / seconds;
    const limit = mode.verify ? asked.on : asked.off;
    const isMet = asked.unit === 'ratio' ? ratio <= limit : rate >= limit;
    const isJudged = mode.workers === undefined && mode.journal !== true;
    const told = !isJudged ? '' : `asked ${asked.unit === 'ratio' ? `≤ ${limit} ×` : `≥ ${limit} files/s`}: ${isMet ? 'met' : 'NOT MET'}`;
    const peak = Math.max(...runs[i].map((run) => run.peak));
    const peakTold = askedPeak === undefined ? '' : ` (asked ≤ ${askedPeak}: ${peak <= askedPeak ? 'met' : 'NOT MET'})`;
    const each = `${median(runs[i].map(({ mean }) => mean)).toFixed(3)} ± ${median(runs[i].map(({ standardDeviation }) => standardDeviation)).toFixed(3)} ms an image`;
    console.log(`  ${nameOf(mode).padEnd(42)} ${seconds.toFixed(3)} s  ${ratio.toFixed(2)} × cp  ${rate.toFixed(0).padStart(6)} files/s  ${each}  cpu ${median(runs[i].map(({ cpu }) => cpu)).toFixed(2)} s  peak ${peak.toFixed(0)} MiB${peakTold}  ${told}`);
  });
  if (isSingle !== true) console.log(`  beside ${SEED}`);
  rmSync(source, { recursive: true });
}

function nameOf({ verify, workers, journal, head }: Mode): string {
  return `${workers === undefined ? `${cores} workers` : `${workers} worker`}, ${verify ? 'verified' : 'not verified'}${journal === true ? ', journal' : ''}${head === true ? ', digests of heads' : ''}`;
}

/** How cost grows with the number of files: seconds of the last step against the first's, in proportion. */
function benchGrowth(steps: readonly number[]): void {
  console.log('small files, growth:');
  const rates: number[] = [];
  const peaks: number[] = [];
  for (const files of steps) {
    if (!hasSpace(files * 24_000 * 2.3, `growth ${files}`)) return;
    const source = join(folder, `growth-${files}`);
    writeData(source, { files, rows: 92, columns: 92 });
    const runs = Array.from({ length: files > 50_000 ? 1 : 3 }, () => timeProgram(place, source, { verify: true }));
    const seconds = median(runs.map((run) => run.seconds));
    const cpu = median(runs.map((run) => run.cpu));
    rates.push(files / seconds);
    peaks.push(median(runs.map(({ peak }) => peak)));
    console.log(`  ${String(files).padStart(7)} files  ${seconds.toFixed(2)} s  ${(files / seconds).toFixed(0)} files/s  cpu ${cpu.toFixed(2)} s, ${((cpu / files) * 1e6).toFixed(0)} µs a file  peak ${peaks[peaks.length - 1].toFixed(0)} MiB`);
    rmSync(source, { recursive: true });
  }
  const last = steps.length - 1;
  const first = Math.max(0, last - 2);
  console.log(`  from ${steps[first]} to ${steps[last]} files the rate becomes ${((rates[last] / rates[first]) * 100).toFixed(0)} % (asked: at least 90 %), the memory ${((peaks[last] / peaks[first]) * 100).toFixed(0)} %, from ${steps[last - 1]} on ${((peaks[last] / peaks[last - 1]) * 100).toFixed(0)} % (asked: flat)`);
}

function peers(): void {
  const { data } = SUBJECTS[0];
  if (!hasSpace(data.files * (data.rows * data.columns * 2 + 8000) * 3.2, 'peers')) return;
  const source = join(folder, 'peers');
  writeData(source, data);
  benchPeers(place, source, Math.min(3, Number(values.pairs)));
  rmSync(source, { recursive: true });
}

function hasSpace(bytes: number, name: string): boolean {
  const { bavail, bsize } = statfsSync(values.folder);
  if (bavail * bsize > bytes + (1 << 30)) return true;
  console.log(`${name}: skipped, ${values.folder} has too little space`);
  return false;
}
