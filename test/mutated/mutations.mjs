// Ways to damage a file, each named; all of them follow from the seed.
import { elementsOf } from './elements.mjs';
import { marksIn } from './plant.mjs';

const LENGTHS = [0, 1, 2, 7, 8, 64, 255, 256, 4096, 65534, 65535, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffe, 0xffffffff];
const VRS = ['AE', 'AS', 'AT', 'CS', 'DA', 'DS', 'DT', 'FD', 'FL', 'IS', 'LO', 'LT', 'OB', 'OF', 'OW', 'PN', 'SH', 'SL', 'SQ', 'SS', 'ST', 'TM', 'UI', 'UL', 'UN', 'US', 'UT', 'ZZ'];
const CHARACTER_SETS = ['ISO 2022 IR 999', 'ISO_IR 192', 'GB18030', 'ISO 2022 IR 87\\', '\\ISO 2022 IR 149', 'ISO_IR 166', 'UTF-16', '\\\\\\', '\x1b$B'];
const BROKEN_TEXT = ['1b2442', '1b284a1b2442ff', 'c3', 'e38182e3', 'ed a0 80', 'f4908080', '8130', 'ff fe 41 00', '1b 29 43 ff ff'].map((hex) => Buffer.from(hex.replace(/ /g, ''), 'hex'));
const ITEM = Buffer.from('feff00e0ffffffff', 'hex');
const SEQUENCE_END = Buffer.from('feffdde000000000', 'hex');

/** Each takes the file and changes it; undefined where it has nothing to work on. */
const MUTATIONS = {
  cut: ({ bytes, random }) => bytes.subarray(0, random(bytes.length)),
  flip({ bytes, random, header }) {
    for (let i = 1 + random(16); i > 0; i--) bytes[random(header)] ^= 1 << random(8);
    return bytes;
  },
  length({ bytes, random, pick, littleEndian }) {
    const element = pick();
    if (element === undefined) return undefined;
    const length = random(2) ? LENGTHS[random(LENGTHS.length)] : Math.max(0, element.end - element.value + random(65) - 32);
    const isShort = element.value - element.start === 8 && element.vr !== undefined;
    if (isShort) bytes[littleEndian ? 'writeUInt16LE' : 'writeUInt16BE'](length & 0xffff, element.value - 2);
    else bytes[littleEndian ? 'writeUInt32LE' : 'writeUInt32BE'](length, element.value - 4);
    return bytes;
  },
  duplicate({ bytes, random, pick }) {
    const [what, where] = [pick(), pick()];
    if (what === undefined || where === undefined) return undefined;
    const copies = Array.from({ length: 1 + random(20) }, () => bytes.subarray(what.start, Math.min(what.end, what.start + 4096)));
    return Buffer.concat([bytes.subarray(0, where.start), ...copies, bytes.subarray(where.start)]);
  },
  insert({ bytes, random, pick, other }) {
    const where = pick();
    const what = pick(other);
    if (where === undefined || what === undefined) return undefined;
    return Buffer.concat([bytes.subarray(0, where.start), other.bytes.subarray(what.start, Math.min(what.end, what.start + 4096)), bytes.subarray(random(4) ? where.start : where.end)]);
  },
  remove({ bytes, pick }) {
    const what = pick();
    return what === undefined ? undefined : Buffer.concat([bytes.subarray(0, what.start), bytes.subarray(what.end)]);
  },
  vr({ bytes, random, pick }) {
    const element = pick();
    if (element?.vr === undefined) return undefined;
    bytes.write(VRS[random(VRS.length)], element.start + 4, 'latin1');
    return bytes;
  },
  tag({ bytes, random, pick }) {
    const [element, like] = [pick(), pick()];
    // An identifier under the tag of something else is no damage but another statement, which nobody could doubt.
    if (element === undefined || marksIn(bytes.subarray(element.start, element.end)).length > 0) return undefined;
    if (random(2)) bytes.copy(bytes, element.start, like.start, like.start + 4);
    else bytes[element.start + random(4)] = random(256);
    return bytes;
  },
  characterSet({ bytes, random, elements, pick, littleEndian }) {
    const text = Buffer.from(BROKEN_TEXT[random(BROKEN_TEXT.length)]);
    const name = pick({ elements: elements.filter(({ vr, value, end }) => vr !== undefined && ['PN', 'LO', 'SH', 'ST', 'LT', 'UT'].includes(vr) && end - value >= text.length) });
    if (name !== undefined) text.copy(bytes, name.value + random(name.end - name.value - text.length + 1));
    const charset = elements.find(({ tag, vr }) => tag === '00080005' && vr === 'CS');
    if (charset === undefined) return name === undefined ? undefined : bytes;
    const set = CHARACTER_SETS[random(CHARACTER_SETS.length)];
    const value = Buffer.from(set.length % 2 === 0 ? set : `${set} `, 'latin1');
    const header = Buffer.from(bytes.subarray(charset.start, charset.value));
    header[littleEndian ? 'writeUInt16LE' : 'writeUInt16BE'](value.length, 6);
    return Buffer.concat([bytes.subarray(0, charset.start), header, value, bytes.subarray(charset.end)]);
  },
  unknown({ bytes, random, pick, littleEndian }) {
    const element = pick();
    if (element?.vr === undefined || element.isOpen) return undefined;
    const header = Buffer.alloc(12);
    bytes.copy(header, 0, element.start, element.start + 4);
    header.write('UN', 4, 'latin1');
    const isOpen = random(2) === 1;
    header[littleEndian ? 'writeUInt32LE' : 'writeUInt32BE'](isOpen ? 0xffffffff : element.end - element.value, 8);
    const value = bytes.subarray(element.value, element.end);
    const content = isOpen ? [ITEM, value, SEQUENCE_END] : [value];
    return Buffer.concat([bytes.subarray(0, element.start), header, ...content, bytes.subarray(element.end)]);
  },
  tail: ({ bytes, random }) => Buffer.concat([bytes, Buffer.from(Array.from({ length: 1 + random(40) }, () => random(256)))]),
};

export const KINDS = Object.keys(MUTATIONS);

/**
 * One to three changes, one most often: most of them are fatal.
 * @returns the bytes, and the names of what was done to them
 */
export function mutated(source, other, random) {
  let bytes = Buffer.from(source);
  const done = [];
  const otherFile = { bytes: other, elements: elementsOf(other).elements };
  for (let rounds = Math.max(1, random(6) - 2); rounds > 0; rounds--) {
    const kind = KINDS[random(KINDS.length)];
    const { elements, littleEndian } = elementsOf(bytes);
    const pixels = elements.find(({ tag }) => tag === '7fe00010');
    const pick = (file = { elements }) => file.elements[random(Math.max(1, file.elements.length))];
    const context = { bytes: Buffer.from(bytes), elements, littleEndian, random, pick, other: otherFile, header: Math.max(1, Math.min(bytes.length, pixels?.value ?? bytes.length)) };
    let result;
    try {
      result = MUTATIONS[kind](context);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // an element whose header leaves the file
    }
    if (result === undefined) continue;
    bytes = result;
    done.push(kind);
  }
  return { bytes, done };
}
