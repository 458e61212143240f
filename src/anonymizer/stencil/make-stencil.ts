import { bytesOfPiece, isSpan, type Piece } from '../apply.ts';
import { type ByteSource, MemorySource } from '../dicom/byte-source.ts';
import type { DataElement } from '../dicom/data-set.ts';
import { concat } from '../dicom/encode.ts';
import { readElements } from '../dicom/reader.ts';
import { TAG } from '../dicom/tag.ts';
import { byteString, valueText } from '../dicom/values.ts';
import { hasLongForm } from '../dicom/vr.ts';
import type { Plan } from '../plan.ts';
import { describedBytes } from '../pixels/hidden-bytes.ts';
import { groupsInPixels } from '../pixels/overlay-bits.ts';
import type { Pseudonyms } from '../pseudonyms.ts';
import { PREAMBLE, Stencil } from './stencil.ts';
import type { Shared, Step } from './step.ts';
import { isOfSameDay } from './value-forms.ts';
import { type Variable, variableOf } from './variable.ts';

/** A place in the source where slices may differ, and what stands there in the result. */
type Mark =
  | { readonly at: number; readonly resume: number; readonly next: 'value'; readonly element: DataElement; readonly variable: Variable; readonly written: Place | undefined }
  | { readonly at: number; readonly resume: number; readonly next: 'open' | 'close' | 'end'; readonly written: Place | undefined };

/** A stretch of the result: what stands before `start` is fixed, and it goes on after `end`. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * The stencil of a slice; undefined for what a stencil cannot describe: anything but native pixels in one file of
 * explicit or implicit VR, little endian, that end with the file.
 * @param plan whose source is the whole file, as it was read
 * @param meta File Meta Information of the result, with preamble
 * @param pieces of the result, as `apply` gives them
 */
export function makeStencil(plan: Plan, meta: Uint8Array, pieces: readonly Piece[], pseudonyms: Pseudonyms): Stencil | undefined {
  const { dataSet, profile, redactions, replacements } = plan;
  const { transferSyntax, source, elements } = dataSet;
  const pixels = elements[elements.length - 1];
  const isNative = !transferSyntax.encapsulated && !transferSyntax.deflated && dataSet.littleEndian;
  if (!isNative || profile.rules.length > 0 || redactions.length > 0 || plan.pixels !== undefined) return undefined;
  if (pixels?.tag !== TAG.PixelData || pixels.depth > 0 || replacements.has(elements.length - 1) || pixels.end !== source.size) return undefined;
  const described = describedBytes(dataSet, pixels);
  // Shorter pixels are looked into, and so are those with an overlay in unused bits.
  if (described === undefined || pixels.length < described || pixels.length > described + 1 || groupsInPixels(dataSet).size > 0) return undefined;
  const header = headerOf(meta, pieces, source, pixels.valueStart);
  const marks = [...metaMarks(plan), ...dataSetMarks(plan, variablesOf(plan), header, meta.length)];
  const shared = sharedBy(plan, header, meta.length, marks);
  const stencil = shared && new Stencil(shared, pseudonyms);
  // The slice itself must come out as it was planned.
  const own = stencil?.fit(source.read(0, source.size));
  return own !== undefined && byteString(own.header) === byteString(header) ? stencil : undefined;
}

/** Everything of the result in front of its pixels, which begin at `pixelsAt` in the source. */
function headerOf(meta: Uint8Array, pieces: readonly Piece[], source: ByteSource, pixelsAt: number): Uint8Array {
  return concat([meta, ...pieces.map((piece) => (isSpan(piece) ? source.read(Math.min(piece.start, pixelsAt), Math.min(piece.end, pixelsAt)) : bytesOfPiece(piece, source)))]);
}

/** What tells one instance from another in the File Meta Information, of which nothing is in the result. */
function metaMarks({ dataSet: { meta } }: Plan): Mark[] {
  return meta.filter(({ tag }) => tag === TAG.FileMetaInformationGroupLength || tag === TAG.MediaStorageSOPInstanceUID)
    .map((element) => ({ at: lengthAt(element), resume: element.end, next: 'value', element, variable: 'gone', written: undefined }));
}

/** By index of element: how it may differ. A UID that stands in what may not is none of this slice alone. */
function variablesOf(plan: Plan): ReadonlyMap<number, Variable> {
  const { source, elements, start } = plan.dataSet;
  const found = new Map<number, Variable>();
  elements.forEach((_, index) => {
    const variable = variableOf(plan, index);
    if (variable !== undefined && hasForm(plan, index, variable)) found.set(index, variable);
  });
  for (;;) {
    let fixed = '';
    let from = start;
    for (const index of [...found.keys(), elements.length - 1]) {
      fixed += byteString(source.read(from, elements[index].valueStart));
      from = elements[index].end;
    }
    const uids = [...found.keys()].filter((index) => elements[index].vr === 'UI');
    const shared = uids.filter((index) => fixed.includes(valueText(plan.dataSet, elements[index])));
    if (shared.length === 0) return found;
    for (const index of shared) found.delete(index);
  }
}

/** What has not the form of its kind in this slice is no such thing. */
function hasForm({ dataSet: { source, elements } }: Plan, index: number, variable: Variable): boolean {
  if (variable !== 'gone-date') return true;
  const value = source.read(elements[index].valueStart, elements[index].valueEnd);
  return isOfSameDay(value, 0, value.length, value);
}

function dataSetMarks(plan: Plan, variables: ReadonlyMap<number, Variable>, header: Uint8Array, metaBytes: number): Mark[] {
  const { elements } = plan.dataSet;
  const written = writtenElements(plan, header, metaBytes);
  const around = containersAround(plan, variables);
  const open: number[] = [];
  const marks: Mark[] = [];
  const closeUpTo = (index: number) => {
    while (open.length > 0 && elements[open[open.length - 1]].next <= index) {
      const container = open.pop() ?? 0;
      const { valueEnd } = elements[container];
      const result = written[container];
      marks.push({ at: valueEnd, resume: valueEnd, next: 'close', written: result && { start: result.valueEnd, end: result.valueEnd } });
    }
  };
  elements.forEach((element, index) => {
    closeUpTo(index);
    const result = written[index];
    if (around.has(index)) {
      open.push(index);
      marks.push({ at: element.valueStart - 4, resume: element.valueStart, next: 'open', written: result && { start: result.valueStart - 4, end: result.valueStart } });
      return;
    }
    const variable = variables.get(index);
    if (variable === undefined) return;
    const isKept = variable === 'kept' || variable === 'kept-text' || variable === 'remapped' || variable === 'instance';
    marks.push({
      at: lengthAt(element), resume: element.end, next: 'value', element, variable,
      written: isKept && result !== undefined ? { start: lengthAt(result), end: result.end } : undefined,
    });
  });
  const pixels = elements[elements.length - 1];
  marks.push({ at: pixels.valueStart, resume: pixels.valueStart, next: 'end', written: { start: header.length, end: header.length } });
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

/** Undefined where source and result do not go side by side. */
function sharedBy(plan: Plan, header: Uint8Array, metaBytes: number, marks: readonly Mark[]): Shared | undefined {
  const { source, elements } = plan.dataSet;
  const steps: Step[] = [];
  const own = new Set<string>();
  let [from, writtenTo] = [PREAMBLE, metaBytes];
  for (const mark of marks) {
    const { written } = mark;
    if (mark.at < from || (written !== undefined && written.start < writtenTo)) return undefined;
    const before = { fixed: source.read(from, mark.at).slice(), output: header.slice(writtenTo, written?.start ?? writtenTo) };
    from = mark.resume;
    writtenTo = written?.end ?? writtenTo;
    const sample = { fixed: source.read(mark.at, mark.resume).slice(), output: written === undefined ? NOTHING : header.slice(written.start, written.end) };
    if (mark.next === 'value') {
      const { element, variable } = mark;
      if (element.vr === 'UI') own.add(valueText(plan.dataSet, element));
      steps.push({ ...before, next: 'value', tag: element.tag, variable, lengthBytes: lengthBytesOf(element), sample });
    } else if (mark.next === 'end') {
      steps.push({ ...before, next: 'end' });
    } else {
      steps.push({ ...before, next: mark.next, sample });
    }
  }
  const identifiers = plan.matcher.lists.filter((list) => list[0]?.kind !== 'uid' || !own.has(list[0].text));
  return { plan, steps, identifiers, pixelBytes: elements[elements.length - 1].length };
}

const NOTHING = new Uint8Array(0);
