import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseProfile } from '../../src/anonymizer/profile-file.ts';
import { createProfile, OPTION_NAMES, ProfileError, RULE_ACTIONS } from '../../src/anonymizer/profile.ts';
import { EDITION } from '../../src/anonymizer/rules/data/table-e1-1.ts';
import { USAGE } from '../../src/cli/usage.ts';

const READMES = ['README.md', 'README.it.md'] as const;
const text = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const block = (name: string, language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text(name))?.[1] ?? '';

function isRefused(option: string): boolean {
  try {
    createProfile({ options: [option] });
    return false;
  } catch (error) {
    return error instanceof ProfileError;
  }
}

describe.each(READMES)('%s', (name) => {
  it('says before anything else that there is no network and no telemetry', () => {
    const [title, empty, first] = text(name).split('\n');
    expect([title, empty]).toEqual(['# DICOM Anonymizer', '']);
    expect(first).toMatch(/^(No network, no telemetry|Nessuna rete, nessuna telemetria)/);
  });

  it('shows the usage as the program prints it', () => {
    expect(block(name, 'text')).toBe(USAGE);
  });

  it('shows a profile that the program takes', () => {
    const profile = parseProfile(block(name, 'yaml'));
    expect(profile.rules).toHaveLength((parse(block(name, 'yaml')) as { rules: unknown[] }).rules.length);
  });

  it('names every action of a rule, every field of a report and the edition of the standard', () => {
    for (const word of [...RULE_ACTIONS, 'program', 'version', 'profile', 'options', 'result', 'dryRun', 'summary', 'actions', 'timing', 'files']) {
      expect(text(name)).toContain(`\`${word}\``);
    }
    expect(text(name)).toContain(EDITION);
  });

  it('refers to files that exist', () => {
    const targets = [...text(name).matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1]);
    expect(targets.length).toBeGreaterThan(3);
    for (const target of targets) expect(() => text(target)).not.toThrow();
  });
});

describe('the usage', () => {
  const listed = [...USAGE.matchAll(/^ {2}((?:retain|clean)-[a-z-]+) +(.*)$/gm)];

  it('lists the options of the standard, all of them and no other', () => {
    expect(listed.map(([, option]) => option)).toEqual(OPTION_NAMES);
  });

  it('says of the refused options, and of these alone, that they are refused', () => {
    expect(listed.filter(([, , about]) => about.includes('refused')).map(([, option]) => option)).toEqual(OPTION_NAMES.filter(isRefused));
  });

  it('explains every argument of its synopsis', () => {
    const [synopsis, ...explained] = USAGE.split(/\n\n/);
    const named = new Set(synopsis.match(/--[a-z-]+/g));
    named.delete('--help');
    named.delete('--version');
    for (const argument of named) expect(explained.join('\n')).toContain(`  ${argument}`);
  });
});
