import { concat } from '../../src/anonymizer/dicom/encode.ts';
import { TAG } from '../../src/anonymizer/dicom/tag.ts';
import { element } from '../../src/sample/part10.ts';
import { encapsulated, type FixtureElement } from '../fixtures/data-set.ts';
import { utf8 } from './charsets.ts';
import { makeLabel } from './people.ts';
import type { Random } from './random.ts';

/** Pixel Data, and what identifies in its segments. */
export interface Pixels {
  readonly element: FixtureElement;
  readonly secrets: readonly string[];
}

export const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
export const JPEG_LS = '1.2.840.10008.1.2.4.80';
export const JPEG_2000 = '1.2.840.10008.1.2.4.90';

/** Pixels of 16 by 16: noise, or a compressed frame whose comments tell names. */
export function makePixels(random: Random, syntax: string, who: string): Pixels {
  const secrets = [makeLabel(random, 20), makeLabel(random, 18), makeLabel(random, 22)];
  switch (syntax) {
    case JPEG_BASELINE: case JPEG_LS: return { element: encapsulated([jpeg(random, secrets, who)]), secrets };
    case JPEG_2000: return { element: encapsulated([jpeg2000(random, secrets, who)]), secrets };
    default: return { element: element(TAG.PixelData, 'OW', Array.from({ length: 256 }, () => random.below(4096))), secrets: [] };
  }
}

/** Float pixels, as parametric maps have them (7FE0,0008). */
export function makeFloatPixels(random: Random): Pixels {
  return { element: element(0x7fe00008, 'OF', Array.from({ length: 256 }, () => random.below(1000) / 8)), secrets: [] };
}

function segment(marker: number, content: Uint8Array): Uint8Array {
  const length = content.length + 2;
  return concat([Uint8Array.of(0xff, marker, length >> 8, length & 0xff), content]);
}

/** The markers of ITU-T T.81 Annex B in a lawful order; the scan is noise, since nothing here decodes it. */
function jpeg(random: Random, [comment, exif, photoshop]: readonly string[], who: string): Uint8Array {
  const scan = Uint8Array.from({ length: 200 }, () => random.below(255));
  return concat([
    Uint8Array.of(0xff, 0xd8),
    segment(0xe0, concat([utf8('JFIF\0'), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0)])),
    segment(0xe1, utf8(`Exif\0\0${exif} ${who}`)),
    segment(0xed, utf8(`Photoshop 3.0\0${photoshop}`)),
    segment(0xfe, utf8(`${comment} ${who}`)),
    segment(0xdb, new Uint8Array(65).fill(1)),
    segment(0xc0, Uint8Array.of(8, 0, 16, 0, 16, 1, 1, 0x11, 0)),
    segment(0xc4, concat([Uint8Array.of(0), new Uint8Array(16).fill(0), new Uint8Array(0)])),
    segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)),
    scan,
    segment(0xfe, utf8(`${comment} after the scan`)),
    Uint8Array.of(0xff, 0xd9),
  ]);
}

/** Main header and one tile-part with a comment in each (ITU-T T.800 Annex A). */
function jpeg2000(random: Random, [comment, tileComment]: readonly string[], who: string): Uint8Array {
  const latin = Uint8Array.of(0, 1);
  const size = new Uint8Array(39);
  new DataView(size.buffer).setUint32(4, 16);
  const inTile = segment(0x64, concat([latin, utf8(tileComment)]));
  const data = Uint8Array.from({ length: 120 }, () => random.below(144));
  const tile = new Uint8Array(8);
  new DataView(tile.buffer).setUint32(2, 12 + inTile.length + 2 + data.length);
  tile[7] = 1;
  return concat([
    Uint8Array.of(0xff, 0x4f), segment(0x51, size), segment(0x52, new Uint8Array(10)), segment(0x5c, new Uint8Array(17)),
    segment(0x64, concat([latin, utf8(`${comment} ${who}`)])),
    segment(0x90, tile), inTile, Uint8Array.of(0xff, 0x93), data, Uint8Array.of(0xff, 0xd9),
  ]);
}
