// Where the elements of a file are, by a reader that is not the program's own.
import dicomParser from 'dicom-parser';

const LONG_FORM = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const DEFLATED = '1.2.840.10008.1.2.1.99';
const BIG_ENDIAN = '1.2.840.10008.1.2.2';

/**
 * Elements at all depths with tag, VR as it is encoded, and the offsets of header, value and end; empty for what
 * dicom-parser does not read, and of the File Meta Information alone for a deflated file.
 */
export function elementsOf(bytes) {
  let root;
  try {
    root = dicomParser.parseDicom(bytes, { inflater: () => bytes });
  } catch (error) {
    root = error.dataSet;
  }
  if (root === undefined) return { elements: [], littleEndian: true };
  const syntax = root.string('x00020010');
  const elements = [];
  gather(root, elements, syntax === DEFLATED);
  return { elements: elements.sort((a, b) => a.start - b.start), littleEndian: syntax !== BIG_ENDIAN };
}

function gather(dataSet, into, metaAlone) {
  for (const { tag, vr, dataOffset, length, hadUndefinedLength, items } of Object.values(dataSet.elements)) {
    if (metaAlone && !tag.startsWith('x0002')) continue;
    if (tag.startsWith('xfffe')) continue;
    const header = vr !== undefined && LONG_FORM.has(vr) ? 12 : 8;
    into.push({ tag: tag.slice(1), vr, start: dataOffset - header, value: dataOffset, end: dataOffset + Math.max(0, length), isOpen: hadUndefinedLength === true });
    for (const item of items ?? []) if (item.dataSet !== undefined) gather(item.dataSet, into, metaAlone);
  }
}

/** What it says of a short last element in implicit VR, whose value it looks into for an Item. */
const HARMLESS = /in peeking to determine VR/;

/** Reads the whole file with dicom-parser; throws with its words where it cannot. */
export function readWhole(bytes, inflate) {
  const root = dicomParser.parseDicom(bytes, { inflater: (file, position) => new Uint8Array(Buffer.concat([file.subarray(0, position), inflate(file.subarray(position))])) });
  const trouble = root.warnings.find((warning) => !HARMLESS.test(warning));
  if (trouble !== undefined) throw new Error(trouble);
}
