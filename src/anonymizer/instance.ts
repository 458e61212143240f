import { type DataSet, indexOf } from './dicom/data-set.ts';
import { encodeText } from './dicom/encode.ts';
import { DicomError } from './dicom/errors.ts';
import { TAG, type Tag } from './dicom/tag.ts';
import { isRegisteredUid } from './dicom/uids.ts';
import { byteString, unpadded, valueText } from './dicom/values.ts';
import { type Draft, metaText, topLevelText } from './draft.ts';
import type { Addition, InstanceUids } from './plan.ts';
import { isNewInstance } from './pixels/plan-pixels.ts';
import { rule } from './rules/rule.ts';

/** How many places of a data set, and how many bytes at each, tell it from others where it has no UID of its own. */
const SAMPLES = 256;
const SAMPLE = 1 << 12;

const REQUIRED = rule('D', 'file-structure', 'Every instance needs it (PS3.3 C.12.1), and the source lacked it');

/**
 * The SOP Class of an instance: its own, or where it has none that of its File Meta Information.
 * @throws DicomError where it has neither, or a private one, for which de-identification is not defined (PS3.15 E.1)
 */
export function sopClassOf(dataSet: DataSet): string {
  const sopClass = topLevelText(dataSet, TAG.SOPClassUID) || metaText(dataSet, TAG.MediaStorageSOPClassUID);
  if (sopClass === '') throw new DicomError('not-dicom', 'no SOP Class UID: not an instance of anything', { tag: TAG.SOPClassUID });
  if (!isRegisteredUid(sopClass)) throw new DicomError('private-sop-class', 'de-identification is not defined for private SOP Classes', { tag: TAG.SOPClassUID });
  return sopClass;
}

/**
 * The UIDs of the result, and what must be added so that the instance names itself: SOP Class and SOP Instance are
 * required of every instance and must agree with its File Meta Information (PS3.10 7.1).
 */
export function identify(draft: Draft, sopClass: string): { readonly instance: InstanceUids; readonly additions: Addition[] } {
  const { dataSet, replacements } = draft;
  const uid = (tag: Tag) => {
    const index = indexOf(dataSet, tag);
    if (index < 0) return '';
    const changed = replacements.get(index);
    return changed === undefined ? valueText(dataSet, dataSet.elements[index]).trim() : unpadded(byteString(changed));
  };
  const sopInstance = uid(TAG.SOPInstanceUID) || missingUid(draft);
  const additions: Addition[] = [];
  for (const [tag, value] of [[TAG.SOPClassUID, sopClass], [TAG.SOPInstanceUID, sopInstance]] as const) {
    const index = indexOf(dataSet, tag);
    if (index < 0) additions.push({ tag, vr: 'UI', value: encodeText(value, 'UI'), rule: REQUIRED });
    else if (uid(tag) === '') replacements.set(index, encodeText(value, 'UI'));
  }
  return { instance: { sopClass, sopInstance, study: uid(TAG.StudyInstanceUID), series: uid(TAG.SeriesInstanceUID) }, additions };
}

/** From the File Meta Information, else from the data set's own bytes: the same for the same file. */
function missingUid({ dataSet, profile, pseudonyms, pixels }: Draft): string {
  const metaUid = metaText(dataSet, TAG.MediaStorageSOPInstanceUID);
  if (metaUid !== '') return profile.options.has('retain-uids') && !isNewInstance(pixels) ? metaUid : pseudonyms.uid(metaUid);
  const { source, start, end } = dataSet;
  const step = Math.max(SAMPLE, Math.floor((end - start) / SAMPLES));
  let fingerprint = `no UID\0${end - start}\0`;
  for (let at = start; at < end; at += step) fingerprint += byteString(source.read(at, Math.min(end, at + SAMPLE)));
  return pseudonyms.uid(fingerprint);
}
