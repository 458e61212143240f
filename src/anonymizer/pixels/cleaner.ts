import type { DataSet } from '../dicom/data-set.ts';
import { DicomError } from '../dicom/errors.ts';
import { TAG } from '../dicom/tag.ts';
import type { Identifier } from '../identifiers.ts';
import type { DrawnBox, PixelChoice, Profile } from '../profile.ts';
import { type CleanedPixels, cleanPixels, type CleanOptions } from './clean.ts';
import type { CodecFor } from './codec.ts';
import { drawnBoxes, keptBoxes, type MatchingBox } from './drawn-regions.ts';
import { textAt } from './image.ts';
import { openPixels } from './pixels.ts';
import { type Proposal, proposeRegions, TextMemory } from './propose.ts';
import type { Region } from './region.ts';
import { isWithoutText } from './risk.ts';
import type { TextReader } from './text/read.ts';

/** What Clean Pixel Data is to do (PS3.15 E.3.1); `refuse` does not touch an image in which something is found. */
export interface PixelChoices {
  readonly mode: PixelChoice;
  /** Drawn by the user, for images of the series; none for others. */
  readonly regionsFor?: ((dataSet: DataSet) => readonly MatchingBox[]) | undefined;
  /** Where text stays in images of the series, unless it shows a value of the patient. */
  readonly keptFor?: ((dataSet: DataSet) => readonly DrawnBox[]) | undefined;
  /** Read lines that go anyway, so that their reason can say whether they name the patient; it takes a while. */
  readonly explains?: boolean | undefined;
}

/** What is loaded outside the core and handed in. */
export interface PixelTools {
  readonly codecs: CodecFor;
  /** Without one no text is read. */
  readonly reader?: TextReader | undefined;
}

/** Cleaned pixels, and whether somebody may say so. */
export interface CheckedPixels extends CleanedPixels {
  /** The pixels were looked at or changed. */
  readonly isChecked: boolean;
}

export interface PixelCleaner {
  /**
   * Where text is or may be; nothing for an instance without pixels.
   * @throws DicomError `unsafe` for pixels that cannot be cleaned, `damaged` with the number of a frame
   */
  propose(dataSet: DataSet, identifiers: readonly Identifier[]): Proposal;
  /**
   * Blacks out these regions; undefined for an instance without pixels, or of a class whose pixels bear no text.
   * @throws DicomError as above, and `unsafe` under `refuse` where there are regions
   */
  clean(dataSet: DataSet, regions: readonly Region[], options?: CleanOptions): CheckedPixels | undefined;
}

/** Masks, doses and maps, in whichever form their pixels are. */
function bearsNoText(dataSet: DataSet): boolean {
  return isWithoutText(textAt(dataSet, TAG.SOPClassUID));
}

const NOTHING: Proposal = { regions: [], left: [] };

/** What the profile asks for; undefined where it does not ask for Clean Pixel Data. */
export function pixelChoices({ options, pixels, regions }: Profile): PixelChoices | undefined {
  return options.has('clean-pixel-data') ? {
    mode: pixels, regionsFor: (dataSet) => drawnBoxes(regions, dataSet), keptFor: (dataSet) => keptBoxes(regions, dataSet),
  } : undefined;
}

/** One a thread: it remembers what the frames of a series have in common. */
export function createPixelCleaner({ mode, regionsFor, keptFor, explains = false }: PixelChoices, { codecs, reader }: PixelTools): PixelCleaner {
  const memory = new TextMemory();
  return {
    propose(dataSet, identifiers) {
      const regions = regionsFor?.(dataSet) ?? [];
      if (regions.length === 0 && bearsNoText(dataSet)) return NOTHING;
      const pixels = openPixels(dataSet, codecs);
      if (pixels === undefined) return NOTHING;
      const kept = keptFor?.(dataSet) ?? [];
      // What is kept is read, lest it name the patient.
      const isRead = mode === 'matching-text' || explains || kept.length > 0;
      return proposeRegions(pixels, { mode: mode === 'refuse' ? 'all-text' : mode, regions, kept, identifiers: isRead ? identifiers : [], reader, memory });
    },
    clean(dataSet, regions, options) {
      if (regions.length === 0 && bearsNoText(dataSet)) return undefined;
      const pixels = openPixels(dataSet, codecs);
      if (pixels === undefined) return undefined;
      if (mode === 'refuse' && regions.length > 0) throw new DicomError('unsafe', `text may be burned into the pixels, in ${regions.length} places`, { tag: TAG.PixelData });
      const cleaned = cleanPixels(pixels, regions, options);
      // Nobody looked and nothing was changed: then nothing may be claimed either (PS3.15 E.3.1).
      const isChecked = mode !== 'regions' || cleaned.framesChanged > 0;
      const attributes = isChecked ? cleaned.attributes : cleaned.attributes.filter(({ tag }) => tag !== TAG.BurnedInAnnotation);
      return { ...cleaned, attributes, isChecked };
    },
  };
}
