// Workspaces for the scenarios: the sample study, and files that are hard on an editor.
import { execFileSync } from 'node:child_process';
import { closeSync, cpSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;

export function newFolder(name) {
  const folder = join(mkdtempSync(join(tmpdir(), 'dicom-e2e-')), name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The sample study in a workspace of its own, with the folder `study`. */
export function sampleWorkspace() {
  const folder = newFolder('workspace');
  execFileSync(process.execPath, [join(root, 'dist/sample.js'), join(folder, 'study')]);
  return folder;
}

/** The same small instance many times, as `many/<n>/<n>`. */
export function addMany(folder, count) {
  const file = join(folder, 'study/DANDRA_NICOLO/PR/PS0001');
  for (let i = 0; i < count; i++) {
    const place = join(folder, 'many', String(Math.floor(i / 500)));
    if (i % 500 === 0) mkdirSync(place, { recursive: true });
    cpSync(file, join(place, String(i)));
  }
}

const EXPLICIT = '1.2.840.10008.1.2.1';
const MULTI_FRAME_US = '1.2.840.10008.5.1.4.1.1.3.1';

/** One element, explicit VR, little endian; `value` text or bytes; a length may be claimed for a value that follows. */
export function element(group, number, vr, value = '', claimed) {
  let bytes = Buffer.isBuffer(value) ? value : Buffer.from(value, 'utf8');
  if (bytes.length % 2 === 1) bytes = Buffer.concat([bytes, Buffer.from(vr === 'UI' || vr === 'OB' ? '\0' : ' ')]);
  const isLong = ['OB', 'OW', 'UT', 'UN', 'SQ', 'UC'].includes(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(claimed ?? bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

const us = (value) => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};

export function part10(elements, transferSyntax = EXPLICIT) {
  const meta = Buffer.concat([element(2, 1, 'OB', Buffer.from([0, 1])), element(2, 2, 'UI', MULTI_FRAME_US), element(2, 3, 'UI', '1.2.3.4'), element(2, 0x10, 'UI', transferSyntax)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const group = element(2, 0, 'OB', length).subarray(0, 0);
  const head = Buffer.alloc(8);
  head.writeUInt16LE(2, 0);
  head.writeUInt16LE(0, 2);
  head.write('UL', 4, 'latin1');
  head.writeUInt16LE(4, 6);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), group, head, length, meta, ...elements]);
}

const patient = [element(8, 5, 'CS', 'ISO_IR 192'), element(8, 0x16, 'UI', MULTI_FRAME_US), element(8, 0x18, 'UI', '1.2.3.4'), element(0x10, 0x10, 'PN', 'Large^File'), element(0x10, 0x20, 'LO', 'L1'), element(0x20, 0xd, 'UI', '1.2.3.5'), element(0x20, 0xe, 'UI', '1.2.3.6')];

/** A multi-frame of more than 2 GB whose pixels take no space on the disk. */
export function writeHuge(path) {
  const rows = 1024;
  const frames = 2100;
  const pixels = rows * rows * frames;
  const head = part10([...patient, element(0x28, 2, 'US', us(1)), element(0x28, 4, 'CS', 'MONOCHROME2'), element(0x28, 8, 'IS', String(frames)), element(0x28, 0x10, 'US', us(rows)), element(0x28, 0x11, 'US', us(rows)), element(0x28, 0x100, 'US', us(8)), element(0x28, 0x101, 'US', us(8)), element(0x28, 0x102, 'US', us(7)), element(0x28, 0x103, 'US', us(0)), element(0x7fe0, 0x10, 'OB', Buffer.alloc(0), pixels)]);
  const file = openSync(path, 'w');
  writeSync(file, head);
  ftruncateSync(file, head.length + pixels);
  closeSync(file);
}

/** A multi-frame whose frames are an MPEG-4 stream, of which nothing but its place matters here. */
export function writeVideo(path) {
  const item = (length) => Buffer.from([0xfe, 0xff, 0x00, 0xe0, length, 0, 0, 0]);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  writeFileSync(path, part10([...patient, element(0x28, 2, 'US', us(3)), element(0x28, 4, 'CS', 'YBR_PARTIAL_420'), element(0x28, 8, 'IS', '2'), element(0x28, 0x10, 'US', us(64)), element(0x28, 0x11, 'US', us(64)), element(0x28, 0x100, 'US', us(8)), element(0x28, 0x101, 'US', us(8)), element(0x28, 0x102, 'US', us(7)), element(0x28, 0x103, 'US', us(0)), element(0x7fe0, 0x10, 'OB', Buffer.alloc(0), 0xffffffff), item(0), item(8), Buffer.from('00ftypxx'), end], '1.2.840.10008.1.2.4.102'));
}

/** Small images, each of a series of its own, as `<n>/IM1`. */
export function writeSeries(folder, count) {
  for (let i = 0; i < count; i++) {
    mkdirSync(join(folder, String(i)), { recursive: true });
    writeFileSync(join(folder, String(i), 'IM1'), part10([...patient.slice(0, -1), element(0x20, 0xe, 'UI', `1.2.3.6.${i}`), element(0x28, 2, 'US', us(1)), element(0x28, 4, 'CS', 'MONOCHROME2'), element(0x28, 0x10, 'US', us(16)), element(0x28, 0x11, 'US', us(16)), element(0x28, 0x100, 'US', us(8)), element(0x28, 0x101, 'US', us(8)), element(0x28, 0x102, 'US', us(7)), element(0x28, 0x103, 'US', us(0)), element(0x7fe0, 0x10, 'OB', Buffer.alloc(256, i + 40))]));
  }
}

/** The value of a native Pixel Data element, which is the last of its file. */
export function pixelsOf(bytes) {
  const at = bytes.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
  return bytes.subarray(at + 12, at + 12 + bytes.readUInt32LE(at + 8));
}

/** A data set of many elements: private ones, in blocks of 0xf0. */
export function writeMany(path, count) {
  const elements = [...patient];
  for (let group = 0x1001; elements.length < count; group += 2) {
    const blocks = Array.from({ length: 0x80 }, (_, i) => 0x10 + i);
    for (const block of blocks) elements.push(element(group, block, 'LO', `ACME ${block}`));
    for (const block of blocks) for (let low = 0; low < 0x100 && elements.length < count; low += 4) elements.push(element(group, block * 256 + low, 'LO', `value ${elements.length}.`));
  }
  writeFileSync(path, part10(elements));
}

export const MARKUP = '<img src=x onerror="document.body.dataset.harmed=1"><script>document.body.dataset.harmed=1</script>';

/** Values that would do harm where they are taken for more than text. */
export function writeHostile(path) {
  writeFileSync(path, part10([
    element(8, 5, 'CS', 'ISO_IR 192'), element(8, 0x16, 'UI', MULTI_FRAME_US), element(8, 0x18, 'UI', '1.2.3.4'),
    element(8, 0x1030, 'LO', MARKUP.slice(0, 60)), element(8, 0x103e, 'LO', 'a\u202egnp.exe\u202c \u200b$(run) {0} ${1}'),
    element(0x10, 0x10, 'PN', `${MARKUP}^x`), element(0x10, 0x20, 'LO', 'line\r\nbreak\u0000\u001b[31m'), element(0x10, 0x4000, 'LT', `${MARKUP} ${'x'.repeat(60_000)}`),
    element(0x20, 0xd, 'UI', '1.2.3.5'), element(0x20, 0xe, 'UI', '1.2.3.6'),
    element(0x40, 0xa160, 'UT', `${MARKUP}${'long text '.repeat(1_048_576)}`),
  ]));
}

export const read = (path) => readFileSync(path);
