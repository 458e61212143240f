import type { DataElement } from './dicom/data-set.ts';
import { type Tag, TAG } from './dicom/tag.ts';
import { isRegisteredUid } from './dicom/uids.ts';
import { byteString, unpadded } from './dicom/values.ts';
import { isStringVr } from './dicom/vr.ts';
import { DUMMY_DATE, dummyText } from './dummies.ts';
import { ALPHABET } from './pseudonyms.ts';
import { areSame } from './same-bytes.ts';

/** The form of a pseudonym: digits and consonants as `Pseudonyms.code` makes them, never digits alone. */
const CODE = new RegExp(`^(?=.*[A-Z])[${ALPHABET}]+$`);
/** Of the patient; the name has a family name and a given name. */
const PATIENT = new RegExp(`^ANON\\^?[${ALPHABET}]{12}$`);

/** Lengths of the pseudonyms of numbers that a file may carry without a plan to compare with. */
const LENGTH_OF: ReadonlyMap<Tag, number> = new Map([[TAG.AccessionNumber, 16], [0x00200010, 12]]);

/**
 * Whether a UID is the standard's own, or of the form that `Pseudonyms.uid` makes: 2.25 and a UUID of version 8. A
 * device that makes UIDs from UUIDs uses other versions.
 */
export function isOwnUid(uid: string): boolean {
  if (uid === '' || isRegisteredUid(uid)) return true;
  if (!/^2\.25\.[1-9]\d{20,38}$/.test(uid)) return false;
  const uuid = BigInt(uid.slice(5));
  return uuid < 1n << 128n && ((uuid >> 76n) & 0xfn) === 8n && ((uuid >> 62n) & 3n) === 2n;
}

/**
 * Whether a value tells nothing: it is empty, or what this program puts in place of a value. A pseudonym is known by
 * its form, since the key is not.
 * @param replacement what a plan would put there, of another key
 */
export function isSaidByNobody(bytes: Uint8Array, { tag, vr }: Pick<DataElement, 'tag' | 'vr'>, replacement: Uint8Array | undefined): boolean {
  if (replacement !== undefined && areSame(replacement, bytes)) return true;
  if (vr === '' || vr === 'SQ') return false;
  if (!isStringVr(vr)) return bytes.every((byte) => byte === 0);
  const planned = replacement === undefined ? '' : textOf(replacement);
  return textOf(bytes).split('\\').every((value) => isEmptyDummyOrPseudonym(value.trim(), tag, dummyText(vr), planned));
}

function isEmptyDummyOrPseudonym(value: string, tag: Tag, dummy: string, planned: string): boolean {
  if (value === '' || value === dummy || value === DUMMY_DATE) return true;
  if (tag === TAG.PatientName || tag === TAG.PatientID) return PATIENT.test(value);
  const length = LENGTH_OF.get(tag) ?? (CODE.test(planned) ? planned.length : 0);
  return value.length === length && length >= 12 && CODE.test(value);
}

function textOf(bytes: Uint8Array): string {
  return unpadded(byteString(bytes));
}
