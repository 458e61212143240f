import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import type { Limits } from '../anonymizer/dicom/limits.ts';
import { readDataSet } from '../anonymizer/dicom/part10.ts';
import { buildDicomdir, DICOMDIR_NAME, NO_LEGAL_NAMES, verifyDicomdir } from '../anonymizer/dicomdir.ts';
import { type DirectoryEntry, directoryEntryOfResult, type RecordKeys } from '../anonymizer/directory-entry.ts';
import type { Pseudonyms } from '../anonymizer/pseudonyms.ts';
import type { FileReport } from '../anonymizer/report.ts';
import { Delivery } from './delivery.ts';
import { systemReason } from './errors.ts';
import { FileOpener } from './file-source.ts';
import type { Layout } from './output-path.ts';
import { SCRATCH } from './report-read.ts';
import { Spool } from './spool.ts';

/** What the rebuilding of DICOMDIRs needs to know of a run. */
export interface DicomdirJob {
  readonly pseudonyms: Pseudonyms;
  readonly outputFolder: string;
  /** What it was when the run began. */
  readonly root?: string | undefined;
  /** Under which a DICOMDIR is written before it gets its own name; nobody else's at that time. */
  readonly temporary: string;
  readonly layout: Layout;
  readonly verify: boolean;
  readonly dryRun: boolean;
  /** Whether a DICOMDIR of an earlier run into the same folder may be replaced. */
  readonly mayReplace: boolean;
  readonly limits?: Limits | undefined;
}

/** A DICOMDIR of the input, which is never copied. */
export interface DicomdirSource {
  /** The path as given, or as found under the given folder. */
  readonly path: string;
  /** Relative to the given folder, with slashes. */
  readonly relative: string;
}

/** A file that was written: its entry, or its name alone where an earlier run wrote it. */
type Known = DirectoryEntry | { readonly file: string };

const OTHER_NAME = 'a DICOMDIR under another name: only a file named DICOMDIR is rebuilt, and none is ever copied';

/**
 * Rebuilds the DICOMDIRs of a run from the files that it wrote: each lists what was written beside and below it, but
 * for what stands below another one. Files may come in any order and from any number of threads.
 */
export class Dicomdirs {
  private readonly sources: DicomdirSource[] = [];
  /** What was written, as JSON on the disk: it is needed only if a DICOMDIR comes, and then that of one at a time. */
  private readonly entries: Spool;
  private readonly outputs = new Set<string>();

  constructor(private readonly job: DicomdirJob) {
    this.entries = new Spool(job.dryRun ? SCRATCH : job.outputFolder);
  }

  addSource(source: DicomdirSource): void {
    this.sources.push(source);
  }

  /** For each file that was written. */
  addEntry(entry: DirectoryEntry): void {
    // These names are UIDs: the answer is known without the entries.
    if (this.job.layout === 'uid') return;
    this.add(entry);
  }

  /**
   * For each file that an earlier run wrote and this one left as it is: its header is read again if it is to be listed.
   * @param output relative to the output folder, with slashes
   */
  addResult(output: string): void {
    if (this.job.layout !== 'uid') this.add({ file: output });
  }

  /**
   * Writes every DICOMDIR that can be written; call it once all files are done, and only once.
   * @param incomplete why not all files are known, as in a shard: then no DICOMDIR is written
   * @returns a report for each source, in the order in which they were added
   */
  finish(incomplete?: string): FileReport[] {
    try {
      /** By folder, the places of the entries that its DICOMDIR lists. */
      const folders = new Map<string, number[]>();
      for (const source of this.sources) if (isNamedDicomdir(source)) folders.set(folderOf(source.relative), []);
      if (folders.size > 0) for (const { place, text } of this.entries.entries()) nearest(folders, (JSON.parse(text) as Known).file)?.push(place);
      return this.sources.map((source) => {
        if (!isNamedDicomdir(source)) return leftOut(source, OTHER_NAME);
        if (incomplete !== undefined) return leftOut(source, incomplete);
        const folder = folderOf(source.relative);
        return this.job.layout === 'uid' ? leftOut(source, NO_LEGAL_NAMES) : this.rebuild(source, folder, folders.get(folder) ?? []);
      });
    } finally {
      this.entries.close();
    }
  }

  private add(known: Known): void {
    this.entries.set(this.entries.count(), JSON.stringify(known));
  }

  /** The entries of one DICOMDIR; what many of them have in common is held once. */
  private entriesAt(places: readonly number[]): DirectoryEntry[] {
    const opener = new FileOpener();
    const texts = new Map<string, string>();
    const shared = (text: string) => {
      const old = texts.get(text);
      if (old === undefined) texts.set(text, text);
      return old ?? text;
    };
    const keysOf = ({ id, order, keys }: RecordKeys): RecordKeys => ({ id: shared(id), order, keys: shared(keys) });
    return places.map((place) => {
      const known = JSON.parse(this.entries.get(place) ?? '') as Known;
      const { file, sopInstance, sopClass, transferSyntax, own, levels } = 'own' in known ? known : this.entryOfResult(known.file, opener);
      return { file, sopInstance, own: keysOf(own), sopClass: shared(sopClass), transferSyntax: shared(transferSyntax), levels: levels.map(keysOf) };
    });
  }

  private entryOfResult(output: string, opener: FileOpener): DirectoryEntry {
    const file = opener.open(join(this.job.outputFolder, output));
    try {
      const dataSet = readDataSet(file.source, { inflate: (deflated, limit) => inflateRawSync(deflated, { maxOutputLength: limit }), limits: this.job.limits });
      return directoryEntryOfResult(dataSet, output, this.job.pseudonyms);
    } finally {
      file.close();
    }
  }

  private rebuild(source: DicomdirSource, folder: string, places: readonly number[]): FileReport {
    const { pseudonyms, outputFolder, verify, dryRun } = this.job;
    try {
      const built = buildDicomdir(this.entriesAt(places), { folder, pseudonyms });
      if ('reason' in built) return leftOut(source, built.reason);
      if (verify) verifyDicomdir(built.bytes, built.listed);
      const output = folder === '' ? DICOMDIR_NAME : `${folder}/${DICOMDIR_NAME}`;
      if (this.outputs.has(output)) throw new DicomError('unsafe', 'another DICOMDIR of the input was rebuilt there');
      this.outputs.add(output);
      if (!dryRun) this.deliver(join(outputFolder, output), built.bytes);
      return {
        input: source.path, output, status: 'written', ...(verify ? { verified: true } : {}),
        ...(built.unlisted > 0 ? { warnings: [`The DICOMDIR does not list ${built.unlisted} of the files: it may not hold their names`] } : {}),
      };
    } catch (error) {
      const reason = error instanceof DicomError ? `${error.code}: ${error.message}` : systemReason(error);
      return { input: source.path, status: 'failed', reason };
    }
  }

  /** Over a file only where it is an earlier DICOMDIR of the same run; one of the same bytes is left as it is. */
  private deliver(path: string, bytes: Uint8Array): void {
    const { temporary, mayReplace, root } = this.job;
    if (!mayReplace && existsSync(path) && readFileSync(path).equals(bytes)) return;
    const delivery = new Delivery(temporary, { root });
    try {
      delivery.begin(dirname(path), basename(path), mayReplace);
      delivery.deliver(bytes);
    } finally {
      delivery.close();
    }
  }
}

function isNamedDicomdir({ relative }: DicomdirSource): boolean {
  return relative.slice(relative.lastIndexOf('/') + 1).toUpperCase() === DICOMDIR_NAME;
}

function folderOf(relative: string): string {
  return relative.slice(0, Math.max(0, relative.lastIndexOf('/')));
}

/** What belongs to the innermost of the folders around a file. */
function nearest<T>(folders: ReadonlyMap<string, T>, file: string): T | undefined {
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    const found = folders.get(folder);
    if (found !== undefined || folder === '') return found;
  }
}

function leftOut({ path }: DicomdirSource, reason: string): FileReport {
  return { input: path, status: 'skipped', reason: `DICOMDIR left out: ${reason}` };
}
