import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { apply, bytesOfPiece } from '../../src/anonymizer/apply.ts';
import { MemorySource } from '../../src/anonymizer/dicom/byte-source.ts';
import { concat } from '../../src/anonymizer/dicom/encode.ts';
import { readDataSet } from '../../src/anonymizer/dicom/part10.ts';
import { encodeFileMeta } from '../../src/anonymizer/file-meta.ts';
import { createPixelCleaner, pixelChoices } from '../../src/anonymizer/pixels/cleaner.ts';
import { resultSyntax } from '../../src/anonymizer/plan.ts';
import { createPlanner } from '../../src/anonymizer/planner.ts';
import { createProfile, type OptionName } from '../../src/anonymizer/profile.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { ActionTally } from '../../src/anonymizer/report.ts';
import { verify } from '../../src/anonymizer/verify.ts';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { outputPath } from '../../src/batch/output-path.ts';

/** What the program made of a file. */
export interface Result {
  /** Undefined where the program refused; then `refusal` says why. */
  readonly bytes: Uint8Array | undefined;
  readonly output: string;
  /** What a report would say of it, the name of the source aside, which is the operator's own. */
  readonly told: string;
  readonly refusal: string;
}

const KEY = Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 0xff);
const inflate = (deflated: Uint8Array, limit: number): Uint8Array => inflateRawSync(deflated, { maxOutputLength: limit });

/** De-identifies files one after another as the command line does, without a folder to write to. */
export function createPipeline(options: Iterable<OptionName>): (name: string, bytes: Uint8Array) => Result {
  const pseudonyms = createPseudonyms(KEY);
  const profile = createProfile({ options });
  const pixels = pixelChoices(profile);
  // Nothing is read: every line that is found counts as text.
  const planner = createPlanner(profile, pseudonyms, pixels === undefined ? undefined : createPixelCleaner(pixels, { codecs: loadFrameCodecs() }));
  return (name, bytes) => {
    try {
      const dataSet = readDataSet(new MemorySource(bytes), { inflate });
      const plan = planner.plan(dataSet);
      const { sopClass, sopInstance } = plan.instance;
      const { uid, deflated } = resultSyntax(plan);
      const body = concat(apply(plan).map((piece) => bytesOfPiece(piece, dataSet.source)));
      const written = concat([encodeFileMeta({ sopClass, sopInstance, transferSyntax: uid }), deflated ? deflateRawSync(body) : body]);
      verify(written, plan, { inflate });
      const tally = new ActionTally();
      tally.add(plan);
      return { bytes: written, output: outputPath('uid', name, plan.instance, pseudonyms), told: JSON.stringify([plan.warnings, tally.list()]), refusal: '' };
    } catch (error) {
      const refusal = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { bytes: undefined, output: '', told: refusal, refusal };
    }
  };
}
