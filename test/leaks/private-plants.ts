import { hasLongForm, type VR, VRS } from '../../src/anonymizer/dicom/vr.ts';
import { element } from '../../src/sample/part10.ts';
import { item, sequence, un } from '../fixtures/data-set.ts';
import { utf8 } from './charsets.ts';
import { distinct, NESTABLE, type Plant, planted, plantRow } from './plant.ts';
import { makeLabel } from './people.ts';
import type { Place, Planted } from './planted.ts';
import { SAFE } from './standard.ts';
import { benignValue, holdsSentences, secretValue, sentenceValue, type Value } from './values.ts';

/**
 * Private elements (PS3.5 7.8): blocks of safe creators at any block byte with an unsafe neighbour, blocks of unknown
 * creators, elements without creator, private Sequences with standard and private elements in them, even tags that
 * PS3.6 does not know.
 */
export function plantPrivates(place: Place, safeCount: number): Plant[] {
  const { random } = place;
  const safe = Array.from({ length: safeCount }, () => random.pick(SAFE));
  const taken = new Set<string>();
  const blocks = safe.flatMap((entry) => {
    const block = random.between(0x10, 0xef);
    if (taken.has(`${entry.group} ${block}`)) return [];
    taken.add(`${entry.group} ${block}`);
    return plantSafeBlock(place, entry.group, block, entry.creator);
  });
  return [...blocks, ...plantUnsafe(place, random.pick([0x0009, 0x0011, 0x0035, 0x00e3])), ...plantUnknown(place)];
}

/** Every safe element of a creator in its group, and others of the same block that are not on the list. */
function plantSafeBlock(place: Place, group: number, block: number, creator: string): Plant[] {
  const { random } = place;
  const listed = SAFE.filter((each) => each.creator === creator && each.group === group);
  const tagAt = (low: number) => group * 0x10000 + block * 0x100 + low;
  const elements = listed.map(({ low, vr }) => plantSafe(place, tagAt(low), VRS.find((each) => vr.startsWith(each)) ?? 'LO', creator));
  const lows = new Set(listed.map(({ low }) => low));
  const unsafeLow = Array.from({ length: 256 }, (_, low) => low).filter((low) => !lows.has(low));
  const unsafe = distinct([0, 1, 2].map(() => plantPrivate(place, tagAt(random.pick(unsafeLow)), random.pick(['LO', 'PN', 'UI', 'OB', 'UN', 'DA', 'LT']))));
  return [creatorPlant(group * 0x10000 + block, creator, 'safe-private'), ...elements, ...unsafe];
}

function plantSafe(place: Place, tag: number, vr: VR, creator: string): Plant {
  const label = `safe ${creator} ${(tag & 0xff).toString(16)}`;
  if (vr === 'SQ') return sequencePlant(place, tag, label, 'safe-private');
  const benign = benignValue(place, vr);
  if (benign !== undefined) return planted(place, { tag, vr, prefix: [], origin: 'safe-private', content: 'benign', label, value: { value: benign, secrets: [], benign: [] } });
  const isSentence = holdsSentences(vr);
  const isSecret = vr === 'UI' || vr === 'DA' || vr === 'DT' || vr === 'TM' || vr === 'PN';
  const value: Value = isSentence ? sentenceValue(place, vr) : isSecret ? secretValue(place, vr) : { value: utf8('TECHNICAL DATA'), secrets: [], benign: [] };
  return planted(place, { tag, vr, prefix: [], origin: 'safe-private', content: isSentence ? 'sentence' : isSecret ? 'secret' : 'benign', label, value });
}

function creatorPlant(tag: number, creator: string, origin: 'safe-private' | 'private'): Plant {
  return {
    element: element(tag, 'LO', creator),
    planted: [{ path: [tag], vr: 'LO', label: `creator of ${origin}`, origin, content: 'benign', secrets: [], benign: [] }],
  };
}

function plantPrivate(place: Place, tag: number, vr: VR): Plant {
  return planted(place, { tag, vr, prefix: [], origin: 'private', content: 'secret', label: `private ${vr}`, value: secretValue(place, vr) });
}

/** Standard elements of Table E.1-1 and private ones with their creator, inside a private Sequence. */
function sequencePlant(place: Place, tag: number, label: string, origin: 'safe-private' | 'private'): Plant {
  const prefix = [tag, 0];
  const inside = distinct([
    ...Array.from({ length: 3 }, () => plantRow(place, place.random.pick(NESTABLE), prefix)),
    planted(place, { tag: 0x00111001, vr: 'LO', prefix, origin: 'private', content: 'secret', label: 'private in private', value: secretValue(place, 'LO') }),
  ]);
  const planting: Planted = { path: [tag], vr: 'SQ', label, origin, content: 'items', secrets: [], benign: [] };
  return {
    element: sequence(tag, [item(inside.map((each) => each.element))], place.random.chance(0.5) ? 'defined' : 'undefined'),
    planted: [planting, ...inside.flatMap((each) => each.planted)],
  };
}

/** A block of nobody's creator, whose name is a person's, elements without any, and a Sequence. */
function plantUnsafe(place: Place, group: number): Plant[] {
  const { random, patient } = place;
  const base = group * 0x10000;
  const block = random.between(0x10, 0x20);
  const tag = base + block * 0x100;
  const vrs: readonly VR[] = ['LO', 'PN', 'DA', 'UT', 'UI', 'OB', 'ST', 'UN', 'DS'];
  const orphan = base + 0xf100;
  return distinct([
    { ...creatorPlant(base + block, `${patient.name.family.normalize('NFD').replace(/[^ -~]/g, '')} TOOLS`, 'private') },
    ...vrs.map((vr, i) => plantPrivate(place, tag + i, vr)),
    sequencePlant(place, tag + 0x40, 'private sequence', 'private'),
    plantPrivate(place, orphan + 1, 'LO'), plantPrivate(place, orphan + 2, 'UN'), plantPrivate(place, base + 0x0001, 'LO'),
  ]);
}

/** Even groups that the dictionary does not know. */
function plantUnknown(place: Place): Plant[] {
  const word = makeLabel(place.random, 18);
  const text = makeLabel(place.random, 18);
  const key = (tag: number, secret: string): Planted => ({ path: [tag], vr: 'UN', label: 'unknown even tag', origin: 'unknown', content: 'secret', secrets: [secret], benign: [] });
  return [
    { element: un(0x00220ff0, utf8(word)), planted: [key(0x00220ff0, word)] },
    { element: element(0x004e0010, hasLongForm('UT') ? 'UT' : 'LO', text), planted: [key(0x004e0010, text)] },
  ];
}
