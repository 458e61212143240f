import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readElements, SecondReader } from '../../src/anonymizer/second-reader.ts';
import { verify } from '../../src/anonymizer/verify.ts';
import { NODE_HOST } from '../../src/batch/node-host.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { CORPUS, corpusBytes } from '../fixtures/corpus.ts';
import { deidentify, inflate, read } from '../fixtures/deidentify.ts';
import { places } from '../fixtures/second-reader.ts';

/** Changed copies of each file; `SECOND_READER_RUNS=5000` for a long search. */
const RUNS = Number(process.env.SECOND_READER_RUNS ?? 60);
const EXPLICIT = '1.2.840.10008.1.2.1';
const IMPLICIT = '1.2.840.10008.1.2';

/** Some bytes of a file's header set to others: to any, and to such as stand in tags, VRs and lengths. */
function changes(file: Uint8Array): fc.Arbitrary<Uint8Array> {
  const end = headerEnd(file);
  const change = fc.tuple(fc.nat(end - 1), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 8, 0xff, 0xfe, 0xe0, 0x53, 0x51, 0x55, 0x4e)));
  return fc.array(change, { minLength: 1, maxLength: 6 }).map((all) => {
    const bytes = file.slice();
    for (const [at, byte] of all) bytes[at] = byte;
    return bytes;
  });
}

function headerEnd(file: Uint8Array): number {
  return read(file).elements.find(({ tag }) => tag === 0x7fe00010)?.valueStart ?? file.length;
}

/** Changes that were read from memory; each reading must be what a new one is. */
function remembered(file: Uint8Array, runs: number): number {
  const reader = new SecondReader(NODE_HOST);
  const first = reader.read(file);
  let count = 0;
  fc.assert(fc.property(changes(file), (bytes) => {
    const elements = reader.read(bytes);
    expect(places(elements)).toEqual(places(readElements(bytes)));
    if (elements === first) count += 1;
  }), { numRuns: runs });
  return count;
}

const slice = sampleStudy().find(({ bytes }) => read(bytes).transferSyntax.uid === EXPLICIT && headerEnd(bytes) < bytes.length)?.bytes ?? new Uint8Array(0);

describe('the second reader', () => {
  it('reads what differs in values from memory, as a new reading would', () => {
    expect(remembered(slice, RUNS * 20)).toBeGreaterThan(RUNS);
  });

  it('reads anew where a tag, a VR, a length or the Transfer Syntax differs, or the file is longer', () => {
    const reader = new SecondReader(NODE_HOST);
    const first = reader.read(slice);
    const { valueStart } = read(slice).elements.find(({ tag }) => tag === 0x00100010) ?? { valueStart: 0 };
    const changed = (at: number) => slice.map((byte, i) => (i === at ? byte ^ 2 : byte));
    for (const at of [valueStart - 8, valueStart - 4, valueStart - 2]) expect(reader.read(changed(at)), String(at)).not.toBe(first);
    const syntax = Buffer.from(slice).indexOf(EXPLICIT);
    expect(reader.read(changed(syntax + EXPLICIT.length - 1))).not.toBe(first);
    expect(reader.read(new Uint8Array([...slice, 0, 0]))).not.toBe(first);
    expect(reader.read(changed(valueStart))).toBe(first);
  });

  it('keeps the readings of several headers', () => {
    const reader = new SecondReader(NODE_HOST);
    const files = sampleStudy().filter(({ bytes }) => read(bytes).transferSyntax.uid === EXPLICIT).slice(0, 8).map(({ bytes }) => bytes);
    const readings = files.map((file) => reader.read(file));
    expect(files.length).toBeGreaterThan(2);
    expect(files.map((file) => reader.read(file))).toEqual(readings);
  });

  it('does not hide a name that a result like others has, nor that its record says something else', () => {
    const { bytes, plan } = deidentify(slice);
    const reader = new SecondReader(NODE_HOST);
    expect(verify(bytes, plan, { inflate, reader }).outcome).toBe('passed');
    const { elements } = read(bytes);
    const valueOf = (tag: number) => elements.find((element) => element.tag === tag && element.depth === 0) ?? elements[0];
    const written = (tag: number, text: string) => {
      const changed = bytes.slice();
      changed.set(new TextEncoder().encode(text.padEnd(valueOf(tag).length)), valueOf(tag).valueStart);
      return changed;
    };
    const name = plan.matcher.identifiers.find(({ kind, text }) => kind === 'name' && text.length <= valueOf(0x00100020).length);
    expect(name).toBeDefined();
    expect(() => verify(written(0x00100020, name?.text ?? ''), plan, { inflate, reader })).toThrow('an identifier that stood in');
    expect(() => verify(written(0x00120062, 'NO'), plan, { inflate, reader })).toThrow('the second reader does not find what was written');
    expect(verify(bytes, plan, { inflate, reader }).outcome).toBe('passed');
  });
});

describe.skipIf(CORPUS.length === 0)('the second reader of a real file', () => {
  const files = CORPUS.filter(({ transferSyntax, bytes, parses }) => bytes < 1e6 && parses.dicomParser === 'ok' && (transferSyntax === EXPLICIT || transferSyntax === IMPLICIT));
  it.for(files.map((entry) => [entry.path, entry] as const))('%s: reads as a new reading would, whatever differs', ([, entry]) => {
    const file = corpusBytes(entry);
    try {
      read(file);
    } catch {
      return;
    }
    expect(remembered(file, RUNS)).toBeGreaterThanOrEqual(0);
  });
});
