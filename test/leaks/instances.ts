import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import type { VR } from '../../src/anonymizer/dicom/vr.ts';
import type { ElementToWrite } from '../../src/anonymizer/dicom/encode.ts';
import { element, reference } from '../../src/sample/part10.ts';
import { type FixtureElement, item, sequence } from '../fixtures/data-set.ts';
import type { Plant } from './plant.ts';
import { plantContent } from './report-plants.ts';
import type { Place } from './planted.ts';
import { hexOf } from './standard.ts';

/** What stands in the pixels, if any. */
export type Bulk = 'grey' | 'float' | 'none';

/** A kind of instance: its class, and what it must keep to be of use. */
export interface Kind {
  readonly name: string;
  readonly sopClass: string;
  readonly modality: string;
  readonly bulk: Bulk;
  readonly own: (place: Place) => Plant[];
}

const ROOT = '1.2.840.10008.5.1.4.1.1.';

/** Elements that identify nobody and must come through as they are. */
function kept(...list: readonly [tag: number, vr: VR, value: ElementToWrite['value']][]): Plant[] {
  return list.map(([tag, vr, value]) => keptElement(element(tag, vr, value), vr));
}

function keptElement(written: FixtureElement, vr: VR): Plant {
  return { element: written, planted: [{ path: [written.tag], vr, label: hexOf(written.tag), origin: 'unlisted', content: vr === 'SQ' ? 'items' : 'benign', secrets: [], benign: [] }] };
}

/** A Sequence that stays, whose one Item has elements that stay. */
function group(tag: number, ...inside: readonly Plant[]): Plant {
  return {
    element: sequence(tag, [item(inside.map((each) => each.element))]),
    planted: [
      { path: [tag], vr: 'SQ', label: hexOf(tag), origin: 'unlisted', content: 'items', secrets: [], benign: [] },
      ...inside.flatMap((each) => each.planted).map((each) => ({ ...each, path: [tag, 0, ...each.path] })),
    ],
  };
}

const PIXELS: readonly [number, VR, ElementToWrite['value']][] = [
  [0x00280002, 'US', [1]], [0x00280004, 'CS', 'MONOCHROME2'], [0x00280010, 'US', [16]], [0x00280011, 'US', [16]],
  [0x00280100, 'US', [16]], [0x00280101, 'US', [12]], [0x00280102, 'US', [11]], [0x00280103, 'US', [0]],
];
const GEOMETRY: readonly [number, VR, ElementToWrite['value']][] = [
  [0x00180050, 'DS', '2.5'], [0x00185100, 'CS', 'HFS'], [0x00200032, 'DS', '-120.5\\-98.25\\44'], [0x00200037, 'DS', '1\\0\\0\\0\\1\\0'], [0x00201041, 'DS', '44'], [0x00280030, 'DS', '0.75\\0.75'],
];

const image = (...more: readonly [number, VR, ElementToWrite['value']][]) => () => kept(...PIXELS, ...GEOMETRY, ...more);
const frames = () => [
  ...kept(...PIXELS, [0x00280008, 'IS', '1']),
  group(0x52009229, group(0x00289110, ...kept([0x00180050, 'DS', '3'], [0x00280030, 'DS', '0.5\\0.5'])), group(0x00209116, ...kept([0x00200037, 'DS', '1\\0\\0\\0\\1\\0']))),
  group(0x52009230, group(0x00209113, ...kept([0x00200032, 'DS', '-1\\-2\\-3'])), group(0x00209111, ...kept([0x00209157, 'UL', [1, 1]]))),
];
const report = (place: Place) => [plantContent(place), ...kept([TAG.ValueType, 'CS', 'CONTAINER'], [0x0040a050, 'CS', 'SEPARATE'], [0x0040a491, 'CS', 'COMPLETE'], [0x0040a493, 'CS', 'UNVERIFIED'])];
const none = () => [];

/** One of many SOP Classes: images, reports, presentation, radiotherapy, segmentation, documents, waveforms. */
export const KINDS: readonly Kind[] = [
  { name: 'CT', sopClass: `${ROOT}2`, modality: 'CT', bulk: 'grey', own: image([0x00180060, 'DS', '120'], [0x00281052, 'DS', '-1024'], [0x00281053, 'DS', '1'], [0x00281054, 'LO', 'HU']) },
  { name: 'SR basic text', sopClass: `${ROOT}88.11`, modality: 'SR', bulk: 'none', own: report },
  { name: 'MR', sopClass: `${ROOT}4`, modality: 'MR', bulk: 'grey', own: image([0x00180020, 'CS', 'SE'], [0x00180080, 'DS', '550'], [0x00180081, 'DS', '12'], [0x00180087, 'DS', '1.5']) },
  { name: 'US', sopClass: `${ROOT}6.1`, modality: 'US', bulk: 'grey', own: image([0x00280014, 'US', [1]]) },
  { name: 'GSPS', sopClass: `${ROOT}11.1`, modality: 'PR', bulk: 'none', own: () => kept([0x00700080, 'CS', 'LABEL'], [0x20500020, 'CS', 'IDENTITY']) },
  { name: 'DX', sopClass: `${ROOT}1.1`, modality: 'DX', bulk: 'grey', own: image([0x00281040, 'CS', 'LOG'], [0x00281041, 'SS', [1]]) },
  { name: 'SR comprehensive', sopClass: `${ROOT}88.33`, modality: 'SR', bulk: 'none', own: report },
  { name: 'CR', sopClass: `${ROOT}1`, modality: 'CR', bulk: 'grey', own: image([0x00185101, 'CS', 'PA']) },
  { name: 'RTSTRUCT', sopClass: `${ROOT}481.3`, modality: 'RTSTRUCT', bulk: 'none', own: () => [group(0x30060039, group(0x30060040, ...kept([0x30060042, 'CS', 'CLOSED_PLANAR'], [0x30060046, 'IS', '3'], [0x30060050, 'DS', '1\\2\\3\\4\\5\\6\\7\\8\\9'])))] },
  { name: 'enhanced MR', sopClass: `${ROOT}4.1`, modality: 'MR', bulk: 'grey', own: frames },
  { name: 'MG', sopClass: `${ROOT}1.2`, modality: 'MG', bulk: 'grey', own: image([0x00181114, 'DS', '1.1'], [0x00187050, 'CS', 'MOLYBDENUM']) },
  { name: 'PDF', sopClass: `${ROOT}104.1`, modality: 'DOC', bulk: 'none', own: none },
  { name: 'NM', sopClass: `${ROOT}20`, modality: 'NM', bulk: 'grey', own: image([0x00540011, 'US', [1]], [0x00540021, 'US', [1]]) },
  { name: 'SEG', sopClass: `${ROOT}66.4`, modality: 'SEG', bulk: 'grey', own: frames },
  { name: 'RTPLAN', sopClass: `${ROOT}481.5`, modality: 'RTPLAN', bulk: 'none', own: () => [group(0x300a00b0, ...kept([0x300a00c0, 'IS', '1'], [0x300a00c4, 'CS', 'STATIC'], [0x300a00b4, 'DS', '1000']), group(0x300a0111, ...kept([0x300a0112, 'IS', '0'], [0x300a0114, 'DS', '6'])))] },
  { name: 'KOS', sopClass: `${ROOT}88.59`, modality: 'KO', bulk: 'none', own: report },
  { name: 'PT', sopClass: `${ROOT}128`, modality: 'PT', bulk: 'grey', own: image([0x00541001, 'CS', 'BQML'], [0x00541300, 'DS', '12000']) },
  { name: 'enhanced CT', sopClass: `${ROOT}2.1`, modality: 'CT', bulk: 'grey', own: frames },
  { name: 'waveform', sopClass: `${ROOT}9.1.1`, modality: 'ECG', bulk: 'none', own: () => [group(0x54000100, ...kept([0x003a0005, 'US', [1]], [0x003a0010, 'UL', [8]], [0x003a001a, 'DS', '500'], [0x54001004, 'US', [16]], [0x54001006, 'CS', 'SS'], [0x54001010, 'OW', [1, 5, 9, 40, 80, 40, 9, 2]]))] },
  { name: 'CDA', sopClass: `${ROOT}104.2`, modality: 'DOC', bulk: 'none', own: none },
  { name: 'SC', sopClass: `${ROOT}7`, modality: 'OT', bulk: 'grey', own: image([0x00080064, 'CS', 'WSD']) },
  { name: 'parametric map', sopClass: `${ROOT}30`, modality: 'MR', bulk: 'float', own: () => kept(...PIXELS.slice(0, 4), [0x00280100, 'US', [32]], [0x00280008, 'IS', '1']) },
  { name: 'dose SR', sopClass: `${ROOT}88.67`, modality: 'SR', bulk: 'none', own: report },
];

/** An Item that refers to another instance of the study. */
export function referenceTo(place: Place): ReturnType<typeof reference> {
  return reference(`${ROOT}2`, place.random.pick(place.uids.instances));
}
