// Decoded pixels of compressed files, by whichever of the Debian decoders takes them.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { forEach, readWithPydicom, runTool } from './tools.mjs';

const COMPRESSED = /^1\.2\.840\.10008\.1\.2\.(4|5)/;

const DECODERS = [
  ['gdcmconv', (from, to) => ['--raw', from, to]],
  ['dcmdjpeg', (from, to) => ['-q', from, to]],
  ['dcmdjpls', (from, to) => ['-q', from, to]],
  ['dcmdrle', (from, to) => ['-q', from, to]],
];

/**
 * Pairs whose source is compressed and whose result decodes to other samples, or to none. The first decoder that takes
 * a source decodes its result too.
 * @param pairs with `syntax`, the source's
 */
export async function otherSamples(pairs, folder, here) {
  const compressed = pairs.filter(({ syntax }) => COMPRESSED.test(syntax ?? ''));
  const faults = [];
  let left = compressed;
  for (const [tool, args] of DECODERS) {
    if (!here[tool] || left.length === 0) continue;
    const before = await decoded(tool, args, left.map(({ source }) => source), folder);
    const taken = left.filter((_, i) => before[i] !== undefined);
    const after = await decoded(tool, args, taken.map(({ result }) => result), folder);
    const samples = before.filter((each) => each !== undefined);
    taken.forEach(({ name }, i) => {
      if (after[i] !== samples[i]) faults.push(`${name}: ${after[i] === undefined ? 'no longer decoded' : 'other samples'} by ${tool}`);
    });
    left = left.filter((_, i) => before[i] === undefined);
  }
  return { faults, compressed: compressed.length, undecoded: left.length };
}

/** Lengths and hashes of the samples of each path, in one text; undefined where the decoder does not take it. */
async function decoded(tool, args, paths, folder) {
  const temporary = paths.map((_, i) => join(folder, `decoded-${i}`));
  await forEach(paths, (path, i) => runTool(tool, args(path, temporary[i])));
  const read = await readWithPydicom(temporary);
  for (const path of temporary) rmSync(path, { force: true });
  return read.map(({ ok, pixels, syntax }) => (ok && pixels.length > 0 && !COMPRESSED.test(syntax) ? JSON.stringify(pixels) : undefined));
}
