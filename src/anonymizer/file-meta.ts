import { concat, encodeElement, encodeElements } from './dicom/encode.ts';
import { PLAIN_HOST } from './dicom/host.ts';
import { TAG } from './dicom/tag.ts';
import { Recent } from './recent.ts';

/** UUID-derived (PS3.5 B.2), made once for this program; the version follows in the name. */
const IMPLEMENTATION_CLASS_UID = '2.25.165427313893241437826452094812638574913';
export const IMPLEMENTATION_VERSION_NAME = 'DCMANON_0_1';

export interface FileMeta {
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly transferSyntax: string;
}

/**
 * Preamble of zeros, prefix and a new File Meta Information (PS3.10 7.1): nothing of the source's is in it, so that
 * AE titles, addresses and private information are gone (PS3.15 E.1.1).
 */
export function encodeFileMeta(meta: FileMeta, host = PLAIN_HOST): Uint8Array {
  const { sopClass, sopInstance, transferSyntax } = meta;
  // Pseudonyms have 43 or 44 characters, which are 44 bytes, and seldom fewer.
  const length = sopInstance.length + (sopInstance.length & 1);
  const known = templates.find((each) => each.length === length && each.sopClass === sopClass && each.transferSyntax === transferSyntax);
  const template = known ?? templates.add({ sopClass, transferSyntax, length, ...encoded(meta) });
  const bytes = template.bytes.slice();
  host.layText(bytes, template.instanceAt, sopInstance);
  if (length > sopInstance.length) bytes[template.instanceAt + sopInstance.length] = 0;
  return bytes;
}

const ENCODING = { implicit: false, littleEndian: true };
const PREFIX = new Uint8Array(132);
PREFIX.set([0x44, 0x49, 0x43, 0x4d], 128);
/** Tag, VR and length of a UID. */
const UID_HEADER = 8;

interface Template extends Omit<FileMeta, 'sopInstance'> {
  /** Bytes of the instance's UID, and where it stands. */
  readonly length: number;
  readonly instanceAt: number;
  readonly bytes: Uint8Array;
}

/** What was encoded before: files of one kind differ in the instance's UID alone. */
const templates = new Recent<Template>(8);

function encoded({ sopClass, sopInstance, transferSyntax }: FileMeta): { bytes: Uint8Array; instanceAt: number } {
  const before = encodeElements([
    { tag: TAG.FileMetaInformationVersion, vr: 'OB', value: [0, 1] },
    { tag: TAG.MediaStorageSOPClassUID, vr: 'UI', value: sopClass },
  ], ENCODING);
  const others = encodeElements([
    { tag: TAG.MediaStorageSOPInstanceUID, vr: 'UI', value: sopInstance },
    { tag: TAG.TransferSyntaxUID, vr: 'UI', value: transferSyntax },
    { tag: TAG.ImplementationClassUID, vr: 'UI', value: IMPLEMENTATION_CLASS_UID },
    { tag: TAG.ImplementationVersionName, vr: 'SH', value: IMPLEMENTATION_VERSION_NAME },
  ], ENCODING);
  const groupLength = encodeElement({ tag: TAG.FileMetaInformationGroupLength, vr: 'UL', value: [before.length + others.length] }, ENCODING);
  return { bytes: concat([PREFIX, groupLength, before, others]), instanceAt: PREFIX.length + groupLength.length + before.length + UID_HEADER };
}
