import { PLAIN_HOST } from './dicom/host.ts';

/** Bytes that SHA-256 takes at once. */
const BLOCK = 64;
const DIGEST = 32;

/**
 * HMAC-SHA-256 (RFC 2104) under a key of at most 64 bytes: the digest of a text of one character a byte, in the same form.
 * What is hashed is laid into memory that is used again.
 * @throws RangeError for a longer key, which would have to be hashed first
 */
export function keyedDigest(key: Uint8Array, host = PLAIN_HOST): (text: string) => string {
  if (key.length > BLOCK) throw new RangeError(`the key must have at most ${BLOCK} bytes`);
  let inner = padded(key, 0x36, 3 * BLOCK);
  const outer = padded(key, 0x5c, DIGEST);
  return (text) => {
    if (BLOCK + text.length > inner.length) inner = padded(key, 0x36, 2 * text.length);
    host.layText(inner, BLOCK, text);
    host.layText(outer, BLOCK, host.sha256(inner.subarray(0, BLOCK + text.length)));
    return host.sha256(outer);
  };
}

/** The key as RFC 2104 pads it, with room behind it. */
function padded(key: Uint8Array, pad: number, room: number): Uint8Array {
  const bytes = new Uint8Array(BLOCK + room);
  for (let i = 0; i < BLOCK; i++) bytes[i] = (key[i] ?? 0) ^ pad;
  return bytes;
}
