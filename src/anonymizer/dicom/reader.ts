import type { ByteSource } from './byte-source.ts';
import { DataElement } from './data-set.ts';
import { vrOfTag } from './dictionary.ts';
import type { Encoding } from './encode.ts';
import { DicomError } from './errors.ts';
import { privateElement } from './private-dictionary.ts';
import { creatorTagOf, groupOf, isPrivate, isPrivateCreator, TAG, type Tag } from './tag.ts';
import { byteString, isPadding, unpadded } from './values.ts';
import { hasLongForm, type VR, vrFromBytes } from './vr.ts';

const UNDEFINED_LENGTH = 0xffffffff;
/** Fewer bytes than the smallest header: no element can follow. */
const SMALLEST_HEADER = 8;

export interface ElementsRead {
  readonly elements: DataElement[];
  /** Offset after the last element at the top level. */
  readonly end: number;
}

/**
 * Reads the Data Elements from `start` to the end of the source, or up to the first top-level element outside
 * `onlyGroup`, as spans in file order (PS3.5 7). Nesting is kept on a list and not on the call stack.
 *
 * A Sequence of VR UN is opened as PS3.5 6.2.2 Note 2 says: of undefined length always, of defined length where the
 * dictionary knows the tag as SQ and the content parses; otherwise it stays an opaque UN.
 * @throws DicomError `damaged` with tag and offset where the bytes contradict themselves, `limit` for too many elements
 */
export function readElements(
  source: ByteSource,
  start: number,
  encoding: Encoding,
  maxElements: number,
  onlyGroup?: number,
): ElementsRead {
  const reader = new ElementReader(source, start, encoding, maxElements, onlyGroup);
  reader.run();
  return { elements: reader.elements, end: reader.position };
}

/** An open Sequence or Item; `end` is Infinity for undefined length. */
interface Container {
  readonly index: number;
  readonly end: number;
  readonly isSequence: boolean;
  readonly implicit: boolean;
  readonly littleEndian: boolean;
  /** Names of the Private Creators seen in this Item, by tag; made when the first one is met. */
  creators: Map<Tag, string> | undefined;
}

/** Where to go back to when the content of a UN turns out to be no Sequence. */
interface Checkpoint {
  readonly index: number;
  readonly depth: number;
}

class ElementReader {
  readonly elements: DataElement[] = [];
  position: number;
  private bytes: Uint8Array;
  private base = 0;
  private limit = 0;
  private readonly size: number;
  private readonly open: Container[] = [];
  private current: Container;
  private readonly checkpoints: Checkpoint[] = [];
  /** Where zeros were last seen to end, so that they are looked through once. */
  private somethingAt = -1;

  constructor(
    private readonly source: ByteSource,
    start: number,
    encoding: Encoding,
    private readonly maxElements: number,
    private readonly onlyGroup: number | undefined,
  ) {
    this.position = start;
    this.size = source.size;
    this.bytes = new Uint8Array(0);
    this.current = { index: -1, end: this.size, isSequence: false, creators: undefined, ...encoding };
  }

  run(): void {
    for (;;) {
      try {
        while (this.step());
        return;
      } catch (error) {
        const checkpoint = this.checkpoints.pop();
        if (checkpoint === undefined || !(error instanceof DicomError) || error.code !== 'damaged') throw error;
        this.leaveOpaque(checkpoint);
      }
    }
  }

  /** Reads one header, or closes one container; false at the end of the Data Set. */
  private step(): boolean {
    const { current, position } = this;
    if (position >= current.end) {
      if (position > current.end) throw this.damage('an element runs past the end of its Item or Sequence', position);
      if (current.index < 0) return false;
      this.close(position, position);
      return true;
    }
    if (current.index < 0 && this.onlyTrailing(position)) return false;
    if (current.end - position < SMALLEST_HEADER && current.end !== Infinity) {
      throw this.damage('too few bytes for an element', position);
    }
    this.need(position, SMALLEST_HEADER);
    const at = position - this.base;
    const tag = current.littleEndian
      ? (this.bytes[at] << 16) + (this.bytes[at + 1] * 0x1000000) + this.bytes[at + 2] + (this.bytes[at + 3] << 8)
      : this.bytes[at] * 0x1000000 + (this.bytes[at + 1] << 16) + (this.bytes[at + 2] << 8) + this.bytes[at + 3];
    if (current.isSequence) return this.item(tag, at);
    if (groupOf(tag) === 0xfffe) return this.delimiter(tag, at);
    if (current.index < 0 && this.onlyGroup !== undefined && groupOf(tag) !== this.onlyGroup) return false;
    return this.element(tag, at);
  }

  private item(tag: Tag, at: number): boolean {
    const length = this.uint32(at + 4);
    const start = this.position;
    if (tag === TAG.SequenceDelimitationItem && this.current.end === Infinity) {
      if (length !== 0) throw this.damage('a delimitation item with a length', start, tag);
      this.close(start, start + 8);
      return true;
    }
    if (tag !== TAG.Item) throw this.damage('no Item where a Sequence needs one', start, tag);
    const valueStart = start + 8;
    const undefinedLength = length === UNDEFINED_LENGTH;
    const end = undefinedLength ? Infinity : valueStart + length;
    if (!undefinedLength && end > Math.min(this.current.end, this.size)) throw this.damage('an Item runs past its Sequence', start, tag);
    this.add(tag, '', '', start, valueStart, undefinedLength ? valueStart : end, undefinedLength, this.current.implicit);
    this.enter({ ...this.current, end, isSequence: false, index: this.elements.length - 1, creators: undefined });
    this.position = valueStart;
    return true;
  }

  private delimiter(tag: Tag, at: number): boolean {
    const start = this.position;
    if (tag !== TAG.ItemDelimitationItem || this.current.end !== Infinity) throw this.damage('a stray Item or delimiter', start, tag);
    if (this.uint32(at + 4) !== 0) throw this.damage('a delimitation item with a length', start, tag);
    this.close(start, start + 8);
    return true;
  }

  private element(tag: Tag, at: number): boolean {
    const start = this.position;
    const { current } = this;
    let encodedVr: VR | '' = '';
    let length: number;
    let valueStart = start + 8;
    if (current.implicit) {
      length = this.uint32(at + 4);
    } else {
      const vr = vrFromBytes(this.bytes[at + 4], this.bytes[at + 5]);
      if (vr === undefined) throw this.damage('no Value Representation in an explicit header', start, tag);
      encodedVr = vr;
      if (hasLongForm(vr)) {
        this.need(start, 12);
        length = this.uint32(start - this.base + 8);
        valueStart = start + 12;
      } else {
        length = this.uint16(at + 6);
      }
    }
    const vr = encodedVr === '' || encodedVr === 'UN' ? this.knownVr(tag) : encodedVr;
    if (length === UNDEFINED_LENGTH) return this.undefinedLength(tag, vr, encodedVr, start, valueStart);
    const end = valueStart + length;
    if (end > Math.min(current.end, this.size)) throw this.damage('a value runs past the end', start, tag);
    const isOpaque = encodedVr === 'UN' || (encodedVr === '' && isPrivate(tag));
    this.add(tag, vr, encodedVr, start, valueStart, end, false, isOpaque || current.implicit);
    if (isPrivateCreator(tag)) this.addCreator(tag, valueStart, end);
    this.position = vr === 'SQ' ? valueStart : end;
    if (vr !== 'SQ') return true;
    if (isOpaque) this.checkpoints.push({ index: this.elements.length - 1, depth: this.open.length });
    this.enterSequence(end, isOpaque || current.implicit);
    return true;
  }

  private undefinedLength(tag: Tag, vr: VR, encodedVr: VR | '', start: number, valueStart: number): boolean {
    const isFragments = tag === TAG.PixelData || encodedVr === 'OB' || encodedVr === 'OW';
    if (isFragments) {
      const valueEnd = this.skipFragments(tag, valueStart);
      this.add(tag, vr, encodedVr, start, valueStart, valueEnd, true, false);
      this.elements[this.elements.length - 1].end = valueEnd + 8;
      this.position = valueEnd + 8;
      return true;
    }
    if (encodedVr !== 'SQ' && encodedVr !== 'UN' && encodedVr !== '') throw this.damage('undefined length for this Value Representation', start, tag);
    const implicit = encodedVr === 'UN' || this.current.implicit;
    this.add(tag, 'SQ', encodedVr, start, valueStart, valueStart, true, implicit);
    this.position = valueStart;
    this.enterSequence(Infinity, implicit);
    return true;
  }

  /** Steps over the fragments of encapsulated Pixel Data (PS3.5 A.4); the offset of its Sequence Delimitation Item. */
  private skipFragments(owner: Tag, from: number): number {
    let position = from;
    for (;;) {
      if (position + 8 > this.size) throw this.damage('encapsulated data without its end', position, owner);
      this.need(position, 8);
      const at = position - this.base;
      const tag = this.bytes[at] * 0x10000 + this.bytes[at + 1] * 0x1000000 + this.bytes[at + 2] + this.bytes[at + 3] * 0x100;
      const length = this.uint32(at + 4);
      if (tag === TAG.SequenceDelimitationItem) return position;
      if (tag !== TAG.Item || length === UNDEFINED_LENGTH) throw this.damage('no fragment where encapsulated data needs one', position, owner);
      position += 8 + length;
    }
  }

  /** The VR by the dictionaries; UN where neither knows the tag. A private one needs its creator (PS3.5 7.8.1). */
  private knownVr(tag: Tag): VR {
    if (!isPrivate(tag)) return vrOfTag(tag) ?? 'UN';
    if (isPrivateCreator(tag)) return 'LO';
    const creator = this.current.creators?.get(creatorTagOf(tag));
    return (creator === undefined ? undefined : privateElement(creator, tag)?.vr) ?? 'UN';
  }

  private addCreator(tag: Tag, start: number, end: number): void {
    const name = byteString(this.source.read(start, Math.min(end, start + 64)));
    this.current.creators ??= new Map();
    this.current.creators.set(tag, unpadded(name).trim());
  }

  private add(
    tag: Tag, vr: VR | '', encodedVr: VR | '', start: number, valueStart: number, valueEnd: number,
    undefinedLength: boolean, implicit: boolean,
  ): void {
    const { elements } = this;
    if (elements.length >= this.maxElements) throw new DicomError('limit', `more than ${this.maxElements} elements`, { tag, offset: start });
    elements.push(new DataElement(
      tag, vr, encodedVr, start, valueStart, valueEnd, valueEnd, undefinedLength,
      this.current.index, this.open.length, elements.length + 1, implicit,
    ));
  }

  private enterSequence(end: number, implicit: boolean): void {
    // The content of UN is always little endian (PS3.5 6.2.2 Note 2).
    const littleEndian = implicit || this.current.littleEndian;
    this.enter({ index: this.elements.length - 1, end, isSequence: true, implicit, littleEndian, creators: undefined });
  }

  private enter(container: Container): void {
    this.open.push(this.current);
    this.current = container;
  }

  private close(valueEnd: number, end: number): void {
    const element = this.elements[this.current.index];
    element.valueEnd = valueEnd;
    element.end = end;
    element.next = this.elements.length;
    this.position = end;
    const outer = this.open.pop();
    if (outer === undefined) throw new Error('a container without its outside');
    this.current = outer;
    const checkpoint = this.checkpoints[this.checkpoints.length - 1];
    if (checkpoint !== undefined && checkpoint.depth === this.open.length) this.checkpoints.pop();
  }

  /** Goes back to a UN whose content is no Sequence: one opaque element, and on after it. */
  private leaveOpaque({ index, depth }: Checkpoint): void {
    const e = this.elements[index];
    const valueEnd = this.open[depth + 1]?.end ?? this.current.end;
    this.current = this.open[depth];
    this.open.length = depth;
    this.elements.length = index;
    this.add(e.tag, 'UN', e.encodedVr, e.start, e.valueStart, valueEnd, false, true);
    this.position = valueEnd;
  }

  /** Nothing but padding is left at the top level: too few bytes of one kind for a header, or zeros to the end. */
  private onlyTrailing(position: number): boolean {
    if (this.size - position < SMALLEST_HEADER) return isPadding(this.source.read(position, this.size));
    this.need(position, SMALLEST_HEADER);
    const at = position - this.base;
    if (this.bytes[at] + this.bytes[at + 1] + this.bytes[at + 2] + this.bytes[at + 3] !== 0) return false;
    if (position < this.somethingAt) return false;
    for (let from = position; from < this.size; from = this.limit) {
      this.need(from, 1);
      for (let i = from - this.base; i < this.limit - this.base; i++) {
        if (this.bytes[i] === 0) continue;
        this.somethingAt = this.base + i;
        return false;
      }
    }
    return true;
  }

  private need(position: number, length: number): void {
    if (position >= this.base && position + length <= this.limit) return;
    if (position + length > this.size) throw this.damage('the file ends inside a header', position);
    const { bytes, offset } = this.source.window(position, length);
    this.bytes = bytes;
    this.base = offset;
    this.limit = offset + bytes.length;
  }

  private uint16(at: number): number {
    const { bytes } = this;
    return this.current.littleEndian ? bytes[at] | (bytes[at + 1] << 8) : (bytes[at] << 8) | bytes[at + 1];
  }

  private uint32(at: number): number {
    const { bytes } = this;
    return this.current.littleEndian
      ? bytes[at] + (bytes[at + 1] << 8) + (bytes[at + 2] << 16) + bytes[at + 3] * 0x1000000
      : bytes[at] * 0x1000000 + (bytes[at + 1] << 16) + (bytes[at + 2] << 8) + bytes[at + 3];
  }

  private damage(message: string, offset: number, tag?: Tag): DicomError {
    return new DicomError('damaged', message, { tag, offset });
  }
}
