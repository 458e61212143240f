// Clean Pixel Data as other people's decoders see it: for every Transfer Syntax the region is exactly black and every
// other pixel is as it was; the offset tables lead to the frames; dciodvfy finds nothing new.
//   node test/bench/run.mjs test/oracles/clean-pixels.ts WORK PROGRAM      prints a line of JSON at the end
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasTool, linesOf } from '../fixtures/pixels.ts';
import { samplesOf, type Samples, syntaxOf } from './pixel-decoders.ts';
import { BOX, DARKEST, pixelSources, type PixelSource, ROWS_OF_SECOND } from './pixel-sources.ts';

const [work, program] = process.argv.slice(2);
const folder = join(work, 'clean-pixels');
const faults: string[] = [];

/** The regions of the profile that all files are cleaned by, and nothing else: no text is looked for. */
const PROFILE = `options: [clean-pixel-data]
pixels: regions
regions:
  - when: {Rows: 48}
    boxes: [{x: ${BOX.x}, y: ${BOX.y}, width: ${BOX.width}, height: ${BOX.height}}]
  - when: {Rows: ${ROWS_OF_SECOND}}
    boxes: [{x: ${BOX.x}, y: ${BOX.y}, width: ${BOX.width}, height: ${BOX.height}, frames: [2]}]
`;

/** Tells of a file by pydicom whether its offset tables lead to the Items of its frames. */
const OFFSETS = `
import sys, struct, pydicom
d = pydicom.dcmread(sys.argv[1])
n = int(d.get('NumberOfFrames', 1))
p = d.PixelData
length = struct.unpack('<I', p[4:8])[0]
bot = struct.unpack('<%dI' % (length // 4), p[8:8 + length])
at, items = 8 + length, []
first = at
while p[at:at + 4] == b'\\xfe\\xff\\x00\\xe0':
    size = struct.unpack('<I', p[at + 4:at + 8])[0]
    items.append((at - first, size))
    at += 8 + size
eot = d.get((0x7fe0, 0x0001))
told = list(bot)
if eot is not None:
    told = list(struct.unpack('<%dQ' % n, eot.value))
    sizes = struct.unpack('<%dQ' % n, d[0x7fe0, 0x0002].value)
    if [(o, s) for o, s in zip(told, sizes)] != items: print('lengths'); sys.exit()
starts = [o for o, s in items]
print('none' if not told else 'right' if len(told) == n and told[0] == 0 and all(o in starts for o in told) and told == sorted(set(told)) else 'wrong')
`;

const tools = ['dcmconv', 'dcmcrle', 'dcmdrle', 'dcmcjpeg', 'dcmdjpeg', 'dcmcjpls', 'dcmdjpls', 'gdcmconv', 'opj_decompress', 'cjxl', 'djxl', 'dciodvfy'];
const missing = new Set(tools.filter((tool) => !hasTool(tool)));
for (const tool of missing) console.warn(`*** ${tool} IS NOT HERE: what needs it is skipped`);

mkdirSync(join(folder, 'in'), { recursive: true });
const all = pixelSources();
const sources = all.filter(({ encoders, decoder }) => ![...encoders, decoder, 'dcmconv'].some((tool) => missing.has(tool)));
const files = new Map<string, PixelSource>();
for (const source of sources) {
  const path = join(folder, 'in', `${String(files.size).padStart(3, '0')}.dcm`);
  try {
    writeFileSync(path, source.make());
    files.set(path, source);
  } catch {
    console.warn(`*** SKIPPED: ${source.encoders.join()} cannot make ${source.name}`);
  }
}
writeFileSync(join(folder, 'profile.yaml'), PROFILE);

const results = anonymized();
const syntaxes = new Set<string>();
let tables = 0;
for (const [path, source] of files) {
  const result = results.get(path);
  if (typeof result !== 'object') faults.push(`${source.name}: ${result ?? 'not reported'}`);
  else compare(source, new Uint8Array(readFileSync(path)), new Uint8Array(readFileSync(result.path)));
}
console.log(JSON.stringify({ faults, remark: `${files.size} images in ${syntaxes.size} Transfer Syntaxes, ${tables} offset tables, ${all.length - files.size} skipped` }));

/** Where each result lies, or why there is none. */
function anonymized(): Map<string, { readonly path: string } | string> {
  const output = join(folder, 'out');
  const report = join(folder, 'report.json');
  const { status, stderr } = spawnSync(process.execPath, [program, 'anonymize', join(folder, 'in'), '--output', output, '--profile', join(folder, 'profile.yaml'), '--report', report], { encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new Error(`the command line ended with ${status}: ${stderr}`);
  const { files: reported } = JSON.parse(readFileSync(report, 'utf8')) as { files: readonly { input: string; output?: string; status: string; reason?: string }[] };
  return new Map(reported.map((file) => [file.input, file.status === 'written' ? { path: join(output, file.output ?? '') } : `${file.status}: ${file.reason ?? ''}`]));
}

function compare(source: PixelSource, before: Uint8Array, after: Uint8Array): void {
  const fault = (text: string) => faults.push(`${source.name}: ${text}`);
  const isSyntax = (file: Uint8Array, wanted: string) => syntaxOf(file) === wanted;
  syntaxes.add(source.syntax);
  if (!isSyntax(before, source.syntax)) fault(`the source is ${syntaxOf(before)}`);
  if (!isSyntax(after, source.becomes)) fault(`it became ${syntaxOf(after)}`);
  try {
    const difference = differenceOf(source, samplesOf(before, source.decoder), samplesOf(after, source.decoder));
    if (difference !== undefined) fault(difference);
    const table = tableFault(after);
    if (table !== undefined) fault(table);
  } catch (error) {
    fault(`it cannot be decoded: ${error instanceof Error ? error.message.split('\n')[0] : ''}`);
  }
  if (missing.has('dciodvfy')) return;
  const known = new Set(errorsOf(before));
  for (const line of errorsOf(after)) if (!known.has(line)) fault(`dciodvfy: ${line}`);
}

/** The first pixel that is not what it must be. */
function differenceOf({ look, frames, tolerance = 0 }: PixelSource, before: Samples, after: Samples): string | undefined {
  if (before.frames.length !== after.frames.length) return 'another number of frames';
  const black = blackOf(after, look.photometric ?? '');
  for (let frame = 0; frame < before.frames.length; frame++) {
    const isTouched = frames === undefined || frames.includes(frame);
    const wrong = after.frames[frame].findIndex((value, i) => {
      const [x, y] = [i % after.columns, Math.floor(i / after.columns)];
      const inside = isTouched && x >= BOX.x && x < BOX.x + BOX.width && y >= BOX.y && y < BOX.y + BOX.height;
      if (inside) return value.join() !== black.join();
      return value.some((sample, s) => Math.abs(sample - before.frames[frame][i][s]) > tolerance);
    });
    if (wrong >= 0) return `frame ${frame + 1}, pixel ${wrong % after.columns}, ${Math.floor(wrong / after.columns)}: ${after.frames[frame][wrong].join()}, before ${before.frames[frame][wrong].join()}, black is ${black.join()}`;
  }
  return undefined;
}

/** What shows as black (PS3.3 C.7.6.3.1.2), reckoned anew. */
function blackOf({ photometric, bitsStored, signed }: Samples, declared: string): readonly number[] {
  if (declared === 'PALETTE COLOR') return [DARKEST];
  if (declared === 'MONOCHROME1') return [2 ** bitsStored - 1];
  if (photometric.startsWith('YBR')) return [0, 128, 128];
  return photometric === 'RGB' ? [0, 0, 0] : [signed ? -(2 ** (bitsStored - 1)) : 0];
}

/** Whether the table of a result leads to Items, by pydicom; nothing where there is none. */
function tableFault(file: Uint8Array): string | undefined {
  if (!/^1\.2\.840\.10008\.1\.2\.(4\.|5$|8\.)/.test(syntaxOf(file))) return undefined;
  const path = join(folder, 'table.dcm');
  writeFileSync(path, file);
  const { stdout } = spawnSync(process.env.PYTHON ?? '/usr/bin/python3', ['-c', OFFSETS, path], { encoding: 'utf8' });
  const answer = stdout.trim();
  if (answer === 'right') tables += 1;
  return answer === 'right' || answer === 'none' ? undefined : `its offset table is ${answer === '' ? 'not readable' : answer}`;
}

function errorsOf(file: Uint8Array): string[] {
  // It cannot skip what it does not know in a deflated stream, before or after.
  return linesOf('dciodvfy', ['{in}'], file).filter((line) => line.startsWith('Error') && !line.includes('Seek failed')).map((line) => line.replace(/<[^>]*>/g, '<>'));
}
