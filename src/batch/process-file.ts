import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { join } from 'node:path';
import { apply, bytesOfPiece, isSpan, lengthOf, type Piece } from '../anonymizer/apply.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import type { Limits } from '../anonymizer/dicom/limits.ts';
import { readDataSet } from '../anonymizer/dicom/part10.ts';
import { isDicomdir } from '../anonymizer/dicomdir.ts';
import { type DirectoryEntry, directoryEntry } from '../anonymizer/directory-entry.ts';
import { encodeFileMeta } from '../anonymizer/file-meta.ts';
import { bytesBeforePixels, type Plan, resultSyntax } from '../anonymizer/plan.ts';
import type { Planner } from '../anonymizer/planner.ts';
import type { Pseudonyms } from '../anonymizer/pseudonyms.ts';
import type { Pair, RecordedPseudonyms } from '../anonymizer/recorded-pseudonyms.ts';
import type { ActionTally, FileReport } from '../anonymizer/report.ts';
import { SecondReader } from '../anonymizer/second-reader.ts';
import { Stencils } from '../anonymizer/stencil/stencils.ts';
import { verify } from '../anonymizer/verify.ts';
import { verifyLarge } from '../anonymizer/verify-large.ts';
import { CHUNK, Delivery } from './delivery.ts';
import { digestOf } from './digest.ts';
import type { DicomdirSource } from './dicomdir.ts';
import { systemReason } from './errors.ts';
import type { Evidence } from './evidence.ts';
import { FileChangedError, FileOpener, type OpenFile, WHOLE_FILE } from './file-source.ts';
import { NODE_HOST } from './node-host.ts';
import { type Layout, outputPath } from './output-path.ts';
import { isRaised, StoppedError, type StopFlag } from './stop.ts';
import type { Found } from './walk.ts';

/** What the handling of every file of a run has in common. */
export interface Job {
  readonly planner: Planner;
  readonly pseudonyms: Pseudonyms;
  readonly outputFolder: string;
  /** What it was when the run began. */
  readonly root?: string | undefined;
  /** Under which results are written before they get their own name; one for each thread. */
  readonly temporary: string;
  readonly layout: Layout;
  readonly verify: boolean;
  readonly dryRun: boolean;
  /** Whether to tell what the journal needs. */
  readonly traced: boolean;
  readonly stop?: StopFlag | undefined;
  readonly limits?: Limits | undefined;
  /** How many bytes of each result are hashed for the manifest; undefined where there is none. */
  readonly hashed?: number | undefined;
  /** What the planner asks for pseudonyms, where there is a table of identifiers. */
  readonly recorder?: RecordedPseudonyms | undefined;
}

export interface Processed {
  readonly report: FileReport;
  /** Bytes of the source. */
  readonly bytes: number;
  /** For a file that was written, where the job asks for it. */
  readonly trace?: Trace | undefined;
  /** For the manifest, where there is one. */
  readonly evidence?: Evidence | undefined;
  /** For the table of identifiers, where there is one: a line of JSON for each pair. */
  readonly pairs?: string | undefined;
  /** What a DICOMDIR would say of a file that was written; or where this one is, which waits for all others. */
  readonly directory?: DirectoryEntry | DicomdirSource | undefined;
}

/** By what a later run knows whether source and result are still what they were. */
export interface Trace {
  readonly size: number;
  readonly mtimeMs: number;
  /** Digest of the source's first bytes. */
  readonly head: string;
  readonly outputSize: number;
  readonly outputDigest: string;
  /** How many bytes of the result its evidence is of, where there is some. */
  readonly hashed?: number | undefined;
}

const inflate = (deflated: Uint8Array, limit: number): Uint8Array => inflateRawSync(deflated, { maxOutputLength: limit });

/** Bytes of a source whose digest tells one header from another. */
export const HEAD = 1 << 16;

/** De-identifies files one after another; its buffers are used again, so one a thread. */
export class FileProcessor {
  private readonly opener = new FileOpener();
  private readonly delivery: Delivery;
  private readonly stencils: Stencils;
  private readonly reader = new SecondReader(NODE_HOST);
  private output = new Uint8Array(1 << 16);
  /** Of the last result; slices go where the one before them went. */
  private folder: { readonly relative: string; readonly path: string } | undefined;

  constructor(private readonly job: Job, private readonly tally: ActionTally) {
    this.stencils = new Stencils(job.pseudonyms, NODE_HOST);
    this.delivery = new Delivery(job.temporary, { traced: job.traced, hashed: job.hashed, root: job.root });
  }

  /**
   * Never throws: what went wrong with one file is its report. Undefined for a file that was not finished since the run
   * stops, or not begun since it is too large.
   * @param mayReplace whether an earlier result for the same file may be there
   * @param room bytes of the largest file that is to be handled
   */
  process(found: Found, mayReplace: boolean, room = Number.POSITIVE_INFINITY): Processed | undefined {
    let bytes = 0;
    try {
      if (found.refusal !== undefined) return { report: { input: found.path, status: 'skipped', reason: found.refusal }, bytes };
      const file = this.opener.open(found.pathBytes === undefined ? found.path : Buffer.from(found.pathBytes), found.isBelow !== true, Math.min(WHOLE_FILE, room));
      try {
        bytes = file.size;
        if (bytes > room) return undefined;
        return this.handle(found, file, mayReplace);
      } finally {
        file.close();
      }
    } catch (error) {
      this.job.recorder?.forget();
      if (error instanceof StoppedError) return undefined;
      return { report: refused(found.path, error), bytes };
    }
  }

  close(): void {
    this.delivery.close();
  }

  /**
   * The pairs of a file whose result is there already; it is planned again, since the key and the source say it all.
   * @throws DicomError or the system's error where it cannot be
   */
  pairsOf(found: Found): string {
    const { recorder, planner, limits } = this.job;
    if (recorder === undefined) return '';
    const file = this.opener.open(found.pathBytes === undefined ? found.path : Buffer.from(found.pathBytes));
    try {
      const dataSet = readDataSet(file.source, { inflate, limits });
      planner.plan(dataSet);
      return linesOf(recorder.take(dataSet));
    } finally {
      file.close();
    }
  }

  private handle(found: Found, file: OpenFile, mayReplace: boolean): Processed {
    const { job } = this;
    // Before the pixels' neighbours are overwritten by the new header.
    const head = job.traced ? digestOf(file.source.read(0, Math.min(file.size, HEAD))) : '';
    // A table of identifiers wants to hear of every one, which only a plan asks for.
    const fitted = job.layout === 'uid' && job.recorder === undefined ? this.fit(file) : undefined;
    if (fitted !== undefined) return this.finish(found, file, fitted.plan, head, mayReplace, () => this.writeWhole(fitted.plan, fitted.bytes, fitted.beforePixels, this.reader));
    const dataSet = readDataSet(file.source, { inflate, limits: job.limits });
    if (isDicomdir(dataSet)) return { report: { input: found.path, status: 'skipped', reason: 'a DICOMDIR is never copied' }, bytes: file.size, directory: { path: found.path, relative: found.relative } };
    const plan = job.planner.plan(dataSet);
    // Writing lays the new header over the source's bytes.
    const pairs = linesOf(job.recorder?.take(dataSet));
    return { ...this.finish(found, file, plan, head, mayReplace, () => this.write(plan, file)), pairs };
  }

  /** The whole result where the file is a slice like one before it; laid into the memory of its source. */
  private fit({ source, size, whole }: OpenFile): { readonly plan: Plan; readonly bytes: Uint8Array; readonly beforePixels: number } | undefined {
    if (whole === undefined) return undefined;
    const fitted = this.stencils.fit(source.read(0, size));
    if (fitted === undefined) return undefined;
    const bytes = layAgainst(whole, fitted.header, fitted.pixelsAt, size);
    return bytes && { plan: fitted.plan, bytes, beforePixels: fitted.header.length };
  }

  private finish(found: Found, file: OpenFile, plan: Plan, head: string, mayReplace: boolean, write: () => boolean | undefined): Processed {
    const { job, delivery } = this;
    const output = outputPath(job.layout, found.relative, plan.instance, job.pseudonyms);
    const warnings = plan.warnings.map(({ text }) => text);
    // Under UIDs as names no DICOMDIR is possible. Writing lays the new header over the source's bytes, so ask before.
    const directory = job.layout === 'mirror' ? directoryEntry(plan, output, job.pseudonyms) : undefined;
    const cut = output.lastIndexOf('/');
    delivery.begin(this.folderOf(output.slice(0, Math.max(0, cut))), output.slice(cut + 1), mayReplace);
    const verified = write();
    this.tally.add(plan);
    const report: FileReport = {
      input: found.path, output, status: 'written', ...(warnings.length > 0 ? { warnings: [...new Set(warnings)] } : {}),
      ...(verified === undefined ? {} : { verified }),
    };
    if (job.dryRun) return { report, bytes: file.size, directory };
    const { size: outputSize, digest: outputDigest, evidence } = delivery;
    if (!job.traced) return { report, bytes: file.size, directory, evidence };
    return { report, bytes: file.size, directory, evidence, trace: { size: file.size, mtimeMs: file.mtimeMs, head, outputSize, outputDigest, hashed: evidence?.hashed } };
  }

  /** @param relative to the output folder, with slashes */
  private folderOf(relative: string): string {
    if (relative !== this.folder?.relative) this.folder = { relative, path: join(this.job.outputFolder, relative) };
    return this.folder.path;
  }

  /** Whether the result was verified; undefined where that was not asked for. */
  private write(plan: Plan, file: OpenFile): boolean | undefined {
    const transferSyntax = resultSyntax(plan);
    const { sopClass, sopInstance } = plan.instance;
    const meta = encodeFileMeta({ sopClass, sopInstance, transferSyntax: transferSyntax.uid });
    const pieces = apply(plan);
    if (file.whole !== undefined && this.stencils.wants(plan)) this.stencils.learn(plan, meta, pieces);
    if (transferSyntax.deflated) return this.writeWhole(plan, this.gather(plan, [meta, deflateRawSync(this.gather(plan, pieces))]));
    if (lengthOf(pieces) > 2 * WHOLE_FILE || file.whole === undefined) return this.writeLarge(plan, [meta, ...pieces], file);
    const laid = plan.pixels?.pieces === undefined ? this.layHeader(plan, [meta, ...pieces], file.whole) : undefined;
    return this.writeWhole(plan, laid ?? this.gather(plan, [meta, ...pieces]));
  }

  /** @param reader of results that are like others */
  private writeWhole(plan: Plan, bytes: Uint8Array, beforePixels = bytesBeforePixels(plan, bytes.length), reader?: SecondReader): boolean | undefined {
    const verified = this.job.verify ? verify(bytes, plan, { inflate, reader }).outcome === 'passed' : undefined;
    if (!this.job.dryRun) this.delivery.deliver(bytes, beforePixels);
    return verified;
  }

  /**
   * The result in the memory of its source: the new header is laid against the pixels, which are never copied.
   * Undefined where something else than a long span comes last, or the header does not fit in front of it. What the
   * plan's spans in front of the pixels say is gone afterwards.
   */
  private layHeader(plan: Plan, pieces: readonly Piece[], whole: NonNullable<OpenFile['whole']>): Uint8Array | undefined {
    const last = pieces[pieces.length - 1];
    return isSpan(last) ? layAgainst(whole, this.gather(plan, pieces.slice(0, -1)), last.start, last.end) : undefined;
  }

  /** For what is too large to hold: its header is verified, its pixels go through one buffer. */
  private writeLarge(plan: Plan, pieces: readonly Piece[], file: OpenFile): boolean | undefined {
    const verified = this.job.verify ? verifyLarge(plan, pieces, { inflate }).outcome === 'passed' : undefined;
    if (this.job.dryRun) {
      // A frame that is damaged is told by a dry run too.
      for (const piece of pieces) if (!isSpan(piece)) bytesOfPiece(piece, plan.dataSet.source);
      return verified;
    }
    const length = lengthOf(pieces);
    this.delivery.deliverPieces((write, room) => {
      for (const piece of pieces) {
        if (!isSpan(piece)) {
          if (isRaised(this.job.stop)) throw new StoppedError();
          write(bytesOfPiece(piece, plan.dataSet.source));
          continue;
        }
        for (let at = piece.start; at < piece.end; at += CHUNK) {
          if (isRaised(this.job.stop)) throw new StoppedError();
          const part = room().subarray(0, Math.min(CHUNK, piece.end - at));
          file.readInto(part, at);
          write(part);
        }
      }
      file.checkUnchanged();
    }, length, bytesBeforePixels(plan, length));
    return verified;
  }

  private gather(plan: Plan, pieces: readonly Piece[]): Uint8Array {
    const length = lengthOf(pieces);
    if (this.output.length < length) this.output = new Uint8Array(length * 2);
    const bytes = this.output.subarray(0, length);
    let at = 0;
    for (const piece of pieces) {
      const part = bytesOfPiece(piece, plan.dataSet.source);
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

/** The header and what stands from `at` to `end` in the source, whose bytes in front of `at` are gone; undefined for lack of room. */
function layAgainst({ memory, start }: NonNullable<OpenFile['whole']>, header: Uint8Array, at: number, end: number): Uint8Array | undefined {
  const from = start + at - header.length;
  if (from < 0) return undefined;
  memory.set(header, from);
  return memory.subarray(from, start + end);
}

function linesOf(pairs: readonly Pair[] = []): string {
  return pairs.map((pair) => `${JSON.stringify(pair)}\n`).join('');
}

function refused(input: string, error: unknown): FileReport {
  if (error instanceof DicomError) {
    return { input, status: error.code === 'not-dicom' ? 'skipped' : 'failed', reason: `${error.code}: ${error.message}` };
  }
  if (error instanceof FileChangedError) return { input, status: 'failed', reason: error.message };
  if (error instanceof Error && 'code' in error) return { input, status: 'failed', reason: systemReason(error) };
  // A fault of the program: its name and place, never its message, which might quote a value.
  const place = error instanceof Error ? (/at (\S+)/.exec(error.stack ?? '')?.[1] ?? '') : '';
  return { input, status: 'failed', reason: `internal error: ${error instanceof Error ? error.name : 'unknown'} ${place}`.trim() };
}
