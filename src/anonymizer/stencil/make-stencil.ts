import { bytesOfPiece, isSpan, type Piece } from '../apply.ts';
import { type ByteSource, MemorySource } from '../dicom/byte-source.ts';
import type { DataElement } from '../dicom/data-set.ts';
import { concat } from '../dicom/encode.ts';
import type { Host } from '../dicom/host.ts';
import { readElements } from '../dicom/reader.ts';
import { TAG } from '../dicom/tag.ts';
import { byteString, valueText } from '../dicom/values.ts';
import { hasLongForm } from '../dicom/vr.ts';
import type { Identifier } from '../identifiers.ts';
import type { Plan } from '../plan.ts';
import { describedBytes } from '../pixels/hidden-bytes.ts';
import { groupsInPixels } from '../pixels/overlay-bits.ts';
import type { Pseudonyms } from '../pseudonyms.ts';
import { fixedText, Stencil } from './stencil.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Mark } from './mark.ts';
import { isOfSameDay, uidOf } from './value-forms.ts';
import { isUidVariable, type Variable, variableOf } from './variable.ts';

/**
 * The stencil of a slice; undefined for what a stencil cannot describe: anything but native pixels in one file of
 * explicit or implicit VR, little endian, that end with the file.
 * @param plan whose source is the whole file, as it was read
 * @param meta File Meta Information of the result, with preamble
 * @param pieces of the result, as `apply` gives them
 */
export function makeStencil(plan: Plan, meta: Uint8Array, pieces: readonly Piece[], pseudonyms: Pseudonyms, writer: ByteWriter, host: Host): Stencil | undefined {
  const { dataSet, profile, redactions, replacements } = plan;
  const { transferSyntax, source, elements } = dataSet;
  const pixels = elements[elements.length - 1];
  const isNative = !transferSyntax.encapsulated && !transferSyntax.deflated && dataSet.littleEndian;
  if (!isNative || profile.rules.length > 0 || redactions.length > 0 || profile.options.has('clean-pixel-data')) return undefined;
  if (pixels?.tag !== TAG.PixelData || pixels.depth > 0 || replacements.has(elements.length - 1) || pixels.end !== source.size) return undefined;
  const described = describedBytes(dataSet, pixels);
  // Shorter pixels are looked into, and so are those with an overlay in unused bits.
  if (described === undefined || pixels.length < described || pixels.length > described + 1 || groupsInPixels(dataSet).size > 0) return undefined;
  const header = headerOf(meta, pieces, source, pixels.valueStart);
  const marks = [...metaMarks(plan, meta.length), ...dataSetMarks(plan, variablesOf(plan), header, meta.length)];
  const stencil = new Stencil({
    plan, source: source.read(0, pixels.valueStart).slice(), result: header, metaBytes: meta.length, marks,
    identifiers: sharedIdentifiers(plan, marks), pixelBytes: pixels.length,
  }, pseudonyms, writer, host);
  // The slice itself must come out as it was planned.
  const own = stencil.fit(source.read(0, source.size));
  return own !== undefined && byteString(own.header) === byteString(header) ? stencil : undefined;
}

/** All but the UIDs that are at marks, which each slice has for itself. */
function sharedIdentifiers({ dataSet, matcher }: Plan, marks: readonly Mark[]): (readonly Identifier[])[] {
  const own = new Set<string>();
  for (const mark of marks) {
    if (isUidVariable(mark.is)) own.add(uidOf(byteString(dataSet.source.read(mark.start + mark.lengthBytes, mark.end))) ?? '');
  }
  return matcher.lists.filter((list) => list[0]?.kind !== 'uid' || !own.has(list[0].text));
}

/** Everything of the result in front of its pixels, which begin at `pixelsAt` in the source. */
function headerOf(meta: Uint8Array, pieces: readonly Piece[], source: ByteSource, pixelsAt: number): Uint8Array {
  return concat([meta, ...pieces.map((piece) => (isSpan(piece) ? source.read(Math.min(piece.start, pixelsAt), Math.min(piece.end, pixelsAt)) : bytesOfPiece(piece, source)))]);
}

/** What tells one instance from another in the File Meta Information, of which nothing is in the result. */
function metaMarks({ dataSet: { meta } }: Plan, metaBytes: number): Mark[] {
  return meta.filter(differsInMeta).map((element) => ({
    is: 'gone', tag: element.tag, lengthBytes: lengthBytesOf(element), start: lengthAt(element), end: element.end, resultStart: metaBytes, resultEnd: metaBytes,
  }));
}

function differsInMeta({ tag }: DataElement): boolean {
  return tag === TAG.FileMetaInformationGroupLength || tag === TAG.MediaStorageSOPInstanceUID;
}

/** By index of element: how it may differ. A UID that stands in what may not is none of this slice alone. */
function variablesOf(plan: Plan): ReadonlyMap<number, Variable> {
  const { source, elements } = plan.dataSet;
  const found = new Map<number, Variable>();
  elements.forEach((_, index) => {
    const variable = variableOf(plan, index);
    if (variable !== undefined && hasForm(plan, index, variable)) found.set(index, variable);
  });
  const header = source.read(0, elements[elements.length - 1].valueStart);
  const inMeta = plan.dataSet.meta.filter(differsInMeta);
  for (;;) {
    const indices = [...found.keys()];
    const fixed = fixedText(header, [...inMeta, ...indices.map((index) => elements[index])].map((element) => ({ start: lengthAt(element), end: element.end })));
    const shared = indices.filter((index) => elements[index].vr === 'UI' && fixed.includes(valueText(plan.dataSet, elements[index])));
    if (shared.length === 0) return found;
    for (const index of shared) found.delete(index);
  }
}

/** What has not the form of its kind in this slice is no such thing. */
function hasForm({ dataSet: { source, elements } }: Plan, index: number, variable: Variable): boolean {
  if (variable !== 'gone-date' && !isUidVariable(variable)) return true;
  const value = source.read(elements[index].valueStart, elements[index].valueEnd);
  return isUidVariable(variable) ? uidOf(byteString(value)) !== undefined : isOfSameDay(value, 0, value.length, value, 0, value.length);
}

function dataSetMarks(plan: Plan, variables: ReadonlyMap<number, Variable>, header: Uint8Array, metaBytes: number): Mark[] {
  const { elements } = plan.dataSet;
  const written = writtenElements(plan, header, metaBytes);
  const around = containersAround(plan, variables);
  const open: number[] = [];
  const marks: Mark[] = [];
  let last = metaBytes;
  const add = (is: Mark['is'], { tag }: DataElement, lengthBytes: Mark['lengthBytes'], start: number, end: number, resultStart = last, resultEnd = last) => {
    marks.push({ is, tag, lengthBytes, start, end, resultStart, resultEnd });
    last = resultEnd;
  };
  const closeUpTo = (index: number) => {
    while (open.length > 0 && elements[open[open.length - 1]].next <= index) {
      const closed = open.pop() ?? 0;
      const { valueEnd } = elements[closed];
      add('close', elements[closed], 0, valueEnd, valueEnd, written[closed]?.valueEnd, written[closed]?.valueEnd);
    }
  };
  elements.forEach((element, index) => {
    closeUpTo(index);
    const result = written[index];
    if (around.has(index)) {
      open.push(index);
      add('open', element, 4, element.valueStart - 4, element.valueStart, result && result.valueStart - 4, result?.valueStart);
      return;
    }
    const variable = variables.get(index);
    if (variable === undefined) return;
    const isKept = variable === 'kept' || variable === 'kept-text' || (isUidVariable(variable) && variable !== 'gone-uid');
    const place = isKept ? result : undefined;
    add(variable, element, lengthBytesOf(element), lengthAt(element), element.end, place && lengthAt(place), place?.end);
  });
  return marks;
}

/** Sequences and Items of defined length around what may differ: their own lengths differ with it. */
function containersAround({ dataSet: { elements } }: Plan, variables: ReadonlyMap<number, Variable>): ReadonlySet<number> {
  const found = new Set<number>();
  for (const index of variables.keys()) {
    for (let i = elements[index].parent; i >= 0; i = elements[i].parent) if (!elements[i].undefinedLength) found.add(i);
  }
  return found;
}

/** By index of element of the source: the same element in the result, whose header is read again. */
function writtenElements({ dataSet, rules, replacements, additions }: Plan, header: Uint8Array, metaBytes: number): (DataElement | undefined)[] {
  const { elements } = dataSet;
  // The pixels that follow the header are not there to be read, so its last 8 or 12 bytes are left out.
  const pixels = elements[elements.length - 1];
  const end = header.length - (pixels.valueStart - pixels.start);
  const results = readElements(new MemorySource(header.subarray(0, end)), metaBytes, dataSet.transferSyntax, elements.length + additions.length + 1000).elements;
  const written = new Array<DataElement | undefined>(elements.length).fill(undefined);
  let at = 0;
  for (let i = 0; i < elements.length - 1; ) {
    if (rules[i]?.action === 'X') {
      i = elements[i].next;
      continue;
    }
    while (elements[i].depth === 0 && at < results.length && additions.some(({ tag }) => tag === results[at].tag)) at = results[at].next;
    if (results[at]?.tag !== elements[i].tag) return [];
    const isNew = replacements.has(i);
    // What stands for a replaced Sequence has nothing to do with what is in it.
    if (!isNew || elements[i].vr !== 'SQ') written[i] = results[at];
    at = isNew ? results[at].next : at + 1;
    i = isNew ? elements[i].next : i + 1;
  }
  return written;
}

/** The length of an element of defined length stands right before its value. */
function lengthAt(element: DataElement): number {
  return element.valueStart - lengthBytesOf(element);
}

function lengthBytesOf({ encodedVr }: DataElement): 2 | 4 {
  return encodedVr === '' || hasLongForm(encodedVr) ? 4 : 2;
}
