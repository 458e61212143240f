import type { ByteSource } from './byte-source.ts';
import type { Limits } from './limits.ts';
import { TAG, type Tag } from './tag.ts';
import type { TransferSyntax } from './transfer-syntax.ts';
import type { VR } from './vr.ts';

/**
 * One Data Element, or one Item, as spans over the bytes of its file: nothing is decoded here.
 *
 * Elements stand in one list in file order, an element before its Items and an Item before its elements, so that
 * walking a Data Set of any depth is a loop and never a recursion: `index + 1` descends, `next` steps over.
 */
export class DataElement {
  constructor(
    readonly tag: Tag,
    /** From the dictionary for implicit VR and for a known tag encoded as UN; '' for an Item. */
    readonly vr: VR | '',
    /** As encoded; '' for implicit VR and for Items. */
    readonly encodedVr: VR | '',
    /** Offset of the header's first byte. */
    readonly start: number,
    readonly valueStart: number,
    /** Offset after the value; a delimitation item that ends it stands between `valueEnd` and `end`. */
    public valueEnd: number,
    public end: number,
    readonly undefinedLength: boolean,
    /** Index of the Item that holds this element, or of the Sequence that holds this Item; -1 at the top level. */
    readonly parent: number,
    readonly depth: number,
    /** Index after the last element inside this one. */
    public next: number,
    /** What is inside is encoded with implicit VR, little endian (PS3.5 6.2.2 Note 2 for UN). */
    readonly implicit: boolean,
  ) {}

  get isItem(): boolean {
    return this.tag === TAG.Item;
  }

  get length(): number {
    return this.valueEnd - this.valueStart;
  }
}

/** A file, or a bare Data Set, as it was read. Offsets count from the first byte of `source`. */
export interface DataSet {
  /** The bytes that the offsets speak of: of the file, or of the inflated Data Set of a deflated one. */
  readonly source: ByteSource;
  /** File Meta Information as encoded (PS3.10 7.1), outside the list of elements; offsets in `metaSource`. */
  readonly meta: readonly DataElement[];
  readonly metaSource: ByteSource;
  readonly transferSyntax: TransferSyntax;
  /** Byte order of the Data Set. */
  readonly littleEndian: boolean;
  readonly elements: readonly DataElement[];
  /** First byte of the Data Set in `source`. */
  readonly start: number;
  /** Offset after the last element; what follows up to the size of the source is no Data Element. */
  readonly end: number;
  /** Under which it was read; they hold for what is done with it as well. */
  readonly limits: Limits;
}

/** Index of the first element with this tag at the top level, or inside the Item at `item`; -1 where there is none. */
export function indexOf(dataSet: DataSet, tag: Tag, item = -1): number {
  const { elements } = dataSet;
  const end = item < 0 ? elements.length : elements[item].next;
  for (let i = item + 1; i < end; i = elements[i].next) if (elements[i].tag === tag) return i;
  return -1;
}
