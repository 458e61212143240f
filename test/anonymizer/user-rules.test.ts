import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import type { UserRule } from '../../src/anonymizer/profile.ts';
import { part10 } from '../fixtures/data-set.ts';
import { deidentify, plannerOf } from '../fixtures/deidentify.ts';
import { minimalCt } from '../fixtures/instances.ts';

function run(rules: readonly UserRule[]) {
  const { bytes, plan } = deidentify(part10(minimalCt()), plannerOf({ rules }));
  const second = dicomParser.parseDicom(bytes);
  return { text: (tag: string) => second.string(tag), warnings: plan.warnings.map(({ code }) => code) };
}

describe('a rule of the user that is weaker than the standard', () => {
  it('is carried out, and the result does not claim that the identity is removed', () => {
    const { text, warnings } = run([{ match: { tag: 0x00100010 }, action: 'keep' }]);
    expect(text('x00120062')).toBe('NO');
    expect(text('x00120064')).toBeUndefined();
    expect(warnings).toContain('weaker-rule');
  });
});

describe('a rule of the user that is stricter than the standard', () => {
  it('leaves the claim as it is', () => {
    const { text, warnings } = run([{ match: { tag: 0x00080070 }, action: 'remove' }]);
    expect(text('x00120062')).toBe('YES');
    expect(text('x00080070')).toBeUndefined();
    expect(warnings).not.toContain('weaker-rule');
  });

  it('replaces by the value that was asked for', () => {
    const { text } = run([{ match: { tag: 0x00080070 }, action: 'replace', value: 'SOMEBODY' }]);
    expect(text('x00080070')).toBe('SOMEBODY');
  });

  it('cannot touch what the structure of a file asks for', () => {
    const { text } = run([{ match: { tag: 0x00120062 }, action: 'remove' }]);
    expect(text('x00120062')).toBe('YES');
  });
});
