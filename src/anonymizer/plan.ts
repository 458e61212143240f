import type { DataSet } from './dicom/data-set.ts';
import { TAG, type Tag } from './dicom/tag.ts';
import type { VR } from './dicom/vr.ts';
import type { TransferSyntax } from './dicom/transfer-syntax.ts';
import type { Matcher } from './matcher.ts';
import type { PixelPiece } from './pixels/clean.ts';
import type { Region } from './pixels/region.ts';
import type { Profile } from './profile.ts';
import type { Rule } from './rules/rule.ts';

/** An element that the source lacks, or that is written anew at the top level. */
export interface Addition {
  readonly tag: Tag;
  readonly vr: VR;
  readonly value: Uint8Array;
  readonly rule: Rule;
}

/** Bytes of a kept value that are overwritten in place, with the same length. Offsets are those of the source. */
export interface Redaction {
  readonly start: number;
  readonly end: number;
  readonly fill: number;
}

/** What Clean Pixel Data does with the pixels of an instance (PS3.15 E.3.1). */
export interface PixelsPlan {
  /** Index of the Pixel Data element. */
  readonly index: number;
  /** What is proposed and will be black. */
  readonly regions: readonly Region[];
  /** Lines of text that were found and stay, since no value of the patient was read in them. */
  readonly left: readonly Region[];
  readonly framesChanged: number;
  /** Whether the pixels were looked at or changed, so that the result may claim that they are clean. */
  readonly isChecked: boolean;
  /** Of the result: what was compressed with loss is written uncompressed. */
  readonly transferSyntax: TransferSyntax;
  /** The whole element as it will be written, header and delimiter included; undefined where no frame changes. */
  readonly pieces: readonly PixelPiece[] | undefined;
}

/** Something that a person should know; a sentence with numbered blanks and never a value. */
export interface Warning {
  readonly code:
    | 'burned-in-risk' | 'text-left-in-pixels' | 'identifier-in-kept-value' | 'overlay-kept' | 'overlay-in-pixels' | 'unchecked-stream' | 'pixel-surplus'
    | 'weaker-rule' | 'encapsulated-document' | 'not-verified';
  readonly text: string;
  readonly args: readonly string[];
  readonly tag?: Tag | undefined;
}

/**
 * What will be done with a Data Set, decided before a byte is written: the same Plan makes the output, the preview
 * and the report, so that they cannot disagree.
 */
export interface Plan {
  readonly dataSet: DataSet;
  readonly profile: Profile;
  /** By index of element; undefined for what goes with the Sequence or Item around it. */
  readonly rules: readonly (Rule | undefined)[];
  /** By index of element: the new value where there is one; the value of a Sequence is the bytes of its Items. */
  readonly replacements: ReadonlyMap<number, Uint8Array>;
  /** In the order of their tags. */
  readonly additions: readonly Addition[];
  /** In the order of their offsets. */
  readonly redactions: readonly Redaction[];
  readonly warnings: readonly Warning[];
  /** Knows every identifying value that the plan takes out. */
  readonly matcher: Matcher;
  /** UIDs of the result, for file names and for the File Meta Information. */
  readonly instance: InstanceUids;
  /** Under Clean Pixel Data, for an instance that has pixels. */
  readonly pixels?: PixelsPlan | undefined;
}

/** How the result is encoded. */
export function resultSyntax({ dataSet, pixels }: Pick<Plan, 'dataSet' | 'pixels'>): TransferSyntax {
  return pixels?.transferSyntax ?? dataSet.transferSyntax;
}

/** Bytes of a result in front of its pixels, where these come last and are copied as they are; all of any other result. */
export function bytesBeforePixels(plan: Plan, size: number): number {
  const { dataSet: { elements }, rules, replacements, redactions, pixels } = plan;
  const index = elements.findLastIndex(({ tag, depth }) => tag === TAG.PixelData && depth === 0);
  if (index < 0 || elements[index].next < elements.length || rules[index]?.action !== 'K' || replacements.has(index)) return size;
  if (redactions.length > 0 || pixels?.pieces !== undefined || resultSyntax(plan).deflated) return size;
  return size - (elements[index].end - elements[index].valueStart);
}

export interface InstanceUids {
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly study: string;
  readonly series: string;
}

/** What the plan does with one element, for views and reports. */
export interface Decision {
  readonly index: number;
  readonly rule: Rule;
  readonly replacement?: Uint8Array | undefined;
}

/** The decision on an element; for one inside a removed or replaced Sequence that of the Sequence. */
export function decisionAt(plan: Plan, index: number): Decision {
  for (let i = index; i >= 0; i = plan.dataSet.elements[i].parent) {
    const rule = plan.rules[i];
    if (rule !== undefined) return { index: i, rule, replacement: plan.replacements.get(i) };
  }
  throw new RangeError('no element has this index');
}
