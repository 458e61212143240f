import { describe, expect, it } from 'vitest';
import { added, fitted, moved, restored, shownRegions, without } from '../../media/tags/regions.ts';
import type { RegionEdits, RegionView } from '../../src/views/protocol-image.ts';

const NONE: RegionEdits = { drawn: [], kept: [], scope: 'image' };
const text: RegionView = { x: 10, y: 20, width: 100, height: 12, kind: 'text', note: '', isLeft: false };
const name: RegionView = { ...text, y: 60, kind: 'identifying' };
const rule: RegionView = { ...text, y: 0, kind: 'device' };
const shown = (edits: RegionEdits) => shownRegions([rule, text, name], edits);
const black = (edits: RegionEdits) => shown(edits).filter(({ isBlack }) => isBlack).map(({ kind }) => kind);

describe('regions in the image pane', () => {
  it('found text that is removed stays visible, and goes black again when that is wanted', () => {
    const edits = without(NONE, shown(NONE)[1]);
    expect(black(edits)).toEqual(['device', 'identifying']);
    expect(shown(edits)[1]).toMatchObject({ isKept: true, isBlack: false });
    expect(black(restored(edits, shown(edits)[1]))).toEqual(['device', 'text', 'identifying']);
  });

  it('what shows the patient, and what a rule asks for, cannot be changed, even where a place is kept', () => {
    expect(shown(NONE).map(({ canChange }) => canChange)).toEqual([false, true, false]);
    expect(black({ ...NONE, kept: [{ x: 0, y: 0, width: 1000, height: 1000 }] })).toEqual(['device', 'identifying']);
  });

  it('found text that is moved is drawn from then on, and its old place stays visible', () => {
    const { edits, key } = moved(NONE, shown(NONE)[1], { x: 50, y: 50, width: 100, height: 12 });
    expect(black(edits)).toEqual(['device', 'identifying', 'drawn']);
    expect(shown(edits).find((region) => region.key === key)).toMatchObject({ x: 50, y: 50, kind: 'drawn' });
  });

  it('what was drawn is moved and removed without a trace', () => {
    const { edits, key } = added(added(NONE, { x: 1, y: 1, width: 5, height: 5 }).edits, { x: 9, y: 9, width: 5, height: 5 });
    const second = shown(edits).find((region) => region.key === key)!;
    expect(moved(edits, second, { x: 3, y: 3, width: 6, height: 6 }).edits.drawn).toEqual([{ x: 1, y: 1, width: 5, height: 5 }, { x: 3, y: 3, width: 6, height: 6 }]);
    expect(without(edits, second)).toEqual({ ...NONE, drawn: [{ x: 1, y: 1, width: 5, height: 5 }] });
  });

  it('stay inside the image and in whole pixels', () => {
    expect(fitted({ x: -5, y: 95.4, width: 10.2, height: 20 }, 100, 100)).toEqual({ x: 0, y: 80, width: 10, height: 20 });
    expect(fitted({ x: 99, y: 99, width: 0, height: 500 }, 100, 100)).toEqual({ x: 99, y: 0, width: 1, height: 100 });
  });
});
