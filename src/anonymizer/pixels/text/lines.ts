import type { Component } from './components.ts';

/** Components that stand in a row like letters: perhaps a line of text, perhaps not. */
export interface Line {
  readonly members: readonly Component[];
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Heights of letters at one scale; what is larger is looked at again in an image of half the size. */
const LEAST_HEIGHT = 4;
const MOST_HEIGHT = 30;
/** Rows of 16 pixels. */
const BUCKET_BITS = 4;

/** Groups components whose neighbours are of like height and strength, and as near as letters or words are. */
export function groupLines(all: readonly Component[]): Line[] {
  const letters = all.filter(isLetterLike).sort((a, b) => a.left - b.left);
  const parent = letters.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  // By rows of 16 pixels, each in the order of the left edges: only near ones are compared.
  const buckets = new Map<number, number[]>();
  letters.forEach((letter, i) => {
    for (let row = letter.top >> BUCKET_BITS; row <= (letter.bottom - 1) >> BUCKET_BITS; row++) {
      const bucket = buckets.get(row);
      if (bucket === undefined) buckets.set(row, [i]);
      else bucket.push(i);
    }
  });
  for (const bucket of buckets.values()) {
    for (let a = 0; a < bucket.length; a++) {
      const one = letters[bucket[a]];
      const reach = one.right + 1.3 * MOST_HEIGHT;
      for (let b = a + 1; b < bucket.length && letters[bucket[b]].left <= reach; b++) {
        if (belongTogether(one, letters[bucket[b]])) parent[root(bucket[b])] = root(bucket[a]);
      }
    }
  }
  const groups = new Map<number, Component[]>();
  letters.forEach((letter, i) => {
    const group = groups.get(root(i));
    if (group === undefined) groups.set(root(i), [letter]);
    else group.push(letter);
  });
  return [...groups.values()].map(lineOf).filter(({ left, right, top, bottom }) => right - left >= 0.9 * (bottom - top) && bottom - top <= 2.2 * MOST_HEIGHT);
}

export function lineOf(members: readonly Component[]): Line {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  for (const member of members) {
    left = Math.min(left, member.left);
    top = Math.min(top, member.top);
    right = Math.max(right, member.right);
    bottom = Math.max(bottom, member.bottom);
  }
  return { members, left, top, right, bottom };
}

/** A stretch of letters at one height. */
export interface Row extends Line {
  /** Height of a letter: of three quarters of them at most. */
  readonly letter: number;
}

/**
 * The rows of a group: lines that hang together by a tall stroke, or letters by a chain of strokes beside them, come
 * apart, so that the ground between them is not taken for text.
 */
export function rowsOf({ members }: Line, all: readonly Component[]): Row[] {
  const heights = members.map(({ top, bottom }) => bottom - top).sort((a, b) => a - b);
  const letter = heights[Math.floor(heights.length * 0.75)];
  const rows: Component[][] = [];
  for (const member of [...members].sort((a, b) => a.left - b.left)) {
    const middle = (member.top + member.bottom) / 2;
    const row = rows.find((others) => {
      const last = others[others.length - 1];
      const near = others.slice(-4).reduce((sum, { top, bottom }) => sum + (top + bottom) / 2, 0) / Math.min(4, others.length);
      return member.left - last.right <= 1.6 * letter && Math.abs(middle - near) <= 0.5 * letter;
    });
    if (row === undefined) rows.push([member]);
    else row.push(member);
  }
  return rows.map((row) => ({ ...lineOf(completed(row, letter, all)), letter }));
}

/** The row with the strokes beside it that are as strong, at its height and as near as a letter of the same word. */
function completed(row: readonly Component[], letter: number, all: readonly Component[]): Component[] {
  const own = [...row];
  const strength = row.reduce((sum, each) => sum + each.strength, 0) / row.length;
  const near = new Set(all.filter((each) => each.strength >= 0.6 * strength && each.bottom - each.top <= 1.7 * letter && each.right - each.left <= 12 * letter));
  for (const each of row) near.delete(each);
  let { left, right, top, bottom } = lineOf(own);
  for (let grew = true; grew && own.length < 400; ) {
    grew = false;
    for (const each of near) {
      const apart = Math.max(each.left - right, left - each.right);
      const shared = Math.min(each.bottom, bottom) - Math.max(each.top, top);
      if (apart > 1.1 * letter || shared < 0.6 * (each.bottom - each.top)) continue;
      near.delete(each);
      own.push(each);
      grew = each.left < left || each.right > right || grew;
      left = Math.min(left, each.left);
      right = Math.max(right, each.right);
    }
  }
  return own;
}

function isLetterLike({ left, right, top, bottom, area }: Component): boolean {
  const height = bottom - top;
  const width = right - left;
  if (height < LEAST_HEIGHT || height > MOST_HEIGHT || width > 25 * height) return false;
  // A ruled line or a full box is no letter.
  return area >= 4 && !(width > 3 * height && area > 0.9 * width * height);
}

function belongTogether(a: Component, b: Component): boolean {
  const [ha, hb] = [a.bottom - a.top, b.bottom - b.top];
  const [low, high] = ha < hb ? [ha, hb] : [hb, ha];
  if (high > 2.3 * low + 1) return false;
  const gap = b.left - a.right;
  if (gap > 1.1 * high + 2) return false;
  const overlap = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (overlap < 0.5 * low) return false;
  const [weak, strong] = a.strength < b.strength ? [a.strength, b.strength] : [b.strength, a.strength];
  return strong <= 2 * weak;
}
