import type { Box, RegionEdits, RegionKind, RegionView } from '../../src/views/protocol-image.ts';

/** A region as it is shown, with what a person may do with it. */
export interface ShownRegion extends Box {
  /** The same for the same region while it is moved. */
  readonly key: string;
  readonly kind: RegionKind;
  readonly note: string;
  readonly isBlack: boolean;
  /** Text that was found and shows nobody, and what was drawn. */
  readonly canChange: boolean;
  /** Text that a person keeps, which may go black again. */
  readonly isKept: boolean;
}

/** Found text is met again a little to the side in the next image. */
const MARGIN = 2;

/** What is proposed and what was drawn, as one list: places that must be looked at first. */
export function shownRegions(proposed: readonly RegionView[], { drawn, kept }: RegionEdits): ShownRegion[] {
  const regions = proposed.map((region, i): ShownRegion => {
    const { x, y, width, height, kind, note, isLeft } = region;
    const isKept = kind === 'text' && !isLeft && kept.some((place) => covers(place, region));
    return { x, y, width, height, kind, note, key: `${kind} ${i}`, isBlack: !isLeft && !isKept, canChange: kind === 'text', isKept };
  });
  return [...regions, ...drawn.map((box, i): ShownRegion => ({ ...box, key: `drawn ${i}`, kind: 'drawn', note: '', isBlack: true, canChange: true, isKept: false }))];
}

/** Takes a region away: a drawn one goes, found text stays visible. */
export function without(edits: RegionEdits, region: ShownRegion): RegionEdits {
  if (region.kind === 'drawn') return { ...edits, drawn: edits.drawn.filter((_, i) => `drawn ${i}` !== region.key) };
  return { ...edits, kept: [...edits.kept, { x: Math.max(0, region.x - MARGIN), y: Math.max(0, region.y - MARGIN), width: region.width + 2 * MARGIN, height: region.height + 2 * MARGIN }] };
}

/** Text that was kept goes black again. */
export function restored(edits: RegionEdits, region: Box): RegionEdits {
  return { ...edits, kept: edits.kept.filter((place) => !covers(place, region)) };
}

/** Puts a region elsewhere; found text that is moved is drawn from then on. @returns the key that it has then, too */
export function moved(edits: RegionEdits, region: ShownRegion, box: Box): { edits: RegionEdits; key: string } {
  if (region.kind === 'drawn') return { edits: { ...edits, drawn: edits.drawn.map((before, i) => (`drawn ${i}` === region.key ? box : before)) }, key: region.key };
  const { kept } = without(edits, region);
  return { edits: { ...edits, kept, drawn: [...edits.drawn, box] }, key: `drawn ${edits.drawn.length}` };
}

export function added(edits: RegionEdits, box: Box): { edits: RegionEdits; key: string } {
  return { edits: { ...edits, drawn: [...edits.drawn, box] }, key: `drawn ${edits.drawn.length}` };
}

/** In whole pixels, inside the image, and not smaller than one pixel. */
export function fitted({ x, y, width, height }: Box, columns: number, rows: number): Box {
  const wide = Math.max(1, Math.min(columns, Math.round(width)));
  const high = Math.max(1, Math.min(rows, Math.round(height)));
  return { x: Math.max(0, Math.min(columns - wide, Math.round(x))), y: Math.max(0, Math.min(rows - high, Math.round(y))), width: wide, height: high };
}

/** As the core has it: nine tenths of it lie in the place. */
function covers(place: Box, region: Box): boolean {
  const width = Math.min(place.x + place.width, region.x + region.width) - Math.max(place.x, region.x);
  const height = Math.min(place.y + place.height, region.y + region.height) - Math.max(place.y, region.y);
  return width > 0 && height > 0 && width * height >= 0.9 * region.width * region.height;
}
