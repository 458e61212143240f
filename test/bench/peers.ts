import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { verifyFiles } from '../../src/batch/verify-files.ts';
import { median, type Place, timeCopy } from './measure.ts';

/** A tool that people use instead. */
interface Peer {
  readonly name: string;
  /** Why it cannot be measured here; undefined where it can. */
  readonly missing: () => string | undefined;
  /** A line of the shell that reads `$SOURCE` and writes `$TARGET`. */
  readonly line: (place: Place) => string;
}

const KEYWORDS = resolve('test/bench/peers/keywords.txt');
const SCRIPT = resolve('test/bench/peers/keywords.py');
const CLEAN_TAGS = resolve('test/bench/peers/clean-tags.cjs');
const DCMJS = resolve('node_modules/dcmjs/build/dcmjs.js');

/** The system's own where the first one in the path has no pydicom. */
const PYTHON = ['python3', '/usr/bin/python3'].find((python) => spawnSync(python, ['-c', 'import pydicom']).status === 0);

const has = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).error === undefined;
const needs = (command: string, of: string) => () => (has(command, '--version') ? undefined : `${command} is not here (${of})`);

/** The seed of this project did as the script of pydicom does. */
export const PEERS: readonly Peer[] = [
  { name: 'this program, verified', missing: () => undefined, line: ({ program }) => `${process.execPath} ${join(program, 'cli.js')} anonymize "$SOURCE" --output "$TARGET" --report "$TARGET.report.json"` },
  { name: 'this program, not verified', missing: () => undefined, line: ({ program }) => `${process.execPath} ${join(program, 'cli.js')} anonymize "$SOURCE" --output "$TARGET" --report "$TARGET.report.json" --no-verify` },
  {
    name: 'gdcmanon, its profile', missing: needs('gdcmanon', 'libgdcm-tools'),
    line: ({ folder }) => `test -e ${folder}/cert.pem || openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=bench -keyout ${folder}/cert.key -out ${folder}/cert.pem 2>/dev/null; mkdir "$TARGET" && gdcmanon -e -c ${folder}/cert.pem -r --continue -i "$SOURCE" -o "$TARGET"`,
  },
  {
    name: 'dcmodify, the list, new UIDs', missing: needs('dcmodify', 'dcmtk'),
    line: () => `cp -r "$SOURCE" "$TARGET" && find "$TARGET" -type f -print0 | xargs -0 -n 125 dcmodify -q -nb -imt -ep -gst -gse -gin $(sed 's/.*/-ma &=ANONYMOUS/' ${KEYWORDS} | grep -vE 'Date|Time|Age|Size|Weight|Sex|OtherPatientIDs') $(grep Date ${KEYWORDS} | sed 's/.*/-ma &=19000101/') $(grep Time ${KEYWORDS} | sed 's/.*/-ma &=000000/') $(grep -E 'Age|Size|Weight|Sex' ${KEYWORDS} | sed 's/.*/-ma &=/')`,
  },
  { name: 'pydicom, the list', missing: () => (PYTHON === undefined ? 'python3 has no pydicom (python3-pydicom)' : undefined), line: () => `${PYTHON} ${SCRIPT} ${KEYWORDS} "$SOURCE" "$TARGET"` },
  { name: 'dcmjs, cleanTags', missing: () => undefined, line: () => `${process.execPath} ${CLEAN_TAGS} ${DCMJS} "$SOURCE" "$TARGET"` },
];

/** What is left in an output, as the project's own `verify` finds it. */
interface Leftovers {
  readonly files: number;
  readonly identifying: number;
  readonly unchecked: number;
  /** Attributes that identify anywhere in the files, and places that do in a file on average. */
  readonly attributes: number;
  readonly places: number;
}

/** Seconds of each tool beside those of `cp -r` in turn, its peak, and what it leaves in the files. */
export function benchPeers(place: Place, source: string, pairs: number): void {
  console.log(`Peers, 1,000 CT files, ${pairs} pairs in turn with cp -r; what is left, by this program's own verify with the originals:`);
  for (const peer of PEERS) {
    const missing = peer.missing();
    if (missing !== undefined) {
      console.log(`  ${peer.name.padEnd(30)} skipped: ${missing}`);
      continue;
    }
    const target = join(place.folder, 'peer');
    const runs = Array.from({ length: pairs }, (_, pair) => {
      const copy = timeCopy(place, source);
      if (pair > 0) remove(target);
      return { copy, ...timeLine(peer.line(place), source, target) };
    });
    const seconds = median(runs.map((run) => run.seconds));
    const ratio = median(runs.map((run) => run.seconds / run.copy));
    const { files, identifying, unchecked, attributes, places } = leftoversIn(target, source);
    const left = identifying + unchecked === 0 ? 'nothing' : `${attributes} attributes in ${identifying} of ${files} files, ${places.toFixed(0)} places a file${unchecked > 0 ? `, ${unchecked} cannot be read` : ''}`;
    console.log(`  ${peer.name.padEnd(30)} ${seconds.toFixed(2).padStart(6)} s  ${ratio.toFixed(1).padStart(5)} × cp  cpu ${median(runs.map(({ cpu }) => cpu)).toFixed(2).padStart(6)} s  peak ${Math.max(...runs.map(({ peak }) => peak)).toFixed(0).padStart(4)} MiB  left: ${left}`);
    remove(target);
  }
}

function remove(target: string): void {
  for (const path of [target, `${target}.report.json`, `${target}.manifest.jsonl`]) rmSync(path, { recursive: true, force: true });
}

/** Runs a line of the shell under `time`, which knows of all of its processes. */
function timeLine(line: string, source: string, target: string): { seconds: number; cpu: number; peak: number } {
  const told = `${target}.time`;
  const began = performance.now();
  execFileSync('/usr/bin/time', ['-f', '%U %S %M', '-o', told, 'bash', '-c', line], { env: { ...process.env, SOURCE: source, TARGET: target }, stdio: 'ignore' });
  const seconds = (performance.now() - began) / 1000;
  const [user, system, peak] = readFileSync(told, 'utf8').trim().split(/\s+/).slice(-3).map(Number);
  rmSync(told);
  return { seconds, cpu: user + system, peak: peak / 1024 };
}

function leftoversIn(target: string, source: string): Leftovers {
  const counts = { clean: 0, identifying: 0, unchecked: 0 };
  const attributes = new Set<number | undefined>();
  let places = 0;
  for (const { outcome, findings } of verifyFiles({ inputs: [target], source })) {
    counts[outcome] += 1;
    places += findings.length;
    for (const { tag } of findings) attributes.add(tag);
  }
  const files = counts.clean + counts.identifying + counts.unchecked;
  return { files, ...counts, attributes: attributes.size, places: files === 0 ? 0 : places / files };
}
