import dicomParser from 'dicom-parser';
import { PLAIN_HOST } from './dicom/host.ts';
import { type Tag, tagKey } from './dicom/tag.ts';
import { EXPLICIT_LITTLE_ENDIAN } from './dicom/transfer-syntax.ts';
import { unpaddedEnd } from './dicom/values.ts';
import { Recent } from './recent.ts';
import { type ByteRange, Frame, isTextAt } from './same-bytes.ts';

/** Elements by dicom-parser's spelling of their tags: offsets and lengths, and the same of every item. */
export type SecondElements = dicomParser.DataSet['elements'];

/** How bytes were read, and what of them decided that. */
interface Reading {
  readonly elements: SecondElements;
  readonly frame: Frame;
}

/** Readings that are remembered: slices of a series differ in a few lengths. */
const MEMORY = 16;

/**
 * The reader that results are checked with, dicom-parser, which shares no code with the one that the plan was made
 * with. It remembers how it read results before: in explicit VR it looks at tags, VRs and lengths alone and steps over
 * the values, so bytes that are the same but for values are read the same (`isVariable` tells which values).
 */
export class SecondReader {
  private readonly readings = new Recent<Reading>(MEMORY);

  constructor(private readonly host = PLAIN_HOST) {}

  /** Undefined where it cannot read the bytes. */
  read(bytes: Uint8Array): SecondElements | undefined {
    const known = this.readings.find(({ frame }) => frame.isAround(bytes));
    if (known !== undefined) return known.elements;
    const elements = readElements(bytes);
    const values = elements && variableValues(elements, bytes);
    if (elements !== undefined && values !== undefined) this.readings.add({ elements, frame: new Frame(bytes, values, this.host) });
    return elements;
  }
}

/**
 * One reading, of which nothing is remembered.
 * @param until the tag of the element at whose value the bytes end
 */
export function readElements(bytes: Uint8Array, until?: Tag): SecondElements | undefined {
  try {
    return dicomParser.parseDicom(bytes, until === undefined ? {} : { untilTag: `x${tagKey(until).toLowerCase()}` }).elements;
  } catch {
    return undefined;
  }
}

/** Whether an element at the top level says this and nothing else, padding aside. */
export function saysSecond(elements: SecondElements, bytes: Uint8Array, tag: string, text: string): boolean {
  const element = elements[tag] as dicomParser.Element | undefined;
  if (element === undefined) return false;
  const end = unpaddedEnd(bytes, element.dataOffset, element.dataOffset + element.length);
  let start = element.dataOffset;
  while (start < end && bytes[start] === 0x20) start++;
  return isTextAt(bytes, start, end, text);
}

/** The values that the reader stepped over, in the order of their offsets; undefined where it may have looked into some. */
function variableValues(elements: SecondElements, bytes: Uint8Array): ByteRange[] | undefined {
  return saysSecond(elements, bytes, TRANSFER_SYNTAX, EXPLICIT_LITTLE_ENDIAN) ? valuesOf(elements).sort((a, b) => a.start - b.start) : undefined;
}

const TRANSFER_SYNTAX = 'x00020010';

function valuesOf(elements: SecondElements): ByteRange[] {
  return Object.values(elements).flatMap((element) => {
    const { items, dataOffset: start, length } = element;
    if (items !== undefined) return items.flatMap(({ dataSet }) => (dataSet === undefined ? [] : valuesOf(dataSet.elements)));
    return length > 0 && isVariable(element) ? [{ start, end: start + length }] : [];
  });
}

/** Whether the reader stepped over the value: it looks into implicit ones, into those without a length, and at the Transfer Syntax. */
function isVariable({ tag, vr, hadUndefinedLength }: dicomParser.Element): boolean {
  return vr !== undefined && hadUndefinedLength !== true && tag !== TRANSFER_SYNTAX;
}
