import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { isRegisteredUid } from './dicom/uids.ts';
import { bytesOf } from './dicom/values.ts';

/** Bytes of the key. */
export const KEY_LENGTH = 32;

/**
 * Digits and capitals, legal in every string VR and hard to misread (no I, L, O and U), and without vowels: no name of
 * three letters comes to stand in a pseudonym by chance, which the verification would have to take for one.
 */
export const ALPHABET = '0123456789BCDFGHJKMNPQRSTVWXZ';

/** Longest way back in days, about ten years; the shortest is one day. */
const MAX_OFFSET_DAYS = 3652;

/** UIDs in the memory that saves hashing the Study UID of every slice; emptied when full. It changes no result. */
const MEMORY = 4000;
/** Characters of a value that is worth remembering; a UID has 64. */
const LONGEST_REMEMBERED = 160;

/**
 * Replacements for identifiers as pure functions of (key, domain, value): no table, no state, so that every process
 * and every machine with the key agrees, and nothing leads back without it (PS3.15 E.1.1 Note on hashing).
 */
export interface Pseudonyms {
  /** A UID of the form 2.25.<128 bits> (PS3.5 B.2); registered UIDs are returned as they are. */
  uid(original: string): string;
  /** `length` digits and consonants (nearly 5 bits each), the same for the same value in the same domain. */
  code(domain: string, value: string, length: number): string;
  /** Whole days, from -1 to -3652, one for each patient. */
  dateOffsetDays(patient: string): number;
}

/** @param key 32 secret bytes */
export function createPseudonyms(key: Uint8Array): Pseudonyms {
  if (key.length !== KEY_LENGTH) throw new RangeError(`the key must have ${KEY_LENGTH} bytes`);
  const keyed = hmac.create(sha256, key);
  // Every digest begins with the key; what it is made in is used again, since making that costs as much as the digest.
  const state = keyed.clone();
  const made = new Uint8Array(sha256.outputLen);
  // Domain and value are separated by a byte that neither holds, so that no two pairs collide.
  const digest = (domain: string, value: string): Uint8Array => {
    keyed._cloneInto(state).update(bytesOf(`${domain}\0${value}`)).digestInto(made);
    return made;
  };
  const rememberUid = memory();
  const rememberOffset = memory();
  return {
    uid: (original) => (isRegisteredUid(original) ? original : rememberUid(original, () => uidOf(digest('uid', original)))),
    code: (domain, value, length) => codeOf(digest(domain, value), length),
    dateOffsetDays: (patient) => Number(rememberOffset(patient, () => String(-1 - (uint32(digest('date-offset', patient)) % MAX_OFFSET_DAYS)))),
  };
}

function memory(): (name: string, make: () => string) => string {
  const known = new Map<string, string>();
  return (name, make) => {
    if (name.length > LONGEST_REMEMBERED) return make();
    const old = known.get(name);
    if (old !== undefined) return old;
    if (known.size >= MEMORY) known.clear();
    const made = make();
    known.set(name, made);
    return made;
  };
}

/** 128 bits as a UUID of version 8 (RFC 9562 5.8), in decimal under 2.25 (PS3.5 B.2). */
function uidOf(digest: Uint8Array): string {
  digest[6] = (digest[6] & 0x0f) | 0x80;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  let value = 0n;
  for (let at = 0; at < 16; at += 4) value = (value << 32n) | BigInt(uint32(digest, at));
  return `2.25.${value}`;
}

function codeOf(digest: Uint8Array, length: number): string {
  let code = '';
  for (let i = 0; i < length; i++) code += ALPHABET[digest[i] % ALPHABET.length];
  return code;
}

function uint32(bytes: Uint8Array, at = 0): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
