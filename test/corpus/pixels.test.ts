import { describe, expect, test } from 'vitest';
import type { DataSet } from '../../src/anonymizer/dicom/data-set.ts';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import { createPixelCleaner } from '../../src/anonymizer/pixels/cleaner.ts';
import { textAt } from '../../src/anonymizer/pixels/image.ts';
import { openPixels } from '../../src/anonymizer/pixels/pixels.ts';
import { greyOf } from '../../src/anonymizer/pixels/display.ts';
import { burnedInRisk } from '../../src/anonymizer/pixels/risk.ts';
import { detectText } from '../../src/anonymizer/pixels/text/detect.ts';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { CORPUS, corpusBytes } from '../fixtures/corpus.ts';
import { deidentify, plannerWith } from '../fixtures/deidentify.ts';
import { bytesOfPiece, cleanedFile, open } from '../fixtures/pixels.ts';

const codecs = loadFrameCodecs();
const REGION = { x: 1, y: 1, width: 12, height: 6, reason: 'user', note: '' } as const;

/** Undefined for what the reader refuses: that is tested elsewhere. */
function readable(entry: (typeof CORPUS)[number]): DataSet | undefined {
  try {
    return open(corpusBytes(entry));
  } catch {
    return undefined;
  }
}

describe.skipIf(CORPUS.length === 0)('pixels of real files', () => {
  test('every image is cleaned or refused with a reason, and what is cleaned can be read again', () => {
    const cleaner = createPixelCleaner({ mode: 'regions' }, { codecs });
    const outcome = { cleaned: 0, refused: [] as string[] };
    for (const entry of CORPUS) {
      const dataSet = readable(entry);
      if (dataSet === undefined) continue;
      try {
        const cleaned = cleaner.clean(dataSet, [REGION]);
        if (cleaned === undefined) continue;
        for (const piece of cleaned.pieces) bytesOfPiece(dataSet, piece);
        outcome.cleaned++;
        if (dataSet.transferSyntax.deflated) continue;
        const again = openPixels(open(cleanedFile(dataSet, cleaned)), codecs);
        expect(textAt(again?.dataSet ?? dataSet, 0x00280301)).toBe('NO');
        again?.native(again.frames.count - 1);
      } catch (error) {
        if (!(error instanceof DicomError)) throw error;
        expect(error.message).toMatch(/^(frame \d+: |pixels of floating|native Pixel Data under|there is no codec)|Rows and Columns|High Bit|Bits Stored|Bits Allocated|Samples per Pixel/);
        outcome.refused.push(error.message);
      }
    }
    expect(outcome.cleaned).toBeGreaterThan(200);
    expect(outcome.refused.length).toBeLessThan(15);
    console.info(`${outcome.cleaned} cleaned, refused:\n${outcome.refused.join('\n')}`);
  });

  const burned = CORPUS.filter(({ burnedIn }) => burnedIn !== null);

  test.each(burned.map((entry) => [entry.path.split('/').pop() ?? '', entry] as const))('%s: its burned-in text is found and known as a risk', (_, entry) => {
    const dataSet = open(corpusBytes(entry));
    const pixels = openPixels(dataSet, codecs);
    expect(pixels).toBeDefined();
    if (pixels === undefined) return;
    expect(burnedInRisk(dataSet).level).not.toBe('none');
    const boxes = detectText(greyOf(pixels.native(0), pixels.palette));
    expect(boxes.length).toBeGreaterThan(0);
  });

  test.each(burned.map((entry) => [entry.path.split('/').pop() ?? '', entry] as const))('%s: under Clean Pixel Data its text is black in every frame', (_, entry) => {
    const bytes = corpusBytes(entry);
    const before = openPixels(open(bytes), codecs);
    const after = openPixels(open(deidentify(bytes, plannerWith('clean-pixel-data')).bytes), codecs);
    if (before === undefined || after === undefined) throw new Error('no pixels');
    for (let frame = 0; frame < before.frames.count; frame++) {
      const grey = greyOf(after.native(frame), after.palette);
      for (const { x, y, width, height } of detectText(greyOf(before.native(frame), before.palette))) {
        const values = new Set<number>();
        for (let row = y; row < y + height; row++) for (let column = x; column < x + width; column++) values.add(grey.pixels[row * grey.width + column]);
        expect([frame, values.size]).toEqual([frame, 1]);
      }
    }
    expect(textAt(after.dataSet, 0x00280301)).toBe('NO');
  });
});
