// Fuzzing of reader, plan, apply and verify by mutation with coverage feedback:
//   node test/fuzz/run.mjs [minutes] [seed]
// Inputs that reach new branches join the queue; findings are kept in out/fuzz/findings.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { generator, mutate } from './mutate.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const minutes = Number(process.argv[2] ?? 10);
const seed = Number(process.argv[3] ?? 1);
const work = join(root, 'out/fuzz');
for (const folder of ['queue', 'findings']) mkdirSync(join(work, folder), { recursive: true });
if (!existsSync(join(here, 'node_modules'))) spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
const require = createRequire(join(here, 'package.json'));

/** Longest input; larger ones only slow the mutations down. */
const MAX_LENGTH = 32768;
const MAX_MEMORY = 512 << 20;

const fuzz = await instrumentedTarget();
const branches = Object.values(globalThis.__coverage__)[0].b;
const counters = Object.values(branches);
const reached = new Set();
const random = generator(seed);
const queue = readSeeds();
const findings = new Set();
let runs = 0;
for (const input of [...queue]) execute(input);
console.log(`${queue.length} seeds reach ${reached.size} branches and counts`);
const began = Date.now();
let told = began;
while (Date.now() - began < minutes * 60_000) {
  // Half of the time one of the newest, which reached something new.
  const from = random(2) ? queue.length - 1 - random(Math.min(queue.length, 64)) : random(queue.length);
  execute(mutate(queue[from], queue[random(queue.length)], random, MAX_LENGTH), true);
  if (Date.now() - told < 30_000) continue;
  told = Date.now();
  console.log(`${Math.round((told - began) / 60_000)} min: ${runs} runs, ${queue.length} inputs, ${reached.size} branches and counts, ${findings.size} findings, ${Math.round(process.memoryUsage().rss / 1e6)} MB`);
}
console.log(`${runs} runs in ${minutes} minutes from seed ${seed}: ${queue.length} inputs, ${reached.size} branches and counts, ${findings.size} findings`);
process.exitCode = findings.size === 0 ? 0 : 1;

function execute(input, keep = false) {
  runs++;
  for (const counter of counters) counter.fill(0);
  try {
    fuzz(input);
  } catch (error) {
    report(input, error);
  }
  if (process.memoryUsage.rss() > MAX_MEMORY) report(input, new Error('memory'));
  let isNew = false;
  for (let i = 0; i < counters.length; i++) {
    const counter = counters[i];
    for (let j = 0; j < counter.length; j++) {
      if (counter[j] === 0) continue;
      // Counts in steps of powers of two, as loops would be new for ever otherwise.
      const name = (i * 64 + j) * 32 + Math.min(12, 31 - Math.clz32(counter[j]));
      if (!reached.has(name)) {
        reached.add(name);
        isNew = true;
      }
    }
  }
  if (!isNew || !keep) return;
  queue.push(input);
  writeFileSync(join(work, 'queue', digest(input)), input);
}

function report(input, error) {
  // One finding for a place in the code, however many inputs lead there.
  const place = `${error.name}: ${error.message.slice(0, 80)} ${(error.stack ?? '').split('\n')[1] ?? ''}`;
  if (findings.has(place)) return;
  findings.add(place);
  writeFileSync(join(work, 'findings', digest(input)), input);
  console.log(`FINDING ${digest(input)} ${place}`);
}

function digest(bytes) {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

function readSeeds() {
  const seeds = readdirSync(join(work, 'queue')).map((name) => readFileSync(join(work, 'queue', name)));
  const folder = process.env.DICOM_CORPUS ?? join(root, '../shared/corpus');
  if (!existsSync(folder)) console.warn('No corpus: fuzzing starts without its files.');
  else {
    for (const { path } of JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))) {
      if (statSync(join(folder, path)).size <= MAX_LENGTH) seeds.push(readFileSync(join(folder, path)));
    }
  }
  return seeds.length > 0 ? seeds : [Buffer.alloc(200)];
}

/** The target as one bundle whose branches count how often they are taken. */
async function instrumentedTarget() {
  const file = join(work, `target-${process.pid}.cjs`);
  await build({ entryPoints: [join(here, 'target.ts')], outfile: file, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  const { createInstrumenter } = require('istanbul-lib-instrument');
  const instrumenter = createInstrumenter({ esModules: false, compact: true, coverageVariable: '__coverage__' });
  writeFileSync(file, instrumenter.instrumentSync(readFileSync(file, 'utf8'), file));
  return require(file).fuzz;
}
