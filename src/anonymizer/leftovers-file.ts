import type { DataSet } from './dicom/data-set.ts';
import { formatTag, TAG, type Tag } from './dicom/tag.ts';
import { metaText, topLevelText } from './draft.ts';
import type { Leftover } from './leftovers.ts';
import { isOwnUid } from './own-values.ts';
import type { Profile } from './profile.ts';

/** The File Meta Information that says how a file is encoded, and nothing of where it comes from (PS3.10 7.1). */
const META: ReadonlySet<Tag> = new Set([
  TAG.FileMetaInformationGroupLength, TAG.FileMetaInformationVersion, TAG.MediaStorageSOPClassUID, TAG.MediaStorageSOPInstanceUID,
  TAG.TransferSyntaxUID, TAG.ImplementationClassUID, TAG.ImplementationVersionName,
]);

const PREAMBLE = 128;

/** Bytes after the last element that are looked at. */
const MAX_TRAILING = 1 << 20;

/** What identifies outside the Data Set proper, and the record of the de-identification that is not there (PS3.15 E.1.1). */
export function fileLeftovers(dataSet: DataSet, { options }: Profile, isDirectory: boolean): Leftover[] {
  const found: Leftover[] = [];
  const add = (tag: Tag | undefined, text: string) => found.push({ tag, path: tag === undefined ? '' : formatTag(tag), text, args: [] });
  if (hasPreamble(dataSet)) add(undefined, 'The preamble is not empty, and anything may stand in it');
  for (const { tag, length } of dataSet.meta) if (!META.has(tag) && length > 0) add(tag, 'File Meta Information of the source is left');
  const instance = metaText(dataSet, TAG.MediaStorageSOPInstanceUID);
  if (!options.has('retain-uids') && !isOwnUid(instance)) add(TAG.MediaStorageSOPInstanceUID, 'The UID of the source is left');
  if (!isDirectory && topLevelText(dataSet, TAG.PatientIdentityRemoved) !== 'YES') add(TAG.PatientIdentityRemoved, 'It does not say YES: nothing says that this file was de-identified');
  if (hasTrailingBytes(dataSet)) add(undefined, 'Bytes follow the last Data Element, and anything may stand in them');
  return found;
}

function hasPreamble({ metaSource, meta }: DataSet): boolean {
  if (meta.length === 0 || meta[0].start < PREAMBLE + 4) return false;
  return metaSource.read(0, PREAMBLE).some((byte) => byte !== 0);
}

function hasTrailingBytes({ source, end }: DataSet): boolean {
  return source.read(end, Math.min(source.size, end + MAX_TRAILING)).some((byte) => byte !== 0);
}
