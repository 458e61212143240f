import { type DataElement, indexOf } from './dicom/data-set.ts';
import { encodeText } from './dicom/encode.ts';
import { tagKey, type Tag, TAG } from './dicom/tag.ts';
import { isTime, shiftDate, shiftDateTime } from './dates.ts';
import { unpadded, valueText } from './dicom/values.ts';
import { MAX_CHARACTERS } from './dicom/vr.ts';
import { type Draft, encodingOf, topLevelText } from './draft.ts';
import { dummySequence, dummyValue } from './dummies.ts';
import { dummyDocument } from './encapsulated-document.ts';

/** Labels of things (subjects, specimens, devices) whose dummy stays the same for the same thing (PS3.15 E.1.1). */
const LABELS: ReadonlySet<Tag> = new Set([
  0x00081010, 0x00120020, 0x00120040, 0x00120042, 0x00181000, 0x00189367, 0x00189371, 0x0018700a, 0x00181003, 0x00400512, 0x00400551,
  0x00620020, 0x3010002d, 0x30020020,
]);

/** Letters and digits of a label's dummy: 60 bits. */
const LABEL_LENGTH = 12;

/** Action D: a value of non-zero length that says nothing, the same for the same thing where it labels one. */
export function dummyFor(draft: Draft, element: DataElement): Uint8Array {
  const { dataSet, pseudonyms } = draft;
  const { tag, vr } = element;
  const encoding = encodingOf(dataSet, element);
  if (vr === '') throw new Error('an Item has no value of its own');
  if (tag === TAG.PatientID || tag === TAG.AccessionNumber) return emptyOrPseudonym(draft, element);
  if (vr === 'SQ') return dummySequence(tag, layerOf(draft, element), encoding);
  if (vr === 'UI') return remapped(draft, element);
  if (tag === TAG.EncapsulatedDocument) return dummyDocument(topLevelText(dataSet, TAG.MIMETypeOfEncapsulatedDocument));
  const value = LABELS.has(tag) ? valueText(dataSet, element).trim() : '';
  if (value !== '') return encodeText(pseudonyms.code(tagKey(tag), value, LABEL_LENGTH), vr);
  return dummyValue(tag, vr, encoding);
}

/**
 * Action Z: zero length, but for what an archive files by: an empty Patient ID would merge patients, and Study ID and
 * Accession Number tie a study to its order (PS3.15 E.1.1).
 */
export function emptyOrPseudonym(draft: Draft, element: DataElement): Uint8Array {
  const { dataSet, pseudonyms, patient } = draft;
  const { tag, depth } = element;
  const value = element.vr === 'SQ' ? '' : valueText(dataSet, element).trim();
  switch (tag) {
    case TAG.PatientName:
      // Family and given name, since a name without components is a retired form (PS3.5 6.2.1).
      return depth === 0 ? encodeText(patientCode(draft, patient.identity).replace('ANON', 'ANON^'), 'PN') : new Uint8Array(0);
    case TAG.PatientID: {
      const isAnother = depth > 0 && value !== '' && value !== patient.id;
      return encodeText(patientCode(draft, isAnother ? `id\0${value}` : patient.identity), 'LO');
    }
    case TAG.AccessionNumber:
      return value === '' ? new Uint8Array(0) : encodeText(pseudonyms.code('accession', value, 16), 'SH');
    case 0x00200010: // Study ID, which is only unique beside its patient
      return value === '' ? new Uint8Array(0) : encodeText(pseudonyms.code('study-id', `${patient.identity}\0${value}`, LABEL_LENGTH), 'SH');
    default:
      return new Uint8Array(0);
  }
}

function patientCode({ pseudonyms }: Draft, identity: string): string {
  return `ANON${pseudonyms.code('patient', identity, LABEL_LENGTH)}`;
}

/** Action U: each UID of an instance mapped, registered ones and empty values as they are. */
export function remapped({ dataSet, pseudonyms }: Draft, element: DataElement): Uint8Array {
  const values = valueText(dataSet, element).split('\\').map((value) => unpadded(value).trim());
  return encodeText(values.map((value) => (value === '' ? '' : pseudonyms.uid(value))).join('\\'), 'UI');
}

/** A user's `remap` of what is no UID: a code that is the same for the same value of the same attribute. */
export function pseudonymFor({ dataSet, pseudonyms }: Draft, element: DataElement): Uint8Array {
  const vr = element.vr === '' || element.vr === 'SQ' ? 'LO' : element.vr;
  return encodeText(pseudonyms.code(tagKey(element.tag), valueText(dataSet, element).trim(), LABEL_LENGTH), vr);
}

/**
 * Dates, times and both moved by the patient's offset, times of day as they are (PS3.15 E.3.6). Undefined where a
 * value does not have the form of its VR: then it cannot be moved, and must not be kept.
 */
export function shifted(draft: Draft, element: DataElement): Uint8Array | undefined {
  const { dateOffsetDays } = draft.patient;
  const shift = (value: string): string | undefined => {
    if (value === '') return '';
    switch (element.vr) {
      case 'DA': return shiftDate(value, dateOffsetDays);
      case 'DT': return shiftDateTime(value, dateOffsetDays);
      default: return isTime(value) ? value : undefined;
    }
  };
  const values = valueText(draft.dataSet, element).split('\\').map((value) => shift(value.trim()));
  return values.includes(undefined) ? undefined : encodeText(values.join('\\'), 'DT');
}

/** Whether every value of a DA, DT or TM is one, so that it may be kept. */
export function isDateOrTime(draft: Draft, element: DataElement): boolean {
  return valueText(draft.dataSet, element).split('\\').every((value) => {
    const text = value.trim();
    return text === '' || (element.vr === 'DA' ? shiftDate(text, -1) : element.vr === 'DT' ? shiftDateTime(text, -1) : isTime(text) || undefined) !== undefined;
  });
}

/** Whether every value has the form of a UID (PS3.5 9.1). */
export function isUid({ dataSet }: Draft, element: DataElement): boolean {
  return valueText(dataSet, element).split('\\').every((value) => {
    const uid = unpadded(value);
    return uid === '' || (uid.length <= 64 && /^[0-2](?:\.(?:0|[1-9]\d*))*$/.test(uid));
  });
}

/** A user's value, cut to what the VR allows. */
export function chosenText(value: string, vr: DataElement['vr']): Uint8Array {
  if (vr === '' || vr === 'SQ') return new Uint8Array(0);
  return encodeText(value.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_CHARACTERS[vr] ?? 10240), vr);
}

/** The Graphic Layer of the first annotation, or of the first layer that is declared. */
function layerOf({ dataSet }: Draft, element: DataElement): string {
  const { elements } = dataSet;
  if (element.tag !== 0x00700001) return '';
  const layers = indexOf(dataSet, 0x00700060);
  const index = layers < 0 || elements[layers].next === layers + 1 ? -1 : indexOf(dataSet, 0x00700002, layers + 1);
  return index < 0 ? 'LAYER' : valueText(dataSet, elements[index]).trim().slice(0, 16).replace(/[^A-Z0-9_ ]/g, '_') || 'LAYER';
}
