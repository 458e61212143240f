import { describeTag, tagOfKeyword } from './dicom/dictionary-names.ts';
import { formatTag, isPrivate } from './dicom/tag.ts';
import type { FoundProblem } from './profile-problems.ts';
import type { DrawnBox, RegionRule } from './profile.ts';
import { attributeRow } from './rules/attribute-table.ts';

/** A region as a profile file writes it; the schema has been checked. Frames count from 1. */
export interface WrittenRegion {
  readonly when?: Readonly<Record<string, string>>;
  readonly series?: string;
  readonly boxes?: readonly WrittenBox[];
  readonly keep?: readonly WrittenBox[];
  readonly reason?: string;
}

interface WrittenBox {
  readonly x: string | number;
  readonly y: string | number;
  readonly width: string | number;
  readonly height: string | number;
  readonly frames?: readonly (string | number)[];
}

/** The region, or what is wrong with it, with the path from the region on. */
export function readRegion({ when = {}, series, boxes = [], keep = [], reason = '' }: WrittenRegion): RegionRule | FoundProblem {
  const conditions: { tag: number; value: string }[] = [];
  for (const [keyword, value] of Object.entries(when)) {
    const tag = tagOfKeyword(keyword);
    const path = ['when', keyword];
    if (tag === undefined || isPrivate(tag)) return { path, message: `is no keyword of PS3.6: "${keyword}"` };
    if (attributeRow(tag) !== undefined) return { path, message: 'may identify somebody, so it cannot stand in a profile' };
    conditions.push({ tag, value });
  }
  return {
    when: conditions, ...(series === undefined ? {} : { series }), reason,
    boxes: boxes.map(readBox), ...(keep.length === 0 ? {} : { keep: keep.map(readBox) }),
  };
}

function readBox({ x, y, width, height, frames }: WrittenBox): DrawnBox {
  return {
    x: Number(x), y: Number(y), width: Number(width), height: Number(height),
    ...(frames === undefined ? {} : { frames: frames.map((frame) => Number(frame) - 1) }),
  };
}

export function writtenRegion({ when, series, boxes, keep = [], reason }: RegionRule): WrittenRegion {
  return {
    ...(when.length === 0 ? {} : { when: Object.fromEntries(when.map(({ tag, value }) => [describeTag(tag)?.keyword ?? formatTag(tag), value])) }),
    ...(series === undefined ? {} : { series }),
    ...(boxes.length === 0 ? {} : { boxes: boxes.map(writtenBox) }),
    ...(keep.length === 0 ? {} : { keep: keep.map(writtenBox) }),
    ...(reason === '' ? {} : { reason }),
  };
}

function writtenBox({ x, y, width, height, frames }: DrawnBox): WrittenBox {
  return { x, y, width, height, ...(frames === undefined ? {} : { frames: frames.map((frame) => frame + 1) }) };
}
