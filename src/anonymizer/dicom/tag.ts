/** A Data Element Tag as one unsigned 32-bit number: group in the high half, element in the low half (PS3.5 7.1). */
export type Tag = number;

/** Tags that the code itself needs to know; everything else is data in `rules/`. */
export const TAG = {
  FileMetaInformationGroupLength: 0x00020000,
  FileMetaInformationVersion: 0x00020001,
  MediaStorageSOPClassUID: 0x00020002,
  MediaStorageSOPInstanceUID: 0x00020003,
  TransferSyntaxUID: 0x00020010,
  ImplementationClassUID: 0x00020012,
  ImplementationVersionName: 0x00020013,
  SpecificCharacterSet: 0x00080005,
  ImageType: 0x00080008,
  SOPClassUID: 0x00080016,
  SOPInstanceUID: 0x00080018,
  StudyDate: 0x00080020,
  StudyTime: 0x00080030,
  AccessionNumber: 0x00080050,
  Modality: 0x00080060,
  CodeValue: 0x00080100,
  CodingSchemeDesignator: 0x00080102,
  CodeMeaning: 0x00080104,
  LongCodeValue: 0x00080119,
  ReferencedSOPClassUID: 0x00081150,
  ReferencedSOPInstanceUID: 0x00081155,
  PrivateDataElementCharacteristicsSequence: 0x00080300,
  PatientName: 0x00100010,
  PatientID: 0x00100020,
  IssuerOfPatientID: 0x00100021,
  PatientBirthDate: 0x00100030,
  PatientIdentityRemoved: 0x00120062,
  DeidentificationMethod: 0x00120063,
  DeidentificationMethodCodeSequence: 0x00120064,
  StudyInstanceUID: 0x0020000d,
  SeriesInstanceUID: 0x0020000e,
  BurnedInAnnotation: 0x00280301,
  LongitudinalTemporalInformationModified: 0x00280303,
  ValueType: 0x0040a040,
  ConceptNameCodeSequence: 0x0040a043,
  ContentSequence: 0x0040a730,
  EncapsulatedDocument: 0x00420011,
  MIMETypeOfEncapsulatedDocument: 0x00420012,
  EncapsulatedDocumentLength: 0x00420015,
  PixelData: 0x7fe00010,
  Item: 0xfffee000,
  ItemDelimitationItem: 0xfffee00d,
  SequenceDelimitationItem: 0xfffee0dd,
} as const satisfies Record<string, Tag>;

export function tagOf(group: number, element: number): Tag {
  return group * 0x10000 + element;
}

export function groupOf(tag: Tag): number {
  return tag >>> 16;
}

export function elementOf(tag: Tag): number {
  return tag & 0xffff;
}

/** `(GGGG,EEEE)`, upper case, as the standard writes it. */
export function formatTag(tag: Tag): string {
  const hex = tagKey(tag);
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}

/** Eight upper-case hexadecimal digits, the form of the data files and of profile files. */
export function tagKey(tag: Tag): string {
  return (tag >>> 0).toString(16).toUpperCase().padStart(8, '0');
}

/** Odd group: private (PS3.5 7.8). Groups 0001 to 0007 and FFFF are illegal and are treated the same. */
export function isPrivate(tag: Tag): boolean {
  return (tag & 0x10000) !== 0;
}

/** (gggg,0010) to (gggg,00FF) of an odd group: reserves a block of private elements (PS3.5 7.8.1). */
export function isPrivateCreator(tag: Tag): boolean {
  return isPrivate(tag) && elementOf(tag) >= 0x10 && elementOf(tag) <= 0xff;
}

/** (gggg,0000), retired but in group 0002 (PS3.5 7.2). */
export function isGroupLength(tag: Tag): boolean {
  return (tag & 0xffff) === 0;
}

/** The tag of the Private Creator that reserves the block of a private element. */
export function creatorTagOf(tag: Tag): Tag {
  return tagOf(groupOf(tag), elementOf(tag) >>> 8);
}
