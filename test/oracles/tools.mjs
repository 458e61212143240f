// Programs of other people, run on files: which are here, and what they say.
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';

/** Names and the Debian packages that bring them. */
export const PACKAGES = {
  dciodvfy: 'dicom3tools',
  dcmdump: 'dcmtk',
  dcmdjpeg: 'dcmtk',
  dcmdjpls: 'dcmtk',
  dcmdrle: 'dcmtk',
  dcmconv: 'dcmtk',
  gdcmconv: 'libgdcm-tools',
  pydicom: 'python3-pydicom',
};

export function isHere(tool) {
  if (tool === 'pydicom') return spawnSync(PYTHON, ['-c', 'import pydicom']).status === 0;
  return spawnSync(tool, ['--version'], { timeout: 10_000 }).error === undefined;
}

/** Exit status and all that a program says; `status` is null where it crashed. */
export function runTool(tool, args, { input, timeout = 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(tool === 'pydicom' ? PYTHON : tool, args, { timeout });
    const out = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => out.push(chunk));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve({ status, timedOut: signal === 'SIGTERM', output: Buffer.concat(out).toString('latin1') });
    });
    child.stdin.on('error', () => {}); // a program that ends before it has read all says so by its status
    child.stdin.end(input);
  });
}

/** Does `work` for each, as many at a time as there are processors; results in the order of `all`. */
export async function forEach(all, work) {
  const results = new Array(all.length);
  let next = 0;
  const one = async () => {
    for (let i = next++; i < all.length; i = next++) results[i] = await work(all[i], i);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, one));
  return results;
}

const READS = fileURLToPath(new URL('reads.py', import.meta.url));

/** What reads.py tells of each path. */
export async function readWithPydicom(paths) {
  if (paths.length === 0) return [];
  const { status, output } = await runTool('pydicom', [READS], { input: `${paths.join('\n')}\n`, timeout: 300_000 });
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  if (status !== 0 || lines.length !== paths.length) throw new Error(`pydicom ended with ${status} after ${lines.length} of ${paths.length} files`);
  return lines.map((line) => JSON.parse(line));
}
