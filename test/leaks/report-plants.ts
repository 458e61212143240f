import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import type { VR } from '../../src/anonymizer/dicom/vr.ts';
import { code, element, reference } from '../../src/sample/part10.ts';
import { type FixtureElement, type FixtureItem, item, sequence } from '../fixtures/data-set.ts';
import type { Plant } from './plant.ts';
import { nameValue } from './people.ts';
import { encodeIn } from './charsets.ts';
import type { Place, Planted } from './planted.ts';
import { CONCEPTS, type Concept, rowOf } from './standard.ts';
import { makeUid, secretValue, sentenceValue, type Value } from './values.ts';

const VALUE_TAG: Readonly<Record<string, number>> = {
  TEXT: 0x0040a160, PNAME: 0x0040a123, DATE: 0x0040a121, TIME: 0x0040a122, DATETIME: 0x0040a120, UIDREF: 0x0040a124,
  CODE: 0x0040a168, NUM: 0x0040a300, IMAGE: 0x00081199, COMPOSITE: 0x00081199, WAVEFORM: 0x00081199,
};

const VALUE_VR: Readonly<Record<string, VR>> = { TEXT: 'UT', PNAME: 'PN', DATE: 'DA', TIME: 'TM', DATETIME: 'DT', UIDREF: 'UI' };

/** Content items of concepts that Table E.3.4-1 does not list, and that stand in every report. */
const OTHERS: readonly Concept[] = [
  ['121072', 'TEXT', 'Impressions'], ['121401', 'NUM', 'Derivation'], ['121139', 'NUM', 'Number of Areas'],
  ['121117', 'CODE', 'Views'], ['111026', 'UIDREF', 'Reference of nothing'], ['111517', 'PNAME', 'Previously Reported By'],
].map(([code_, valueType, meaning]) => ({ scheme: 'DCM', code: code_, valueType, basic: '', options: {}, meaning }));

/**
 * A Content Sequence with every concept of Table E.3.4-1 once, others between them, some inside containers
 * (PS3.3 C.17.3, PS3.15 E.3.4). Items are found again by their concept, since others may go.
 */
export function plantContent(place: Place): Plant {
  const { random } = place;
  const known = random.shuffled([...CONCEPTS.filter(({ valueType }) => valueType in VALUE_TAG), ...OTHERS]);
  const items: FixtureItem[] = [];
  const planted: Planted[] = [];
  const seen = new Set<string>();
  for (const concept of known) {
    const key = `${concept.scheme} ${concept.code}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const made = contentItem(place, concept);
    items.push(item(made.elements, random.chance(0.5) ? 'defined' : 'undefined'));
    planted.push(made.planted);
  }
  const third = Math.floor(items.length / 3);
  const container = item([
    element(0x0040a010, 'CS', 'CONTAINS'), element(TAG.ValueType, 'CS', 'CONTAINER'), element(TAG.ConceptNameCodeSequence, 'SQ', [code('121070', 'DCM', 'Findings')]),
    element(0x0040a050, 'CS', 'SEPARATE'), sequence(TAG.ContentSequence, [...items.slice(0, third)]),
  ]);
  return { element: sequence(TAG.ContentSequence, [container, ...items.slice(third)]), planted: [sequenceKey(), ...planted] };
}

function sequenceKey(): Planted {
  return { path: [TAG.ContentSequence], vr: 'SQ', label: '0040A730', origin: 'table', content: 'items', row: rowOf(TAG.ContentSequence), secrets: [], benign: [] };
}

function contentItem(place: Place, concept: Concept): { elements: FixtureElement[]; planted: Planted } {
  const { value, content, tag } = valueOf(place, concept);
  return {
    elements: [
      ...(tag === 0x00081199 ? [element(tag, 'SQ', [reference('1.2.840.10008.5.1.4.1.1.2', String(value.value))])] : []),
      element(0x0040a010, 'CS', 'CONTAINS'),
      element(TAG.ValueType, 'CS', concept.valueType),
      element(TAG.ConceptNameCodeSequence, 'SQ', [code(concept.code, concept.scheme, concept.meaning.slice(0, 60))]),
      ...valueElements(tag, concept, value),
    ],
    planted: {
      path: [TAG.ContentSequence, 0, tag], vr: VALUE_VR[concept.valueType] ?? 'LO', label: `${concept.scheme} ${concept.code} ${concept.valueType}`, origin: 'concept', content,
      concept, secrets: value.secrets, benign: value.benign,
    },
  };
}

function valueElements(tag: number, { valueType }: Concept, value: Value): FixtureElement[] {
  switch (valueType) {
    case 'TEXT': return [element(tag, 'UT', value.value)];
    case 'PNAME': return [element(tag, 'PN', value.value)];
    case 'DATE': return [element(tag, 'DA', value.value)];
    case 'TIME': return [element(tag, 'TM', value.value)];
    case 'DATETIME': return [element(tag, 'DT', value.value)];
    case 'UIDREF': return [element(tag, 'UI', value.value)];
    case 'CODE': return [element(tag, 'SQ', [[element(TAG.CodeValue, 'SH', '1234'), element(TAG.CodingSchemeDesignator, 'SH', '99BENCH'), element(TAG.CodeMeaning, 'LO', value.value)]])];
    case 'NUM': return [element(tag, 'SQ', [[element(0x004008ea, 'SQ', [code('mm', 'UCUM', 'millimeter')]), element(0x0040a30a, 'DS', value.value)]])];
    default: return [];
  }
}

function valueOf(place: Place, concept: Concept): { value: Value; content: 'secret' | 'sentence'; tag: number } {
  const tag = VALUE_TAG[concept.valueType];
  const secret = (value: Value) => ({ value, content: 'secret' as const, tag });
  // What an option keeps as it is must be a value that this option is for.
  const isKept = Object.values(concept.options).includes('K');
  switch (concept.valueType) {
    case 'TEXT': return isKept ? secret(secretValue(place, 'UT')) : { value: sentenceValue(place, 'UT'), content: 'sentence', tag };
    case 'PNAME': return concept.code === '121029' ? secret(ownName(place)) : secret(secretValue(place, 'PN'));
    case 'DATE': return secret(secretValue(place, 'DA'));
    case 'TIME': return secret(secretValue(place, 'TM'));
    case 'DATETIME': return secret(secretValue(place, 'DT'));
    case 'CODE': return isKept ? secret(secretValue(place, 'LO')) : { value: sentenceValue(place, 'LO', 'known'), content: 'sentence', tag };
    case 'NUM': return secret(secretValue(place, 'DS'));
    default: {
      const uid = makeUid(place);
      return secret({ value: uid, secrets: [uid], benign: [] });
    }
  }
}

/** Subject Name: the patient's own. */
function ownName({ patient, set }: Place): Value {
  return { value: encodeIn(set, nameValue({ family: patient.name.family, given: patient.name.given }, false)), secrets: [patient.name.family, patient.name.given], benign: [] };
}
