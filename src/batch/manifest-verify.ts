import { createHash, type KeyObject } from 'node:crypto';
import { closeSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode, systemReason, UsageError } from './errors.ts';
import { evidenceOfFile } from './evidence.ts';
import { HashPlaces, hashOf } from './hash-places.ts';
import { linesOf } from './lines.ts';
import { MANIFEST_ENDING, type ManifestEnd, type ManifestFile, type ManifestHead, type ManifestLine } from './manifest.ts';
import { SCRATCH } from './report-read.ts';
import { publicText, signerOf } from './signature.ts';
import { walk } from './walk.ts';

/** What is not as the manifest says. */
export interface Deviation {
  readonly kind: 'missing' | 'changed' | 'additional';
  /** Relative to the output folder. */
  readonly output: string;
  readonly reason?: string | undefined;
}

/** What a manifest says of itself. */
export interface ManifestSeal {
  readonly head: ManifestHead;
  readonly end: ManifestEnd;
  /** Of whom a valid signature is, in base64; undefined where there is none. */
  readonly signer?: string | undefined;
}

/** The folder that a manifest beside it speaks of; undefined where its name does not tell. */
export function folderOfManifest(path: string): string | undefined {
  const match = /^(.+?)(?:\.shard-\d+-of-\d+)?\.manifest(?:-\d+)?\.jsonl$/.exec(path);
  return path.endsWith(MANIFEST_ENDING) || match !== null ? match?.[1] : undefined;
}

/** One manifest that is opened to be checked. */
export class OpenManifest {
  readonly seal: ManifestSeal;
  private readonly file: number;
  /** By hash of the output's path: where its line stands. */
  private readonly places = new HashPlaces(SCRATCH);

  /**
   * Reads it through once: its form, its end and its signature.
   * @throws UsageError where it is none or is cut off; ManifestError where it was changed after it was signed
   */
  constructor(private readonly path: string, signer: KeyObject | undefined) {
    try {
      this.file = openSync(path, 'r');
    } catch (error) {
      throw new UsageError(`The manifest cannot be read: ${systemReason(error)}.`);
    }
    try {
      this.seal = this.readThrough();
    } catch (error) {
      this.close();
      throw error;
    }
    if (signer !== undefined && this.seal.signer !== publicText(signer)) {
      this.close();
      throw new ManifestError(this.seal.signer === undefined ? 'it is not signed' : 'it is signed with another key');
    }
  }

  /** The files that it lists and that are not in the folder as it says. */
  *check(folder: string): Generator<Deviation> {
    for (const line of this.lines()) {
      if (line.kind !== 'file') continue;
      const { output } = line;
      const deviation = deviationOf(join(folder, output), line);
      if (deviation !== undefined) yield { output, ...deviation };
    }
  }

  lists(output: string): boolean {
    return this.places.find(hashOf(output), (place) => this.outputAt(place) === output) !== undefined;
  }

  close(): void {
    closeSync(this.file);
    this.places.close();
  }

  private readThrough(): ManifestSeal {
    const hash = createHash('sha256');
    let head: ManifestHead | undefined;
    let end: ManifestEnd | undefined;
    let signer: string | undefined;
    let isSigned = false;
    let files = 0;
    let read = 0;
    for (const { text, start, end: after } of linesOf(this.file)) {
      read = after;
      const line = this.parse(text);
      if ((head === undefined) !== (line.kind === 'manifest') || isSigned || (end !== undefined && line.kind !== 'signature')) throw this.noManifest();
      if (line.kind === 'signature') {
        isSigned = true;
        const key = signerOf(line, hash.digest('hex'));
        if (key === undefined) throw new ManifestError('its signature is not one of what it says: it was changed');
        signer = publicText(key);
        continue;
      }
      hash.update(`${text}\n`);
      if (line.kind === 'manifest') head = line;
      if (line.kind === 'end') end = line;
      if (line.kind !== 'file') continue;
      files += 1;
      this.places.set(hashOf(line.output), start, (place) => this.outputAt(place) === line.output);
    }
    if (head === undefined) throw this.noManifest();
    // A signature without the end of its line would be passed by as if there were none.
    if (end === undefined || end.files !== files || read !== fstatSync(this.file).size) throw new ManifestError('it is cut off');
    return { head, end, signer };
  }

  private *lines(): Generator<ManifestLine> {
    for (const { text } of linesOf(this.file)) yield this.parse(text);
  }

  private outputAt(place: number): string {
    for (let size = 1024; size <= LONGEST_LINE; size *= 4) {
      const buffer = Buffer.allocUnsafe(size);
      const count = readSync(this.file, buffer, 0, size, place);
      const end = buffer.subarray(0, count).indexOf(0x0a);
      if (end < 0) continue;
      const line = this.parse(buffer.toString('utf8', 0, end));
      return line.kind === 'file' ? line.output : '';
    }
    throw this.noManifest();
  }

  private parse(text: string): ManifestLine {
    if (Buffer.byteLength(text) >= LONGEST_LINE) throw this.noManifest();
    try {
      const line: unknown = JSON.parse(text);
      if (isLine(line)) return line;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw this.noManifest();
  }

  private noManifest(): UsageError {
    return new UsageError(`This is no manifest of this program: ${this.path}`);
  }
}

/** Bytes of a line; a path has at most 4,096 on the systems that this runs on, escaped at most six times as many. */
const LONGEST_LINE = 1 << 16;

/** A manifest that proves nothing any more, and why. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** Everything below the folder that none of the manifests lists. */
export function* additionalFiles(folder: string, manifests: readonly OpenManifest[]): Generator<Deviation> {
  for (const { relative } of walk([folder])) {
    if (!manifests.some((manifest) => manifest.lists(relative))) yield { kind: 'additional', output: relative };
  }
}

function deviationOf(path: string, { size, hashed, sha256 }: ManifestFile): Omit<Deviation, 'output'> | undefined {
  try {
    const stats = lstatSync(path);
    if (!stats.isFile()) return { kind: 'changed', reason: 'it is no regular file' };
    if (stats.size !== size) return { kind: 'changed', reason: 'it has another size' };
    const now = evidenceOfFile(path, hashed);
    return now.sha256 === sha256 && now.size === size ? undefined : { kind: 'changed', reason: 'its bytes differ' };
  } catch (error) {
    const code = systemCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'changed', reason: `it cannot be read: ${systemReason(error)}` };
  }
}

function isLine(value: unknown): value is ManifestLine {
  const line = (value ?? {}) as Partial<ManifestLine>;
  switch (line.kind) {
    case 'manifest': return line.format === 1 && typeof line.version === 'string' && typeof line.edition === 'string' && typeof line.profile?.name === 'string' && typeof line.profile.sha256 === 'string' && Array.isArray(line.options);
    case 'file': return isInside(line.output) && isCount(line.size) && isCount(line.hashed) && /^[0-9a-f]{64}$/.test(String(line.sha256));
    case 'end': return isCount(line.files) && typeof line.summary === 'object' && isCount(line.summary?.written);
    case 'signature': return typeof line.publicKey === 'string' && typeof line.signature === 'string';
    default: return false;
  }
}

/** Whether a path stays in the folder: a manifest may come from anybody. */
function isInside(path: unknown): boolean {
  return typeof path === 'string' && path !== '' && !/^[/\\]|\0/.test(path) && !/^[A-Za-z]:[/\\]/.test(path) && path.split(/[/\\]/).every((part) => part !== '..');
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
