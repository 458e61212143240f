import type { Tag } from '../dicom/tag.ts';
import type { Identifier } from '../identifiers.ts';
import type { Plan } from '../plan.ts';
import type { Variable } from './variable.ts';

/**
 * One step through the bytes of a slice: what must stand there, what the result has in its place, and what follows.
 * Together the steps are the whole header, from the File Meta Information to the first byte of the pixels.
 */
export type Step = Stretch & (ValueStep | LengthStep | { readonly next: 'end' });

/** Bytes of the source, and those of the result that stand for them. */
export interface Stretch {
  readonly fixed: Uint8Array;
  readonly output: Uint8Array;
}

/** A length and a value that may differ. */
export interface ValueStep {
  readonly next: 'value';
  readonly tag: Tag;
  readonly variable: Variable;
  /** Of the length. */
  readonly lengthBytes: 2 | 4;
  /** Length and value in the slice that the stencil was made from. */
  readonly sample: Stretch;
}

/** Begin or end of a Sequence or an Item of defined length around such a value. */
export interface LengthStep {
  readonly next: 'open' | 'close';
  /** The length, in the same slice; in the result where that has it, too. */
  readonly sample: Stretch;
}

/** What all slices of a series share. */
export interface Shared {
  /** Of the slice that the stencil was made from. */
  readonly plan: Plan;
  readonly steps: readonly Step[];
  /** Identifiers that are the same in every slice, as lists of the matcher. */
  readonly identifiers: readonly (readonly Identifier[])[];
  /** Length of the native Pixel Data. */
  readonly pixelBytes: number;
}
