import { PLAIN_HOST } from './dicom/host.ts';
import { isRegisteredUid } from './dicom/uids.ts';
import { keyedDigest } from './keyed-digest.ts';

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
const MEMORY = 1000;
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
export function createPseudonyms(key: Uint8Array, host = PLAIN_HOST): Pseudonyms {
  if (key.length !== KEY_LENGTH) throw new RangeError(`the key must have ${KEY_LENGTH} bytes`);
  const keyed = keyedDigest(key, host);
  // Domain and value are separated by a byte that neither holds, so that no two pairs collide.
  const digest = (domain: string, value: string): string => keyed(`${domain}\0${value}`);
  const rememberUid = memory();
  const rememberOffset = memory();
  return {
    uid: (original) => (isRegisteredUid(original) ? original : rememberUid(original, () => uidOf(digest('uid', original)))),
    code: (domain, value, length) => codeOf(digest(domain, value), length),
    dateOffsetDays: (patient) => Number(rememberOffset(patient, () => String(-1 - (uint32(digest('date-offset', patient), 0) % MAX_OFFSET_DAYS)))),
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
function uidOf(digest: string): string {
  const version = ((uint32(digest, 4) & 0xffff0fff) | 0x00008000) >>> 0;
  const variant = ((uint32(digest, 8) & 0x3fffffff) | 0x80000000) >>> 0;
  const high = (BigInt(uint32(digest, 0)) << 32n) | BigInt(version);
  const low = (BigInt(variant) << 32n) | BigInt(uint32(digest, 12));
  return `2.25.${(high << 64n) | low}`;
}

function codeOf(digest: string, length: number): string {
  let code = '';
  for (let i = 0; i < length; i++) code += ALPHABET[digest.charCodeAt(i) % ALPHABET.length];
  return code;
}

function uint32(digest: string, at: number): number {
  return ((digest.charCodeAt(at) << 24) | (digest.charCodeAt(at + 1) << 16) | (digest.charCodeAt(at + 2) << 8) | digest.charCodeAt(at + 3)) >>> 0;
}
