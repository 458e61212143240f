import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { inflateRawSync } from 'node:zlib';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { readDataSet } from '../anonymizer/dicom/part10.ts';
import { TAG } from '../anonymizer/dicom/tag.ts';
import { nameOfUid } from '../anonymizer/dicom/uids.ts';
import { metaText, topLevelText } from '../anonymizer/draft.ts';
import { pixelChoices } from '../anonymizer/pixels/cleaner.ts';
import { regionRule, seriesDigest } from '../anonymizer/pixels/drawn-regions.ts';
import { createPlanner } from '../anonymizer/planner.ts';
import { createProfile, type ProfileChoices, ProfileError, type RegionRule } from '../anonymizer/profile.ts';
import { createPseudonyms } from '../anonymizer/pseudonyms.ts';
import { loadFrameCodecs } from '../codecs/load.ts';
import { frameOf, framesOf, holdsVideo } from './frames.ts';
import { previewCleaner, type Seen } from './preview-cleaner.ts';
import type { Box, RegionEdits } from './protocol-image.ts';
import { type Bundle, sayIn } from './say.ts';
import type { CopyPart, Counts, Detail, FileFacts, FrameImage, Row } from './protocol.ts';
import { TagsDocument } from './tags-document.ts';
import { detailOf, rowOf } from './tags-rows.ts';
import { tagLines } from './tags-text.ts';
import { type Selection, TagsView } from './tags-view.ts';
import { type Failure, serve } from './thread-calls.ts';
import { OpenedFiles } from './opened-files.ts';

export interface Looked {
  readonly total: number;
  readonly matches: number;
  readonly counts: Counts;
  /** Where the row with the focus stands; -1 where it is not shown. */
  readonly focusIndex: number;
}

/** Bytes of a text value that are read to be copied. */
const COPIED = 64 << 20;

interface OpenDocument {
  readonly document: TagsDocument;
  readonly view: TagsView;
}

const documents = new OpenedFiles<OpenDocument>();
let say = sayIn({});
const codecs = loadFrameCodecs();

const inflate = (deflated: Uint8Array, limit: number): Uint8Array => inflateRawSync(deflated, { maxOutputLength: limit });

/** What the thread of the tags editor can be asked for. Files are read here, so that the host never waits. */
const calls = {
  /** A path for what lies on a disk, bytes for what does not; sentences come in the language of the bundle. */
  open({ id, path, bytes, bundle }: { id: number; path?: string | undefined; bytes?: Uint8Array | undefined; bundle: Bundle }): void {
    say = sayIn(bundle);
    documents.open(id, { path, bytes }, (source) => {
      if (source.size === 0) throw new DicomError('not-dicom', 'the file is empty');
      const document = new TagsDocument(readDataSet(source, { inflate }), (text, args) => say(text, args));
      return { document, view: new TagsView(document) };
    });
  },
  /** Decides anew; a refusal is a fact about the file and no failure. */
  plan({ id, choices, key, seen }: { id: number; choices: ProfileChoices; key: Uint8Array; seen: Seen }): FileFacts {
    const { document, view } = documents.get(id);
    let refusal: string | undefined;
    try {
      const profile = createProfile(choices);
      const pixels = pixelChoices(profile);
      const cleaner = pixels === undefined ? undefined : previewCleaner(pixels, codecs, seen);
      document.setPlan(createPlanner(profile, createPseudonyms(key), cleaner).plan(document.dataSet));
    } catch (error) {
      if (!(error instanceof DicomError || error instanceof ProfileError)) throw error;
      document.setPlan(undefined);
      refusal = say(error.message.replace(/( at \(\w{4},\w{4}\))?(, offset \d+)?$/, ''), []);
    }
    view.planChanged();
    const { dataSet, plan } = document;
    const sopClass = topLevelText(dataSet, TAG.SOPClassUID) || metaText(dataSet, TAG.MediaStorageSOPClassUID);
    return {
      transferSyntax: nameOfUid(dataSet.transferSyntax.uid) ?? dataSet.transferSyntax.uid, sopClass: nameOfUid(sopClass) ?? sopClass,
      size: dataSet.metaSource.size, elements: view.countAll().all, frames: framesOf(dataSet), isVideo: holdsVideo(dataSet), refusal,
      warnings: (plan?.warnings ?? []).map(({ text, args }) => say(text, args)),
    };
  },
  look({ id, selection, focus }: { id: number; selection: Selection; focus: number }): Looked {
    const { view } = documents.get(id);
    view.select(selection);
    return { total: view.shown.length, matches: view.matches, counts: view.countAll(), focusIndex: focus < 0 ? -1 : view.indexOfRow(focus) };
  },
  page({ id, from, count }: { id: number; from: number; count: number }): Row[] {
    const { document, view } = documents.get(id);
    return view.shown.slice(from, from + Math.min(count, 1000)).map((shown) => rowOf(document, shown));
  },
  detail({ id, row, whole }: { id: number; row: number; whole: boolean }): Detail {
    const { document } = documents.get(id);
    if (document.placeOf(row) < 0) throw new DicomError('not-dicom', 'there is no such row');
    return detailOf(document, row, whole, say, (bytes) => createHash('sha256').update(bytes).digest('hex'));
  },
  /** What is copied: the value itself and not how it is shown. */
  copy({ id, row, part }: { id: number; row: number; part: CopyPart | 'why' }): string {
    const { document } = documents.get(id);
    const { tag, path, name, vr, before, after, action, why } = document.rows[document.placeOf(row)];
    switch (part) {
      case 'before': case 'after': return document.wholeText(row, part, COPIED);
      case 'tag': return tag;
      case 'path': return path;
      case 'why': return why;
      case 'row': return [tag, name, vr, before, say(action, []), after, why].map((text) => text.replace(/[\t\r\n]+/g, ' ')).join('\t');
    }
  },
  frame({ id, frame, black }: { id: number; frame: number; black: readonly Box[] }): FrameImage {
    return frameOf(documents.get(id).document.dataSet, frame, codecs, black);
  },
  /** A digest of the series, empty where there is none. */
  series({ id }: { id: number }): string {
    const series = topLevelText(documents.get(id).document.dataSet, TAG.SeriesInstanceUID);
    return series === '' ? '' : seriesDigest(series);
  },
  /** What a person has drawn as a rule: for this image alone, for its series, or for all images of its device. */
  rule({ id, edits, reason, scope }: { id: number; edits: RegionEdits; reason: string; scope: 'image' | 'series' | 'device' }): RegionRule {
    const { dataSet } = documents.get(id).document;
    const made = regionRule(dataSet, edits.drawn, reason, scope === 'device' ? 'device' : 'series', edits.kept);
    if (scope !== 'image') return made;
    return { ...made, when: [...made.when, { tag: TAG.SOPInstanceUID, value: topLevelText(dataSet, TAG.SOPInstanceUID) }] };
  },
  /** The whole data set as text, before or after. */
  text({ id, side }: { id: number; side: 'before' | 'after' }): string {
    return tagLines(documents.get(id).document, side).join('\n');
  },
  close({ id }: { id: number }): void {
    documents.close(id);
  },
};

export type TagsCalls = typeof calls;

function failureOf(error: unknown): Failure {
  if (error instanceof DicomError) return { name: error.name, code: error.code, text: error.message };
  if (error instanceof Error && 'code' in error) return { name: 'SystemError', code: String(error.code), text: '' };
  // A fault of the program: its name and place, never its message, which might quote a value.
  return { name: error instanceof Error ? error.name : 'Error', code: 'internal', text: error instanceof Error ? (/at (\S+)/.exec(error.stack ?? '')?.[1] ?? '') : '' };
}

if (parentPort !== null) serve(parentPort, calls, failureOf);
