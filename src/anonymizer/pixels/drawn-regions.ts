import { sha256 } from '@noble/hashes/sha2.js';
import { type DataSet, indexOf } from '../dicom/data-set.ts';
import { TAG, type Tag } from '../dicom/tag.ts';
import { bytesOf } from '../dicom/values.ts';
import type { DrawnBox, RegionRule } from '../profile.ts';
import { IMAGE, numberAt, textAt } from './image.ts';

/** What a new entry asks of an image, as far as the image that it is drawn in tells: the same device, the same layout. */
const CONDITIONS: readonly Tag[] = [TAG.SOPClassUID, TAG.Modality, 0x00080070, 0x00081090, IMAGE.Rows, IMAGE.Columns];
const DIGEST_BYTES = 6;

/** A box of a matching entry, with the reason that was given for it. */
export interface MatchingBox extends DrawnBox {
  readonly reason: string;
}

/**
 * An entry of a profile for boxes that were drawn in an image.
 * @param scope `series` for the images of its series, `device` for all that its device makes with the same layout
 * @param keep places where text stays that shows no value of the patient
 */
export function regionRule(dataSet: DataSet, boxes: readonly DrawnBox[], reason: string, scope: 'series' | 'device', keep: readonly DrawnBox[] = []): RegionRule {
  const when = CONDITIONS.map((tag) => ({ tag, value: headerText(dataSet, tag) })).filter(({ value }) => value !== '');
  const uid = textAt(dataSet, TAG.SeriesInstanceUID);
  return { when, ...(scope === 'series' && uid !== '' ? { series: seriesDigest(uid) } : {}), boxes, ...(keep.length > 0 ? { keep } : {}), reason };
}

/** The boxes that hold for an image. */
export function drawnBoxes(rules: readonly RegionRule[], dataSet: DataSet): MatchingBox[] {
  return rules.filter((rule) => holdsFor(rule, dataSet)).flatMap(({ boxes, reason }) => boxes.map((box) => ({ ...box, reason })));
}

/** The places in an image where text stays that shows no value of the patient. */
export function keptBoxes(rules: readonly RegionRule[], dataSet: DataSet): DrawnBox[] {
  return rules.filter((rule) => rule.keep !== undefined && holdsFor(rule, dataSet)).flatMap(({ keep = [] }) => keep);
}

function holdsFor({ when, series }: RegionRule, dataSet: DataSet): boolean {
  if (series !== undefined && seriesDigest(textAt(dataSet, TAG.SeriesInstanceUID)) !== series) return false;
  return when.every(({ tag, value }) => headerText(dataSet, tag).toLowerCase() === value.trim().toLowerCase());
}

/** Twelve hexadecimal digits: enough to tell the series of a project from each other, too few to give a UID away. */
export function seriesDigest(uid: string): string {
  return [...sha256(bytesOf(uid)).subarray(0, DIGEST_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A value as a profile writes it: text without padding, all values of it; a number in decimal digits. */
function headerText(dataSet: DataSet, tag: Tag): string {
  const index = indexOf(dataSet, tag);
  if (index < 0) return '';
  const isNumber = ['US', 'SS', 'UL', 'SL'].includes(dataSet.elements[index].vr);
  return isNumber ? String(numberAt(dataSet, tag) ?? '') : textAt(dataSet, tag);
}
