import { readFileSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { firstLine } from './secrets.ts';

/** An answer to a question, and whether somebody typed it. */
export interface Secret {
  readonly text: string;
  readonly isTyped: boolean;
}

/** Asks on the screen and shows nothing of what is typed; where the standard input is no keyboard, its first line. */
export function askSecret(question: string, input: ReadStream = process.stdin, show: (text: string) => void = (text) => void process.stderr.write(text)): Promise<Secret> {
  if (input.isTTY !== true) return Promise.resolve({ text: firstLine(readFileSync(0, 'utf8')), isTyped: false });
  show(question);
  return new Promise((resolve) => {
    let text = '';
    const end = (isStopped: boolean) => {
      input.setRawMode(false);
      input.pause();
      input.off('data', take);
      show('\n');
      // As the terminal would have done.
      if (isStopped) process.kill(process.pid, 'SIGINT');
      resolve({ text: isStopped ? '' : text, isTyped: true });
    };
    const take = (typed: Buffer | string) => {
      for (const character of String(typed)) {
        if (character === '\r' || character === '\n' || character === '\x04') return end(false);
        if (character === '\x03') return end(true);
        if (character === '\x7f' || character === '\b') text = [...text].slice(0, -1).join('');
        else if (character >= ' ') text += character;
      }
    };
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', take);
    input.resume();
  });
}
