import { describe, expect, it } from 'vitest';
import { createPixelCleaner, pixelChoices } from '../../src/anonymizer/pixels/cleaner.ts';
import { TextMemory } from '../../src/anonymizer/pixels/propose.ts';
import { createPlanner } from '../../src/anonymizer/planner.ts';
import { createProfile, type Profile, type RegionRule } from '../../src/anonymizer/profile.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { MemorySource } from '../../src/anonymizer/dicom/byte-source.ts';
import { readDataSet } from '../../src/anonymizer/dicom/part10.ts';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { burnedInUltrasoundFile, multiFrameUltrasoundFile, ultrasoundFile } from '../../src/sample/ultrasound.ts';
import { element } from '../../src/sample/part10.ts';
import { testKey } from '../fixtures/deidentify.ts';
import { imageFile, open as openFixture } from '../fixtures/pixels.ts';
import { frameOf, pixelsOf } from '../../src/views/frames.ts';
import { lookAt, stagesOf } from '../../src/views/look.ts';
import { Maximum } from '../../src/views/maximum.ts';
import { previewCleaner } from '../../src/views/preview-cleaner.ts';

const codecs = loadFrameCodecs();
const open = (bytes: Uint8Array) => readDataSet(new MemorySource(bytes), { inflate: () => { throw new Error('not deflated'); } });
const burnedIn = open(burnedInUltrasoundFile());
const identifiers = createPlanner(createProfile(), createPseudonyms(testKey())).plan(burnedIn).matcher.identifiers;
const cleaning = (changes: Parameters<typeof createProfile>[0] = {}) => createProfile({ options: ['clean-pixel-data'], ...changes });
/** Reads this text in every line. */
const reader = (text: string) => ({ read: () => [{ text, confidence: 90 }] });

function look(stage: 'known' | 'found' | 'read', profile: Profile = cleaning(), text = 'Gain 57') {
  return lookAt(pixelsOf(burnedIn, codecs), { profile, frame: 0, stage, identifiers, reader: reader(text), memory: new TextMemory(), say: (note) => note });
}

describe('looking at a frame', () => {
  it('tells at once what the header knows', () => {
    expect(look('known').map(({ kind, isLeft }) => [kind, isLeft])).toEqual([['ultrasound', false]]);
  });

  it('finds text, and reads whether it shows the patient', () => {
    expect(new Set(look('found').map(({ kind }) => kind))).toEqual(new Set(['ultrasound', 'text']));
    expect(new Set(look('read', cleaning(), 'DANDRA NICOLO').map(({ kind }) => kind))).toEqual(new Set(['ultrasound', 'identifying']));
  });

  it('shows text that the mode leaves as left', () => {
    const left = look('read', cleaning({ pixels: 'matching-text' })).filter(({ kind }) => kind === 'text');
    expect(left.length).toBeGreaterThan(1);
    expect(left.every(({ isLeft }) => isLeft)).toBe(true);
  });

  it('shows the regions of the profile, and for which text it has gone through', () => {
    const rule: RegionRule = { when: [], boxes: [{ x: 1, y: 2, width: 3, height: 4 }], reason: 'Banner' };
    expect(look('known', cleaning({ regions: [rule] })).find(({ kind }) => kind === 'profile')).toMatchObject({ x: 1, y: 2, width: 3, height: 4, note: 'Banner' });
    expect(stagesOf(pixelsOf(burnedIn, codecs), cleaning())).toEqual(['known', 'found', 'read']);
    expect(stagesOf(pixelsOf(burnedIn, codecs), cleaning({ pixels: 'regions' }))).toEqual(['known']);
    expect(stagesOf(pixelsOf(burnedIn, codecs), cleaning({ pixels: 'matching-text' }))).toEqual(['known', 'read']);
  });

  it('looks at one frame of many', () => {
    const loop = pixelsOf(open(multiFrameUltrasoundFile()), codecs);
    const frames: number[] = [];
    const counting = Object.create(loop, { native: { value: (frame: number) => { frames.push(frame); return loop.native(frame); } } }) as typeof loop;
    lookAt(counting, { profile: cleaning(), frame: 2, stage: 'read', identifiers: [], reader: reader(''), memory: new TextMemory(), say: (note) => note });
    expect(new Set(frames)).toEqual(new Set([2]));
  });
});

describe('the frame after', () => {
  it('is black in its regions and the same everywhere else', () => {
    const [before, after] = [[], [{ x: 3, y: 5, width: 7, height: 11 }]].map((black) => frameOf(burnedIn, 0, codecs, black));
    expect([before.isBlacked, after.isBlacked]).toEqual([false, true]);
    const wrong: number[] = [];
    for (let i = 0; i < before.bytes.length; i++) {
      const [x, y] = [Math.floor(i / 3) % before.columns, Math.floor(i / 3 / before.columns)];
      const isInside = x >= 3 && x < 10 && y >= 5 && y < 16;
      if (after.bytes[i] !== (isInside ? 0 : before.bytes[i])) wrong.push(i);
    }
    expect(wrong).toEqual([]);
  });
});

describe('pixels of 32 bits', () => {
  const show = (values: readonly number[], signed: boolean) => {
    const bytes = new Uint8Array(4 * values.length);
    values.forEach((value, i) => { new DataView(bytes.buffer).setUint32(i * 4, value, true); });
    const { bytes: shown, slope, intercept } = frameOf(openFixture(imageFile({ rows: 1, columns: values.length, bitsAllocated: 32, signed }, element(0x7fe00010, 'OW', bytes))), 0, codecs);
    return [...new Uint16Array(shown.buffer)].map((cell) => cell * slope + intercept);
  };

  it('are shown by the same values, as near as 16 bits come', () => {
    for (const [values, signed] of [[[0, 4_000_000_000, 70_000], false], [[-5, 2_000_000_000, -2_000_000_000], true], [[7, 7, 7], false]] as const) {
      const range = Math.max(...values) - Math.min(...values);
      show(values, signed).forEach((value, i) => { expect(Math.abs(value - values[i])).toBeLessThanOrEqual(range / 0xffff + 1e-6); });
    }
  });
});

describe('the plan of the tags editor', () => {
  const planOf = (bytes: Uint8Array, profile: Profile, isPreview: boolean) => {
    const choices = pixelChoices(profile)!;
    const dataSet = open(bytes);
    const real = createPixelCleaner(choices, { codecs, reader: reader('Gain 57') });
    const { regions, left } = real.propose(dataSet, identifiers);
    const cleaner = isPreview ? previewCleaner(choices, codecs, { isBlacked: regions.some(({ reason }) => reason !== 'outside-ultrasound-regions'), isTextLeft: left.length > 0 }) : real;
    const { rules, replacements, additions, warnings } = createPlanner(profile, createPseudonyms(testKey()), cleaner).plan(dataSet);
    return { rules, replacements: [...replacements].map(([index, value]) => [index, [...value]]), additions, warnings };
  };

  it.each([['with a burned-in name', burnedInUltrasoundFile()], ['without', ultrasoundFile()], ['of several frames', multiFrameUltrasoundFile()]])('says of an ultrasound image %s what a run does', (_, bytes) => {
    for (const pixels of ['all-text', 'matching-text', 'regions'] as const) expect(planOf(bytes, cleaning({ pixels }), true)).toEqual(planOf(bytes, cleaning({ pixels }), false));
  });

  it('says that an image is refused', () => {
    expect(() => planOf(burnedInUltrasoundFile(), cleaning({ pixels: 'refuse' }), true)).toThrow('text or regions');
  });
});

describe('a picture of the contact sheet', () => {
  it('is the lightest of all frames', () => {
    const loop = pixelsOf(open(multiFrameUltrasoundFile()), codecs);
    const singles = Array.from({ length: 3 }, (_, frame) => {
      const single = new Maximum();
      single.add(loop.native(frame), loop.palette);
      return single;
    });
    const all = new Maximum();
    for (let frame = 0; frame < 3; frame++) all.add(loop.native(frame), loop.palette);
    expect([all.width, all.height]).toEqual([320, 240]);
    expect([...all.pixels]).toEqual([...all.pixels].map((_, i) => Math.max(...singles.map(({ pixels }) => pixels[i]))));
  });
});
