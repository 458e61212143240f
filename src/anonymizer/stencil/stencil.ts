import type { Host } from '../dicom/host.ts';
import { isRegisteredUid } from '../dicom/uids.ts';
import { byteString } from '../dicom/values.ts';
import { encodeFileMeta } from '../file-meta.ts';
import type { Identifier } from '../identifiers.ts';
import { createListMatcher, type Matcher } from '../matcher.ts';
import type { InstanceUids, Plan } from '../plan.ts';
import { isTellingWidth } from '../pixels/device-rules.ts';
import { IMAGE } from '../pixels/image.ts';
import type { Pseudonyms } from '../pseudonyms.ts';
import type { ByteWriter } from './byte-writer.ts';
import { FixedDigits } from './fixed-digits.ts';
import type { Mark, Shared } from './mark.ts';
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
export const META_ROOM = 1024;

/**
 * What was planned for one slice of a series, ready for the others: slices agree in all but a few values, and where no
 * decision but their own looks at these, the same decisions hold. A slice in which anything else differs does not fit.
 */
export class Stencil {
  private readonly steps: readonly Step[];
  /** Behind the last mark. */
  private readonly last: Stretch;
  /** By mark: whether its value was ever another than in the first slice. */
  private readonly differed: boolean[];
  /** Of what all slices share. */
  private readonly matcher: Matcher;
  /** Digits and dots that all slices share, in which a UID might stand. */
  private readonly digits: FixedDigits;
  /** Of the slice at hand: */
  private bytes: Uint8Array = new Uint8Array(0);
  private instance: { -readonly [Key in keyof InstanceUids]: InstanceUids[Key] };
  private uids: Identifier[] = [];
  /** Where kept numbers stand in the output: start and end in turn. */
  private numbers: number[] = [];

  /** @param writer with room for a File Meta Information; of all stencils that are tried one after another */
  constructor(private readonly shared: Shared, private readonly pseudonyms: Pseudonyms, private readonly writer: ByteWriter, private readonly host: Host) {
    this.instance = shared.plan.instance;
    this.steps = stepsOf(shared);
    this.last = stretchBefore(shared, shared.marks.length);
    this.differed = shared.marks.map(() => false);
    this.matcher = createListMatcher(shared.identifiers);
    this.digits = new FixedDigits(fixedText(shared.source, shared.marks));
  }

  /** @param bytes the whole file */
  fit(bytes: Uint8Array): Fitted | undefined {
    const { plan, pixelBytes } = this.shared;
    this.bytes = bytes;
    this.instance = { ...plan.instance };
    this.uids = [];
    this.numbers = [];
    const at = this.walk();
    if (at === undefined || at + pixelBytes !== bytes.length) return undefined;
    // Where a fixed value repeats a UID of this slice alone, the plan would be another.
    for (const { text } of this.uids) if (this.digits.have(text)) return undefined;
    const matcher = this.matcher.with(this.uids);
    const { numbers, writer } = this;
    for (let i = 0; i < numbers.length; i += 2) if (matcher.find(writer.bytes, numbers[i], numbers[i + 1]).length > 0) return undefined;
    const { instance } = this;
    const meta = encodeFileMeta({ sopClass: instance.sopClass, sopInstance: instance.sopInstance, transferSyntax: plan.dataSet.transferSyntax.uid }, this.host);
    return { plan: { ...plan, instance, matcher }, header: writer.end(meta), pixelsAt: at };
  }

  /** The same for slices that differ in nothing but what differed so far, which is sooner looked through. */
  tightened(): Stencil {
    return new Stencil(tighten(this.shared, this.differed), this.pseudonyms, this.writer, this.host);
  }

  /** Offset of the pixels; undefined where the bytes do not go along with the stencil. */
  private walk(): number | undefined {
    const { bytes, writer, host, steps, last, differed } = this;
    const ends: number[] = [];
    const lengthsAt: number[] = [];
    let at = PREAMBLE;
    writer.begin();
    for (let i = 0; i < steps.length; i++) {
      const { mark, before, own, result } = steps[i];
      if (!host.areAt(bytes, at, before)) return undefined;
      at += before.length;
      if (result.length > 0) writer.write(result);
      if (mark.is === 'open') {
        ends.push(at + 4 + uint32(bytes, at));
        at += 4;
        // What is not in the result has no length there.
        lengthsAt.push(mark.resultEnd > mark.resultStart ? writer.position : -1);
        if (mark.resultEnd > mark.resultStart) writer.writeUint32(0);
      } else if (mark.is === 'close') {
        const lengthAt = lengthsAt.pop() ?? -1;
        if (at !== ends.pop()) return undefined;
        if (lengthAt >= 0) writer.setUint32(lengthAt, writer.position - lengthAt - 4);
      } else {
        const start = at + mark.lengthBytes;
        const end = start + (mark.lengthBytes === 2 ? bytes[at] | (bytes[at + 1] << 8) : uint32(bytes, at));
        if (!(end <= bytes.length) || (mark.is !== 'gone' && !this.take(mark, start, end))) return undefined;
        if (!differed[i]) differed[i] = end - at !== own.length || !host.areAt(bytes, at, own);
        at = end;
      }
    }
    if (!host.areAt(bytes, at, last.before)) return undefined;
    writer.write(last.result);
    return at + last.before.length;
  }

  /** Whether the value from `start` to `end` is one that may stand there; writes what the result has of it. */
  private take(mark: Mark, start: number, end: number): boolean {
    const { bytes, writer, host } = this;
    switch (mark.is) {
      case 'gone-date': return isOfSameDay(bytes, start, end, this.shared.source, mark.start + mark.lengthBytes, mark.end);
      case 'kept': case 'kept-text': {
        const length = end - start;
        if (mark.is === 'kept-text' ? !isNumberText(bytes, start, end) : length > FEW) return false;
        if (mark.tag === IMAGE.WindowWidth && isTellingWidth(host.textOf(bytes, start, end))) return false;
        writer.writeLength(length, mark.lengthBytes);
        if (mark.is === 'kept-text' || length > 8) this.numbers.push(writer.position, writer.position + length);
        writer.write(bytes.subarray(start, end));
        return true;
      }
      case 'gone-uid': case 'remapped': case 'instance': case 'series': case 'study': {
        const uid = uidOf(host.textOf(bytes, start, end));
        if (uid === undefined) return false;
        if (!isRegisteredUid(uid)) this.uids.push({ kind: 'uid', text: uid, tag: mark.tag });
        if (mark.is === 'gone-uid') return true;
        const pseudonym = this.pseudonyms.uid(uid);
        if (mark.is === 'instance') this.instance.sopInstance = pseudonym;
        else if (mark.is !== 'remapped') this.instance[mark.is] = pseudonym;
        writer.writeLength(pseudonym.length + (pseudonym.length & 1), mark.lengthBytes);
        writer.writeText(pseudonym);
        return true;
      }
      default: return false;
    }
  }
}

/** What stands between two marks, in every slice and in every result. */
interface Stretch {
  readonly before: Uint8Array;
  readonly result: Uint8Array;
}

/** A mark with what stands in front of it. */
interface Step extends Stretch {
  readonly mark: Mark;
  /** What the first slice has at the mark. */
  readonly own: Uint8Array;
}

function stepsOf(shared: Shared): Step[] {
  return shared.marks.map((mark, i) => ({ mark, own: shared.source.subarray(mark.start, mark.end), ...stretchBefore(shared, i) }));
}

/** In front of the mark at an index, or behind the last one. */
function stretchBefore({ source, result, metaBytes, marks }: Shared, index: number): Stretch {
  const { end = PREAMBLE, resultEnd = metaBytes } = marks[index - 1] ?? {};
  const { start, resultStart } = marks[index] ?? {};
  return { before: source.subarray(end, start), result: result.subarray(resultEnd, resultStart) };
}

/** What is the same in all slices, one character a byte. */
export function fixedText(source: Uint8Array, marks: readonly Pick<Mark, 'start' | 'end'>[]): string {
  const text = byteString(source);
  let fixed = '';
  let from = PREAMBLE;
  for (const { start, end } of marks) {
    fixed += `${text.slice(from, start)}\n`;
    from = end;
  }
  return fixed + text.slice(from);
}

function uint32(bytes: Uint8Array, at: number): number {
  return bytes[at] + (bytes[at + 1] << 8) + (bytes[at + 2] << 16) + bytes[at + 3] * 0x1000000;
}
