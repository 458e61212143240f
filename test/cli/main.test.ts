import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { USAGE } from '../../src/cli/usage.ts';
import { capturedTerminal, cli } from './captured-terminal.ts';

describe('the command line', () => {
  it.each([['--help'], ['-h'], ['help'], ['anonymize', '--help'], ['verify', '--help']])('prints its usage on standard output for %s %s', async (...args) => {
    expect(await cli(...args)).toEqual({ code: 0, out: USAGE, err: '' });
  });

  it('prints its version and nothing else', async () => {
    const { code, out } = await cli('--version');
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });

  it.each([
    ['no command', []],
    ['an unknown command', ['anonymise']],
    ['an unknown option', ['anonymize', 'a', '--output', 'b', '--fast']],
    ['an option without its value', ['anonymize', 'a', '--output']],
    ['no input', ['anonymize', '--output', 'b']],
    ['no output folder', ['anonymize', 'a']],
    ['an unknown option of the standard', ['anonymize', 'a', '--output', 'b', '--option', 'retain-everything']],
    ['options that exclude each other', ['inspect', 'a', '--option', 'retain-longitudinal-full-dates', '--option', 'retain-longitudinal-modified-dates']],
    ['an unknown layout', ['anonymize', 'a', '--output', 'b', '--layout', 'flat']],
    ['no number of workers', ['anonymize', 'a', '--output', 'b', '--workers', 'many']],
    ['a shard beyond the last', ['anonymize', 'a', '--output', 'b', '--key-file', 'k', '--shard', '3/2']],
    ['a shard without a key that all shards share', ['anonymize', 'a', '--output', 'b', '--shard', '1/2']],
    ['a report of unknown format', ['anonymize', 'a', '--output', 'b', '--report', 'r.pdf']],
    ['a report in the output folder', ['anonymize', 'a', '--output', '.', '--report', 'new-report.json']],
    ['a report in a folder that does not exist', ['anonymize', 'a', '--output', 'b', '--report', 'no/such/folder/r.json']],
    ['a profile file that does not exist', ['anonymize', 'a', '--output', 'b', '--profile', 'no-such.yaml']],
    ['a profile file of unknown format', ['anonymize', 'a', '--output', 'b', '--profile', 'profile.txt']],
    ['an input that does not exist', ['anonymize', 'no-such-folder', '--output', 'no-such-output', '--dry-run']],
    ['two files to inspect', ['inspect', 'a', 'b']],
    ['a file to inspect that does not exist', ['inspect', 'no-such-file']],
    ['nothing to verify', ['verify']],
    ['a file to verify that does not exist', ['verify', 'no-such-file']],
    ['something else to do with reports', ['report', 'split', 'a.json']],
    ['no reports to merge', ['report', 'merge', '--output', 'r.json']],
    ['no report to write', ['report', 'merge', 'a.json']],
    ['a report to merge that does not exist', ['report', 'merge', 'no-such.json', '--output', 'new.json']],
  ])('answers %s with one sentence, a hint and exit code 2', async (_, args) => {
    const { code, out, err } = await cli(...args);
    expect([code, out]).toEqual([2, '']);
    const [sentence, hint, ...rest] = err.trimEnd().split('\n');
    expect(sentence).toMatch(/^['"A-Z-].*(\.|: \S+)$/);
    expect(hint).toContain('--help');
    expect(rest).toEqual([]);
  });
});

describe('a fault of the program', () => {
  it('is told by its name and place and not by its message, which might quote a value', async () => {
    const terminal = capturedTerminal();
    const broken = { ...terminal, out: () => { throw new RangeError('Quirinale^Ildebrando'); } };
    expect(await main(['--version'], broken)).toBe(1);
    expect(terminal.text.err).toMatch(/^Internal error: RangeError at .*\n$/);
    expect(terminal.text.err).not.toContain('Quirinale');
  });
});
