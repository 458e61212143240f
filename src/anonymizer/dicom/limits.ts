/**
 * Bounds on what one file may cost, so that a hostile or damaged file is refused and cannot take the machine with it.
 * None of them is reached by lawful files; each can be raised by the caller.
 */
export interface Limits {
  /** Data Elements and Items in one file; each costs about 130 bytes of memory. */
  readonly elements: number;
  /** Bytes of an inflated Data Set (PS3.5 A.5): deflate reaches 1 : 1032, so a small file could fill the memory. */
  readonly inflatedBytes: number;
}

export const DEFAULT_LIMITS: Limits = { elements: 1_000_000, inflatedBytes: 1 << 28 };

/** Bytes of a value that is looked into (text, identifiers); pixels and other bulk data are copied without a look. */
export const LONGEST_VALUE = 1 << 26;
