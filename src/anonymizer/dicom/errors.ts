import { formatTag, type Tag } from './tag.ts';

/** Why a file cannot be read or may not be written. The words are stable: reports and tests rely on them. */
export type RefusalCode =
  | 'not-dicom'
  | 'damaged'
  | 'limit'
  | 'unsupported-transfer-syntax'
  | 'private-sop-class'
  | 'unsupported-option'
  | 'unsafe'
  | 'still-identifying'
  | 'unverified';

/** A refusal with its place in the file. It never carries a value of the file. */
export class DicomError extends Error {
  override readonly name = 'DicomError';
  readonly code: RefusalCode;
  readonly tag: Tag | undefined;
  /** Byte offset in the file (in the inflated Data Set for a deflated file). */
  readonly offset: number | undefined;

  constructor(code: RefusalCode, message: string, place: { tag?: Tag | undefined; offset?: number | undefined } = {}) {
    const at = [
      place.tag === undefined ? '' : ` at ${formatTag(place.tag)}`,
      place.offset === undefined ? '' : `, offset ${place.offset}`,
    ].join('');
    super(`${message}${at}`);
    this.code = code;
    this.tag = place.tag;
    this.offset = place.offset;
  }
}
