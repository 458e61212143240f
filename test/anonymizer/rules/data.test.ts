import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BURNED_IN_REGIONS } from '../../../src/anonymizer/rules/data/burned-in-regions.ts';
import { CID_7050 } from '../../../src/anonymizer/rules/data/cid-7050.ts';
import { HIPAA_IDENTIFIERS } from '../../../src/anonymizer/rules/data/hipaa.ts';
import {
  IOD_MODULES,
  MISSING_MODULES,
  MODULE_NESTED_TYPES,
  MODULE_TYPES,
  SOP_CLASS_IODS,
} from '../../../src/anonymizer/rules/data/iod-types.ts';
import { SAFE_PRIVATE } from '../../../src/anonymizer/rules/data/safe-private.ts';
import { SR_CONCEPTS } from '../../../src/anonymizer/rules/data/sr-concepts.ts';
import { EDITION, TABLE_E1_1 } from '../../../src/anonymizer/rules/data/table-e1-1.ts';

const SOURCE = new URL('../../../../shared/standard/', import.meta.url);
const GENERATOR = fileURLToPath(new URL('../../../scripts/generate-standard.mjs', import.meta.url));
const hasSource = existsSync(SOURCE);
if (!hasSource) console.warn('skipped: ../shared/standard is not there, the rules are not compared with PS3.15');

const LETTERS: Record<string, string> = {
  S: 'RtnSafePriv',
  U: 'RtnUIDs',
  D: 'RtnDevId',
  I: 'RtnInstId',
  P: 'RtnPatChars',
  F: 'RtnLongFullDates',
  M: 'RtnLongModifDates',
  C: 'CleanDesc',
  T: 'CleanStructCont',
  G: 'CleanGraph',
};

function linesOf(text: string): string[] {
  return text.trim().split('\n');
}

function optionsOf(words: string): Record<string, string> {
  const pairs = words === '' ? [] : words.split(' ').map((word) => word.split('='));
  return Object.fromEntries(pairs.map(([letter, code]) => [LETTERS[letter], code]));
}

function sourceOf<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(name, SOURCE), 'utf8')) as Content;
}

interface Row {
  readonly basic: string;
  readonly options: Record<string, string>;
}

const tableE11 = new Map<string, Row>(
  linesOf(TABLE_E1_1).map((line) => {
    const [tag, basic, ...options] = line.split(' ');
    return [tag, { basic, options: optionsOf(options.join(' ')) }];
  }),
);

describe('Table E.1-1 of PS3.15', () => {
  it('has 657 rows of edition 2026d, no tag twice', () => {
    expect(EDITION).toBe('2026d');
    expect(linesOf(TABLE_E1_1)).toHaveLength(657);
    expect(tableE11.size).toBe(657);
  });

  it.each([
    ['00100010', 'Z', {}],
    ['00100020', 'Z/D', {}],
    ['00100030', 'Z', {}],
    ['00080050', 'Z', {}],
    ['00100040', 'Z', { RtnPatChars: 'K' }],
    ['00101010', 'X', { RtnPatChars: 'K' }],
    ['0020000D', 'U', { RtnUIDs: 'K' }],
    ['0040A124', 'U', {}],
    ['0008002A', 'X/Z/D', { RtnLongFullDates: 'K', RtnLongModifDates: 'C' }],
    ['00181000', 'X/Z/D', { RtnDevId: 'K' }],
    ['00081140', 'X/Z/U*', { RtnUIDs: 'K' }],
    ['0040A730', 'D', { CleanStructCont: 'C' }],
    ['50xxxxxx', 'X', { CleanGraph: 'C' }],
    ['private', 'X', { RtnSafePriv: 'C' }],
  ])('asks of %s what the standard asks', (tag, basic, options) => {
    expect(tableE11.get(tag)).toEqual({ basic, options });
  });

  it.skipIf(!hasSource)('agrees with the source row by row', () => {
    const { rows } = sourceOf<{ rows: (Row & { tag: string })[] }>('ps3.15-table-e1-1.json');
    expect(rows).toHaveLength(657);
    for (const { tag, basic, options } of rows) expect(tableE11.get(tag), tag).toEqual({ basic, options });
  });
});

describe('the Types that resolve compound codes', () => {
  const compound = new Set([...tableE11].filter(([, { basic }]) => basic.includes('/')).map(([tag]) => tag));

  it('are given for attributes with compound codes alone', () => {
    for (const line of [...linesOf(MODULE_TYPES), ...linesOf(MODULE_NESTED_TYPES)]) {
      for (const word of line.split(' ').slice(1)) {
        const [path, type] = word.split('=');
        expect(compound, line).toContain(path.split('/').at(-1));
        expect(['1', '1C', '2', '2C', '3'], line).toContain(type);
      }
    }
  });

  it('say that Content Date is Type 1 in an SR Document and Type 2C in a General Image', () => {
    const typeOf = (module: string, tag: string): string | undefined =>
      new RegExp(`^${module} .*\\b${tag}=(\\S+)`, 'm').exec(MODULE_TYPES)?.[1];
    expect(typeOf('sr-document-general', '00080023')).toBe('1');
    expect(typeOf('general-image', '00080023')).toBe('2C');
  });

  it('are reached from every SOP Class by way of its IOD', () => {
    const iods = new Map(linesOf(IOD_MODULES).map((line) => line.split(' ') as [string, string]));
    for (const line of linesOf(SOP_CLASS_IODS)) expect(iods.has(line.split(' ')[1]), line).toBe(true);
    expect(SOP_CLASS_IODS).toContain('\n1.2.840.10008.5.1.4.1.1.2 ct-image\n');
    expect(iods.get('ct-image')?.split(',')).toContain('general-image');
  });

  it('are known for each module that an IOD names, or said to be missing', () => {
    const known = new Set([...linesOf(MODULE_TYPES), ...linesOf(MODULE_NESTED_TYPES)].map((line) => line.split(' ')[0]));
    const missing = new Set(MISSING_MODULES.split(' '));
    for (const line of linesOf(IOD_MODULES)) {
      for (const module of (line.split(' ')[1] ?? '').split(',')) {
        expect(module === '' || known.has(module) !== missing.has(module), `${line}: ${module}`).toBe(true);
      }
    }
  });

  it.skipIf(!hasSource)('leave out no Type that the source has for them', () => {
    interface Source {
      iods: Record<string, [string, string, string][]>;
      moduleTopLevel: Record<string, Record<string, string>>;
      moduleNestedCompound: Record<string, Record<string, string>>;
      missingModules: string[];
    }
    const source = sourceOf<Source>('iod-types-e11.json');
    const flat = (modules: Record<string, Record<string, string>>): string[] =>
      Object.entries(modules).flatMap(([module, types]) =>
        Object.entries(types)
          .filter(([path]) => compound.has(path.slice(-8)))
          .map(([path, type]) => `${module} ${path}=${type}`),
      );
    const flatLines = (text: string): string[] =>
      linesOf(text).flatMap((line) => {
        const [module, ...types] = line.split(' ');
        return types.map((type) => `${module} ${type}`);
      });
    expect(flatLines(MODULE_TYPES).sort()).toEqual(flat(source.moduleTopLevel).sort());
    expect(flatLines(MODULE_NESTED_TYPES).sort()).toEqual(flat(source.moduleNestedCompound).sort());
    expect(MISSING_MODULES.split(' ').sort()).toEqual([...source.missingModules].sort());
    const iods = new Map(linesOf(IOD_MODULES).map((line) => line.split(' ') as [string, string]));
    const typed = new Set([...flat(source.moduleTopLevel), ...flat(source.moduleNestedCompound)].map((l) => l.split(' ')[0]));
    for (const [iod, modules] of Object.entries(source.iods)) {
      const telling = modules.map(([module]) => module).filter((m) => typed.has(m) || source.missingModules.includes(m));
      expect((iods.get(iod) ?? '').split(',').filter(Boolean), iod).toEqual(telling.sort());
    }
  });
});

describe('the other tables', () => {
  it('hold the 479 safe private attributes, each in an odd group', () => {
    const lines = linesOf(SAFE_PRIVATE);
    expect(lines).toHaveLength(479);
    for (const line of lines) expect(line).toMatch(/^[0-9A-F]{3}[13579BDF] [0-9A-F]{2} ([A-Z]{2}|OW\/OB|-) \S.*\S$/);
    expect(lines).toContain('7053 00 DS Philips PET Private Group');
  });

  it('hold the 214 concepts of Table E.3.4-1 in six fields', () => {
    const lines = linesOf(SR_CONCEPTS);
    expect(lines).toHaveLength(214);
    for (const line of lines) expect(line).toMatch(/^[^\t]+\t[^\t]+\t[A-Z]+\t(X|D|X\/D)\t([UDIPFMC]=[KC] ?)*\t[^\t]+$/);
    expect(lines).toContain('DCM\t121022\tTEXT\tX\t\tAccession Number');
  });

  it.skipIf(!hasSource)('agree with Table E.3.4-1 row by row', () => {
    interface Concept extends Row {
      readonly scheme: string;
      readonly code: string;
      readonly valueType: string;
      readonly name: string;
    }
    const { rows } = sourceOf<{ rows: Concept[] }>('ps3.15-table-e3.4-1.json');
    const concepts = linesOf(SR_CONCEPTS).map((line) => {
      const [scheme, code, valueType, basic, options, name] = line.split('\t');
      return { scheme, code, valueType, basic, options: optionsOf(options), name };
    });
    for (const { scheme, code, valueType, basic, options, name } of rows) {
      expect(concepts).toContainEqual({ scheme, code, valueType, basic, options, name });
    }
  });

  it('hold the 13 codes of CID 7050', () => {
    const codes = linesOf(CID_7050).map((line) => line.slice(0, 6));
    expect(codes).toEqual(Array.from({ length: 13 }, (_, i) => String(113100 + i)));
  });

  it('hold the 18 identifiers of HIPAA, A to R', () => {
    expect(linesOf(HIPAA_IDENTIFIERS).map((line) => line.split('\t')[0]).join('')).toBe('ABCDEFGHIJKLMNOPQR');
  });

  it('hold 125 rules of devices, whose rectangles have an area and whose expressions compile', () => {
    type Condition = true | { all: Condition[] } | { any: Condition[] } | [string, string, string?];
    const check = (when: Condition): void => {
      if (when === true) return;
      if (!Array.isArray(when)) {
        for (const part of 'all' in when ? when.all : when.any) check(part);
        return;
      }
      const [tag, op, value] = when;
      expect(tag).toMatch(/^([0-9A-F]{4}|60xx)[0-9A-F]{4}$/);
      expect(['contains', 'equals', 'missing', 'empty', 'present']).toContain(op);
      expect(value === undefined).toBe(op === 'missing' || op === 'empty' || op === 'present');
      if (op === 'contains') expect(() => new RegExp(value ?? '', 'i')).not.toThrow();
    };
    const lines = linesOf(BURNED_IN_REGIONS);
    expect(lines).toHaveLength(125);
    for (const line of lines) {
      const rule = JSON.parse(line) as { action: string; when: Condition; rects?: ('all' | number[])[] };
      expect(['clean', 'flag', 'blank', 'reject']).toContain(rule.action);
      check(rule.when);
      for (const rect of rule.rects ?? []) {
        if (rect === 'all') continue;
        expect(rect).toHaveLength(4);
        expect(rect[2] * rect[3], line).toBeGreaterThan(0);
      }
    }
  });
});

describe('the generator of the data', () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [GENERATOR, ...args], { encoding: 'utf8' });

  it.skipIf(!hasSource)('finds nothing in the tree that it would write otherwise', () => {
    const { status, stdout } = run('--check');
    expect(stdout).not.toContain('differs');
    expect(status).toBe(0);
  });

  it('checks nothing, and says so, where the source is missing', () => {
    const { status, stdout } = run('--check', 'no/such/folder');
    expect(stdout).toContain('skipped: no source folder');
    expect(status).toBe(0);
  });

  it('stops with a message where it should write and the source is missing', () => {
    const { status, stderr } = run('no/such/folder');
    expect(stderr).toContain('missing');
    expect(status).toBe(1);
  });
});
