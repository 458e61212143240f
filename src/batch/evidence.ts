import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { sha256Of } from './node-host.ts';

/** What proves later that a file is still the one that was delivered. */
export interface Evidence {
  /** Bytes of the file. */
  readonly size: number;
  /** How many of them, from the first on, the digest is of. */
  readonly hashed: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** How much of each result the manifest's digests are of: what stands in front of its pixels, or all. */
export type DigestReach = 'head' | 'whole';

/**
 * Most bytes of the head: the header, which is what this program has written itself. The digest of the pixels behind it,
 * which it has copied, costs a quarter of what everything else does.
 */
const HEAD = 1 << 14;

const CHUNK = 1 << 20;

export function bytesHashed(reach: DigestReach): number {
  return reach === 'whole' ? Number.POSITIVE_INFINITY : HEAD;
}

/** Makes the SHA-256 of what it is given. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** In hexadecimal digits; undefined where it cannot tell. */
  end(): string | undefined;
}

function createHasher(): Hasher {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), end: () => hash.digest('hex') };
}

/** How many bytes of a result are hashed: `most`, or of its head as many as stand in front of its pixels. */
export function bytesOfHead(most: number, beforePixels: number): number {
  return most === Number.POSITIVE_INFINITY ? most : Math.min(most, beforePixels);
}

/** @param most bytes to be hashed */
export function evidenceOf(bytes: Uint8Array, most: number): Evidence {
  const hashed = Math.min(bytes.length, most);
  return { size: bytes.length, hashed, sha256: sha256Of(bytes.subarray(0, hashed), 'hex') };
}

/** Takes the bytes of a file as they are written. */
export class EvidenceMaker {
  private size = 0;

  /** @param most bytes to be hashed */
  constructor(private readonly most: number, private readonly hasher = createHasher()) {}

  update(bytes: Uint8Array): void {
    if (this.size < this.most) this.hasher.update(this.size + bytes.length <= this.most ? bytes : bytes.subarray(0, this.most - this.size));
    this.size += bytes.length;
  }

  /** Undefined where the hasher cannot tell. */
  end(): Evidence | undefined {
    const sha256 = this.hasher.end();
    return sha256 === undefined ? undefined : { size: this.size, hashed: Math.min(this.size, this.most), sha256 };
  }
}

/**
 * Of a file as it lies on the disk.
 * @throws Error of the system where it cannot be read
 */
export function evidenceOfFile(path: string, most: number): Evidence {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK, size, most)));
    let hashed = 0;
    while (hashed < most) {
      const count = readSync(file, buffer, 0, Math.min(buffer.length, most - hashed), hashed);
      if (count === 0) break;
      hash.update(buffer.subarray(0, count));
      hashed += count;
    }
    return { size: Math.max(size, hashed), hashed, sha256: hash.digest('hex') };
  } finally {
    closeSync(file);
  }
}
