import { type DataElement, type DataSet, indexOf } from './dicom/data-set.ts';
import type { Encoding } from './dicom/encode.ts';
import { type Tag, TAG } from './dicom/tag.ts';
import { byteString, unpadded, valueText } from './dicom/values.ts';
import type { Addition, PixelsPlan, Redaction, Warning } from './plan.ts';
import type { Profile } from './profile.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { Rule } from './rules/rule.ts';

/** A Plan while it is made. */
export interface Draft {
  readonly dataSet: DataSet;
  readonly profile: Profile;
  readonly pseudonyms: Pseudonyms;
  readonly patient: Patient;
  readonly rules: (Rule | undefined)[];
  readonly replacements: Map<number, Uint8Array>;
  readonly redactions: Redaction[];
  readonly warnings: Warning[];
  /** Texts to be cleaned once all identifiers of the data set are known. */
  readonly textsToClean: number[];
  /** Under Clean Pixel Data, and the attributes that come with clean pixels. */
  pixels?: { readonly plan: PixelsPlan; readonly additions: readonly Addition[] } | undefined;
}

/** Who the data set is about, as far as pseudonyms need it. */
export interface Patient {
  /** (0010,0020) at the top level; may be empty. */
  readonly id: string;
  /** What the pseudonyms of the patient are made from; never empty. */
  readonly identity: string;
  /** Whole days to add to every date under Modified Dates. */
  readonly dateOffsetDays: number;
}

/**
 * The patient by Patient ID, whose issuer some devices write and others do not; without an ID by name and birth date,
 * else by the study, so that nobody's images are merged with somebody else's.
 */
export function patientOf(dataSet: DataSet, pseudonyms: Pseudonyms): Patient {
  const text = (tag: Tag) => topLevelText(dataSet, tag);
  const id = text(TAG.PatientID);
  const name = text(TAG.PatientName);
  const identity =
    id !== '' ? `id\0${id}`
    : name !== '' ? `name\0${name}\0${text(TAG.PatientBirthDate)}`
    : `study\0${text(TAG.StudyInstanceUID)}`;
  return { id, identity, dateOffsetDays: pseudonyms.dateOffsetDays(identity) };
}

/** The first value's text of a top-level element without padding; empty where there is none. */
export function topLevelText(dataSet: DataSet, tag: Tag): string {
  const index = indexOf(dataSet, tag);
  return index < 0 ? '' : valueText(dataSet, dataSet.elements[index]).trim();
}

/** The text of an element of the File Meta Information without padding; empty where there is none. */
export function metaText({ meta, metaSource }: DataSet, tag: Tag): string {
  const element = meta.find((other) => other.tag === tag);
  return element === undefined ? '' : unpadded(byteString(metaSource.read(element.valueStart, element.valueEnd))).trim();
}

/** How the bytes inside an element are laid down; a known tag in UN is written with its own VR. */
export function encodingOf(dataSet: DataSet, element: DataElement): Encoding {
  if (dataSet.transferSyntax.implicit) return { implicit: true, littleEndian: true };
  const insideUn = element.parent >= 0 && dataSet.elements[element.parent].implicit;
  return { implicit: insideUn, littleEndian: insideUn || dataSet.littleEndian };
}

export function pathOf(dataSet: DataSet, index: number): Tag[] {
  const path: Tag[] = [];
  for (let i = index; i >= 0; i = dataSet.elements[i].parent) if (!dataSet.elements[i].isItem) path.push(dataSet.elements[i].tag);
  return path.reverse();
}
