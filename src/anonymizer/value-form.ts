import type { DataElement } from './dicom/data-set.ts';
import { vrOfTag } from './dicom/dictionary.ts';
import { DicomError } from './dicom/errors.ts';
import { groupOf, isPrivate, TAG, type Tag } from './dicom/tag.ts';
import { byteString, unpaddedEnd } from './dicom/values.ts';
import { isStringVr, unitOf, type VR } from './dicom/vr.ts';
import { rule, type Rule } from './rules/rule.ts';

const NOT_A_NUMBER = rule('D', 'identifier', 'Not a number by its form, so it cannot be kept');
const NOT_A_CODE = rule('D', 'identifier', 'Holds a UID, as no coded string does, so it cannot be kept');
const NOT_A_TEXT = rule('D', 'identifier', 'Holds zeros, as no text does, so it cannot be kept');

/**
 * Attributes of binary numbers that may have more values than fit in 64 bytes (PS3.6, Value Multiplicity). A longer value of
 * any other such attribute is a length that lies: it may have swallowed the elements behind it.
 */
export const MANY_NUMBERS: ReadonlySet<Tag> = new Set([
  0x00080304, 0x00080306, 0x00081161, 0x00081162, 0x00186052, 0x00186054, 0x00186058, 0x0018605a, 0x00186060,
  0x00187056, 0x00187058, 0x00189079, 0x00189376, 0x00189377, 0x00189378, 0x00189442, 0x00189801, 0x00189938,
  0x00189939, 0x0018993a, 0x00205000, 0x00209157, 0x00209309, 0x0020930a, 0x00209518, 0x00220032, 0x00221646,
  0x00280009, 0x0028000a, 0x00280066, 0x00280070, 0x00280082, 0x00280404, 0x00280702, 0x00280721, 0x00286020,
  0x00286030, 0x00286040, 0x00286102, 0x00286110, 0x00289503, 0x00289506, 0x00289507, 0x00409212, 0x0040a0b0,
  0x0040a132, 0x0040a136, 0x0040a161, 0x0040a162, 0x0040a163, 0x0040a29a, 0x0040db73, 0x00540010, 0x00540020,
  0x00540030, 0x00540050, 0x00540060, 0x00540070, 0x00540080, 0x00540090, 0x00540100, 0x00603020, 0x0062000b,
  0x00660020, 0x00686350, 0x006864d0, 0x006a0010, 0x00700022, 0x0070030b, 0x00701205, 0x0070120c, 0x00720052,
  0x00720060, 0x00720074, 0x00720076, 0x00720078, 0x0072007a, 0x0072007c, 0x0072007e, 0x00720082, 0x00720083,
  0x00720212, 0x00720218, 0x00720432, 0x00780060, 0x00800006, 0x00800007, 0x04000020, 0x20400011, 0x2200000e,
  0x3002010f, 0x30080047, 0x300800a4, 0x300a02e6, 0x300a038f, 0x300a0394, 0x300a0396, 0x300a0399, 0x300a039b,
  0x300a039c, 0x300a0649, 0x300a064a, 0x300a079b, 0x30100099, 0x3010009a, 0x4010101d,
]);
const FEW = 64;

/**
 * @throws DicomError `damaged` for binary numbers that are far more than their attribute has, and would be kept unread
 */
export function checkMultiplicity({ tag, vr, length }: DataElement): void {
  if (length <= FEW || isPrivate(tag) || MANY_NUMBERS.has(tag) || unitOf(vr as VR) < 2 || !isNumbers(vr) || !isNumbers(vrOfTag(tag))) return;
  throw new DicomError('damaged', 'more values than the attribute can have', { tag });
}

function isNumbers(vr: VR | '' | undefined): boolean {
  return vr === 'US' || vr === 'SS' || vr === 'UL' || vr === 'SL' || vr === 'FL' || vr === 'FD' || vr === 'AT' || vr === 'SV' || vr === 'UV';
}

/**
 * The rule for a value that does not look like what it is said to be and might hold anything, so that it cannot stay:
 * a text in the place of a number, a text with zeros inside, as the headers of swallowed elements have, or a UID, even
 * a damaged one, in the place of a coded string (PS3.5 6.2: capitals, digits, spaces and underscores).
 * @throws DicomError `damaged` where nothing could stand in its place: character sets, and what describes the pixels
 */
export function formlessRule(tag: Tag, vr: VR, bytes: Uint8Array): Rule | undefined {
  if (tag === TAG.SpecificCharacterSet && !isCharacterSet(bytes)) throw new DicomError('damaged', 'no Specific Character Set by its form', { tag });
  if ((vr === 'DS' || vr === 'IS') && !bytes.every((byte) => byte === 0 || isOfNumber(byte))) return NOT_A_NUMBER;
  if (vr === 'CS' && UID.test(byteString(bytes))) {
    if (groupOf(tag) === 0x0028) throw new DicomError('damaged', 'a UID inside a coded string', { tag });
    return NOT_A_CODE;
  }
  if (!isStringVr(vr) || !hasZeroInside(bytes)) return undefined;
  if (groupOf(tag) === 0x0028) throw new DicomError('damaged', 'zeros inside a text', { tag });
  return NOT_A_TEXT;
}

/** More components than numbers and versions have. */
const UID = /\d(?:\.\d+){4}/;

/** By byte. */
const NUMBER = Uint8Array.from({ length: 256 }, (_, byte) => Number('0123456789+-.eE \\'.includes(String.fromCharCode(byte))));

/** Whether DS and IS are written with this byte (PS3.5 6.2); zeros are padding. */
export function isOfNumber(byte: number): boolean {
  return NUMBER[byte] === 1;
}

/** Defined terms, and what devices write for them; never longer than a CS (PS3.5 6.2, PS3.3 C.12.1.1.2). */
function isCharacterSet(bytes: Uint8Array): boolean {
  return byteString(bytes).split('\\').every((term) => /^[\w .:-]{0,16}[ \0]*$/.test(term));
}

/** Zeros at the end are padding. */
function hasZeroInside(bytes: Uint8Array): boolean {
  const zero = bytes.indexOf(0);
  return zero >= 0 && zero < unpaddedEnd(bytes, 0, bytes.length);
}
