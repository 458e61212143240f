// Other people's programs over the results of the whole corpus and of the sample study: what they read before they
// must read after, and what they found fault with after they must have found fault with before.
//   node test/oracles/run.mjs [name of a profile]...
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorKinds } from './dciodvfy.mjs';
import { otherSamples } from './pixels.mjs';
import { disagreements } from './three-readers.mjs';
import { forEach, isHere, PACKAGES, readWithPydicom, runTool } from './tools.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const corpus = resolve(root, process.env.DICOM_CORPUS ?? '../shared/corpus');

/** The Basic Profile and combinations that together touch every rule. */
const PROFILES = {
  basic: [],
  'retain all': [
    'retain-safe-private', 'retain-uids', 'retain-device-identity', 'retain-institution-identity', 'retain-patient-characteristics',
    'retain-longitudinal-full-dates', 'clean-descriptors', 'clean-structured-content', 'clean-graphics',
  ],
  'modified dates': ['retain-safe-private', 'retain-longitudinal-modified-dates', 'clean-descriptors'],
  'clean content': ['clean-structured-content', 'clean-graphics', 'retain-patient-characteristics'],
  'retain UIDs': ['retain-uids', 'retain-device-identity'],
  'clean pixel data': ['clean-pixel-data', 'clean-graphics'],
};
/** Made images in every Transfer Syntax, cleaned of a region: their own files and questions. */
const CLEAN_PIXELS = 'clean pixels';

const counts = { passed: 0, failed: 0, skipped: 0 };
const here = Object.fromEntries(Object.keys(PACKAGES).map((tool) => [tool, isHere(tool)]));
const work = mkdtempSync(join(tmpdir(), 'oracles-'));
const memory = new Map();

try {
  await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function main() {
  for (const [tool, is] of Object.entries(here)) if (!is) console.warn(`*** ${tool} IS NOT HERE: its checks are skipped. Debian package: ${PACKAGES[tool]}`);
  if (!existsSync(join(corpus, 'manifest.json'))) console.warn(`*** NO CORPUS in ${corpus} (DICOM_CORPUS): only the sample study is looked at.`);
  execFileSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  execFileSync(process.execPath, [join(root, 'dist/sample.js'), join(work, 'sample')], { stdio: 'ignore' });
  writeFileSync(join(work, 'key'), `${'5a'.repeat(32)}\n`, { mode: 0o600 });

  const chosen = process.argv.slice(2);
  for (const [name, options] of Object.entries(PROFILES)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const pairs = deidentify(name, options);
    console.log(`== ${name}: ${pairs.length} files written`);
    await check('dciodvfy', 'finds no kind of error that the source had not', () => noNewErrors(pairs));
    await check('dcmdump', 'reads every result whose source it reads', () => stillDumped(pairs));
    const isCleaned = options.includes('clean-pixel-data');
    await check('pydicom', `reads every result whose source it reads${isCleaned ? '' : ', and finds the same pixel data'}`, () => stillRead(pairs, isCleaned));
    await check('dcmdump', 'and pydicom and dicom-parser read the same tags, VRs, lengths and values in every result', () => sameReadings(pairs));
    if (name === 'basic') await check('gdcmconv', 'and dcmtk decode compressed pixels to the same samples', () => samePixels(pairs));
  }
  if (chosen.length === 0 || chosen.includes(CLEAN_PIXELS)) await check('dcmconv', 'and other decoders see the region black and every other pixel as it was, in every Transfer Syntax', cleanPixels);
  console.log(`oracles: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

/** Source and result of every file that the command line wrote. */
function deidentify(name, options) {
  const output = join(work, name.replaceAll(' ', '-'));
  const report = `${output}.json`;
  const inputs = existsSync(corpus) ? [corpus, join(work, 'sample')] : [join(work, 'sample')];
  const { status, stderr } = spawnSync(process.execPath, [
    join(root, 'dist/cli.js'), 'anonymize', ...inputs, '--output', output, '--key-file', join(work, 'key'), '--report', report,
    ...options.flatMap((option) => ['--option', option]),
  ], { encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new Error(`the command line ended with ${status}: ${stderr}`);
  return JSON.parse(readFileSync(report, 'utf8')).files
    .filter((file) => file.status === 'written')
    .map((file) => ({ source: file.input, result: join(output, file.output), name: file.input.slice(file.input.indexOf('corpus/') + 7) }));
}

/** `work` gives faults, and what cannot be compared as a remark. */
async function check(tool, sentence, findFaults) {
  if (!here[tool]) {
    counts.skipped += 1;
    console.log(`SKIPPED ${tool} ${sentence}`);
    return;
  }
  const began = performance.now();
  const { faults, remark } = await findFaults();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  counts[faults.length === 0 ? 'passed' : 'failed'] += 1;
  console.log(`${faults.length === 0 ? 'ok     ' : 'FAILED '} ${tool} ${sentence} (${seconds} s; ${remark})`);
  for (const fault of faults) console.log(`        ${fault}`);
}

/** What is asked of a source is asked once for all profiles. */
function once(question, path, ask) {
  const key = `${question} ${path}`;
  if (!memory.has(key)) memory.set(key, ask(path));
  return memory.get(key);
}

async function noNewErrors(pairs) {
  const filesOfKind = new Map();
  let incomparable = 0;
  await forEach(pairs, async ({ source, result, name }) => {
    const before = await once('dciodvfy', source, errorKinds);
    const after = await errorKinds(result);
    if (before.gaveUp) {
      incomparable += 1;
      return;
    }
    for (const kind of after.kinds) {
      if (!before.kinds.has(kind)) filesOfKind.set(kind, [...(filesOfKind.get(kind) ?? []), name]);
    }
  });
  const faults = [...filesOfKind].map(([kind, names]) => `${kind}: ${names.length} files, such as ${names[0]}`);
  return { faults, remark: `${incomparable} sources that it does not know or cannot read` };
}

async function stillDumped(pairs) {
  const dump = async (path) => (await runTool('dcmdump', ['-q', '+L', '+M', path])).status;
  let unread = 0;
  const statuses = await forEach(pairs, async ({ source, result }) => [await once('dcmdump', source, dump), await dump(result)]);
  const faults = pairs.flatMap(({ name }, i) => {
    const [before, after] = statuses[i];
    if (before !== 0) unread += 1;
    return before === 0 && after !== 0 ? [`${name}: exit status ${after}`] : [];
  });
  return { faults, remark: `${unread} sources that it does not read` };
}

async function stillRead(pairs, isCleaned) {
  const before = await readWithPydicom(pairs.map(({ source }) => source));
  const after = await readWithPydicom(pairs.map(({ result }) => result));
  let unread = 0;
  let blanked = 0;
  const faults = pairs.flatMap(({ name }, i) => {
    if (!before[i].ok) {
      unread += 1;
      return [];
    }
    if (!after[i].ok) return [`${name}: ${after[i].error}`];
    if (isCleaned) return [];
    const [was, is] = [before[i].pixels, after[i].pixels];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    // Comments of JPEG and JPEG 2000 are blanked in place: another hash, the same length. That they decode to the
    // same samples is a check of its own.
    const sameLength = was.length === is.length && was.every(([length], at) => length === is[at][0]);
    if (sameLength && /^1\.2\.840\.10008\.1\.2\.4\./.test(before[i].syntax)) {
      blanked += 1;
      return [];
    }
    return [`${name}: other pixel data`];
  });
  return { faults, remark: `${unread} sources that it does not read, ${blanked} with blanked comments` };
}

async function cleanPixels() {
  const args = ['test/bench/run.mjs', 'test/oracles/clean-pixels.ts', work, join(root, 'dist/cli.js')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  process.stderr.write(stderr);
  if (status !== 0) throw new Error(`the images cannot be made: exit status ${status}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

async function sameReadings(pairs) {
  const { faults, held } = await disagreements(pairs, here);
  const without = here.pydicom ? '' : '; pydicom IS NOT HERE, so tags, VRs and lengths alone were compared';
  for (const [reason, number] of held) console.log(`        ${number} × ${reason}`);
  return { faults, remark: `${pairs.length} results${without}` };
}

async function samePixels(pairs) {
  const read = await readWithPydicom(pairs.map(({ source }) => source));
  const { faults, compressed, undecoded } = await otherSamples(pairs.map((pair, i) => ({ ...pair, syntax: read[i].syntax })), work, here);
  return { faults, remark: `${compressed} compressed, ${undecoded} that none of them decodes` };
}
