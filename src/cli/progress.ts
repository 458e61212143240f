import { milliseconds } from '../batch/clock.ts';
import { number } from '../batch/report-sentences.ts';
import type { Progress } from '../batch/run.ts';
import type { Terminal } from './terminal.ts';

/** Milliseconds between two lines: on a screen one line is rewritten, elsewhere each is a line of its own. */
const SCREEN_EVERY = 100;
const LINES_EVERY = 5000;

/** Says on standard error how far a run is: files, speed, time left. */
export class ProgressLine {
  private readonly began: number;
  private last: number;
  private width = 0;

  constructor(private readonly terminal: Terminal, private readonly now: () => number = milliseconds) {
    this.began = now();
    this.last = this.began;
  }

  update(progress: Progress): void {
    const now = this.now();
    if (now - this.last < (this.terminal.errIsScreen ? SCREEN_EVERY : LINES_EVERY)) return;
    this.last = now;
    this.show(progressText(progress, (now - this.began) / 1000));
  }

  /** Takes the line off the screen, so that what is printed next begins on a clean one. */
  end(): void {
    if (this.width > 0) this.terminal.err(`\r${' '.repeat(this.width)}\r`);
    this.width = 0;
  }

  private show(text: string): void {
    if (!this.terminal.errIsScreen) {
      this.terminal.err(`${text}\n`);
      return;
    }
    this.terminal.err(`\r${text.padEnd(this.width)}`);
    this.width = text.length;
  }
}

/** `312/4,810 files · 38 MB/s · about 2 min left` */
export function progressText({ filesDone, bytesDone, filesTotal }: Progress, seconds: number): string {
  const done = filesTotal === undefined ? `${number(filesDone)} files` : `${number(filesDone)}/${number(filesTotal)} files`;
  const rate = seconds > 0 ? bytesDone / seconds / 1e6 : 0;
  const parts = [done, `${rate.toFixed(rate < 10 ? 1 : 0)} MB/s`];
  if (filesTotal !== undefined && filesDone > 0) parts.push(`${timeText((seconds / filesDone) * (filesTotal - filesDone))} left`);
  return parts.join(' · ');
}

function timeText(seconds: number): string {
  if (seconds < 90) return `about ${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${(seconds / 3600).toFixed(1)} h`;
}
