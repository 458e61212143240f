import { alwaysChanged } from '../anonymizer/pixels/attributes.ts';
import { cleanPixels } from '../anonymizer/pixels/clean.ts';
import { createPixelCleaner, type PixelChoices, type PixelCleaner } from '../anonymizer/pixels/cleaner.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { TAG } from '../anonymizer/dicom/tag.ts';
import { type CodecFor, isLossless } from '../anonymizer/pixels/codec.ts';
import { openPixels } from '../anonymizer/pixels/pixels.ts';
import type { Region } from '../anonymizer/pixels/region.ts';

/** What looking at the picture came to so far, by another thread. */
export interface Seen {
  /** Something in it goes black that the header does not tell of: text, or what was drawn. */
  readonly isBlacked: boolean;
  readonly isTextLeft: boolean;
}

const SEEN: Region = { x: 0, y: 0, width: 1, height: 1, reason: 'text', note: '' };

/**
 * Plans Clean Pixel Data without decoding the pixels, so that the tags of a file of any size are there at once: what
 * changes in the header is the same as in a run.
 */
export function previewCleaner({ mode, regionsFor }: PixelChoices, codecs: CodecFor, { isBlacked, isTextLeft }: Seen): PixelCleaner {
  const byHeader = createPixelCleaner({ mode: 'regions', regionsFor }, { codecs });
  return {
    propose(dataSet, identifiers) {
      const { regions } = byHeader.propose(dataSet, identifiers);
      return { regions: isBlacked ? [...regions, SEEN] : regions, left: isTextLeft ? [SEEN] : [] };
    },
    clean(dataSet, regions) {
      const pixels = openPixels(dataSet, codecs);
      if (pixels === undefined) return undefined;
      if (mode === 'refuse' && regions.length > 0) throw new DicomError('unsafe', 'text or regions to be blacked out were found in the picture', { tag: TAG.PixelData });
      const isEncodedAgain = pixels.codec !== undefined && isLossless(dataSet.transferSyntax.uid) && regions.length > 0;
      const { element, index } = pixels;
      // Encoding every frame only for the length of its codestream is left to the run.
      const cleaned = isEncodedAgain
        ? { index, transferSyntax: dataSet.transferSyntax, pieces: [{ start: element.start, end: element.end }], attributes: alwaysChanged(dataSet, true), framesChanged: pixels.frames.count }
        : cleanPixels(pixels, regions);
      const isChecked = mode !== 'regions' || cleaned.framesChanged > 0;
      return { ...cleaned, isChecked, attributes: isChecked ? cleaned.attributes : cleaned.attributes.filter(({ tag }) => tag !== TAG.BurnedInAnnotation) };
    },
  };
}
