import type { Identifier } from '../anonymizer/identifiers.ts';
import { drawnBoxes, keptBoxes } from '../anonymizer/pixels/drawn-regions.ts';
import type { Pixels } from '../anonymizer/pixels/pixels.ts';
import { proposeRegions, type TextMemory } from '../anonymizer/pixels/propose.ts';
import { type Region, rectsOfFrame } from '../anonymizer/pixels/region.ts';
import { burnedInRisk } from '../anonymizer/pixels/risk.ts';
import type { TextReader } from '../anonymizer/pixels/text/read.ts';
import type { Profile } from '../anonymizer/profile.ts';
import type { LookStage, RegionKind, RegionView } from './protocol-image.ts';

export interface LookOptions {
  readonly profile: Profile;
  readonly frame: number;
  /** By the header alone, for text, or reading it. */
  readonly stage: Exclude<LookStage, 'off'>;
  readonly identifiers: readonly Identifier[];
  readonly reader: TextReader;
  readonly memory: TextMemory;
  /** Puts a note into the language of the person. */
  readonly say: (text: string) => string;
}

/**
 * The stages worth going through: text that nobody has read says little where the mode asks for what it says, or where
 * text is unlikely and what looks like it may be a row of organs.
 */
export function stagesOf(pixels: Pixels, { pixels: mode, regions }: Profile): readonly Exclude<LookStage, 'off'>[] {
  if (mode === 'regions') return ['known'];
  return mode === 'matching-text' || keptBoxes(regions, pixels.dataSet).length > 0 || burnedInRisk(pixels.dataSet).level === 'none' ? ['known', 'read'] : ['known', 'found', 'read'];
}

/**
 * What will be black in one frame, and what text stays, as `proposeRegions` finds it in all of them.
 * @throws DicomError `damaged` with the number of a frame that cannot be decoded
 */
export function lookAt(pixels: Pixels, { profile, frame, stage, identifiers, reader, memory, say }: LookOptions): RegionView[] {
  const mode = profile.pixels === 'refuse' ? 'all-text' : profile.pixels;
  const { regions, left } = proposeRegions(oneFrame(pixels, frame), {
    mode: stage === 'known' ? 'regions' : mode, regions: drawnBoxes(profile.regions, pixels.dataSet), kept: keptBoxes(profile.regions, pixels.dataSet), identifiers, memory,
    reader: stage === 'read' ? reader : undefined,
  });
  const view = (isLeft: boolean) => ({ x, y, width, height, reason, note }: Region): RegionView => ({ x, y, width, height, kind: KINDS[reason], note: say(note), isLeft });
  return [...ofFrame(regions, frame).map(view(false)), ...left.map(view(true))];
}

const KINDS: Record<Region['reason'], RegionKind> = {
  'device-rule': 'device', 'outside-ultrasound-regions': 'ultrasound', text: 'text', 'identifying-text': 'identifying', user: 'profile',
};

function ofFrame(regions: readonly Region[], frame: number): Region[] {
  const rects = new Set(rectsOfFrame(regions, frame));
  return regions.filter((region) => rects.has(region));
}

/** The same pixels with one frame alone, so that a frame of thousands is looked at without the others. */
function oneFrame(pixels: Pixels, frame: number): Pixels {
  return Object.create(pixels, {
    frames: { value: { ...pixels.frames, count: 1 } },
    native: { value: () => pixels.native(frame) },
  }) as Pixels;
}
