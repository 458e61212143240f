// Decoded pixels of a compressed file, by whichever of the Debian decoders takes it.
import { rmSync } from 'node:fs';
import { readWithPydicom, runTool } from './tools.mjs';

const DECODERS = [
  ['gdcmconv', (from, to) => ['--raw', from, to]],
  ['dcmdjpeg', (from, to) => ['-q', from, to]],
  ['dcmdjpls', (from, to) => ['-q', from, to]],
  ['dcmdrle', (from, to) => ['-q', from, to]],
];

/**
 * The hash of the decoded samples and the program that decoded them; undefined where none does.
 * @param only the program that decoded the other file of a pair
 */
export async function decodedPixels(path, temporary, here, only) {
  for (const [tool, args] of DECODERS) {
    if (!here[tool] || (only !== undefined && tool !== only)) continue;
    const { status } = await runTool(tool, args(path, temporary));
    if (status !== 0) continue;
    const [read] = await readWithPydicom([temporary]);
    rmSync(temporary, { force: true });
    const isDecoded = read.ok && read.pixels.length > 0 && !/^1\.2\.840\.10008\.1\.2\.(4|5)/.test(read.syntax);
    if (isDecoded) return { tool, hash: JSON.stringify(read.pixels) };
  }
  return undefined;
}
