// Damaged files of the corpus through the whole command line: no crash, every file reported, nothing partial, no leak.
//   node test/mutated/run.mjs [number of files] [seed]
// Each source gets identifiers that no file has by chance, is damaged in one to three ways that follow from the seed,
// and goes through the built program in batches. What breaks a promise is kept in out/mutated with its source.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { generator } from '../fuzz/mutate.mjs';
import { isHere, runTool } from '../oracles/tools.mjs';
import { readWhole } from './elements.mjs';
import { mutated } from './mutations.mjs';
import { marksIn, plant } from './plant.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = join(root, 'dist/cli.js');
const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);

/** Files that one run of the program gets. */
const BATCH = 1000;
/** Every so many results are read by pydicom and dcmdump as well. */
const SAMPLE = 10;
/** Far more than a batch takes, and far less than a hang. */
const SECONDS = 300;
/** Of the whole program with its threads; the batches hold files of many megabytes. */
const MEGABYTES = 1024;
const OPTIONS = [
  [],
  ['retain-safe-private', 'clean-descriptors', 'clean-structured-content', 'clean-graphics'],
  ['retain-longitudinal-modified-dates', 'clean-descriptors', 'retain-patient-characteristics'],
];

const work = mkdtempSync(join(tmpdir(), 'mutated-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const kept = join(root, 'out/mutated');
const random = generator(seed);
const faults = [];
const totals = { files: 0, planted: 0, written: 0, failed: 0, skipped: 0, unverified: 0, sampled: 0, seconds: 0, megabytes: 0 };
const kinds = new Map();
const reasons = new Map();

if (!existsSync(program)) spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
const sources = readSources();
for (let from = 0; from < count; from += BATCH) await batch(from, Math.min(BATCH, count - from));

const list = (map) => [...map].sort((a, b) => b[1] - a[1]).map(([name, number]) => `${name} ${number}`).join(', ');
console.log(`mutations: ${list(kinds)}`);
console.log(`refusals: ${list(reasons)}`);
for (const fault of faults.slice(0, 50)) console.log(`FAULT ${fault}`);
console.log(
  `${totals.files} mutated files from seed ${seed} with ${totals.planted} planted identifiers: ${totals.written} written, ${totals.failed} failed, ${totals.skipped} skipped; ` +
  `${totals.unverified} not verified by the second reader; ${totals.sampled} read by other programs; ` +
  `${totals.seconds.toFixed(0)} s, ${totals.megabytes.toFixed(0)} MB at most; ${faults.length} faults`,
);
process.exitCode = faults.length === 0 ? 0 : 1;

function readSources() {
  const corpus = resolve(root, process.env.DICOM_CORPUS ?? '../shared/corpus');
  if (existsSync(join(corpus, 'manifest.json'))) return JSON.parse(readFileSync(join(corpus, 'manifest.json'), 'utf8')).map(({ path }) => readFileSync(join(corpus, path)));
  console.warn(`*** NO CORPUS in ${corpus} (DICOM_CORPUS): the sample study is damaged instead.`);
  const sample = join(work, 'sample');
  spawnSync(process.execPath, [join(root, 'dist/sample.js'), sample], { stdio: 'ignore' });
  return readdirSync(sample, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
}

async function batch(from, size) {
  const input = join(work, 'input');
  const output = join(work, 'output');
  const originals = join(work, 'originals');
  const done = new Map();
  for (const folder of [input, originals]) mkdirSync(folder);
  for (let i = from; i < from + size; i++) {
    const planted = plant(sources[random(sources.length)], random);
    const made = mutated(planted.bytes, plant(sources[random(sources.length)], random).bytes, random);
    const name = `${String(i).padStart(6, '0')}.dcm`;
    writeFileSync(join(input, name), made.bytes);
    writeFileSync(join(originals, name), planted.bytes);
    done.set(name, made.done);
    totals.planted += planted.count;
    for (const kind of made.done) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const options = OPTIONS[Math.floor(from / BATCH) % OPTIONS.length];
  const fault = (what, name) => {
    faults.push(`${what}${name === undefined ? '' : `: ${name} (${done.get(name)?.join(', ')}; options ${options.join(' ') || 'none'})`}`);
    if (name === undefined) return;
    mkdirSync(kept, { recursive: true });
    copyFileSync(join(input, name), join(kept, `${seed}-${name}`));
  };
  const report = anonymize(input, output, options, fault);
  if (report !== undefined) await check(report, [...done.keys()], { input, output, originals }, fault);
  console.log(`${from + size} of ${count}: ${totals.written} written, ${totals.failed} failed, ${totals.skipped} skipped, ${faults.length} faults`);
  for (const folder of [input, originals, output]) rmSync(folder, { recursive: true, force: true });
}

function anonymize(input, output, options, fault) {
  const reportPath = join(work, 'report.json');
  const peak = join(work, 'peak');
  rmSync(reportPath, { force: true });
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [
    '--require', join(root, 'test/bench/peak.cjs'), program, 'anonymize', input, '--output', output, '--report', reportPath, ...options.flatMap((option) => ['--option', option]),
  ], { encoding: 'utf8', env: { ...process.env, PEAK_FILE: peak }, timeout: SECONDS * 1000, maxBuffer: 1 << 28 });
  if (status !== 0 && status !== 1) {
    fault(`the program ended with ${status ?? signal}: ${stderr.slice(-200)}`);
    return undefined;
  }
  if (/Internal error/.test(stderr)) fault(`the program says: ${stderr.slice(0, 200)}`);
  if (marksIn(Buffer.from(stdout + stderr, 'latin1')).length > 0) fault('an identifier on the screen');
  const [kibibytes] = readFileSync(peak, 'utf8').split(' ').map(Number);
  totals.megabytes = Math.max(totals.megabytes, kibibytes / 1024);
  if (kibibytes / 1024 > MEGABYTES) fault(`${Math.round(kibibytes / 1024)} MB of memory`);
  const text = readFileSync(reportPath);
  if (marksIn(text).length > 0) fault('an identifier in the report');
  return JSON.parse(text.toString());
}

async function check(report, names, folders, fault) {
  const { output } = folders;
  const { files, timing } = report;
  totals.files += names.length;
  totals.seconds += timing.seconds;
  const reported = new Set(files.map((file) => basename(file.input)));
  for (const name of names) if (!reported.has(name)) fault('not reported', name);
  if (files.length !== names.length) fault(`${files.length} reports of ${names.length} files`);
  const written = files.filter(({ status }) => status === 'written');
  const there = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const expected = new Set(written.map((file) => join(output, file.output)));
  for (const path of there) if (!expected.has(path)) fault(`a file that no report names: ${path.slice(output.length)}`);
  if (there.length !== written.length) fault(`${there.length} files, ${written.length} reported as written`);
  for (const { input: source, status, reason = '' } of files) {
    totals[status] += 1;
    if (status === 'written') continue;
    const kind = reason.replace(/ at \([0-9A-F]{4},[0-9A-F]{4}\)|, offset \d+/g, '');
    reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
    if (/internal error|worker died/.test(reason)) fault(reason, basename(source));
  }
  const others = [];
  for (const [i, file] of written.entries()) {
    const path = join(output, file.output);
    const name = basename(file.input);
    const bytes = readFileSync(path);
    if (marksIn(Buffer.from(file.output, 'latin1')).length > 0) fault('an identifier in a name', name);
    for (const { mark, at } of [...marksIn(bytes), ...marksIn(inflated(bytes))]) fault(`${mark} at ${at} of ${bytes.length} bytes`, name);
    try {
      readWhole(bytes, inflateRawSync);
    } catch (error) {
      if (file.verified === true) fault(`dicom-parser does not read it: ${error.message ?? error.exception ?? error}`, name);
      others.push({ path, name });
      totals.unverified += 1;
      continue;
    }
    if (file.verified !== true) totals.unverified += 1;
    if (i % SAMPLE === 0 || file.verified !== true) others.push({ path, name });
  }
  await readByOthers(others, fault);
  verifyAll(folders, written, fault);
}

/** The Data Set of a deflated file; nothing for others. */
function inflated(bytes) {
  const metaEnd = 144 + bytes.readUInt32LE(140);
  if (!bytes.subarray(132, metaEnd).includes('1.2.840.10008.1.2.1.99')) return Buffer.alloc(0);
  return inflateRawSync(bytes.subarray(metaEnd));
}

async function readByOthers(files, fault) {
  if (files.length === 0) return;
  if (isHere('pydicom')) {
    const { status, output } = await runTool('pydicom', [fileURLToPath(new URL('reads.py', import.meta.url))], { input: `${files.map(({ path }) => path).join('\n')}\n`, timeout: 300_000 });
    const lines = output.trimEnd().split('\n');
    if (status !== 0 || lines.length !== files.length) fault(`pydicom ended with ${status} after ${lines.length} of ${files.length} files`);
    lines.forEach((line, i) => line === 'ok' || fault(`pydicom does not read it: ${line}`, files[i].name));
    totals.sampled += files.length;
  } else if (totals.sampled === 0) console.warn('*** pydicom IS NOT HERE: its reading is skipped.');
  if (!isHere('dcmdump')) return void console.warn('*** dcmdump IS NOT HERE: its reading is skipped.');
  for (const { path, name } of files) {
    const { status, output } = await runTool('dcmdump', ['-q', path]);
    if (status !== 0) fault(`dcmdump does not read it: ${output.slice(0, 120).trim()}`, name);
  }
}

/** The program's own search. */
function verifyAll({ input, output, originals }, written, fault) {
  if (written.length === 0) return;
  const triples = written.map((file) => ({ result: join(output, file.output), original: join(originals, basename(file.input)), damaged: join(input, basename(file.input)) }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'test/bench/run.mjs'), join(root, 'test/mutated/verify-results.ts')], {
    input: JSON.stringify(triples), encoding: 'utf8', timeout: SECONDS * 1000, maxBuffer: 1 << 28,
  });
  const lines = stdout.trimEnd().split('\n');
  if (status !== 0 || lines.length !== triples.length) return void fault(`verify ended with ${status} after ${lines.length} of ${triples.length} files: ${stderr.slice(-200)}`);
  lines.forEach((line, i) => {
    const findings = JSON.parse(line);
    if (findings.length > 0) fault(`verify finds: ${findings.join('; ')}`, basename(written[i].input));
  });
}
