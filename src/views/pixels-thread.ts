import { parentPort } from 'node:worker_threads';
import { inflateRawSync } from 'node:zlib';
import type { DataSet } from '../anonymizer/dicom/data-set.ts';
import { DicomError } from '../anonymizer/dicom/errors.ts';
import { readDataSet } from '../anonymizer/dicom/part10.ts';
import type { Identifier } from '../anonymizer/identifiers.ts';
import { TextMemory } from '../anonymizer/pixels/propose.ts';
import { createPlanner } from '../anonymizer/planner.ts';
import { createProfile, type ProfileChoices } from '../anonymizer/profile.ts';
import { createPseudonyms } from '../anonymizer/pseudonyms.ts';
import { loadFrameCodecs } from '../codecs/load.ts';
import { createTextReader } from '../ocr/text-reader.ts';
import { pixelsOf } from './frames.ts';
import { lookAt, stagesOf } from './look.ts';
import type { LookStage, RegionView } from './protocol-image.ts';
import { type Bundle, sentenceIn } from './say.ts';
import { type Failure, serve } from './thread-calls.ts';
import { OpenedFiles } from './opened-files.ts';

interface OpenImage {
  readonly dataSet: DataSet;
  readonly identifiers: readonly Identifier[];
  /** What looks the same in other frames is looked at once. */
  readonly memory: TextMemory;
}

const images = new OpenedFiles<OpenImage>();
const codecs = loadFrameCodecs();
const reader = createTextReader();
let say: (text: string) => string = (text) => text;

/** What the thread that looks for text in pictures can be asked for. It may take its time: tags come from another. */
const calls = {
  open({ id, path, bytes, bundle }: { id: number; path?: string | undefined; bytes?: Uint8Array | undefined; bundle: Bundle }): void {
    say = sentenceIn(bundle);
    images.open(id, { path, bytes }, (source) => {
      const dataSet = readDataSet(source, { inflate: (deflated, limit) => inflateRawSync(deflated, { maxOutputLength: limit }) });
      return { dataSet, identifiers: identifiersOf(dataSet), memory: new TextMemory() };
    });
  },
  stages({ id, choices }: { id: number; choices: ProfileChoices }): readonly Exclude<LookStage, 'off'>[] {
    return stagesOf(pixelsOf(images.get(id).dataSet, codecs), createProfile(choices));
  },
  look({ id, choices, frame, stage }: { id: number; choices: ProfileChoices; frame: number; stage: Exclude<LookStage, 'off'> }): RegionView[] {
    const { dataSet, identifiers, memory } = images.get(id);
    return lookAt(pixelsOf(dataSet, codecs), { profile: createProfile(choices), frame, stage, identifiers, reader, memory, say });
  },
  close({ id }: { id: number }): void {
    images.close(id);
  },
};

export type PixelsCalls = typeof calls;

/** What identifies the patient; nothing where the file cannot be anonymized at all, which the editor says. */
function identifiersOf(dataSet: DataSet): readonly Identifier[] {
  try {
    return createPlanner(createProfile(), createPseudonyms(new Uint8Array(32))).plan(dataSet).matcher.identifiers;
  } catch {
    return [];
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof DicomError) return { name: error.name, code: error.code, text: error.message };
  if (error instanceof Error && 'code' in error) return { name: 'SystemError', code: String(error.code), text: '' };
  return { name: error instanceof Error ? error.name : 'Error', code: 'internal', text: error instanceof Error ? (/at (\S+)/.exec(error.stack ?? '')?.[1] ?? '') : '' };
}

if (parentPort !== null) serve(parentPort, calls, failureOf);
