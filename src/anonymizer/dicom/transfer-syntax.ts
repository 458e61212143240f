import { DicomError } from './errors.ts';

/** How a Data Set is encoded (PS3.5 Annex A). */
export interface TransferSyntax {
  readonly uid: string;
  readonly implicit: boolean;
  readonly littleEndian: boolean;
  /** The Data Set is one zlib-less deflate stream (PS3.5 A.5). */
  readonly deflated: boolean;
  /** Pixel Data is encapsulated in fragments (PS3.5 A.4). */
  readonly encapsulated: boolean;
}

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

const DEFLATED = new Set(['1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.4.95', '1.2.840.10008.1.2.4.205']);
/** Pixel data by reference (JPIP): nothing is encapsulated. */
const NATIVE = new Set([EXPLICIT_LITTLE_ENDIAN, '1.2.840.10008.1.2.4.94', '1.2.840.10008.1.2.4.204', ...DEFLATED]);
const VIDEO = /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/;

/** MPEG-2, H.264 and H.265, which cannot be cleaned frame by frame. */
export function isVideo(syntax: TransferSyntax): boolean {
  return VIDEO.test(syntax.uid);
}

/**
 * The encoding that a Transfer Syntax UID stands for.
 * @throws DicomError `unsupported-transfer-syntax` for private syntaxes and for those of real-time video (PS3.22)
 */
export function transferSyntaxOf(uid: string): TransferSyntax {
  if (uid === IMPLICIT_LITTLE_ENDIAN) return { uid, implicit: true, littleEndian: true, deflated: false, encapsulated: false };
  if (uid === EXPLICIT_BIG_ENDIAN) return { uid, implicit: false, littleEndian: false, deflated: false, encapsulated: false };
  if (!/^1\.2\.840\.10008\.1\.2\.(1|4|5|6|8)(\.\d+)*$/.test(uid)) {
    throw new DicomError('unsupported-transfer-syntax', 'private or unknown Transfer Syntax');
  }
  return { uid, implicit: false, littleEndian: true, deflated: DEFLATED.has(uid), encapsulated: !NATIVE.has(uid) };
}
