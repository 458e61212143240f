import { describe, expect, it } from 'vitest';
import { progressText, ProgressLine } from '../../src/cli/progress.ts';
import { cut, tableText } from '../../src/cli/table.ts';
import { visible, widthOf } from '../../src/cli/visible-text.ts';
import { capturedTerminal } from './captured-terminal.ts';

const ESC = String.fromCharCode(0x1b);

describe('text from a file on a terminal', () => {
  it('cannot move the cursor, clear the screen or set a title', () => {
    const shown = visible(`${ESC}[2J${ESC}]0;title\x07\r\n\b\x9b2K`);
    expect(shown).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });

  it('cannot turn its direction or hide in characters without width', () => {
    expect(visible('a\u202eb\u200bc\ufeff')).toBe('a‹202E›b‹200B›c‹FEFF›');
  });

  it('keeps letters of every script', () => {
    expect(visible('Nicolò 山田 Иван')).toBe('Nicolò 山田 Иван');
  });

  it('counts the columns of wide characters', () => {
    expect([widthOf('abc'), widthOf('山田'), widthOf('ｱ'), widthOf('é'.normalize('NFD'))]).toEqual([3, 4, 1, 1]);
  });
});

describe('a table', () => {
  const rows = (text: string) => text.trimEnd().split('\n');

  it('aligns its columns whatever the width of their characters', () => {
    const lines = rows(tableText([{ title: 'A' }, { title: 'B' }], [['山田', 'x'], ['abcd', 'y']]));
    expect(lines.slice(2)).toEqual(['山田  x', 'abcd  y']);
  });

  it('aligns numbers to the right', () => {
    expect(rows(tableText([{ title: 'N', align: 'right' }], [['1'], ['100']])).slice(2)).toEqual(['  1', '100']);
  });

  it('cuts cells that are too long, and says so', () => {
    expect([cut('abcdef', 4), cut('abcd', 4), cut('山田太郎', 5)]).toEqual(['abc…', 'abcd', '山田…']);
  });
});

describe('progress', () => {
  const progress = { filesDone: 312, bytesDone: 380e6, filesTotal: 4810 };

  it('tells files, speed and time left', () => {
    // 312 files in 10 s leave 4498 for 144 s.
    expect(progressText(progress, 10)).toBe('312/4,810 files · 38 MB/s · about 2 min left');
  });

  it('tells no time left while the number of files is not known', () => {
    expect(progressText({ ...progress, filesTotal: undefined }, 10)).toBe('312 files · 38 MB/s');
  });

  it('rewrites one line on a screen and takes it away in the end', () => {
    let now = 0;
    const terminal = capturedTerminal(true);
    const line = new ProgressLine(terminal, () => now);
    for (now = 0; now <= 1000; now += 10) line.update({ ...progress, filesDone: now + 1 });
    line.end();
    expect(terminal.text.err).not.toContain('\n');
    expect(terminal.text.err.split('\r').length - 1).toBeLessThanOrEqual(10 + 2);
    expect(terminal.text.err).toMatch(/\r +\r$/);
  });

  it('writes plain lines now and then where there is no screen', () => {
    let now = 0;
    const terminal = capturedTerminal(false);
    const line = new ProgressLine(terminal, () => now);
    for (now = 0; now <= 20_000; now += 10) line.update(progress);
    line.end();
    expect(terminal.text.err).not.toContain('\r');
    expect(terminal.text.err.trimEnd().split('\n').length).toBeLessThanOrEqual(4);
  });
});
