/** Buffers that two threads share, used in turn: one thread fills them, the other hashes what is in them. */
export interface HashRing {
  readonly buffers: readonly Uint8Array<ArrayBufferLike>[];
  /** How many turns were handed over and how many are done; then, for each buffer, what its turn is. */
  readonly control: Int32Array<SharedArrayBuffer>;
  /** Of everything up to the last `END`. */
  readonly digest: Uint8Array<ArrayBufferLike>;
}

/** Places in `control`. */
export const HANDED = 0;
export const DONE = 1;
export const TURNS = 2;

/** Turns that are no number of bytes: the digest is wanted; or what was handed over since the last one is of no use. */
export const END = -1;
export const FORGET = -2;

export const RING_BUFFERS = 3;

export function createRing(bytes: number): HashRing {
  return {
    buffers: Array.from({ length: RING_BUFFERS }, () => new Uint8Array(new SharedArrayBuffer(bytes))),
    control: new Int32Array(new SharedArrayBuffer(4 * (TURNS + RING_BUFFERS))),
    digest: new Uint8Array(new SharedArrayBuffer(32)),
  };
}
