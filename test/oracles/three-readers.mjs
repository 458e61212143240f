// Whether dicom-parser, pydicom and dcmdump read the same in a result: tags at every depth, their VRs and lengths, the
// numbers of Items and of fragments, and (dicom-parser and pydicom) the digests of all values as they stand in the file.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import { forEach, runTool } from './tools.mjs';

/**
 * What a reader is known to read in its own way, with the reason. `file` is asked of a file as pydicom reads it: the
 * reader is then not asked at all; `element` of what pydicom and the reader say of one element, which then counts for
 * none, nor does what is inside it.
 */
export const EXCEPTIONS = [
  {
    reader: 'dicom-parser', reason: 'dicom-parser 1.8 does not know the VRs OV, SV and UV (2019), whose headers are of the long form',
    file: (elements) => elements.some(([, vr]) => vr === 'OV' || vr === 'SV' || vr === 'UV'),
  },
  {
    reader: 'dicom-parser', reason: 'dicom-parser 1.8 takes the content of a UN of undefined length in big endian for big endian',
    file: (elements, { bigEndian }) => bigEndian && elements.some(([, vr]) => vr === 'UN'),
  },
  {
    reader: 'dicom-parser dcmdump', reason: 'pydicom opens a Sequence that stands as UN of defined length, the others leave it a UN',
    element: ([, vr, size], [, other, length]) => vr === 'UN' && size === 'items' && other === 'UN' && typeof length === 'number',
  },
  {
    reader: 'dicom-parser dcmdump', reason: 'in implicit VR dicom-parser knows no dictionary and dcmdump few private ones, so a Sequence may be bytes to them',
    element: ([, , size], [, other, length]) => size === 'items' && (other === null || other === '??') && typeof length === 'number',
  },
  {
    reader: 'dicom-parser', reason: 'in implicit VR dicom-parser takes for a Sequence whatever begins like an Item, such as pixels',
    element: ([, vr, length], [, other, size]) => vr === null && other === null && typeof length === 'number' && size === 'items',
  },
  {
    reader: 'dicom-parser dcmdump', reason: 'pydicom makes a value of the character set and of what is empty as it reads, and gives a UN its VR',
    element: ([, , size], [, other]) => size === null && other === 'UN',
  },
  {
    reader: 'dcmdump', reason: 'dcmdump calls encapsulated Pixel Data OB, as PS3.5 A.4 asks for, where the file says OW',
    element: ([path, vr, size, parts], [, other, otherSize, otherParts]) => (
      path === '7FE00010' && vr === 'OW' && other === 'OB' && size === 'fragments' && otherSize === size && parts.every(([length], i) => length === otherParts[i]?.[0])
    ),
  },
  {
    reader: 'dcmdump', reason: 'dcmdump counts the byte that an odd length lacks (PS3.5 7.1.1); the length is that of the source',
    element: ([, vr, size], [, other, length]) => vr === other && typeof size === 'number' && size % 2 === 1 && length === size + 1,
  },
];

/** @returns one sentence for each file in which they differ, and how often each exception held */
export async function disagreements(files, here) {
  const python = here.pydicom ? await readWithPython(files) : files.map(() => ({ error: 'not here' }));
  const held = new Map();
  const faults = await forEach(files, async ({ result, name }, i) => {
    const readings = new Map();
    if (python[i].elements !== undefined) readings.set('pydicom', python[i].elements);
    else if (here.pydicom) return `${name}: pydicom: ${python[i].error}`;
    const bytes = readFileSync(result);
    const facts = { bigEndian: syntaxOf(bytes) === '1.2.840.10008.1.2.2', implicit: syntaxOf(bytes) === '1.2.840.10008.1.2' };
    const excused = EXCEPTIONS.find(({ file }) => file?.(python[i].elements ?? [], facts) === true);
    if (excused === undefined) {
      try {
        readings.set('dicom-parser', readWithParser(bytes));
      } catch (error) {
        return `${name}: dicom-parser: ${error.message ?? error.exception ?? error}`;
      }
    } else held.set(excused.reason, (held.get(excused.reason) ?? 0) + 1);
    if (here.dcmdump) {
      const { status, output } = await runTool('dcmdump', ['-q', result]);
      if (status !== 0) return `${name}: dcmdump ends with ${status}`;
      readings.set('dcmdump', readDump(output));
    }
    const [[first, expected], ...others] = readings;
    for (const [reader, elements] of others) {
      const difference = differenceOf(expected, { reader, elements }, facts, (reason) => held.set(reason, (held.get(reason) ?? 0) + 1));
      if (difference !== undefined) return `${name}: ${first} and ${reader} differ: ${difference}`;
    }
    return undefined;
  });
  return { faults: faults.filter((fault) => fault !== undefined), held };
}

async function readWithPython(files) {
  const { status, output } = await runTool('pydicom', [fileURLToPath(new URL('elements.py', import.meta.url))], { input: `${files.map(({ result }) => result).join('\n')}\n`, timeout: 600_000 });
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  if (status !== 0 || lines.length !== files.length) throw new Error(`pydicom ended with ${status} after ${lines.length} of ${files.length} files`);
  return lines.map((line) => JSON.parse(line));
}

const digest = (bytes) => createHash('sha1').update(bytes).digest('hex').slice(0, 12);

const DEFLATED = '1.2.840.10008.1.2.1.99';
const metaEnd = (bytes) => 144 + bytes.readUInt32LE(140);

function syntaxOf(bytes) {
  const meta = bytes.subarray(144, metaEnd(bytes)).toString('latin1');
  const at = meta.indexOf('\x02\0\x10\0UI') + 6;
  return meta.slice(at + 2, at + 2 + meta.charCodeAt(at)).replace(/\0$/, '');
}

/** In the form of elements.py. */
function readWithParser(bytes) {
  const found = [];
  visit(dicomParser.parseDicom(plain(bytes)), '', found);
  return found;
}

/** A deflated file as what it would be if it were not, since dicom-parser would take its preamble for elements. */
function plain(bytes) {
  if (syntaxOf(bytes) !== DEFLATED) return bytes;
  const meta = Buffer.from(bytes.subarray(0, metaEnd(bytes)));
  meta.write('1.2.840.10008.1.2.1\0\0\0', meta.indexOf(DEFLATED), 'latin1');
  return Buffer.concat([meta, inflateRawSync(bytes.subarray(metaEnd(bytes)))]);
}

function visit(dataSet, path, into) {
  for (const { tag, vr, dataOffset, length, items, fragments, basicOffsetTable, encapsulatedPixelData } of Object.values(dataSet.elements)) {
    if (tag.startsWith('xfffe')) continue;
    const here = `${path}${tag.slice(1).toUpperCase()}`;
    const value = (from, count) => dataSet.byteArray.subarray(from, from + count);
    if (encapsulatedPixelData === true) {
      const at = dataOffset + 8;
      const tableLength = fragments.length === 0 ? length - 16 : fragments[0].position - 8 - at;
      const all = [[at, Math.max(0, tableLength)], ...fragments.map(({ position, length: size }) => [position, size])];
      into.push([here, vr ?? null, 'fragments', all.map(([from, size]) => [size, digest(value(from, size))]), basicOffsetTable?.length ?? 0]);
    } else if (items !== undefined) {
      into.push([here, vr ?? null, 'items', items.length]);
      items.forEach((item, i) => item.dataSet && visit(item.dataSet, `${here}/${i}/`, into));
    } else into.push(vr === 'SQ' ? [here, vr, 'items', 0] : [here, vr ?? null, length, digest(value(dataOffset, length))]);
  }
}

const LINE = /^( *)\((\w{4}),(\w{4})\) (\S\S) ?([\s\S]*?) *# *(\d+|u\/l), *(\d+) [^\n]*$/;

/** In the form of elements.py without digests; a value may go over several lines. */
function readDump(text) {
  const entries = [];
  for (const line of text.split('\n')) {
    if (/^ *\([0-9a-f]{4},[0-9a-f]{4}\) \S\S /.test(line)) entries.push(line);
    else if (entries.length > 0 && !/^# |^$/.test(line)) entries[entries.length - 1] += `\n${line}`;
  }
  const found = [];
  /** Open Sequences and Items by depth. */
  const open = [];
  for (const entry of entries) {
    const match = LINE.exec(entry.trimEnd());
    if (match === null) continue;
    const [, indent, group, element, vr, said, length] = match;
    const depth = indent.length / 2;
    const tag = `${group}${element}`.toUpperCase();
    if (tag === 'FFFEE00D' || tag === 'FFFEE0DD') continue;
    const around = open[depth - 1];
    open.length = depth;
    if (vr === 'pi') {
      around.entry[3].push([Number(length)]);
      continue;
    }
    if (tag === 'FFFEE000') {
      open[depth] = { path: `${around.path}/${around.entry[3]}/` };
      around.entry[3] += 1;
      continue;
    }
    const path = `${around?.path ?? ''}${tag}`;
    const isSequence = said.startsWith('(Sequence with ');
    const isPixels = said.startsWith('(PixelSequence ');
    const made = isSequence ? [path, vr, 'items', 0] : isPixels ? [path, vr, 'fragments', []] : [path, vr, Number(length)];
    open[depth] = { path, entry: made };
    found.push(made);
  }
  return found;
}

/** VRs that a reader chooses by the dictionary where the file has none. */
function sameVr(a, b, implicit) {
  return a === null || b === null || a === b || implicit;
}

function differenceOf(expected, { reader, elements }, { implicit }, excuse) {
  const byPath = new Map(elements.map((element) => [element[0], element]));
  if (byPath.size !== elements.length) return 'an element twice';
  const excusedPaths = [];
  for (const element of expected) {
    const other = byPath.get(element[0]);
    byPath.delete(element[0]);
    if (excusedPaths.some((path) => element[0].startsWith(path))) continue;
    if (other !== undefined && isSame(element, other, implicit)) continue;
    const excused = other === undefined ? undefined : EXCEPTIONS.find((exception) => exception.reader.includes(reader) && exception.element?.(element, other) === true);
    if (excused === undefined) return `${element[0]}: ${JSON.stringify(element.slice(1)).slice(0, 120)} and ${JSON.stringify(other?.slice(1))?.slice(0, 120) ?? 'nothing'}`;
    excusedPaths.push(`${element[0]}/`);
    excuse(excused.reason);
  }
  const more = [...byPath.keys()].find((path) => !excusedPaths.some((excused) => path.startsWith(excused)));
  return more === undefined ? undefined : `${more}: nothing and ${JSON.stringify(byPath.get(more).slice(1)).slice(0, 120)}`;
}

function isSame([, vr, size, value], [, otherVr, otherSize, otherValue], implicit) {
  if (!sameVr(vr, otherVr, implicit)) return false;
  if (size === null || otherSize === null) return true;
  if (size !== otherSize) return false;
  if (size === 'items') return value === otherValue;
  if (size === 'fragments') return value.length === otherValue.length && value.every(([length, sum], i) => length === otherValue[i][0] && (otherValue[i][1] === undefined || sum === otherValue[i][1]));
  return value === undefined || otherValue === undefined || value === otherValue;
}
