import { characterSetAt, decodeText } from './dicom/character-set.ts';
import type { DataSet } from './dicom/data-set.ts';
import { bytesOf } from './dicom/values.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** An original identifier and what stands in its place. This is what a result must never hold. */
export interface Pair {
  /**
   * What was replaced: `uid`; a patient, known by `patient-id`, `patient-name` (with the birth date) or `patient-study`;
   * `accession-number`, `study-id`; `date-offset`, days that were added to the dates of a patient; else the attribute,
   * as GGGGEEEE.
   */
  readonly kind: string;
  readonly original: string;
  readonly pseudonym: string;
}

/** Pseudonyms that remember what they were asked for. */
export interface RecordedPseudonyms extends Pseudonyms {
  /** The pairs since it was last asked, each once in a long while; texts by the character set of the Data Set. */
  take(dataSet: DataSet): Pair[];
  /** What was taken came to nothing: it is told again when it is met again. */
  forget(): void;
}

/** Letters and digits of a patient's code, as plans make it. */
const PATIENT_LENGTH = 12;
/** Pairs that are remembered as told; forgotten together when there are more, and then told twice. */
const MEMORY = 50_000;

/** @param movesDates whether the plans move dates, so that the number of days is worth telling */
export function recordPseudonyms(pseudonyms: Pseudonyms, movesDates: boolean): RecordedPseudonyms {
  let met = new Map<string, Pair>();
  const told = new Set<string>();
  const meet = (pair: Pair) => {
    const name = `${pair.kind}\0${pair.pseudonym}\0${pair.original}`;
    if (!told.has(name)) met.set(name, pair);
  };
  return {
    uid(original) {
      const pseudonym = pseudonyms.uid(original);
      // With a zero in it, it is made of other things than a UID of the source.
      if (pseudonym !== original && !original.includes('\0')) meet({ kind: 'uid', original, pseudonym });
      return pseudonym;
    },
    code(domain, value, length) {
      const code = pseudonyms.code(domain, value, length);
      const pair = pairOf(domain, value, code);
      if (pair !== undefined) meet(pair);
      return code;
    },
    dateOffsetDays(patient) {
      const days = pseudonyms.dateOffsetDays(patient);
      if (movesDates) meet({ kind: 'date-offset', original: String(days), pseudonym: `ANON${pseudonyms.code('patient', patient, PATIENT_LENGTH)}` });
      return days;
    },
    take(dataSet) {
      if (told.size + met.size > MEMORY) told.clear();
      for (const name of met.keys()) told.add(name);
      const pairs = [...met.values()];
      met = new Map();
      const characterSet = dataSet.elements.length === 0 ? '' : characterSetAt(dataSet, 0);
      return pairs.map((pair) => ({ ...pair, original: decodeText(bytesOf(pair.original), 'LO', characterSet) }));
    },
    forget() {
      told.clear();
      met = new Map();
    },
  };
}

/** By the domains that plans use; undefined for what stands for no identifier of its own. */
function pairOf(domain: string, value: string, code: string): Pair | undefined {
  switch (domain) {
    case 'patient': return { ...patientOf(value), pseudonym: `ANON${code}` };
    case 'accession': return { kind: 'accession-number', original: value, pseudonym: code };
    case 'study-id': return { kind: 'study-id', original: value.slice(value.lastIndexOf('\0') + 1), pseudonym: code };
    default: return /^[0-9A-Fa-f]{8}$/.test(domain) ? { kind: domain, original: value, pseudonym: code } : undefined;
  }
}

/** Patients are known by Patient ID, else by name and birth date, else by their study. */
function patientOf(identity: string): { kind: string; original: string } {
  const [by, value = '', birthDate = ''] = identity.split('\0');
  switch (by) {
    case 'id': return { kind: 'patient-id', original: value };
    case 'name': return { kind: 'patient-name', original: `${value} ${birthDate}`.trim() };
    default: return { kind: 'patient-study', original: value };
  }
}
