import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { conformanceStatement, privacyStatement } from '../../src/anonymizer/conformance.ts';

const file = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('the conformance statement', () => {
  it('in docs/ is what the program says of itself (npm run docs)', () => {
    expect(file('conformance.md')).toBe(conformanceStatement());
  });

  it('lists every row of Table E.1-1', () => {
    expect(conformanceStatement().split('\n').filter((line) => line.endsWith('| 2026d |'))).toHaveLength(657);
  });

  it('says of a row what the standard says', () => {
    expect(conformanceStatement()).toContain(
      '| (0008,002A) | Acquisition DateTime | X/Z/D | retain-longitudinal-full-dates K, retain-longitudinal-modified-dates C | 2026d |',
    );
  });
});

describe('the privacy statement', () => {
  it('in docs/ is what the program says of itself (npm run docs)', () => {
    expect(file('privacy.md')).toBe(privacyStatement());
  });

  it('names all 18 identifiers of Safe Harbor', () => {
    const letters = privacyStatement().split('\n').map((line) => /^\| ([A-R]) \|/.exec(line)?.[1]).filter((letter) => letter !== undefined);
    expect(letters).toEqual([...'ABCDEFGHIJKLMNOPQR']);
  });

  it('tells that retaining full dates softens the rule on dates', () => {
    expect(privacyStatement().split('\n').find((line) => line.startsWith('| C |'))).toContain('retain-longitudinal-full-dates');
  });
});
