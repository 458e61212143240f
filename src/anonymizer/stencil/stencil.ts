import { isRegisteredUid } from '../dicom/uids.ts';
import { byteString } from '../dicom/values.ts';
import { encodeFileMeta } from '../file-meta.ts';
import type { Identifier } from '../identifiers.ts';
import { createListMatcher, type Matcher } from '../matcher.ts';
import type { Plan } from '../plan.ts';
import type { Pseudonyms } from '../pseudonyms.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Shared, ValueStep } from './step.ts';
import { tighten } from './tighten.ts';
import { isNumberText, isOfSameDay, uidOf } from './value-forms.ts';

/** A slice that a stencil fits. */
export interface Fitted {
  /** The stencil's plan with what is this slice's own: the same rules hold. Its Data Set is that of the first slice. */
  readonly plan: Plan;
  /** Everything in front of the pixels, with a new File Meta Information; valid until the next slice. */
  readonly header: Uint8Array;
  /** Offset of the pixels in the source; they go to its end, unchanged. */
  readonly pixelsAt: number;
}

/** Bytes that may hold anything and are never copied (PS3.10 7.1). */
export const PREAMBLE = 128;
/** Bytes of binary numbers; more are looked at more closely. */
const FEW = 64;
/** Room for the File Meta Information, which is written last since it names the instance. */
const META_ROOM = 1024;

/**
 * What was planned for one slice of a series, ready for the others: slices agree in all but a few values, and where no
 * decision but their own looks at these, the same decisions hold. A slice in which anything else differs does not fit.
 */
export class Stencil {
  private readonly writer = new ByteWriter(META_ROOM);
  /** By step: whether its value was ever another than in the first slice. */
  private readonly differed: boolean[];
  /** Of what all slices share. */
  private readonly matcher: Matcher;
  /** Digits and dots that all slices share, in which a UID might stand. */
  private readonly digits: string;
  /** Of the slice at hand: */
  private bytes: Uint8Array = new Uint8Array(0);
  private instance = '';
  private uids: Identifier[] = [];
  /** Where kept numbers stand in the output: start and end in turn. */
  private numbers: number[] = [];

  constructor(private readonly shared: Shared, private readonly pseudonyms: Pseudonyms) {
    this.differed = shared.steps.map(() => false);
    this.matcher = createListMatcher(shared.identifiers);
    this.digits = shared.steps.flatMap(({ fixed }) => byteString(fixed).match(/[\d.]{8,}/g) ?? []).join('\n');
  }

  /** @param bytes the whole file */
  fit(bytes: Uint8Array): Fitted | undefined {
    const { plan, pixelBytes } = this.shared;
    this.bytes = bytes;
    this.uids = [];
    this.numbers = [];
    const at = this.walk();
    if (at === undefined || at + pixelBytes !== bytes.length) return undefined;
    // Where a fixed value repeats a UID of this slice alone, the plan would be another.
    for (const { text } of this.uids) if (this.digits.includes(text)) return undefined;
    const matcher = this.matcher.with(this.uids);
    const { numbers, writer } = this;
    for (let i = 0; i < numbers.length; i += 2) if (matcher.find(writer.bytes, numbers[i], numbers[i + 1]).length > 0) return undefined;
    const instance = { ...plan.instance, sopInstance: this.instance };
    const meta = encodeFileMeta({ sopClass: instance.sopClass, sopInstance: instance.sopInstance, transferSyntax: plan.dataSet.transferSyntax.uid });
    return { plan: { ...plan, instance, matcher }, header: writer.end(meta), pixelsAt: at };
  }

  /** The same for slices that differ in nothing but what differed so far, which is sooner looked through. */
  tightened(): Stencil {
    return new Stencil(tighten(this.shared, this.differed), this.pseudonyms);
  }

  /** Offset of the pixels; undefined where the bytes do not go along with the steps. */
  private walk(): number | undefined {
    const { bytes, writer, shared: { steps } } = this;
    const ends: number[] = [];
    const lengthsAt: number[] = [];
    let at = PREAMBLE;
    writer.begin();
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i];
      const { fixed } = step;
      if (at + fixed.length + 4 > bytes.length || !isAt(bytes, at, fixed)) return undefined;
      at += fixed.length;
      writer.write(step.output);
      if (step.next === 'value') {
        const start = at + step.lengthBytes;
        const end = start + (step.lengthBytes === 2 ? bytes[at] | (bytes[at + 1] << 8) : uint32(bytes, at));
        if (end > bytes.length || !this.take(step, start, end)) return undefined;
        if (!this.differed[i]) this.differed[i] = end - at !== step.sample.fixed.length || !isAt(bytes, at, step.sample.fixed);
        at = end;
      } else if (step.next === 'open') {
        ends.push(at + 4 + uint32(bytes, at));
        at += 4;
        // What is not in the result has no length there.
        lengthsAt.push(step.sample.output.length > 0 ? writer.position : -1);
        writer.write(step.sample.output);
      } else if (step.next === 'close') {
        const lengthAt = lengthsAt.pop() ?? -1;
        if (at !== ends.pop()) return undefined;
        if (lengthAt >= 0) writer.setUint32(lengthAt, writer.position - lengthAt - 4);
      }
    }
    return at;
  }

  /** Whether the value from `start` to `end` is one that may stand there; writes what the result has of it. */
  private take({ variable, tag, lengthBytes, sample }: ValueStep, start: number, end: number): boolean {
    const { bytes, writer } = this;
    switch (variable) {
      case 'gone': return true;
      case 'gone-date': return isOfSameDay(bytes, start, end, sample.fixed.subarray(lengthBytes));
      case 'kept': case 'kept-text': {
        const value = bytes.subarray(start, end);
        if (variable === 'kept-text' ? !isNumberText(value) : value.length > FEW) return false;
        writer.writeLength(value.length, lengthBytes);
        if (variable === 'kept-text' || value.length > 8) this.numbers.push(writer.position, writer.position + value.length);
        writer.write(value);
        return true;
      }
      case 'gone-uid': case 'remapped': case 'instance': {
        const uid = uidOf(bytes.subarray(start, end));
        if (uid === undefined) return false;
        if (!isRegisteredUid(uid)) this.uids.push({ kind: 'uid', text: uid, tag });
        if (variable === 'gone-uid') return true;
        const pseudonym = this.pseudonyms.uid(uid);
        if (variable === 'instance') this.instance = pseudonym;
        writer.writeLength(pseudonym.length + (pseudonym.length & 1), lengthBytes);
        writer.writeText(pseudonym);
        return true;
      }
    }
  }
}

function isAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

function uint32(bytes: Uint8Array, at: number): number {
  return bytes[at] + (bytes[at + 1] << 8) + (bytes[at + 2] << 16) + bytes[at + 3] * 0x1000000;
}
