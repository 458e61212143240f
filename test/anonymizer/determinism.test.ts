import { createHash } from 'node:crypto';
import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import type { OptionName } from '../../src/anonymizer/profile.ts';
import { SAMPLE_UIDS } from '../../src/sample/uids.ts';
import { sampleStudy } from '../../src/sample/study.ts';
import { deidentify, plannerOf, testKey } from '../fixtures/deidentify.ts';

const files = sampleStudy();
const OPTIONS: OptionName[] = ['retain-longitudinal-modified-dates', 'clean-descriptors', 'retain-safe-private'];

function results(key: number, options = OPTIONS): Uint8Array[] {
  const planner = plannerOf({ options }, testKey(key));
  return files.map(({ bytes }) => deidentify(bytes, planner).bytes);
}

const hashes = (all: readonly Uint8Array[]) => all.map((bytes) => createHash('sha256').update(bytes).digest('hex'));

/** Tag, VR and value of every element, Items in order, as dicom-parser sees them; group 0002 too. */
function flattened(dataSet: dicomParser.DataSet, path = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const each of Object.values(dataSet.elements)) {
    const name = `${path}${each.tag}`;
    each.items?.forEach((item, i) => {
      if (item.dataSet !== undefined) for (const [inner, value] of flattened(item.dataSet, `${name}[${i}]`)) all.set(inner, value);
    });
    const value = dataSet.byteArray.subarray(each.dataOffset, each.dataOffset + each.length);
    if (each.items === undefined) all.set(name, Buffer.from(value).toString('latin1'));
  }
  return all;
}

describe('the same key', () => {
  const first = results(1);

  it('gives the same bytes twice, from another planner', () => {
    expect(hashes(results(1))).toEqual(hashes(first));
  });

  it('gives the same bytes in another order of files, since nothing is remembered between them', () => {
    const planner = plannerOf({ options: OPTIONS }, testKey(1));
    const backwards = [...files].reverse().map(({ bytes }) => deidentify(bytes, planner).bytes).reverse();
    expect(hashes(backwards)).toEqual(hashes(first));
  });
});

describe('another key', () => {
  const [one, other] = [results(1), results(2)].map((all) => all.map((bytes) => flattened(dicomParser.parseDicom(bytes))));

  it('gives other UIDs for every instance, series and study', () => {
    one.forEach((elements, i) => {
      for (const tag of ['x00020003', 'x00080018', 'x0020000d', 'x0020000e']) {
        expect(elements.get(tag)).toMatch(/^2\.25\.\d+\0?$/);
        expect(other[i].get(tag)).not.toBe(elements.get(tag));
      }
    });
  });

  it('changes UIDs, pseudonyms and moved dates, and no other value', () => {
    const changed = new Set(one.flatMap((elements, i) => {
      expect([...other[i].keys()]).toEqual([...elements.keys()]);
      return [...elements].filter(([name, value]) => other[i].get(name) !== value).map(([name, value]) => ({ tag: name.slice(-8), value }))
        .filter(({ tag, value }) => {
          const isUid = /^2\.25\.\d+/.test(value);
          const isPseudonym = /^(ANON\^?)?[0-9BCDFGHJKMNP-TVWXZ]{12,16} ?$/.test(value);
          const isDate = /^(19|20)\d{6}/.test(value);
          return tag !== '00020000' && !isUid && !isPseudonym && !isDate;
        }).map(({ tag }) => tag);
    }));
    expect([...changed]).toEqual([]);
  });
});

describe('references in a study', () => {
  it('lead from the result to the result, where they led from source to source', () => {
    const planner = plannerOf({}, testKey(3));
    const uidsOf = (all: readonly Uint8Array[], tag: string) => all.flatMap((bytes) => {
      const elements = flattened(dicomParser.parseDicom(bytes));
      return [...elements].filter(([name]) => name.endsWith(tag)).map(([, value]) => value.replace(/\0$/, ''));
    });
    const results = files.map(({ bytes }) => deidentify(bytes, planner).bytes);
    const instances = new Set(uidsOf(results, 'x00080018'));
    const presentation = results.at(-2);
    const referenced = presentation === undefined ? [] : uidsOf([presentation], 'x00081155');
    expect(referenced.length).toBeGreaterThan(7);
    expect(referenced.filter((uid) => instances.has(uid)).length).toBeGreaterThan(7);
    const before = uidsOf(files.map(({ bytes }) => bytes), 'x00080018');
    expect(instances.size).toBe(new Set(before).size);
  });

  it('hold no UID of the source', () => {
    const planner = plannerOf({}, testKey(3));
    for (const { bytes } of files) {
      const text = Buffer.from(deidentify(bytes, planner).bytes).toString('latin1');
      expect(SAMPLE_UIDS.filter((uid) => new RegExp(`(?<![\\d.])${uid.replaceAll('.', '\\.')}(?![\\d.])`).test(text)).length).toBe(0);
    }
  });
});
