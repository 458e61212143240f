import { MemorySource, type ByteSource } from './dicom/byte-source.ts';
import type { DataElement } from './dicom/data-set.ts';
import { describeTag } from './dicom/dictionary-names.ts';
import { readElements } from './dicom/reader.ts';
import { formatTag, TAG, type Tag } from './dicom/tag.ts';
import type { VR } from './dicom/vr.ts';
import { encodeFileMeta } from './file-meta.ts';
import type { ActionWord, InspectRow, Say } from './inspect.ts';
import type { Plan } from './plan.ts';
import { valueForPeople } from './value-text.ts';

/** Preamble and prefix (PS3.10 7.1). */
const META_START = 132;

/** The File Meta Information before and after, in the order of tags: it is written anew as a whole (PS3.15 E.1.1). */
export function fileMetaRows({ dataSet, instance }: Plan, say: Say): InspectRow[] {
  const { meta, metaSource, transferSyntax } = dataSet;
  const written = new MemorySource(encodeFileMeta({ sopClass: instance.sopClass, sopInstance: instance.sopInstance, transferSyntax: transferSyntax.uid }));
  const after = texts(readElements(written, META_START, { implicit: false, littleEndian: true }, 100).elements, written);
  const before = texts(meta, metaSource);
  const tags = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b);
  return tags.map((tag) => {
    const old = before.get(tag);
    const now = after.get(tag);
    return {
      tag: formatTag(tag), path: formatTag(tag), depth: 0, name: describeTag(tag)?.name ?? say('Not in the dictionary', []), vr: now?.vr ?? old?.vr ?? '',
      before: old?.text ?? '', after: now?.text ?? '', action: wordFor(tag, old?.text, now?.text), code: '',
      why: say('File Meta Information is written anew (PS3.15 E.1.1)', []), needsAttention: false, isPrivate: false,
    };
  });
}

function texts(elements: readonly DataElement[], source: ByteSource): Map<Tag, { vr: string; text: string }> {
  return new Map(elements.map(({ tag, vr, valueStart, valueEnd }) => (
    [tag, { vr, text: valueForPeople(source.read(valueStart, valueEnd), vr as VR, { characterSet: '', littleEndian: true }) }]
  )));
}

function wordFor(tag: Tag, before: string | undefined, after: string | undefined): ActionWord {
  if (after === undefined) return 'Removed';
  if (before === undefined) return 'Added';
  if (before === after) return 'Kept';
  return tag === TAG.MediaStorageSOPInstanceUID ? 'Remapped' : 'Replaced';
}
