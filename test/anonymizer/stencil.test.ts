import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/anonymizer/apply.ts';
import type { DataElement, DataSet } from '../../src/anonymizer/dicom/data-set.ts';
import { concat } from '../../src/anonymizer/dicom/encode.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import { encodeFileMeta } from '../../src/anonymizer/file-meta.ts';
import type { Plan } from '../../src/anonymizer/plan.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { rule } from '../../src/anonymizer/rules/rule.ts';
import { Stencils } from '../../src/anonymizer/stencil/stencils.ts';
import { NODE_HOST } from '../../src/batch/node-host.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { CORPUS, corpusBytes } from '../fixtures/corpus.ts';
import { deidentify, emptyPlan, gather, plannerWith, read, testKey } from '../fixtures/deidentify.ts';

/** Mutated slices of each file; `STENCIL_RUNS=5000` for a long search. */
const RUNS = Number(process.env.STENCIL_RUNS ?? 40);
const pseudonyms = createPseudonyms(testKey());
const KEEP = rule('K', 'vr', 'As it was');

/** Stencils that were shown a slice. */
function taught(slice: Uint8Array, planner = plannerWith()): Stencils {
  const stencils = new Stencils(pseudonyms, NODE_HOST);
  const dataSet = read(slice);
  const plan = planner.plan(dataSet);
  const { sopClass, sopInstance } = plan.instance;
  stencils.learn(plan, encodeFileMeta({ sopClass, sopInstance, transferSyntax: dataSet.transferSyntax.uid }), apply(plan));
  return stencils;
}

/** What the whole way gives, or that it refuses. */
function planned(slice: Uint8Array, planner = plannerWith()): { readonly bytes: Uint8Array; readonly plan: Plan } | undefined {
  try {
    return deidentify(slice, planner, false);
  } catch {
    return undefined;
  }
}

/** The same file with new values; lengths of Sequences and Items follow. */
function withValues(file: Uint8Array, values: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const dataSet = read(file);
  const plan: Plan = { ...emptyPlan(dataSet), rules: dataSet.elements.map(() => KEEP), replacements: values };
  return concat([file.subarray(0, dataSet.start), gather(apply(plan), dataSet)]);
}

/** Indices of the values in front of the pixels. */
function leavesOf({ elements }: DataSet): number[] {
  return elements.flatMap(({ isItem, vr, tag, undefinedLength, length }, index) => (isItem || vr === 'SQ' || tag === TAG.PixelData || undefinedLength || length > 500 ? [] : [index]));
}

/** A change of a few values: digits turned, cut, made longer, taken from elsewhere in the file, or anything. */
function mutation(file: Uint8Array): fc.Arbitrary<ReadonlyMap<number, Uint8Array>> {
  const dataSet = read(file);
  const leaves = leavesOf(dataSet);
  const valueOf = (index: number) => dataSet.source.read(dataSet.elements[index].valueStart, dataSet.elements[index].valueEnd).slice();
  // Values that differ from slice to slice come up more often than their number says.
  const likely = leaves.filter((index) => ['UI', 'TM', 'DA', 'DT', 'DS', 'IS'].includes(dataSet.elements[index].vr));
  const leaf = fc.oneof(fc.constantFrom(...leaves), fc.constantFrom(...(likely.length > 0 ? likely : leaves)));
  const changed = fc.tuple(leaf, leaf, fc.constantFrom('digit', 'digit', 'shorter', 'longer', 'other', 'joined', 'noise'), fc.nat(1000), fc.uint8Array({ minLength: 2, maxLength: 12 }));
  return fc.array(changed, { minLength: 1, maxLength: 4 }).map((changes) => new Map(changes.map(([index, other, how, at, noise]) => {
    const value = valueOf(index);
    return [index, fitted(dataSet.elements[index], changedValue(value, how, at, noise, () => valueOf(other)))];
  })));
}

function changedValue(value: Uint8Array, how: string, at: number, noise: Uint8Array, other: () => Uint8Array): Uint8Array {
  switch (how) {
    case 'digit': return value.map((byte, i) => (i === at % Math.max(1, value.length) && byte >= 0x30 && byte <= 0x39 ? 0x30 + (noise[0] % 10) : byte));
    case 'shorter': return value.subarray(0, Math.max(0, value.length - 2));
    case 'longer': return concat([value.filter((byte) => byte !== 0), Uint8Array.of(0x31, 0x32)]);
    case 'other': return other();
    case 'joined': return concat([value, Uint8Array.of(0x20), other()]);
    default: return noise;
  }
}

/** Of even length, and of whole numbers where it holds numbers. */
function fitted({ vr }: DataElement, value: Uint8Array): Uint8Array {
  const unit = ['FD', 'OD', 'SV', 'UV'].includes(vr) ? 8 : ['US', 'SS', 'OW'].includes(vr) ? 2 : ['UL', 'SL', 'FL', 'AT'].includes(vr) ? 4 : 2;
  const rest = value.length % unit;
  return rest === 0 ? value : concat([value, new Uint8Array(unit - rest)]);
}

/** How many of the slices were fitted; each of those must be what the whole way makes of it. */
function compare(file: Uint8Array, runs: number, planner = plannerWith()): number {
  const stencils = taught(file, planner);
  let count = 0;
  fc.assert(fc.property(mutation(file), (values) => {
    const slice = withValues(file, values);
    const fitted = stencils.fit(slice);
    if (fitted === undefined) return;
    count += 1;
    const whole = planned(slice, planner);
    expect(whole, 'a slice fits that is refused').toBeDefined();
    if (whole === undefined) return;
    expect(Buffer.compare(concat([fitted.header, slice.subarray(fitted.pixelsAt)]), whole.bytes)).toBe(0);
    expect(fitted.plan.instance).toEqual(whole.plan.instance);
    expect(fitted.plan.warnings).toEqual(whole.plan.warnings);
    expect(texts(fitted.plan)).toEqual(texts(whole.plan));
    expect(fitted.plan.rules.map((each) => each?.action)).toEqual(whole.plan.rules.map((each) => each?.action));
  }), { numRuns: runs, seed: Number(process.env.STENCIL_SEED ?? 1) });
  return count;
}

function texts({ matcher }: Plan): string[] {
  return [...new Set(matcher.identifiers.map(({ kind, text }) => `${kind} ${text}`))].sort();
}

const slices = sampleStudy().filter(({ path }) => path.includes('/CT/')).map(({ bytes }) => bytes);

describe('a stencil', () => {
  it('fits the other slices of a series and makes of each what the whole way makes of it', () => {
    const stencils = taught(slices[0]);
    for (const slice of slices) {
      const fitted = stencils.fit(slice);
      expect(fitted).toBeDefined();
      if (fitted === undefined) continue;
      const { bytes, plan } = deidentify(slice);
      expect(Buffer.compare(concat([fitted.header, slice.subarray(fitted.pixelsAt)]), bytes)).toBe(0);
      expect(texts(fitted.plan)).toEqual(texts(plan));
    }
  });

  it('does not fit a slice of another patient', () => {
    const file = slices[0];
    const name = read(file).elements.findIndex(({ tag }) => tag === TAG.PatientName);
    expect(taught(file).fit(withValues(file, new Map([[name, new TextEncoder().encode('Altro^Nome')]])))).toBeUndefined();
  });

  it('does not fit a slice whose UID stands in a text that all slices share', () => {
    const file = slices[0];
    const { elements } = read(file);
    const at = (tag: number) => elements.findIndex((element) => element.tag === tag);
    const uid = new TextEncoder().encode('1.2.276.0.99.77.12345');
    const shared = withValues(file, new Map([[at(0x00180015), new TextEncoder().encode('1.2.276.0.99.77.123450')]]));
    const stencils = taught(shared);
    expect(stencils.fit(shared)).toBeDefined();
    expect(stencils.fit(withValues(shared, new Map([[read(shared).elements.findIndex(({ tag }) => tag === TAG.SOPInstanceUID), concat([uid, Uint8Array.of(0)])]])))).toBeUndefined();
  });

  it('fits a slice that is shown in another window, but for one by which a rule knows a device', () => {
    const file = slices[0];
    const at = read(file).elements.findIndex(({ tag }) => tag === 0x00281051);
    const stencils = taught(file);
    const windowed = (text: string) => withValues(file, new Map([[at, new TextEncoder().encode(text)]]));
    for (const text of ['80', '1500.5 ', '400\\80', '11', '']) expect(stencils.fit(windowed(text)), text).toBeDefined();
    // The dose series of one scanner (CTP's rule).
    for (const text of ['1 ', ' 1', '1\0']) expect(stencils.fit(windowed(text)), text).toBeUndefined();
    expect(taught(windowed('1 ')).fit(windowed('80'))).toBeUndefined();
  });

  it('is the whole way, whatever differs in a slice', () => {
    expect(compare(slices[0], RUNS * 10)).toBeGreaterThan(RUNS);
  });

  it.for(['retain-device-identity', 'clean-descriptors', 'retain-safe-private', 'retain-longitudinal-full-dates', 'retain-longitudinal-modified-dates', 'retain-uids', 'clean-structured-content', 'clean-graphics', 'retain-institution-identity', 'retain-patient-characteristics'] as const)('is the whole way under %s', (option) => {
    expect(compare(slices[0], RUNS, plannerWith(option))).toBeGreaterThanOrEqual(0);
  });
});

describe.skipIf(CORPUS.length === 0)('a stencil of a real file', () => {
  const native = CORPUS.filter(({ transferSyntax, bytes, parses }) => bytes < 3e6 && parses.dicomParser === 'ok' && (transferSyntax === '1.2.840.10008.1.2' || transferSyntax === '1.2.840.10008.1.2.1'));
  it.for(native.map((entry) => [entry.path, entry] as const))('%s: is the whole way, whatever differs', ([, entry]) => {
    const file = corpusBytes(entry);
    if (planned(file) === undefined) return;
    const known = taught(file).fit(file);
    if (known === undefined) return;
    expect(Buffer.compare(concat([known.header, file.subarray(known.pixelsAt)]), deidentify(file, plannerWith(), false).bytes)).toBe(0);
    compare(file, RUNS);
  });
});
