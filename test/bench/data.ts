import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { concat, type ElementToWrite } from '../../src/anonymizer/dicom/encode.ts';
import { equipment, order, originalAttributes, patient, senderMeta, study } from '../../src/sample/italian-patient.ts';
import { code, element, inTagOrder, reference, writePart10 } from '../../src/sample/part10.ts';
import { DATE, DEVICE, NICOLO, PLACE, STAFF } from '../../src/sample/people.ts';
import { SAMPLE_UID, SOP_CLASS } from '../../src/sample/uids.ts';

/** Files that a bench reads: how many, and how many bytes of pixels each. */
export interface DataSpec {
  readonly files: number;
  readonly rows: number;
  readonly columns: number;
  readonly frames?: number;
}

/** Slices of one series; then another series, and every fourth series another study, begins. */
const SLICES = 250;
/** Files of one folder, as archives export them. */
const FOLDER = 500;

/** Writes the files of a bench: about 300 elements, nested and private ones among them, every identifier filled. */
export function writeData(folder: string, spec: DataSpec): void {
  if (spec.frames !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeMultiFrame(join(folder, 'multi-frame.dcm'), spec);
    return;
  }
  const pixels = noise(spec.rows * spec.columns * 2);
  for (let i = 0; i < spec.files; i++) {
    const place = join(folder, `S${String(Math.floor(i / FOLDER)).padStart(4, '0')}`);
    if (i % FOLDER === 0) mkdirSync(place, { recursive: true });
    const header = headerOf(i, spec, pixels.length);
    const file = openSync(join(place, `IM${String(i).padStart(6, '0')}.dcm`), 'wx');
    writeSync(file, concat([header, pixels]));
    closeSync(file);
  }
}

/** Random grey values below 4096: what compresses or repeats would flatter no one, but is not what devices write. */
function noise(bytes: number): Uint8Array {
  const pixels = new Uint8Array(bytes);
  let state = 0x2545f491;
  for (let i = 0; i < bytes; i += 2) {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    pixels[i] = state & 0xff;
    pixels[i + 1] = (state >>> 8) & 0x0f;
  }
  return pixels;
}

function writeMultiFrame(path: string, spec: DataSpec): void {
  const frame = noise(spec.rows * spec.columns * 2);
  const frames = spec.frames ?? 1;
  const file = openSync(path, 'wx');
  writeSync(file, headerOf(0, spec, frame.length * frames));
  for (let i = 0; i < frames; i++) writeSync(file, frame);
  closeSync(file);
}

/** Everything up to and with the header of the Pixel Data. */
function headerOf(index: number, { rows, columns, frames }: DataSpec, pixelBytes: number): Uint8Array {
  const elements = inTagOrder(withoutDoubles([
    ...instance(index, rows, columns),
    ...(frames === undefined ? [] : [element(0x00280008, 'IS', String(frames))]),
    ...patient(), ...study(), ...order(), ...equipment(DEVICE.ctStation, DEVICE.ctSerial), ...originalAttributes(), ...privates(),
  ]));
  // The value is written by the caller, so its length alone is put into an empty element's header.
  const bytes = writePart10([...elements, element(0x7fe00010, 'OW', new Uint8Array(0))], { meta: senderMeta() });
  new DataView(bytes.buffer).setUint32(bytes.length - 4, pixelBytes, true);
  return bytes;
}

/** The first of two elements with one tag. */
function withoutDoubles(elements: readonly ElementToWrite[]): ElementToWrite[] {
  const seen = new Set<number>();
  return elements.filter(({ tag }) => !seen.has(tag) && seen.add(tag));
}

function instance(index: number, rows: number, columns: number): ElementToWrite[] {
  const slice = index % SLICES;
  const series = Math.floor(index / SLICES);
  const person = Math.floor(series / 4);
  const time = `0932${String(slice % 60).padStart(2, '0')}.${String(index % 1000).padStart(3, '0')}`;
  return [
    element(0x00080005, 'CS', 'ISO_IR 100'),
    element(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
    element(0x00080012, 'DA', DATE.study), element(0x00080013, 'TM', time),
    element(0x00080016, 'UI', SOP_CLASS.ct), element(0x00080018, 'UI', `1.2.276.0.99.9.${series}.${slice}.${index}`),
    element(0x00080021, 'DA', DATE.study), element(0x00080022, 'DA', DATE.study), element(0x00080023, 'DA', DATE.study),
    element(0x0008002a, 'DT', `${DATE.study}${time}`), element(0x00080031, 'TM', '093205.500'),
    element(0x00080032, 'TM', time), element(0x00080033, 'TM', time), element(0x00080060, 'CS', 'CT'),
    element(0x0008103e, 'LO', `Polmone ${NICOLO.capitals} 17/05/2024`),
    element(0x00081050, 'PN', STAFF.performing), element(0x00081070, 'PN', STAFF.operators),
    element(0x00081140, 'SQ', [0, 1, 2].map((n) => [
      ...reference(SOP_CLASS.ct, `1.2.276.0.99.9.${series}.${(slice + n) % SLICES}.0`), element(0x0040a170, 'SQ', [code('121311', 'DCM', 'Localizer')]),
    ])),
    element(0x00082112, 'SQ', [[...reference(SOP_CLASS.ct, `1.2.276.0.99.8.${series}`), element(0x0040a170, 'SQ', [code('121322', 'DCM', 'Source image for image processing operation')])]]),
    element(0x00082218, 'SQ', [code('51185008', 'SCT', 'Chest')]),
    element(0x00100010, 'PN', `${NICOLO.name}${person}`), element(0x00100020, 'LO', `${NICOLO.taxCode}-${person}`),
    element(0x00180015, 'CS', 'CHEST'), element(0x00180022, 'CS', 'HELICAL MODE'), element(0x00180050, 'DS', '1.25'), element(0x00180060, 'DS', '120'),
    element(0x00180090, 'DS', '500'), element(0x00181030, 'LO', `Torace basale ${NICOLO.capitals}`), element(0x00181100, 'DS', '360'),
    element(0x00181110, 'DS', '949.1'), element(0x00181111, 'DS', '541'), element(0x00181120, 'DS', '0'), element(0x00181130, 'DS', '173.5'),
    element(0x00181140, 'CS', 'CW'), element(0x00181150, 'IS', '500'), element(0x00181151, 'IS', '200'), element(0x00181152, 'IS', '100'),
    element(0x00181160, 'SH', 'BODY FILTER'), element(0x00181170, 'IS', '60'), element(0x00181190, 'DS', '1.2'), element(0x00181210, 'SH', 'STANDARD'),
    element(0x00185100, 'CS', 'HFS'), element(0x00189305, 'FD', [0.5]), element(0x00189306, 'FD', [0.625]), element(0x00189307, 'FD', [40]),
    element(0x00189309, 'FD', [55]), element(0x00189310, 'FD', [27.5]), element(0x00189311, 'FD', [0.98]), element(0x00189345, 'FD', [11.2]),
    element(0x0020000d, 'UI', `1.2.276.0.99.1.${person}`), element(0x0020000e, 'UI', `1.2.276.0.99.2.${series}`), element(0x00200011, 'IS', String(series + 1)),
    element(0x00200012, 'IS', '1'), element(0x00200013, 'IS', String(slice + 1)), element(0x00200032, 'DS', `-180.5\\-180.5\\${slice * 1.25}`),
    element(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'), element(0x00200052, 'UI', `${SAMPLE_UID.frameOfReference}.${series}`), element(0x00201040, 'LO', 'SN'),
    element(0x00201041, 'DS', String(slice * 1.25)), element(0x00204000, 'LT', `Il paziente ${NICOLO.written} (${NICOLO.taxCode}) si lamenta del vicino di casa.`),
    element(0x00280002, 'US', [1]), element(0x00280004, 'CS', 'MONOCHROME2'), element(0x00280010, 'US', [rows]), element(0x00280011, 'US', [columns]),
    element(0x00280030, 'DS', '0.703125\\0.703125'), element(0x00280100, 'US', [16]), element(0x00280101, 'US', [16]), element(0x00280102, 'US', [15]),
    element(0x00280103, 'US', [0]), element(0x00281050, 'DS', '-500\\40'), element(0x00281051, 'DS', '1500\\400'), element(0x00281052, 'DS', '-1024'),
    element(0x00281053, 'DS', '1'), element(0x00281054, 'LO', 'HU'), element(0x00281055, 'LO', 'LUNG\\BODY'),
    element(0x00400002, 'DA', DATE.scheduled), element(0x00400003, 'TM', '093000'), element(0x00400241, 'AE', DEVICE.ctAeTitle),
    element(0x00400242, 'SH', DEVICE.ctStation), element(0x00400243, 'SH', PLACE.department.slice(0, 16)),
  ];
}

/** Blocks of two vendors as scanners write them, names and numbers in them too. */
function privates(): ElementToWrite[] {
  const block = (group: number, creator: string, count: number): ElementToWrite[] => [
    element(group * 0x10000 + 0x10, 'LO', creator),
    ...Array.from({ length: count }, (_, i) => {
      const tag = group * 0x10000 + 0x1000 + i;
      switch (i % 6) {
        case 0: return element(tag, 'SL', [i * 31]);
        case 1: return element(tag, 'DS', `${i}.625`);
        case 2: return element(tag, 'LO', i % 12 === 2 ? NICOLO.capitals : 'PROTOCOLLO 7');
        case 3: return element(tag, 'SS', [i]);
        case 4: return element(tag, 'FL', [i / 7]);
        default: return element(tag, 'SH', `V${i}`);
      }
    }),
  ];
  return [
    ...block(0x0009, 'IMMAGINARIA 1.0', 14),
    element(0x00091080, 'SQ', [0, 1].map(() => [
      element(0x00081155, 'UI', '1.2.276.0.99.7.1'), element(0x00090010, 'LO', 'IMMAGINARIA 1.0'),
      element(0x00091013, 'LT', `Telefonare a ${NICOLO.written}: ${NICOLO.telephone}`), element(0x00100010, 'PN', NICOLO.name),
      element(0x00400275, 'SQ', [[element(0x00400007, 'LO', `Torace ${NICOLO.written}`), element(0x00401001, 'SH', 'RP-55013')]]),
    ])),
    ...block(0x0019, 'GEMS_ACQU_01', 36),
    ...block(0x0021, 'GEMS_RELA_01', 14),
    ...block(0x0043, 'GEMS_PARM_01', 20),
  ];
}
