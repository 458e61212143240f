import { type DataSet, indexOf } from '../dicom/data-set.ts';
import { TAG } from '../dicom/tag.ts';
import { deviceFindings } from './device-rules.ts';
import { numberAt, IMAGE, textAt } from './image.ts';

/** How likely it is that the pixels show who the patient is, with the reasons as sentences without any value. */
export interface BurnedInRisk {
  readonly level: 'none' | 'low' | 'high';
  readonly reasons: readonly string[];
}

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
/** By the beginning of the SOP Class UID after the common root: images that people or screens made. */
const SUSPECT_CLASSES: readonly (readonly [start: string, reason: string])[] = [
  ['7', 'Secondary Capture: a screen or a scanned film'],
  ['6.', 'Ultrasound: devices write names into the picture'],
  ['3.', 'Ultrasound: devices write names into the picture'],
  ['77.1.1', 'Endoscopy or photography: names may be in the picture'],
  ['77.1.2', 'Microscopy: the label of the slide may be in the picture'],
  ['77.1.4', 'Photography: names may be in the picture'],
  ['77.1.6', 'Whole slide: the label may be in the picture'],
  ['12.77', 'Video'],
  ['11.8', 'Presentation state with a picture of its own'],
];
const ENCAPSULATED_DOCUMENT = '104.';
/** Their pixels are labels, doses or measurements: no device writes text into them. */
const WITHOUT_TEXT = ['66.4', '66.5', '66.7', '481.2', '30'];

const SUSPECT_MODALITIES = new Set(['US', 'OT', 'ES', 'XC', 'GM', 'SM', 'OP', 'IVUS', 'EPS', 'DOC', 'DG', 'ECG', 'HC', 'SC']);
const SLICES = new Set(['CT', 'MR', 'PT', 'NM']);
const SUSPECT_TYPES = ['SCREEN SAVE', 'SCREENSAVE', 'DOSE', 'REPORT', 'LABEL', 'CAPTURE', 'PASTED', 'FILM'];
/** Conversion Types of a workstation, a scanner or a camera (PS3.3 C.8.6.1). */
const SUSPECT_CONVERSIONS = new Set(['DV', 'DI', 'DF', 'WSD', 'SD', 'SI', 'DRW']);

/** Whether an instance of this class has pixels that no device writes text into: segmentations, dose grids, parametric maps. */
export function isWithoutText(sopClass: string): boolean {
  return WITHOUT_TEXT.some((last) => sopClass === STORAGE + last);
}

/**
 * The risk that identity is burned into the pixels (PS3.15 E.3.1 Note), by Burned In Annotation, SOP Class, Image
 * Type, Modality, Conversion Type and the rules of devices.
 */
export function burnedInRisk(dataSet: DataSet): BurnedInRisk {
  const sopClass = textAt(dataSet, TAG.SOPClassUID);
  if (sopClass.startsWith(STORAGE + ENCAPSULATED_DOCUMENT)) return { level: 'high', reasons: ['Encapsulated document: its pages may show names'] };
  const hasPixels = indexOf(dataSet, TAG.PixelData) >= 0;
  if (!hasPixels || isWithoutText(sopClass)) return { level: 'none', reasons: [] };
  const declared = textAt(dataSet, TAG.BurnedInAnnotation).toUpperCase();
  const reasons = reasonsOf(dataSet, sopClass);
  if (declared === 'YES') return { level: 'high', reasons: ['Burned In Annotation (0028,0301) says YES', ...reasons] };
  if (reasons.length === 0) return { level: 'none', reasons };
  return { level: declared === 'NO' ? 'low' : 'high', reasons };
}

function reasonsOf(dataSet: DataSet, sopClass: string): string[] {
  const reasons: string[] = [];
  const last = sopClass.startsWith(STORAGE) ? sopClass.slice(STORAGE.length) : '';
  const suspect = SUSPECT_CLASSES.find(([start]) => last === start || last.startsWith(start.endsWith('.') ? start : `${start}.`));
  if (suspect !== undefined) reasons.push(suspect[1]);
  const type = textAt(dataSet, TAG.ImageType).toUpperCase().split('\\').map((value) => value.trim());
  // Reformatted slices are SECONDARY as well: for those the value alone is no sign.
  const isSlice = SLICES.has(textAt(dataSet, TAG.Modality).toUpperCase()) && numberAt(dataSet, IMAGE.SamplesPerPixel) === 1 && numberAt(dataSet, IMAGE.BitsAllocated) !== 8;
  if (type[1] === 'SECONDARY' && !isSlice) reasons.push('Image Type (0008,0008) says SECONDARY');
  else if (type.some((value) => SUSPECT_TYPES.some((word) => value.includes(word)))) reasons.push('Image Type (0008,0008) names a screen, a report or a label');
  if (suspect === undefined && SUSPECT_MODALITIES.has(textAt(dataSet, TAG.Modality).toUpperCase())) reasons.push('Modality (0008,0060) whose devices write into the picture');
  if (SUSPECT_CONVERSIONS.has(textAt(dataSet, 0x00080064).toUpperCase())) reasons.push('Conversion Type (0008,0064) names a screen, a scanner or a camera');
  if (deviceFindings(dataSet, numberAt(dataSet, IMAGE.Columns) ?? 0, numberAt(dataSet, IMAGE.Rows) ?? 0).regions.length > 0) reasons.push('A rule of this device knows of text in its pictures');
  return reasons;
}
