import type { ByteSource } from './dicom/byte-source.ts';
import type { DataElement } from './dicom/data-set.ts';
import { concat, encodeHeader } from './dicom/encode.ts';
import { DicomError } from './dicom/errors.ts';
import type { VR } from './dicom/vr.ts';
import { encodingOf } from './draft.ts';
import type { LazyBytes, PixelPiece } from './pixels/clean.ts';
import type { Plan } from './plan.ts';

/** A stretch of the result: new bytes, some of them made when they are written, or a span of the source that is copied verbatim. */
export type Piece = Uint8Array | Span | LazyBytes;

export interface Span {
  readonly start: number;
  readonly end: number;
}

export function isSpan(piece: Piece): piece is Span {
  return !(piece instanceof Uint8Array) && 'start' in piece;
}

/**
 * The bytes of a piece.
 * @throws DicomError `damaged` with the number of a frame that cannot be decoded after all
 */
export function bytesOfPiece(piece: Piece, source: ByteSource): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  if ('start' in piece) return source.read(piece.start, piece.end);
  const bytes = piece.read();
  if (bytes.length !== piece.length) throw new DicomError('unverified', 'a frame has another length than was planned');
  return bytes;
}

/**
 * The Data Set of the result, without File Meta Information, as pieces in order. Untouched spans are the source's
 * own bytes; only what the plan names, and the lengths around it, is new. What follows the last element is dropped.
 */
export function apply(plan: Plan): Piece[] {
  const splicer = new Splicer(plan);
  return splicer.run();
}

/** Bytes of all pieces together. */
export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (isSpan(piece) ? piece.end - piece.start : piece.length), 0);
}

class Splicer {
  private readonly pieces: Piece[] = [];
  private copiedTo: number;
  private redaction = 0;
  private blank = new Uint8Array(0);
  /** By index of element: how much longer its value becomes. */
  private readonly growth: Float64Array;

  constructor(private readonly plan: Plan) {
    this.copiedTo = plan.dataSet.start;
    this.growth = new Float64Array(plan.dataSet.elements.length);
  }

  run(): Piece[] {
    const { dataSet, additions } = this.plan;
    const { elements } = dataSet;
    this.measure();
    let addition = 0;
    for (let i = 0; i < elements.length; ) {
      const element = elements[i];
      if (element.depth === 0) {
        while (addition < additions.length && additions[addition].tag <= element.tag) this.add(addition++, element.start);
      }
      i = this.splice(i, element);
    }
    while (addition < additions.length) this.add(addition++, dataSet.end);
    this.copy(dataSet.end);
    return this.pieces;
  }

  /** From the last element to the first, so that every Sequence knows its growth before the one around it asks. */
  private measure(): void {
    const { dataSet, rules, replacements } = this.plan;
    const { elements } = dataSet;
    for (let i = elements.length - 1; i >= 0; i--) {
      const element = elements[i];
      const rule = rules[i];
      if (rule === undefined || element.parent < 0) continue;
      const replacement = replacements.get(i);
      if (rule.action === 'X') this.growth[element.parent] -= element.end - element.start;
      else if (replacement !== undefined) this.growth[element.parent] += this.replaced(element, replacement).length - (element.end - element.start);
      else this.growth[element.parent] += this.growth[i];
    }
  }

  /** The index of the element to go on with. */
  private splice(index: number, element: DataElement): number {
    const { rules, replacements, pixels } = this.plan;
    if (pixels?.pieces !== undefined && pixels.index === index) return this.rewrite(element, pixels.pieces);
    const replacement = replacements.get(index);
    if (rules[index]?.action === 'X') {
      this.copy(element.start);
      this.copiedTo = element.end;
      return element.next;
    }
    if (replacement !== undefined) {
      this.copy(element.start);
      this.pieces.push(this.replaced(element, replacement));
      this.copiedTo = element.end;
      return element.next;
    }
    if (this.growth[index] !== 0 && !element.undefinedLength) {
      this.copy(element.start);
      // What is inside a UN stays implicit, so it stays a UN (PS3.5 6.2.2 Note 2).
      const vr = element.encodedVr === 'UN' ? 'UN' : element.vr;
      this.pieces.push(encodeHeader(element.tag, vr, element.length + this.growth[index], encodingOf(this.plan.dataSet, element)));
      this.copiedTo = element.valueStart;
    }
    return index + 1;
  }

  /** Pixel Data whose frames change; what is copied of it is redacted like everything else that is copied. */
  private rewrite(element: DataElement, pieces: readonly PixelPiece[]): number {
    this.copy(element.start);
    for (const piece of pieces) {
      if (isSpan(piece)) {
        this.copiedTo = piece.start;
        this.copy(piece.end);
      } else this.pieces.push(piece);
    }
    this.copiedTo = element.end;
    return element.next;
  }

  /** Header and value of an element whose value is new; a Sequence gets a defined length, a known tag its own VR. */
  private replaced(element: DataElement, value: Uint8Array): Uint8Array {
    return concat([encodeHeader(element.tag, element.vr, value.length, encodingOf(this.plan.dataSet, element)), value]);
  }

  private add(index: number, before: number): void {
    const { tag, vr, value } = this.plan.additions[index];
    const { implicit } = this.plan.dataSet.transferSyntax;
    this.copy(before);
    this.pieces.push(encodeHeader(tag, vr as VR, value.length, { implicit, littleEndian: this.plan.dataSet.littleEndian }), value);
  }

  /** Copies what was not touched up to `end`, the redactions in it aside. */
  private copy(end: number): void {
    const { redactions } = this.plan;
    while (this.redaction < redactions.length && redactions[this.redaction].start < end) {
      const { start, end: stop, fill } = redactions[this.redaction++];
      if (start < this.copiedTo) continue;
      this.push(this.copiedTo, start);
      this.pieces.push(this.filled(stop - start, fill));
      this.copiedTo = stop;
    }
    this.push(this.copiedTo, end);
    this.copiedTo = Math.max(this.copiedTo, end);
  }

  /** The same bytes again where they are wanted again: long stretches are blanked in parts of one length. */
  private filled(length: number, fill: number): Uint8Array {
    if (this.blank.length !== length || this.blank[0] !== fill) this.blank = new Uint8Array(length).fill(fill);
    return this.blank;
  }

  private push(start: number, end: number): void {
    if (end > start) this.pieces.push({ start, end });
  }
}
