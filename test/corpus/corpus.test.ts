import { beforeAll, describe, expect, it } from 'vitest';
import { apply } from '../../src/anonymizer/apply.ts';
import { type DataSet, indexOf } from '../../src/anonymizer/dicom/data-set.ts';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import { TAG, type Tag } from '../../src/anonymizer/dicom/tag.ts';
import type { OptionName } from '../../src/anonymizer/profile.ts';
import { CORPUS, type CorpusEntry, corpusBytes, type Reader } from '../fixtures/corpus.ts';
import { deidentify, emptyPlan, gather, plannerOf, read } from '../fixtures/deidentify.ts';

/** Why a file that others read may still be refused. */
const LAWFUL_REFUSAL = /^(damaged|private-sop-class|not-dicom|unsupported-transfer-syntax|unsafe): \S/;
/** A header whose VR is two spaces, where each of the others guesses another length. */
const GUESSED = /GH179A\.dcm$/;
const SLOWEST_MS = 10_000;
const READERS: readonly Reader[] = ['dcmdump', 'pydicom', 'gdcm', 'dicomParser', 'dcmjs'];

const PIXELS: readonly Tag[] = [TAG.PixelData, 0x7fe00008, 0x7fe00009];
/** JPEG, JPEG-LS, JPEG 2000: their comments may be blanked. */
const MAY_HOLD_COMMENTS = /^1\.2\.840\.10008\.1\.2\.4\./;

const PROFILES: Record<string, OptionName[]> = {
  'the Basic Profile': [],
  'what is safe retained': [
    'retain-safe-private', 'retain-uids', 'retain-device-identity', 'retain-institution-identity', 'retain-patient-characteristics',
    'retain-longitudinal-full-dates', 'clean-descriptors', 'clean-structured-content', 'clean-graphics',
  ],
  'dates moved and texts cleaned': ['retain-longitudinal-modified-dates', 'clean-descriptors', 'retain-safe-private'],
};

interface Processed {
  readonly milliseconds: number;
  /** Undefined where the file was refused. */
  readonly output?: Uint8Array | undefined;
  /** The code and the sentence of a refusal. */
  readonly refusal?: string | undefined;
  /** Anything that is thrown and is no refusal. */
  readonly fault?: string | undefined;
}

describe.skipIf(CORPUS.length === 0)('the corpus', () => {
  it('has files of every kind that is promised', () => {
    expect(CORPUS).toHaveLength(375);
  });

  describe.each(Object.entries(PROFILES))('under %s', (_name, options) => {
    const processed = new Map<CorpusEntry, Processed>();
    beforeAll(() => {
      const planner = plannerOf({ options });
      for (const entry of CORPUS) {
        const source = corpusBytes(entry);
        const began = performance.now();
        processed.set(entry, { ...outcomeOf(() => deidentify(source, planner).bytes), milliseconds: performance.now() - began });
      }
    });

    const written = () => [...processed].flatMap(([entry, { output }]) => (output === undefined ? [] : [{ entry, output }]));
    const pathsOf = (found: (entry: CorpusEntry, processed: Processed) => boolean) => [...processed].filter(([entry, one]) => found(entry, one)).map(([entry]) => entry.path);

    it('each file is written, or refused with a reason, and none meets a fault of the program', () => {
      expect(processed.size).toBe(CORPUS.length);
      expect([...processed.values()].flatMap(({ fault }) => fault ?? [])).toEqual([]);
      expect(pathsOf((_, { output, refusal }) => (output === undefined) === (refusal === undefined))).toEqual([]);
    });

    it('no file takes more than ten seconds', () => {
      expect(pathsOf((_, { milliseconds }) => milliseconds > SLOWEST_MS)).toEqual([]);
    });

    it('each file that pydicom or dcmdump reads is written, or refused for a safety reason that is stated', () => {
      const refused = pathsOf(({ parses }, { refusal }) => {
        const isReadByOthers = parses.pydicom === 'ok' || parses.dcmdump === 'ok';
        return isReadByOthers && refusal !== undefined && !LAWFUL_REFUSAL.test(refusal);
      });
      expect(refused).toEqual([]);
      expect(written().length).toBeGreaterThan(340);
    });

    it('a file is refused as damaged with its place, and only where another reader fails or guesses', () => {
      const damaged = [...processed].filter(([, { refusal }]) => refusal?.startsWith('damaged'));
      expect(damaged.filter(([, { refusal }]) => !/ at \([0-9A-F]{4},[0-9A-F]{4}\), offset \d+$/.test(refusal ?? '')).map(([entry]) => entry.path)).toEqual([]);
      const nobodyElse = damaged.filter(([{ parses }]) => READERS.every((reader) => parses[reader] === 'ok'));
      expect(nobodyElse.map(([entry]) => entry.path).filter((each) => !GUESSED.test(each))).toEqual([]);
      expect(damaged.length).toBeGreaterThan(0);
    });

    it('pixel data come out byte for byte, but for comments that are blanked in place', () => {
      let compared = 0;
      for (const { entry, output } of written()) {
        const source = read(corpusBytes(entry));
        const result = read(output);
        for (const tag of PIXELS) {
          const [before, after] = [topLevelValue(source, tag), topLevelValue(result, tag)];
          expect(after === undefined, entry.path).toBe(before === undefined);
          if (before === undefined || after === undefined) continue;
          compared += 1;
          expect(after.length, entry.path).toBe(before.length);
          const changed = differences(before, after);
          if (changed.length === 0) continue;
          expect(source.transferSyntax.uid, entry.path).toMatch(MAY_HOLD_COMMENTS);
          // Only spaces and zeros are written over what was there.
          expect(changed.filter((at) => after[at] !== 0x20 && after[at] !== 0), entry.path).toEqual([]);
        }
      }
      expect(compared).toBeGreaterThan(200);
    });

    it('each result is read again with its record of the de-identification', () => {
      for (const { entry, output } of written()) {
        const result = read(output);
        expect(latin1(topLevelValue(result, TAG.PatientIdentityRemoved)), entry.path).toBe('YES ');
        expect(latin1(topLevelValue(result, TAG.LongitudinalTemporalInformationModified)), entry.path).toMatch(/^(REMOVED|MODIFIED|UNMODIFIED) *$/);
        expect(result.elements.some(({ tag }) => (tag & 0xffff) === 0), entry.path).toBe(false);
        expect(output.subarray(0, 128).some((byte) => byte !== 0), entry.path).toBe(false);
      }
    });

    it('the results say the same a second time, byte for byte', () => {
      const planner = plannerOf({ options });
      for (const { entry, output } of written().filter((_, i) => i % 10 === 0)) {
        const dataSet = read(corpusBytes(entry));
        if (dataSet.transferSyntax.deflated) continue;
        const again = gather(apply(planner.plan(dataSet)), dataSet);
        expect(Buffer.compare(output.subarray(output.length - again.length), again), entry.path).toBe(0);
      }
    });
  });

  it('an empty plan gives back the data set byte for byte, for every file that the reader accepts', () => {
    let accepted = 0;
    for (const entry of CORPUS) {
      const dataSet = readOrRefuse(corpusBytes(entry));
      if (dataSet === undefined) continue;
      accepted += 1;
      const source = dataSet.source.read(dataSet.start, dataSet.end);
      expect(Buffer.compare(gather(apply(emptyPlan(dataSet)), dataSet), source), entry.path).toBe(0);
    }
    expect(accepted).toBeGreaterThan(340);
  });
});

/** Undefined where the reader refuses, which it does by a DicomError and nothing else. */
function readOrRefuse(bytes: Uint8Array): DataSet | undefined {
  try {
    return read(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(DicomError);
    return undefined;
  }
}

function outcomeOf(deidentified: () => Uint8Array): Omit<Processed, 'milliseconds'> {
  try {
    return { output: deidentified() };
  } catch (error) {
    if (error instanceof DicomError) return { refusal: `${error.code}: ${error.message}` };
    return { fault: error instanceof Error ? `${error.name} ${/at (\S+)/.exec(error.stack ?? '')?.[1]}` : 'unknown' };
  }
}

function topLevelValue(dataSet: DataSet, tag: Tag): Uint8Array | undefined {
  const index = indexOf(dataSet, tag);
  return index < 0 ? undefined : dataSet.source.read(dataSet.elements[index].valueStart, dataSet.elements[index].valueEnd);
}

function differences(before: Uint8Array, after: Uint8Array): number[] {
  const changed: number[] = [];
  for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) changed.push(i);
  return changed;
}

function latin1(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? new Uint8Array(0)).toString('latin1');
}
