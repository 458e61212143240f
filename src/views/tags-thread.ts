import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { inflateRawSync } from 'node:zlib';
import { type ByteSource, MemorySource, RangedSource } from '../anonymizer/dicom/byte-source.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { readDataSet } from '../anonymizer/dicom/part10.ts';
import { TAG } from '../anonymizer/dicom/tag.ts';
import { nameOfUid } from '../anonymizer/dicom/uids.ts';
import { createPlanner } from '../anonymizer/planner.ts';
import { createProfile, type ProfileChoices, ProfileError } from '../anonymizer/profile.ts';
import { createPseudonyms } from '../anonymizer/pseudonyms.ts';
import { topLevelText, metaText } from '../anonymizer/draft.ts';
import { rawText, detailOf, type RowParts, rowOf, sentenceOf } from './tags-rows.ts';
import { type Failure, serve } from './thread-calls.ts';
import { frameOf, framesOf } from './frames.ts';
import type { CopyPart, Counts, Detail, FileFacts, FrameImage, Row } from './protocol.ts';
import { type Entry, TagsDocument } from './tags-document.ts';
import { type Selection, TagsView } from './tags-view.ts';
import { tagLines } from './tags-text.ts';

/** A sentence with numbered blanks, to be put into the person's language by the host. */
export interface Sentence {
  readonly text: string;
  readonly args: readonly string[];
}

/** A row whose reason is not translated yet. */
export type RawRow = Omit<Row, 'why'> & { readonly why: Sentence };
export type RawDetail = Omit<Detail, 'why' | 'warnings'> & { readonly why: Sentence; readonly warnings: readonly Sentence[] };
export type RawFacts = Omit<FileFacts, 'refusal' | 'warnings'> & { readonly refusal?: Sentence | undefined; readonly warnings: readonly Sentence[] };

export interface Looked {
  readonly total: number;
  readonly matches: number;
  readonly counts: Counts;
  /** Where the row with the focus stands; -1 where it is not shown. */
  readonly focusIndex: number;
}

interface OpenDocument {
  readonly document: TagsDocument;
  readonly view: TagsView;
  readonly close: () => void;
}

const documents = new Map<number, OpenDocument>();

const inflate = (deflated: Uint8Array, limit: number): Uint8Array => inflateRawSync(deflated, { maxOutputLength: limit });

/** What the thread of the tags editor can be asked for. Files are read here, so that the host never waits. */
const calls = {
  open({ id, path, bytes }: { id: number; path?: string | undefined; bytes?: Uint8Array | undefined }): void {
    calls.close({ id });
    const { source, close } = bytes === undefined ? openFile(path ?? '') : { source: new MemorySource(bytes), close: () => {} };
    try {
      const document = new TagsDocument(readDataSet(source, { inflate }));
      documents.set(id, { document, view: new TagsView(document), close });
    } catch (error) {
      close();
      throw error;
    }
  },
  /** Decides anew; a refusal is a fact about the file and no failure. */
  plan({ id, choices, key }: { id: number; choices: ProfileChoices; key: Uint8Array }): RawFacts {
    const { document, view } = get(id);
    let refusal: Sentence | undefined;
    try {
      document.setPlan(createPlanner(createProfile(choices), createPseudonyms(key)).plan(document.dataSet));
    } catch (error) {
      if (!(error instanceof DicomError || error instanceof ProfileError)) throw error;
      document.setPlan(undefined);
      refusal = sentenceOf(error);
    }
    view.planChanged();
    const { dataSet, plan } = document;
    const sopClass = topLevelText(dataSet, TAG.SOPClassUID) || metaText(dataSet, TAG.MediaStorageSOPClassUID);
    return {
      transferSyntax: nameOfUid(dataSet.transferSyntax.uid) ?? dataSet.transferSyntax.uid,
      sopClass: nameOfUid(sopClass) ?? sopClass,
      size: dataSet.metaSource.size, elements: view.countAll().all, frames: framesOf(dataSet), refusal,
      warnings: (plan?.warnings ?? []).map(({ text, args }) => ({ text, args })),
    };
  },
  look({ id, selection, focus }: { id: number; selection: Selection; focus: number }): Looked {
    const { view } = get(id);
    view.select(selection);
    return { total: view.shown.length, matches: view.matches, counts: view.countAll(), focusIndex: focus < 0 ? -1 : view.indexOfRow(focus) };
  },
  page({ id, from, count }: { id: number; from: number; count: number }): RawRow[] {
    const { document, view } = get(id);
    return view.shown.slice(from, from + Math.min(count, 1000)).map((shown) => rowOf(document, shown));
  },
  detail({ id, row, whole }: { id: number; row: number; whole: boolean }): RawDetail {
    return detailOf(get(id).document, row, whole, digest);
  },
  copy({ id, row, part }: { id: number; row: number; part: Exclude<CopyPart, 'row'> }): string {
    return rawText(get(id).document, row, part);
  },
  rowParts({ id, row }: { id: number; row: number }): RowParts & { readonly why: Sentence } {
    const { document } = get(id);
    const { tag, name, vr, before, after, outcome, why } = rowOf(document, { entry: entryOf(document, row), isContext: false, isFolded: false });
    return { tag, name, vr, before: before.text, after: after.text, outcome, why };
  },
  frame({ id, frame }: { id: number; frame: number }): FrameImage {
    const { document } = get(id);
    return frameOf(document.dataSet, document.plan, frame);
  },
  /** The whole data set as text, before or after. */
  text({ id, side }: { id: number; side: 'before' | 'after' }): string {
    return tagLines(get(id).document, side).join('\n');
  },
  close({ id }: { id: number }): void {
    documents.get(id)?.close();
    documents.delete(id);
  },
};

export type TagsCalls = typeof calls;

function get(id: number): OpenDocument {
  const open = documents.get(id);
  if (open === undefined) throw new DicomError('not-dicom', 'the file is not open');
  return open;
}

function entryOf(document: TagsDocument, row: number): Entry {
  for (const entry of document.entries()) if (entry.id === row) return entry;
  throw new RangeError('no such row');
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Reads a file by ranges, whatever its size. The file stays open, so that a page costs no look-up of its name. */
function openFile(path: string): { source: ByteSource; close: () => void } {
  const file = openSync(path, 'r');
  const stat = fstatSync(file);
  if (!stat.isFile() || stat.size === 0) {
    closeSync(file);
    throw new DicomError('not-dicom', stat.isFile() ? 'the file is empty' : 'not a file');
  }
  const readRange = (start: number, end: number): Uint8Array => {
    const bytes = new Uint8Array(end - start);
    for (let at = 0; at < bytes.length; ) {
      const count = readSync(file, bytes, at, bytes.length - at, start + at);
      if (count === 0) throw new DicomError('damaged', 'the file became shorter while it was read');
      at += count;
    }
    return bytes;
  };
  return { source: new RangedSource(stat.size, readRange), close: () => closeSync(file) };
}

function failureOf(error: unknown): Failure {
  if (error instanceof DicomError) return { name: error.name, code: error.code, text: error.message };
  if (error instanceof Error && 'code' in error) return { name: 'SystemError', code: String(error.code), text: '' };
  // A fault of the program: never its message, which might quote a value.
  return { name: error instanceof Error ? error.name : 'Error', code: 'internal', text: '' };
}

if (parentPort !== null) serve(parentPort, calls, failureOf);
