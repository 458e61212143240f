import { type DataElement, type DataSet, indexOf } from '../dicom/data-set.ts';
import { privateElement } from '../dicom/private-dictionary.ts';
import { creatorTagOf, elementOf, groupOf, isGroupLength, isPrivate, isPrivateCreator, TAG, type Tag } from '../dicom/tag.ts';
import { valueText } from '../dicom/values.ts';
import { topLevelText } from '../draft.ts';
import { isTellingWidth } from '../pixels/device-rules.ts';
import { IMAGE } from '../pixels/image.ts';
import type { Plan } from '../plan.ts';

/**
 * How the value of an element may differ from slice to slice:
 * - `gone`: it is not in the result, and its VR names nobody
 * - `gone-uid`: a UID that is not in the result
 * - `gone-date`: a date or time that is not in the result; the day must be the same
 * - `kept`, `kept-text`: numbers that stay as they are, in bytes or in digits
 * - `remapped`: a UID with its pseudonym; `instance`, `series` and `study` are the SOP Instance UID itself and those above it
 */
export type Variable = 'gone' | 'gone-date' | 'kept' | 'kept-text' | UidVariable;
export type UidVariable = 'gone-uid' | 'remapped' | 'instance' | 'series' | 'study';

export function isUidVariable(variable: string): variable is UidVariable {
  return variable === 'gone-uid' || variable === 'remapped' || variable === 'instance' || variable === 'series' || variable === 'study';
}

/** Attributes of numbers that describe a slice among others, and that no decision but their own looks at (PS3.3 C.7.6, C.8). */
const NUMBERS: ReadonlySet<Tag> = new Set([
  0x00180050, 0x00180060, 0x00180080, 0x00180081, 0x00180082, 0x00180083, 0x00180084, 0x00180086, 0x00180088, 0x00180090, 0x00180093, 0x00180094, 0x00180095,
  0x00181060, 0x00181063, 0x00181088, 0x00181100, 0x00181120, 0x00181130, 0x00181150, 0x00181151, 0x00181152, 0x00181153, 0x00181170,
  0x00181242, 0x00181271, 0x00181272, 0x00181310, 0x00181314, 0x00181316, 0x00189073, 0x00189087, 0x00189305, 0x00189306, 0x00189307, 0x00189309, 0x00189310,
  0x00189311, 0x00189313, 0x00189318, 0x00189324, 0x00189327, 0x00189328, 0x00189330, 0x00189332, 0x00189345,
  0x00200011, 0x00200012, 0x00200013, 0x00200032, 0x00200037, 0x00200100, 0x00200105, 0x00200110, 0x00201002, 0x00201041, 0x00209057, 0x00209128, 0x00209153,
  0x00280106, 0x00280107, 0x00280120, 0x00281050, IMAGE.WindowWidth, 0x00281052, 0x00281053,
  0x00541300, 0x00541310, 0x00541311, 0x00541320, 0x00541321, 0x00541322, 0x00541323, 0x00541324, 0x00541330,
]);

/** Texts that are taken out and that nothing else looks at. */
const TEXTS: ReadonlySet<Tag> = new Set([0x00082111, 0x00204000, 0x00181400]);

/**
 * How the element at `index` may differ while everything else that was planned still holds; undefined where it must be
 * the same. Only what is known to be looked at by no other decision may differ: whatever is not listed may not.
 */
export function variableOf(plan: Plan, index: number): Variable | undefined {
  const { dataSet, rules, replacements } = plan;
  const element = dataSet.elements[index];
  const { tag, vr, encodedVr, depth } = element;
  if (element.isItem || vr === 'SQ' || element.undefinedLength || isPrivateCreator(tag) || groupOf(tag) === 0x0010) return undefined;
  // What stands in UN is opened where it parses.
  if ((encodedVr !== vr && !dataSet.transferSyntax.implicit) || (vr === 'UN' && !isOpaque(dataSet, element))) return undefined;
  const own = rules[index];
  if (own === undefined || own.action === 'X') return goneOf(element);
  switch (vr) {
    case 'UI':
      if (own.action !== 'U' || !replacements.has(index)) return undefined;
      if (depth === 0 && tag === TAG.StudyInstanceUID) return namesPatient(dataSet) ? 'study' : undefined;
      return depth > 0 ? 'remapped' : tag === TAG.SOPInstanceUID ? 'instance' : tag === TAG.SeriesInstanceUID ? 'series' : 'remapped';
    // These dummies do not depend on what they stand for.
    case 'DA': case 'DT': case 'TM':
      return (own.action === 'Z' || own.action === 'D') && replacements.has(index) ? goneOf(element) : undefined;
    case 'DS': case 'FD': case 'FL': case 'IS': case 'SL': case 'SS': case 'UL': case 'US':
      if (own.action !== 'K' || depth > 0 || !NUMBERS.has(tag) || replacements.has(index)) return undefined;
      if (tag === IMAGE.WindowWidth && (vr !== 'DS' || isTellingWidth(valueText(dataSet, element)))) return undefined;
      return vr === 'DS' || vr === 'IS' ? 'kept-text' : 'kept';
    default: return undefined;
  }
}

/** Without a Patient ID and a name the pseudonyms of the patient are made from the study. */
function namesPatient(dataSet: DataSet): boolean {
  return topLevelText(dataSet, TAG.PatientID) !== '' || topLevelText(dataSet, TAG.PatientName) !== '';
}

/** Whether no dictionary knows the element, so that it is never opened, whatever is in it (PS3.5 6.2.2 Note 2). */
function isOpaque(dataSet: DataSet, { tag, parent }: DataElement): boolean {
  if (!isPrivate(tag)) return false;
  const creator = indexOf(dataSet, creatorTagOf(tag), parent);
  return creator < 0 || privateElement(valueText(dataSet, dataSet.elements[creator]).trim(), tag) === undefined;
}

function goneOf({ tag, vr }: DataElement): Variable | undefined {
  switch (vr) {
    case 'UI': return 'gone-uid';
    case 'DA': case 'DT': return 'gone-date';
    case 'TM': return 'gone';
    case 'PN': return undefined;
    default: return TEXTS.has(tag) || isGroupLength(tag) || (isPrivate(tag) && elementOf(tag) >= 0x1000) ? 'gone' : undefined;
  }
}
