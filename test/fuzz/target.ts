import { inflateRawSync } from 'node:zlib';
import { apply, bytesOfPiece, lengthOf } from '../../src/anonymizer/apply.ts';
import { MemorySource } from '../../src/anonymizer/dicom/byte-source.ts';
import type { DataSet } from '../../src/anonymizer/dicom/data-set.ts';
import { concat } from '../../src/anonymizer/dicom/encode.ts';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import { withLimits } from '../../src/anonymizer/dicom/limits.ts';
import { readDataSet } from '../../src/anonymizer/dicom/part10.ts';
import { encodeFileMeta } from '../../src/anonymizer/file-meta.ts';
import type { Plan } from '../../src/anonymizer/plan.ts';
import { createPlanner } from '../../src/anonymizer/planner.ts';
import { createProfile } from '../../src/anonymizer/profile.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { readElements, SecondReader } from '../../src/anonymizer/second-reader.ts';
import { verify } from '../../src/anonymizer/verify.ts';
import { NODE_HOST } from '../../src/batch/node-host.ts';
import { places } from '../fixtures/second-reader.ts';

const PROFILES = [
  [],
  ['retain-safe-private', 'clean-descriptors', 'clean-structured-content', 'clean-graphics'],
  ['retain-uids', 'retain-device-identity', 'retain-institution-identity', 'retain-patient-characteristics', 'retain-longitudinal-full-dates'],
  ['retain-longitudinal-modified-dates', 'retain-safe-private', 'clean-descriptors'],
];
const pseudonyms = createPseudonyms(new Uint8Array(32).fill(1));
const planners = PROFILES.map((options) => createPlanner(createProfile({ options }), pseudonyms));
const inflate = (deflated: Uint8Array, limit: number): Uint8Array => inflateRawSync(deflated, { maxOutputLength: limit });
const LIMITS = withLimits({ elements: 200_000, inflatedBytes: 16 << 20 });

/** Has seen many inputs, most of which differ from another in a few bytes. */
const reader = new SecondReader(NODE_HOST);

/** Longest time for one input; the files are small. */
const SECONDS = 5;

/**
 * Reads, plans, applies and verifies any bytes. Whatever they are, the outcome is a result or a DicomError; an empty
 * plan gives the Data Set back; a result is read again by the same reader; the second reader's memory says what a new
 * reading says; nothing takes long.
 */
export function fuzz(data: Uint8Array): void {
  const began = performance.now();
  checkMemory(data);
  try {
    deidentify(data);
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
  }
  if (performance.now() - began > SECONDS * 1000) throw new Error(`took longer than ${SECONDS} s`);
}

function deidentify(data: Uint8Array): void {
  const dataSet = readDataSet(new MemorySource(data), { inflate, limits: LIMITS });
  checkEmptyPlan(dataSet);
  const plan = planners[data.length % planners.length].plan(dataSet);
  const pieces = apply(plan);
  const { sopClass, sopInstance } = plan.instance;
  const meta = encodeFileMeta({ sopClass, sopInstance, transferSyntax: dataSet.transferSyntax.uid });
  const body = concat(pieces.map((piece) => bytesOfPiece(piece, dataSet.source)));
  if (dataSet.transferSyntax.deflated) return;
  const result = concat([meta, body]);
  const again = readDataSet(new MemorySource(result), { inflate, limits: LIMITS });
  if (again.end !== result.length) throw new Error('the result does not end with its last element');
  verify(result, plan, { inflate });
}

function checkMemory(data: Uint8Array): void {
  if (JSON.stringify(places(reader.read(data))) !== JSON.stringify(places(readElements(data)))) throw new Error('the second reader remembers what it would not read');
}

function checkEmptyPlan(dataSet: DataSet): void {
  const empty = { dataSet, rules: [], replacements: new Map(), additions: [], redactions: [] } as unknown as Plan;
  if (lengthOf(apply(empty)) !== dataSet.end - dataSet.start) throw new Error('an empty plan changes the Data Set');
}
