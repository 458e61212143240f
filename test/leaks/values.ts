import type { ElementToWrite } from '../../src/anonymizer/dicom/encode.ts';
import type { VR } from '../../src/anonymizer/dicom/vr.ts';
import { encodeIn, hasIdeographs, utf8 } from './charsets.ts';
import { makeDate, makeLabel, makeName, nameParts, nameValue } from './people.ts';
import type { Place } from './planted.ts';
import { makeSentence, type Telling } from './texts.ts';

/** A value to be written, and what of it identifies. */
export interface Value {
  readonly value: ElementToWrite['value'];
  readonly secrets: readonly string[];
  readonly benign: readonly string[];
}

const LONGEST: Partial<Record<VR, number>> = { SH: 16, LO: 64, CS: 16, AE: 16, ST: 900, LT: 1500, UT: 2500, UC: 400 };

/** VRs in which a sentence can stand. */
export function holdsSentences(vr: VR): boolean {
  return vr === 'SH' || vr === 'LO' || vr === 'ST' || vr === 'LT' || vr === 'UT' || vr === 'UC';
}

/** A text with identifiers of the patient in it. */
export function sentenceValue({ random, patient, set, uids }: Place, vr: VR, telling: Telling = 'anything'): Value {
  const separator = (vr === 'LO' || vr === 'SH' || vr === 'UC') && random.chance(0.15) ? '\\' : ', ';
  const { text, secrets, benign } = makeSentence(random, { patient, set, max: LONGEST[vr] ?? 64, telling, uid: uids.study, separator });
  if (secrets.length > 0) return { value: encodeIn(set, text), secrets, benign };
  const { family } = patient.name;
  return { value: encodeIn(set, family.slice(0, LONGEST[vr])), secrets: [family], benign: [] };
}

/** A value of its own that stands nowhere else in the study. */
export function secretValue(place: Place, vr: VR): Value {
  const { random, set, patient } = place;
  const text = (value: string): Value => ({ value, secrets: [value], benign: [] });
  const number = (value: number): Value => ({ value: [value], secrets: [], benign: [] });
  switch (vr) {
    case 'PN': {
      const withIdeographs = hasIdeographs(set);
      const names = Array.from({ length: random.chance(0.15) ? 2 : 1 }, () => makeName(random, patient.locale));
      const secrets = names.flatMap((name) => nameParts(withIdeographs ? name : { family: name.family, given: name.given }));
      return { value: encodeIn(set, names.map((name) => nameValue(name, withIdeographs)).join('\\')), secrets, benign: [] };
    }
    case 'UI': return text(makeUid(place));
    case 'DA': return text(makeDate(random, 1910, 2024));
    case 'DT': {
      const date = makeDate(random, 1910, 2024);
      return { value: date + random.pick(['', `${random.between(10, 23)}4512`, `${random.between(10, 23)}3015.${random.digits(6)}`, '101500+0200']), secrets: [date], benign: [] };
    }
    case 'TM': return text(`${random.between(10, 23)}${random.between(10, 59)}${random.between(10, 59)}.${random.digits(6)}`);
    case 'AS': return { value: `0${random.between(10, 99)}Y`, secrets: [], benign: [] };
    case 'DS': return text(`${random.digits(2)}.${random.digits(6)}`);
    case 'IS': return text(random.digits(8));
    case 'CS': return text(random.letters(13));
    case 'AE': return text(makeLabel(random, 15));
    case 'SH': return text(makeLabel(random, 15));
    case 'UR': return text(`https://${makeLabel(random, 14).toLowerCase()}.invalid/${random.digits(6)}`);
    case 'LO': {
      const labels = Array.from({ length: random.chance(0.15) ? 2 : 1 }, () => makeLabel(random, 20));
      return { value: labels.join('\\'), secrets: labels, benign: [] };
    }
    case 'ST': case 'LT': case 'UC': case 'UT': return text(makeLabel(random, 20));
    case 'OB': case 'UN': {
      const word = makeLabel(random, 18);
      return { value: utf8(word), secrets: [word], benign: [] };
    }
    case 'OW': case 'OF': case 'OD': case 'OL': case 'OV': case 'SV': case 'UV': {
      const word = makeLabel(random, 16);
      return { value: utf8(word.padEnd(16, 'X')), secrets: [word], benign: [] };
    }
    case 'FL': case 'FD': return number(random.between(1, 90) + 0.5);
    case 'AT': return number(0x00100020);
    case 'SQ': return { value: [], secrets: [], benign: [] };
    default: return number(random.between(1, 30000));
  }
}

/** A value that identifies nobody; undefined where the VR has none to show. */
export function benignValue({ random }: Place, vr: VR): ElementToWrite['value'] | undefined {
  switch (vr) {
    case 'CS': return random.pick(['AXIAL', 'HFS', 'ORIGINAL', 'PRIMARY', 'YES', 'NO', 'FRONT']);
    case 'DS': return `${random.between(1, 99)}.${random.between(1, 9)}`;
    case 'IS': return String(random.between(1, 512));
    case 'US': case 'UL': case 'SS': case 'SL': return [random.between(1, 512)];
    case 'FL': case 'FD': return [random.between(1, 99) / 4];
    case 'AT': return [0x00280010];
    default: return undefined;
  }
}

/** Of a form that devices write, under roots that nobody owns. */
export function makeUid({ random }: Pick<Place, 'random'>): string {
  return random.pick([`1.2.276.0.99.${random.digits(7)}.${random.digits(9)}.${random.digits(4)}`, `2.25.${random.digits(37)}`, `1.3.12.2.1107.5.99.${random.digits(5)}.3000000${random.digits(14)}`]);
}
