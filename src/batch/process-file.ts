import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { apply, isSpan, lengthOf, type Piece } from '../anonymizer/apply.ts';
import { concat } from '../anonymizer/dicom/encode.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { readDataSet } from '../anonymizer/dicom/part10.ts';
import { encodeFileMeta } from '../anonymizer/file-meta.ts';
import type { Plan } from '../anonymizer/plan.ts';
import type { Planner } from '../anonymizer/planner.ts';
import type { Pseudonyms } from '../anonymizer/pseudonyms.ts';
import type { ActionTally, FileReport } from '../anonymizer/report.ts';
import { verify } from '../anonymizer/verify.ts';
import { systemReason } from './errors.ts';
import { FileOpener, type OpenFile, WHOLE_FILE } from './file-source.ts';
import { type Layout, outputPath } from './output-path.ts';
import type { Found } from './walk.ts';

/** What the handling of every file of a run has in common. */
export interface Job {
  readonly planner: Planner;
  readonly pseudonyms: Pseudonyms;
  readonly outputFolder: string;
  /** Under which results are written before they get their own name; one for each thread. */
  readonly temporary: string;
  readonly layout: Layout;
  readonly verify: boolean;
  readonly dryRun: boolean;
}

export interface Processed {
  readonly report: FileReport;
  /** Bytes of the source. */
  readonly bytes: number;
}

const inflate = (deflated: Uint8Array, limit: number): Uint8Array => inflateRawSync(deflated, { maxOutputLength: limit });

/** Largest stretch that is copied at once. */
const CHUNK = 4 << 20;

/** De-identifies files one after another; its buffers are used again, so one a thread. */
export class FileProcessor {
  private readonly opener = new FileOpener();
  private output = Buffer.allocUnsafeSlow(1 << 20);
  private lastFolder = '';
  private mayReplace = false;

  constructor(private readonly job: Job, private readonly tally: ActionTally) {}

  /**
   * Never throws: what went wrong with one file is its report.
   * @param mayReplace whether an earlier result for the same file may be there
   */
  process(found: Found, mayReplace: boolean): Processed {
    let bytes = 0;
    this.mayReplace = mayReplace;
    try {
      if (found.refusal !== undefined) return { report: { input: found.path, status: 'skipped', reason: found.refusal }, bytes };
      const file = this.opener.open(found.path);
      try {
        bytes = file.size;
        return { report: this.handle(found, file), bytes };
      } finally {
        file.close();
      }
    } catch (error) {
      return { report: refused(found.path, error), bytes };
    }
  }

  private handle(found: Found, file: OpenFile): FileReport {
    const { job } = this;
    const dataSet = readDataSet(file.source, { inflate });
    const plan = job.planner.plan(dataSet);
    const output = outputPath(job.layout, found.relative, plan.instance, job.pseudonyms);
    const warnings = plan.warnings.map(({ text }) => text);
    const report: FileReport = { input: found.path, output, status: 'written', ...(warnings.length > 0 ? { warnings: [...new Set(warnings)] } : {}) };
    const verified = this.write(plan, file, join(job.outputFolder, output));
    this.tally.add(plan);
    return { ...report, ...(verified === undefined ? {} : { verified }) };
  }

  /** Whether the result was verified; undefined where that was not asked for. */
  private write(plan: Plan, file: OpenFile, path: string): boolean | undefined {
    const { transferSyntax } = plan.dataSet;
    const { sopClass, sopInstance } = plan.instance;
    const meta = encodeFileMeta({ sopClass, sopInstance, transferSyntax: transferSyntax.uid });
    const pieces = apply(plan);
    if (transferSyntax.deflated) return this.writeWhole(plan, [meta, deflateRawSync(this.gather(plan, pieces))], path);
    if (lengthOf(pieces) > 2 * WHOLE_FILE) return this.writeLarge(plan, [meta, ...pieces], file, path);
    return this.writeWhole(plan, [meta, ...pieces], path);
  }

  private writeWhole(plan: Plan, pieces: readonly Piece[], path: string): boolean | undefined {
    const bytes = this.gather(plan, pieces);
    const verified = this.job.verify ? verify(bytes, plan, { inflate }).outcome === 'passed' : undefined;
    if (!this.job.dryRun) this.deliver(path, (out) => writeFully(out, bytes));
    return verified;
  }

  /** For what is too large to hold: its header is verified, its pixels go through one buffer. */
  private writeLarge(plan: Plan, pieces: readonly Piece[], file: OpenFile, path: string): boolean | undefined {
    const verified = this.job.verify ? this.verifyLarge(plan, pieces) : undefined;
    if (this.job.dryRun) return verified;
    const buffer = Buffer.allocUnsafe(CHUNK);
    this.deliver(path, (out) => {
      for (const piece of pieces) {
        if (!isSpan(piece)) {
          writeFully(out, piece);
          continue;
        }
        for (let at = piece.start; at < piece.end; at += CHUNK) {
          const part = buffer.subarray(0, Math.min(CHUNK, piece.end - at));
          file.readInto(part, at);
          writeFully(out, part);
        }
      }
    });
    return verified;
  }

  /** Every stretch that is small enough to be header; the long ones are values that were searched when planned. */
  private verifyLarge(plan: Plan, pieces: readonly Piece[]): boolean {
    const head: Uint8Array[] = [];
    for (const piece of pieces) {
      if (!isSpan(piece)) head.push(piece);
      else if (piece.end - piece.start <= WHOLE_FILE) head.push(plan.dataSet.source.read(piece.start, piece.end));
      else {
        head.push(plan.dataSet.source.read(piece.start, Math.min(piece.end, piece.start + (1 << 20))));
        break;
      }
    }
    return verify(concat(head), plan, { inflate }, true).outcome === 'passed';
  }

  private gather(plan: Plan, pieces: readonly Piece[]): Uint8Array {
    const length = lengthOf(pieces);
    if (this.output.length < length) this.output = Buffer.allocUnsafeSlow(length * 2);
    const bytes = new Uint8Array(this.output.buffer, 0, length);
    let at = 0;
    for (const piece of pieces) {
      const part = isSpan(piece) ? plan.dataSet.source.read(piece.start, piece.end) : piece;
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** Under a temporary name first, so that no partial file ever has a final name; never over another's file. */
  private deliver(path: string, fill: (out: number) => void): void {
    const { temporary } = this.job;
    const folder = dirname(path);
    if (folder !== this.lastFolder) mkdirSync(folder, { recursive: true });
    this.lastFolder = folder;
    if (!this.mayReplace && existsSync(path)) throw new DicomError('unsafe', 'the output file exists already');
    const out = openSync(temporary, 'wx');
    try {
      try {
        fill(out);
      } finally {
        closeSync(out);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }
}

function writeFully(out: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(out, bytes, at, bytes.length - at);
}

function refused(input: string, error: unknown): FileReport {
  if (error instanceof DicomError) {
    return { input, status: error.code === 'not-dicom' ? 'skipped' : 'failed', reason: `${error.code}: ${error.message}` };
  }
  if (error instanceof Error && 'code' in error) return { input, status: 'failed', reason: systemReason(error) };
  // A fault of the program: its name and place, never its message, which might quote a value.
  const place = error instanceof Error ? (/at (\S+)/.exec(error.stack ?? '')?.[1] ?? '') : '';
  return { input, status: 'failed', reason: `internal error: ${error instanceof Error ? error.name : 'unknown'} ${place}`.trim() };
}
