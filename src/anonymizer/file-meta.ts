import { concat, encodeElement, encodeElements } from './dicom/encode.ts';
import { TAG } from './dicom/tag.ts';

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
export function encodeFileMeta({ sopClass, sopInstance, transferSyntax }: FileMeta): Uint8Array {
  const { before, after } = framed(sopClass, transferSyntax);
  const instance = encodeElement({ tag: TAG.MediaStorageSOPInstanceUID, vr: 'UI', value: sopInstance }, ENCODING);
  const length = before.length + instance.length + after.length;
  return concat([PREFIX, encodeElement({ tag: TAG.FileMetaInformationGroupLength, vr: 'UL', value: [length] }, ENCODING), before, instance, after]);
}

const ENCODING = { implicit: false, littleEndian: true };
const PREFIX = new Uint8Array(132);
PREFIX.set([0x44, 0x49, 0x43, 0x4d], 128);

/** What stands around the instance's UID: the same for all files of a kind. */
interface Frame {
  readonly kind: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

let last: Frame | undefined;

function framed(sopClass: string, transferSyntax: string): Frame {
  const kind = `${sopClass} ${transferSyntax}`;
  if (last?.kind === kind) return last;
  last = {
    kind,
    before: encodeElements([
      { tag: TAG.FileMetaInformationVersion, vr: 'OB', value: [0, 1] },
      { tag: TAG.MediaStorageSOPClassUID, vr: 'UI', value: sopClass },
    ], ENCODING),
    after: encodeElements([
      { tag: TAG.TransferSyntaxUID, vr: 'UI', value: transferSyntax },
      { tag: TAG.ImplementationClassUID, vr: 'UI', value: IMPLEMENTATION_CLASS_UID },
      { tag: TAG.ImplementationVersionName, vr: 'SH', value: IMPLEMENTATION_VERSION_NAME },
    ], ENCODING),
  };
  return last;
}
