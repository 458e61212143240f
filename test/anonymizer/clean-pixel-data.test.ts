import { describe, expect, it } from 'vitest';
import { DicomError } from '../../src/anonymizer/dicom/errors.ts';
import { inspect } from '../../src/anonymizer/inspect.ts';
import { openPixels, type Pixels } from '../../src/anonymizer/pixels/pixels.ts';
import { RLE } from '../../src/anonymizer/pixels/rle.ts';
import type { OptionName, ProfileChoices } from '../../src/anonymizer/profile.ts';
import { createProfile } from '../../src/anonymizer/profile.ts';
import { createPlanner } from '../../src/anonymizer/planner.ts';
import { createPseudonyms } from '../../src/anonymizer/pseudonyms.ts';
import { loadFrameCodecs } from '../../src/codecs/load.ts';
import { element } from '../../src/sample/part10.ts';
import { encapsulated, type FixtureElement } from '../fixtures/data-set.ts';
import { deidentify, plannerOf, testKey } from '../fixtures/deidentify.ts';
import { imageFile, type Look, nativePixels, open } from '../fixtures/pixels.ts';
import { see } from '../fixtures/second-reader.ts';

/** Clean Pixel Data (PS3.15 E.3.1) from plan to bytes; what other decoders see is the matter of test/oracles. */

const codecs = loadFrameCodecs();
const LOOK: Look = { rows: 40, columns: 50, bitsAllocated: 8 };
const BOX = { x: 3, y: 2, width: 20, height: 6 };
const REGIONS: ProfileChoices['regions'] = [{ when: [{ tag: 0x00280010, value: '40' }], boxes: [BOX], reason: 'Name' }];
const EXPLICIT = '1.2.840.10008.1.2.1';
const BASELINE = '1.2.840.10008.1.2.4.50';
const RLE_LOSSLESS = '1.2.840.10008.1.2.5';
/** A gradient of 50 by 40, baseline, quality 60, as cjpeg writes it. */
const JPEG_GREY_40_BY_50 = new Uint8Array(Buffer.from([
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//wAALCAAoADIBAREA/8QAGAABAQEBAQAAAAAAAAAA',
  'AAAABQcGAgP/xAAlEAABBAICAgICAwAAAAAAAAABAAIDBBExBSEGEgcTFEEVImH/2gAIAQEAAD8An9WPSZqx6TNWPSYqx6TNWPSYqx6Rtnzbxmpalq2OS9JoXmORv0SHDgcEZDcbCkFWPSZqx6TFWPSZqx6TNWPS',
  '9eb5L+E8euckGe7oWf0bjILyQ1uex1kjPesqCiPpOVY9JmrHpMVY9JmrHpMVY9LCfKvKNknpcNDJn6szztHqQHEYYM7BA9jjrpwPf6wwj6TlWPSYqx6TNWPSZqx6S0RjhidLM9scbGlz3uOA0Dskn9BQvkuQl5rm',
  'bPJTj1dYf7BvR9W6a3IAzgADOO8LoR9JyrHpMVY9JmrHpM1Y9IP5I5VvHeM/hMc4WOQd9bfVxaQwEF5yB2NNIyMh3+FS6rHpIiPpf//Z',
].join(''), 'base64'));

/** Only what is drawn is black, so that every other pixel can be compared. */
function cleaned(file: Uint8Array, choices: ProfileChoices = {}, ...options: OptionName[]) {
  return deidentify(file, plannerOf({ pixels: 'regions', regions: REGIONS, ...choices, options: ['clean-pixel-data', ...options] }));
}

function pixelsOf(file: Uint8Array): Pixels {
  const pixels = openPixels(open(file), codecs);
  if (pixels === undefined) throw new Error('no pixels');
  return pixels;
}

/** Values of a frame with the box set to black. */
function blackened(values: Uint8Array, { rows, columns }: Look): number[] {
  return Array.from({ length: rows * columns }, (_, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    return x >= BOX.x && x < BOX.x + BOX.width && y >= BOX.y && y < BOX.y + BOX.height ? 0 : values[i];
  });
}

function rleFile(look: Look, more: readonly FixtureElement[] = []): Uint8Array {
  const native = pixelsOf(imageFile(look));
  const frames = Array.from({ length: look.frames ?? 1 }, (_, frame) => {
    const { bytes, layout } = native.native(frame);
    return RLE.encodeLossless?.({ bytes, samples: 1, bitsAllocated: 8, precision: 8, signed: false }, layout) ?? new Uint8Array(0);
  });
  return imageFile({ ...look, syntax: RLE_LOSSLESS }, encapsulated(frames), more);
}

function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DicomError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'not refused';
}

describe('Clean Pixel Data', () => {
  it('cannot be planned without what cleans', () => {
    expect(() => createPlanner(createProfile({ options: ['clean-pixel-data'] }), createPseudonyms(testKey()))).toThrow(TypeError);
  });

  it.each([[EXPLICIT], ['1.2.840.10008.1.2'], ['1.2.840.10008.1.2.2'], ['1.2.840.10008.1.2.1.99']])('blacks out what was drawn and leaves every other pixel (%s)', (syntax) => {
    const { bytes } = cleaned(imageFile({ ...LOOK, syntax }));
    const pixels = pixelsOf(bytes);
    expect(pixels.dataSet.transferSyntax.uid).toBe(syntax);
    expect([...pixels.native(0).bytes]).toEqual(blackened(nativePixels(LOOK), LOOK));
  });

  it('writes compressed frames in the same Transfer Syntax, and those without a region as they were', () => {
    const file = rleFile({ ...LOOK, frames: 3 });
    const regions: ProfileChoices['regions'] = [{ when: [{ tag: 0x00280010, value: '40' }], boxes: [{ ...BOX, frames: [1] }], reason: '' }];
    const [before, after] = [pixelsOf(file), pixelsOf(cleaned(file, { regions }).bytes)];
    expect(after.dataSet.transferSyntax.uid).toBe(RLE_LOSSLESS);
    for (const frame of [0, 2]) expect([...after.native(frame).bytes]).toEqual([...before.native(frame).bytes]);
    expect([...after.native(1).bytes]).toEqual(blackened(before.native(1).bytes, LOOK));
  });

  it('copies what is beside the frames without what was blanked there', () => {
    const text = new TextEncoder().encode('Rossi^Maria 1961');
    const surplus = new Uint8Array([...nativePixels({ ...LOOK, frames: 2 }), ...text]);
    const file = imageFile({ ...LOOK, frames: 2 }, element(0x7fe00010, 'OB', surplus));
    const { bytes } = cleaned(file);
    expect(Buffer.from(bytes).includes('Rossi^Maria')).toBe(false);
    const whole = pixelsOf(bytes);
    expect([...whole.native(1).bytes]).toEqual(blackened(nativePixels({ ...LOOK, frames: 2 }).subarray(2000), LOOK));
    const oneFrame = cleaned(file, { regions: [{ when: [{ tag: 0x00280010, value: '40' }], boxes: [{ ...BOX, frames: [0] }], reason: '' }] });
    expect(Buffer.from(oneFrame.bytes).includes('Rossi^Maria')).toBe(false);
  });

  it('blanks comments in compressed frames that it copies, and writes none in those that it encodes', () => {
    const syntax = '1.2.840.10008.1.2.4.80';
    const native = pixelsOf(imageFile({ ...LOOK, frames: 2 }));
    const frames = [0, 1].map((frame) => {
      const { bytes, layout } = native.native(frame);
      const plain = codecs(syntax)?.encodeLossless?.({ bytes, samples: 1, bitsAllocated: 8, precision: 8, signed: false }, layout) ?? new Uint8Array(0);
      const comment = new TextEncoder().encode('Rossi^Maria 1961');
      return new Uint8Array([0xff, 0xd8, 0xff, 0xfe, 0, comment.length + 2, ...comment, ...plain.subarray(2)]);
    });
    const file = imageFile({ ...LOOK, frames: 2, syntax }, encapsulated(frames));
    const { bytes } = cleaned(file, { regions: [{ when: [{ tag: 0x00280010, value: '40' }], boxes: [{ ...BOX, frames: [0] }], reason: '' }] });
    expect(Buffer.from(file).includes('Rossi^Maria')).toBe(true);
    expect(Buffer.from(bytes).includes('Rossi^Maria')).toBe(false);
    const after = pixelsOf(bytes);
    expect([...after.native(0).bytes]).toEqual(blackened(native.native(0).bytes, LOOK));
    expect([...after.native(1).bytes]).toEqual([...native.native(1).bytes]);
  });

  it('does not bring back the bits of overlays that the profile clears', () => {
    const cells = Uint16Array.from({ length: 2000 }, (_, i) => (i & 0x0fff) | (i % 3 === 0 ? 0x1000 : 0));
    const file = imageFile({ ...LOOK, bitsAllocated: 16, bitsStored: 12, frames: 1 }, element(0x7fe00010, 'OW', new Uint8Array(cells.buffer)), [
      element(0x60000010, 'US', [40]), element(0x60000011, 'US', [50]), element(0x60000100, 'US', [16]), element(0x60000102, 'US', [12]),
    ]);
    const { bytes } = cleaned(file);
    const after = new Uint16Array(pixelsOf(bytes).native(0).bytes.slice().buffer);
    const expected = blackened(Uint8Array.from(cells, () => 1), LOOK).map((keep, i) => keep * (cells[i] & 0x0fff));
    expect([...after]).toEqual(expected);
  });

  it('says what it did: method, code, Burned In Annotation, and nothing that speaks of the pixels as they were', () => {
    const { bytes, plan } = cleaned(imageFile(LOOK, undefined, [element(0x00280106, 'US', [7]), element(0x00280301, 'CS', 'YES')]));
    const seen = see(bytes);
    expect(seen.text('00280301')).toBe('NO');
    expect(seen.has('00280106')).toBe(false);
    expect(seen.text('00120063')).toContain('Clean Pixel Data');
    expect(Array.from({ length: seen.items('00120064') ?? 0 }, (_, i) => seen.text(`00120064/${i}/00080100`))).toEqual(['113100', '113101']);
    expect(plan.warnings).toEqual([]);
  });

  it('claims nothing where nobody looked and nothing was changed, and warns as the Basic Profile does', () => {
    const { bytes, plan } = cleaned(imageFile(LOOK), { regions: [] });
    const seen = see(bytes);
    expect(seen.has('00280301')).toBe(false);
    expect(seen.text('00120063')).not.toContain('Pixel');
    expect(seen.items('00120064')).toBe(1);
    expect(plan.warnings.map(({ code }) => code)).toContain('burned-in-risk');
  });

  it('claims that the pixels are clean where it looked and found nothing', () => {
    const blank = imageFile(LOOK, element(0x7fe00010, 'OB', new Uint8Array(2000)));
    const { bytes, plan } = cleaned(blank, { pixels: 'all-text', regions: [] });
    expect(see(bytes).text('00280301')).toBe('NO');
    expect(plan.pixels?.framesChanged).toBe(0);
    expect(plan.warnings).toEqual([]);
  });

  it('makes another instance of an image that changes, even where UIDs are retained, and of no other', () => {
    const uid = '1.2.826.0.1.3680043.2.1125.1.7';
    const file = imageFile(LOOK, undefined, [element(0x00080018, 'UI', uid)]);
    const { bytes, plan } = cleaned(file, {}, 'retain-uids');
    expect(see(bytes).text('00080018')).toBe(plan.instance.sopInstance);
    expect(see(bytes).text('00020003')).toBe(plan.instance.sopInstance);
    expect(plan.instance.sopInstance).toMatch(/^2\.25\./);
    expect(cleaned(file, { regions: [] }, 'retain-uids').plan.instance.sopInstance).toBe(uid);
  });

  it('takes out an icon that a rule of the user keeps, once it shows what is black', () => {
    const icon = {
      tag: 0x00880200, vr: 'SQ' as const, value: [[
        element(0x00280002, 'US', [1]), element(0x00280004, 'CS', 'MONOCHROME2'), element(0x00280010, 'US', [2]), element(0x00280011, 'US', [2]),
        element(0x00280100, 'US', [8]), element(0x00280101, 'US', [8]), element(0x00280102, 'US', [7]), element(0x00280103, 'US', [0]), element(0x7fe00010, 'OB', new Uint8Array([9, 8, 7, 6])),
      ]],
    };
    const rules: ProfileChoices['rules'] = [{ match: { tag: 0x00880200 }, action: 'keep' }];
    expect(see(cleaned(imageFile(LOOK, undefined, [icon]), { rules }).bytes).has('00880200')).toBe(false);
    expect(see(cleaned(imageFile(LOOK, undefined, [icon]), { rules, regions: [] }).bytes).has('00880200')).toBe(true);
  });

  it('shows in the preview what becomes of the pixels', () => {
    const { plan } = cleaned(imageFile(LOOK));
    const rows = inspect(plan);
    expect(rows.find(({ tag }) => tag === '(7FE0,0010)')).toMatchObject({ action: 'Cleaned', code: 'C' });
    expect(rows.find(({ tag }) => tag === '(0028,0301)')).toMatchObject({ action: 'Added', after: 'NO' });
    expect(plan.pixels?.regions).toEqual([{ ...BOX, reason: 'user', note: 'Name' }]);
  });

  it('leaves pixels alone that a rule of the user takes out', () => {
    const { plan } = cleaned(imageFile(LOOK), { rules: [{ match: { tag: 0x7fe00010 }, action: 'remove' }] });
    expect(plan.pixels).toBeUndefined();
  });

  it('refuses an image in which something is found, where the profile says so', () => {
    expect(refusalOf(() => cleaned(imageFile(LOOK), { pixels: 'refuse' }))).toMatch(/^unsafe: text may be burned into the pixels/);
  });

  it('refuses a damaged frame with its number, and video with the reason', () => {
    const native = pixelsOf(imageFile({ ...LOOK, frames: 3 }));
    const frames = [0, 1, 2].map((frame) => {
      const { bytes, layout } = native.native(frame);
      return RLE.encodeLossless?.({ bytes, samples: 1, bitsAllocated: 8, precision: 8, signed: false }, layout) ?? new Uint8Array(0);
    });
    frames[1] = frames[1].subarray(0, 200);
    expect(refusalOf(() => cleaned(imageFile({ ...LOOK, frames: 3, syntax: RLE_LOSSLESS }, encapsulated(frames))))).toMatch(/^damaged: frame 2: /);
    expect(refusalOf(() => cleaned(imageFile({ ...LOOK, syntax: '1.2.840.10008.1.2.4.102' }, encapsulated([new Uint8Array(200)]))))).toMatch(/^unsafe: video cannot be cleaned/);
  });
});

describe('a suspect image that is not cleaned', () => {
  const suspect = imageFile(LOOK, undefined, [element(0x00280301, 'CS', 'YES')]);

  it('is written with a warning, or refused where the profile says so', () => {
    expect(deidentify(suspect).plan.warnings.map(({ code }) => code)).toContain('burned-in-risk');
    expect(refusalOf(() => deidentify(suspect, plannerOf({ suspects: 'refuse' })))).toMatch(/^unsafe: text may be burned into the picture: /);
  });

  it('is not refused once its pixels are clean', () => {
    expect(refusalOf(() => cleaned(suspect, { suspects: 'refuse' }))).toBe('not refused');
    expect(refusalOf(() => cleaned(suspect, { suspects: 'refuse', regions: [] }))).toMatch(/^unsafe/);
  });
});

describe('what was compressed with loss', () => {
  it('is written uncompressed, and says so in the File Meta Information and in a preview', () => {
    const file = imageFile({ ...LOOK, syntax: BASELINE }, encapsulated([JPEG_GREY_40_BY_50]));
    const { bytes, plan } = cleaned(file);
    expect(see(bytes).text('00020010')).toBe(EXPLICIT);
    expect(see(bytes).text('00282110')).toBe('01');
    expect([...pixelsOf(bytes).native(0).bytes]).toEqual(blackened(pixelsOf(file).native(0).bytes, LOOK));
    expect(inspect(plan).find(({ tag }) => tag === '(7FE0,0010)')?.after).toMatch(/2[,.]?000/);
  });
});
