import type { Tag } from '../dicom/tag.ts';
import type { Identifier } from '../identifiers.ts';
import type { Plan } from '../plan.ts';
import type { Variable } from './variable.ts';

/**
 * A place where slices may differ, by offsets in the slice that the stencil was made from: what stands between two marks
 * is the same in all slices, and so is what the result has for it.
 */
export interface Mark {
  /** A length and a value that differ so; or the length of a Sequence or an Item around such a value, or its end. */
  readonly is: Variable | 'open' | 'close';
  readonly tag: Tag;
  /** Of the length; none at the end of a Sequence or an Item. */
  readonly lengthBytes: 0 | 2 | 4;
  /** In the source, from the first byte that may differ to what follows the last one. */
  readonly start: number;
  readonly end: number;
  /** The same in the result; nothing where both are equal. */
  readonly resultStart: number;
  readonly resultEnd: number;
}

/** What all slices of a series share. */
export interface Shared {
  /** Of the slice that the stencil was made from. */
  readonly plan: Plan;
  /** That slice up to its pixels, from the first byte of the file. */
  readonly source: Uint8Array;
  /** What became of it, with its File Meta Information. */
  readonly result: Uint8Array;
  /** Where the Data Set begins in the result. */
  readonly metaBytes: number;
  /** In the order of their offsets. */
  readonly marks: readonly Mark[];
  /** Identifiers that are the same in every slice, as lists of the matcher. */
  readonly identifiers: readonly (readonly Identifier[])[];
  /** Length of the native Pixel Data. */
  readonly pixelBytes: number;
}
