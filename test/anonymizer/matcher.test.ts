import { describe, expect, it } from 'vitest';
import { DICTIONARY_VR } from '../../src/anonymizer/dicom/data/dictionary-vr.ts';
import { concat, type Encoding } from '../../src/anonymizer/dicom/encode.ts';
import type { Tag } from '../../src/anonymizer/dicom/tag.ts';
import type { VR } from '../../src/anonymizer/dicom/vr.ts';
import type { Identifier } from '../../src/anonymizer/identifiers.ts';
import { createMatcher } from '../../src/anonymizer/matcher.ts';
import { element } from '../../src/sample/part10.ts';
import { bare, BIG_ENDIAN, EXPLICIT, IMPLICIT, item, latin1, raw, sequence } from '../fixtures/data-set.ts';

const IDENTIFIERS: readonly Identifier[] = [
  { kind: 'name', text: 'rossi', tag: 0x00100010 },
  { kind: 'id', text: 'pat-0017', tag: 0x00100020 },
  { kind: 'date', text: '19520413', tag: 0x00100030 },
  { kind: 'uid', text: '1.2.826.0.1.3680043.9.17', tag: 0x0020000d },
];
const matcher = createMatcher(IDENTIFIERS);
const found = (bytes: Uint8Array) => matcher.find(bytes, 0, bytes.length).map(({ identifier }) => identifier.text);

/** A value without padding, which ends where the next header begins. */
const VALUES: readonly (readonly [VR, string, string])[] = [
  ['PN', 'BIANCHI^ROSSI ', 'rossi'], ['PN', 'ANNA^ROSSI', 'rossi'], ['LO', 'PAT-0017', 'pat-0017'], ['DA', '19520413', '19520413'],
  ['DT', '19520413101112', '19520413'], ['UI', '1.2.826.0.1.3680043.9.17', '1.2.826.0.1.3680043.9.17'],
];

/** Every attribute that PS3.6 knows, with its VR. */
function* dictionary(): Generator<readonly [Tag, VR]> {
  for (const line of DICTIONARY_VR.trim().split('\n')) {
    for (let at = 5; at < line.length; at += 7) yield [Number.parseInt(line.slice(0, 4) + line.slice(at, at + 4), 16), line.slice(at + 4, at + 6) as VR];
  }
}

function followedBy(tag: Tag, vr: VR, encoding: Encoding, [valueVr, value]: readonly [VR, string, string]): Uint8Array {
  return bare([element(0x00100010, valueVr, latin1(value)), raw(tag, vr, 4, new Uint8Array(4)), element(0xfffcfffc, 'OB', new Uint8Array(8))], encoding);
}

describe('an identifier that fills its value to the last byte', () => {
  it.each([['explicit VR little endian', EXPLICIT], ['implicit VR little endian', IMPLICIT], ['explicit VR big endian', BIG_ENDIAN]] as const)(
    'is found before each attribute of the dictionary, in %s', (_name, encoding) => {
      const missed: string[] = [];
      for (const [tag, vr] of dictionary()) {
        if (tag < 0x00080000) continue;
        for (const value of VALUES) if (!found(followedBy(tag, vr, encoding, value)).includes(value[2])) missed.push(`${tag.toString(16)} ${value[0]}`);
      }
      expect(missed).toEqual([]);
    },
  );

  it('is found before private attributes, and at the end of Items and Sequences', () => {
    for (const group of [0x0029, 0x0033, 0x0041, 0x0071, 0x00e1, 0x7fe1]) {
      for (const value of VALUES) expect(found(followedBy(group * 0x10000 + 0x1001, 'LO', EXPLICIT, value))).toContain(value[2]);
    }
    for (const encoding of [EXPLICIT, IMPLICIT, BIG_ENDIAN]) {
      for (const [vr, value, expected] of VALUES) {
        const inItems = bare([sequence(0x00081140, [item([element(0x00100010, vr, latin1(value))]), item([])])], encoding);
        expect(found(inItems), vr).toContain(expected);
      }
    }
  });

  it('is not found in a longer word or number, whatever follows that', () => {
    for (const [vr, value] of [['PN', 'ROSSINI^ANNA'], ['LO', 'PAT-00178'], ['LO', 'PAT-001790'], ['DA', '195204139'], ['UI', '1.2.826.0.1.3680043.9.178\0']] as const) {
      for (const encoding of [EXPLICIT, IMPLICIT]) {
        for (const tag of [0x00080005, 0x00100020, 0x00280010, 0x0040a730, 0x7fe00010]) expect(found(followedBy(tag, 'LO', encoding, [vr, value, '']))).toEqual([]);
      }
    }
    for (const text of ['ROSSIUTERUS', 'rossiPN', 'PAT-00172', 'the Rossini overture']) expect(found(concat([latin1(text), new Uint8Array(16)]))).toEqual([]);
  });
});

describe('a name that follows another one without a space', () => {
  it('is found as it would be once that one is cut out', () => {
    const names = createMatcher(['sauß', 'lehmann'].map((text) => ({ kind: 'name', text: Buffer.from(text, 'latin1').toString('latin1'), tag: 0x00100010 })));
    const bytes = latin1('SaußLehmann, x');
    expect(names.find(bytes, 0, bytes.length).map(({ start, end }) => [start, end])).toEqual([[0, 4], [4, 11]]);
  });
});

describe('words that a file was made of to have one hash', () => {
  /** Texts that are written with two pairs of letters of one hash under any multiplier of 31. */
  const alike = (count: number) => Array.from({ length: count }, (_, n) => Array.from({ length: 15 }, (__, bit) => ((n >> bit) & 1 ? 'an' : 'c0')).join(''));

  it('cost no more than others, and each is found', () => {
    const texts = alike(32_768);
    const began = performance.now();
    const many = createMatcher(texts.map((text) => ({ kind: 'word', text, tag: 0x00104000 })));
    const bytes = latin1(texts.slice(-2000).join(' '));
    expect(many.find(bytes, 0, bytes.length).map(({ identifier }) => identifier.text)).toEqual(texts.slice(-2000));
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('of two identifiers with one text', () => {
  const kinds = ['word', 'place', 'id', 'name'] as const;
  it.each(kinds.flatMap((a) => kinds.map((b) => [a, b] as const)))('a %s and a %s, the more telling one is found', (a, b) => {
    const both = createMatcher([{ kind: a, text: 'rossi-17', tag: 0x00080092 }, { kind: b, text: 'rossi-17', tag: 0x00100010 }]);
    const text = latin1('Rossi-17');
    expect(both.find(text, 0, text.length).map(({ identifier }) => identifier.kind)).toEqual([kinds[Math.max(kinds.indexOf(a), kinds.indexOf(b))]]);
  });
});

describe('what a hit that does not count holds is found all the same', () => {
  const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  const counts = (identifiers: readonly Identifier[], text: string, tells: (identifier: Identifier) => boolean) => {
    const bytes = Buffer.from(text, 'utf8');
    return createMatcher(identifiers).find(bytes, 0, bytes.length, ({ identifier }) => tells(identifier)).map(({ identifier: { kind, text: found } }) => `${kind} ${Buffer.from(found, 'latin1').toString('utf8')}`);
  };
  const isNoWord = ({ kind }: Identifier) => kind !== 'word';

  it.each([
    ['a name inside of a word, in a script without spaces', '東山田病院', '山田', '東山田病院'],
    ['a name that follows a word without a space', '北京放射科', 'wang', '北京放射科Wang'],
    ['a name at the beginning of a word', '山田病院', '山田', '山田病院'],
  ])('%s', (_what, word, name, text) => {
    const identifiers: Identifier[] = [{ kind: 'word', text: bytesOf(word), tag: 0x00080092 }, { kind: 'name', text: bytesOf(name), tag: 0x00100010 }];
    expect(counts(identifiers, text, isNoWord)).toEqual([`name ${name}`]);
  });

  it('a name in a number that may stay', () => {
    const identifiers: Identifier[] = [{ kind: 'id', text: 'rossi1955', tag: 0x00081010 }, { kind: 'name', text: 'rossi', tag: 0x00100010 }];
    expect(counts(identifiers, 'ROSSI1955', ({ kind }) => kind === 'name')).toEqual(['name rossi']);
    expect(counts(identifiers, 'ROSSI1955', () => true)).toEqual(['id rossi1955']);
  });
});

it.each(['2.25', '1.2.840', '2.25.998877'])('a UID is found whole that begins with another identifier, %s', (beginning) => {
  const uid = `${beginning}.113619.2.5.1`;
  const both = createMatcher([{ kind: 'id', text: beginning, tag: 0x00080050 }, { kind: 'uid', text: uid, tag: 0x0020000d }]);
  const text = latin1(`UID ${uid}`);
  expect(both.find(text, 0, text.length)).toMatchObject([{ identifier: { text: uid }, start: 4, end: text.length }]);
});
