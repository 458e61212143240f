// Fits the weights of the text detector to rows of strokes from generated images, and from those real files of the
// corpus that show no text. Run: npx esbuild test/bench/pixels-train.ts --bundle --platform=node --format=cjs
//   --packages=external --outfile=<file>.cjs && node <file>.cjs > src/anonymizer/pixels/text/weights.ts
import { inflateRawSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemorySource } from '../../src/anonymizer/dicom/byte-source.ts';
import { readDataSet } from '../../src/anonymizer/dicom/part10.ts';
import { openPixels } from '../../src/anonymizer/pixels/pixels.ts';
import { greyOf } from '../../src/anonymizer/pixels/display.ts';
import { candidates } from '../../src/anonymizer/pixels/text/candidates.ts';
import { FEATURES } from '../../src/anonymizer/pixels/text/features.ts';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { type BurnedInImage, burnedInImage, randomOf } from './burned-in-images.ts';

const HIDDEN = 24;
/** Seeds that the bench does not use. */
const FIRST_SEED = 100_000;
const IMAGES = Number(process.env.IMAGES ?? 700);

interface Sample { readonly features: Float64Array; readonly label: 0 | 1; readonly weight: number }

interface Word { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number; readonly dark: boolean }

function wordsOf({ image, words }: BurnedInImage): Word[] {
  return words.map(({ ink, dark }) => {
    const xs = ink.map((at) => at % image.width);
    const ys = ink.map((at) => Math.floor(at / image.width));
    return { left: Math.min(...xs) - 3, right: Math.max(...xs) + 4, top: Math.min(...ys) - 1, bottom: Math.max(...ys) + 2, dark };
  });
}

/**
 * Text is a row whose place is mostly that of words, of their kind and about as high; several lines in one, or the
 * ground between letters, is none, so that each line is taken at its own size.
 */
function samplesOf(made: BurnedInImage): Sample[] {
  const words = wordsOf(made);
  return candidates(made.image).flatMap(({ x, y, width, height, dark, features }): Sample[] => {
    let [part, nearest, most] = [0, words[0], 0];
    for (const word of words) {
      const w = Math.min(x + width, word.right) - Math.max(x, word.left);
      const h = Math.min(y + height, word.bottom) - Math.max(y, word.top);
      if (w <= 0 || h <= 0) continue;
      part += (w * h) / (width * height);
      if (w * h > most) [nearest, most] = [word, w * h];
    }
    if (part <= 0.1) return [{ features, label: 0, weight: Math.min(4, 0.3 + (width * height) / 4000) }];
    const tall = height / (nearest.bottom - nearest.top);
    if (dark !== nearest.dark || tall > 2.2) return [{ features, label: 0, weight: 0.5 }];
    return part >= 0.5 && tall >= 0.45 && tall <= 1.9 ? [{ features, label: 1, weight: 1 }] : [];
  });
}

function realSamples(folder: string): Sample[] {
  const entries = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { path: string; burnedIn: unknown; modality: string | null }[];
  const codecs = loadFrameCodecs();
  const samples: Sample[] = [];
  for (const entry of entries) {
    // Ultrasound and captures may bear text that nobody noted.
    if (entry.burnedIn !== null || !['CT', 'MR', 'PT', 'NM', 'CR', 'DX', 'MG', 'RTIMAGE'].includes(entry.modality ?? '')) continue;
    try {
      const dataSet = readDataSet(new MemorySource(new Uint8Array(readFileSync(join(folder, entry.path)))), { inflate: (bytes) => inflateRawSync(bytes) });
      const pixels = openPixels(dataSet, codecs);
      if (pixels === undefined) continue;
      for (const each of candidates(greyOf(pixels.native(0), pixels.palette)).slice(0, 150)) samples.push({ features: each.features, label: 0, weight: 0.5 });
    } catch { /* not a picture */ }
  }
  return samples;
}

/** Adam on the logistic loss. */
function fit(samples: readonly Sample[], epochs: number): Float64Array {
  const random = randomOf(7);
  const count = HIDDEN * (FEATURES + 1) + HIDDEN + 1;
  const weights = Float64Array.from({ length: count }, () => (random() - 0.5) * 0.6);
  const [m, v, gradient] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const order = samples.map((_, i) => i);
  const activation = new Float64Array(HIDDEN);
  const base = HIDDEN * (FEATURES + 1);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    const rate = 0.004 * (1 - epoch / epochs) + 0.0002;
    for (let from = 0; from < order.length; from += 64) {
      gradient.fill(0);
      for (const index of order.slice(from, from + 64)) {
        const { features, label, weight } = samples[index];
        let out = weights[base + HIDDEN];
        for (let u = 0; u < HIDDEN; u++) {
          let sum = weights[u * (FEATURES + 1) + FEATURES];
          for (let i = 0; i < FEATURES; i++) sum += weights[u * (FEATURES + 1) + i] * features[i];
          activation[u] = sum > 0 ? sum : 0;
          out += activation[u] * weights[base + u];
        }
        const error = (1 / (1 + Math.exp(-out)) - label) * weight;
        gradient[base + HIDDEN] += error;
        for (let u = 0; u < HIDDEN; u++) {
          gradient[base + u] += error * activation[u];
          if (activation[u] <= 0) continue;
          const back = error * weights[base + u];
          for (let i = 0; i < FEATURES; i++) gradient[u * (FEATURES + 1) + i] += back * features[i];
          gradient[u * (FEATURES + 1) + FEATURES] += back;
        }
      }
      step++;
      for (let k = 0; k < count; k++) {
        const g = gradient[k] / 64 + 1e-5 * weights[k];
        m[k] = 0.9 * m[k] + 0.1 * g;
        v[k] = 0.999 * v[k] + 0.001 * g * g;
        weights[k] -= (rate * (m[k] / (1 - 0.9 ** step))) / (Math.sqrt(v[k] / (1 - 0.999 ** step)) + 1e-8);
      }
    }
  }
  return weights;
}

const SIZES = [8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28, 32, 36, 40, undefined, undefined, undefined];
const samples: Sample[] = [];
for (let i = 0; i < IMAGES; i++) samples.push(...samplesOf(burnedInImage(FIRST_SEED + i, SIZES[i % SIZES.length])));
const generated = samples.length;
if (process.env.DICOM_CORPUS !== undefined) samples.push(...realSamples(process.env.DICOM_CORPUS));
process.stderr.write(`${samples.length} rows, ${samples.length - generated} of them real, ${samples.filter(({ label }) => label === 1).length} text\n`);
const weights = fit(samples, 60);
process.stdout.write(`// Generated by test/bench/pixels-train.ts. Do not edit.\n\nexport const HIDDEN = ${HIDDEN};\n\n/** As \`likelihoodWith\` takes them. */\nexport const WEIGHTS = \`\n`);
for (let i = 0; i < weights.length; i += FEATURES + 1) process.stdout.write(`${[...weights.subarray(i, i + FEATURES + 1)].map((each) => each.toFixed(4)).join(' ')}\n`);
process.stdout.write('`;\n');
