import { createHash, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { DEFAULT_LIMITS, LIMIT_NAMES, type Limits } from '../anonymizer/dicom/limits.ts';
import type { Profile } from '../anonymizer/profile.ts';
import { optionsOf, type Report } from '../anonymizer/report.ts';
import { EDITION } from '../anonymizer/rules/data/table-e1-1.ts';
import { systemReason } from './errors.ts';
import type { DigestReach, Evidence } from './evidence.ts';
import type { Layout } from './output-path.ts';
import { signed } from './signature.ts';

/** First line of a manifest: what made the results, and how. */
export interface ManifestHead {
  readonly kind: 'manifest';
  readonly format: 1;
  readonly program: string;
  readonly version: string;
  /** Edition of PS3.15 whose tables were applied. */
  readonly edition: string;
  /** With the SHA-256 of everything that the profile says, since two may have one name. */
  readonly profile: { readonly name: string; readonly sha256: string };
  readonly options: readonly string[];
  readonly layout: Layout;
  /** Whether each result was read and searched again before it was delivered. */
  readonly verify: boolean;
  readonly digests: DigestReach;
  /** Those that are not the usual ones. */
  readonly limits: Partial<Limits>;
  /** Which part of the work, as `2/8`. */
  readonly shard?: string | undefined;
}

/** A line for each result, in the order in which they were done. */
export interface ManifestFile extends Evidence {
  readonly kind: 'file';
  /** Relative to the output folder, with slashes. */
  readonly output: string;
  /** Whether a second reader read it again; undefined where nobody was asked to. */
  readonly verified?: boolean | undefined;
}

/** Last line but for the signature; without it the manifest is cut off. */
export interface ManifestEnd {
  readonly kind: 'end';
  readonly files: number;
  readonly summary: Report['summary'];
  /** When, in UTC (ISO 8601). */
  readonly made: string;
}

/** Of everything above it. */
export interface ManifestSignature {
  readonly kind: 'signature';
  readonly algorithm: 'Ed25519';
  /** SubjectPublicKeyInfo (RFC 8410), in base64. */
  readonly publicKey: string;
  readonly signature: string;
}

export type ManifestLine = ManifestHead | ManifestFile | ManifestEnd | ManifestSignature;

export interface ManifestFacts {
  readonly version: string;
  readonly profile: Profile;
  readonly layout: Layout;
  readonly verify: boolean;
  readonly digests: DigestReach;
  readonly limits?: Limits | undefined;
  readonly shard?: string | undefined;
}

/** What became of a manifest. */
export type ManifestOutcome = { readonly path: string } | { readonly problem: string };

export const MANIFEST_ENDING = '.manifest.jsonl';

/** Characters that are gathered before they are written. */
const BLOCK = 1 << 16;

/**
 * The evidence of a run: a line of JSON for each result, written while the run goes on, under a temporary name until
 * it is complete. It names results and no source, and holds no value of one. What goes wrong with it stops no run and
 * is told in the end.
 */
export class Manifest {
  private readonly temporary: string;
  private readonly hash = createHash('sha256');
  private file: number | undefined;
  /** Whether the temporary file is there, and this one's. */
  private isThere = false;
  private text = '';
  private files = 0;
  private problem: string | undefined;

  /** @param beside the path of the output folder, with the shard's name */
  constructor(private readonly beside: string, facts: ManifestFacts) {
    this.temporary = `${beside}${MANIFEST_ENDING}.partial`;
    this.attempt(() => {
      // What a killed run left, or a link that leads elsewhere.
      rmSync(this.temporary, { force: true });
      this.file = openSync(this.temporary, 'wx');
      this.isThere = true;
    });
    this.line(headOf(facts));
  }

  add(output: string, verified: boolean | undefined, evidence: Evidence): void {
    this.files += 1;
    this.line({ kind: 'file', output, ...evidence, ...(verified === undefined ? {} : { verified }) });
  }

  /** Completes and signs it, and gives it its name; one that is taken gets a number: `study.manifest-2.jsonl`. */
  finish(summary: Report['summary'], made: Date, key: KeyObject | undefined): ManifestOutcome {
    this.line({ kind: 'end', files: this.files, summary, made: made.toISOString() });
    this.flush();
    if (key !== undefined) {
      this.line(signed(this.hash.digest('hex'), key));
      this.flush(false);
    }
    let path = '';
    this.attempt(() => {
      closeSync(this.file ?? -1);
      this.file = undefined;
      path = this.freePath();
      renameSync(this.temporary, path);
      this.isThere = false;
    });
    this.close();
    return this.problem === undefined ? { path } : { problem: `The manifest could not be written: ${this.problem}.` };
  }

  /** Leaves nothing of one that was not finished. */
  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
    if (this.isThere) rmSync(this.temporary, { force: true });
    this.isThere = false;
  }

  private freePath(): string {
    const [stem, ending] = ['.manifest', '.jsonl'];
    for (let number = 1; ; number++) {
      const path = `${this.beside}${stem}${number === 1 ? '' : `-${number}`}${ending}`;
      if (!existsSync(path)) return path;
    }
  }

  private line(line: ManifestLine): void {
    this.text += `${JSON.stringify(line)}\n`;
    if (this.text.length >= BLOCK) this.flush();
  }

  private flush(isSigned = true): void {
    const bytes = Buffer.from(this.text);
    this.text = '';
    if (isSigned) this.hash.update(bytes);
    this.attempt(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.file ?? -1, bytes, at);
    });
  }

  private attempt(work: () => void): void {
    if (this.problem !== undefined) return;
    try {
      work();
    } catch (error) {
      this.problem = systemReason(error);
    }
  }
}

function headOf({ version, profile, layout, verify, digests, limits = DEFAULT_LIMITS, shard }: ManifestFacts): ManifestHead {
  const changed = LIMIT_NAMES.filter((name) => limits[name] !== DEFAULT_LIMITS[name]);
  return {
    kind: 'manifest', format: 1, program: 'DICOM Anonymizer', version, edition: EDITION,
    profile: { name: profile.name, sha256: digestOfProfile(profile) }, options: optionsOf(profile), layout, verify, digests,
    limits: Object.fromEntries(changed.map((name) => [name, limits[name]])), ...(shard === undefined ? {} : { shard }),
  };
}

/** The same for the same choices, whatever the order in which they were made or written. */
export function digestOfProfile(profile: Profile): string {
  return createHash('sha256').update(JSON.stringify(canonical(profile))).digest('hex');
}

function canonical(value: unknown): unknown {
  if (value instanceof Set) return [...(value as ReadonlySet<unknown>)].sort();
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, canonical(each)]));
}
