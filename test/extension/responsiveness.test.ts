import { equal, ok } from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesIn, ownTime, run, sampleFolder } from './workspace.ts';

const FILES = 10_000;

/** Longest stretch in ms in which the event loop was kept busy, while something goes on. */
async function longestBlock(work: () => Thenable<unknown>): Promise<number> {
  let longest = 0;
  let last = ownTime();
  const timer = setInterval(() => {
    const now = ownTime();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return longest;
}

suite('The extension host', () => {
  test('is never kept busy for more than 50 ms by a batch of 10,000 files', async function () {
    this.timeout(240_000);
    const source = sampleFolder();
    const [file] = filesIn(join(source, 'DANDRA_NICOLO', 'PR'));
    const many = join(dirname(source), 'many');
    for (let i = 0; i < FILES; i++) {
      const folder = join(many, String(Math.floor(i / 500)));
      if (i % 500 === 0) mkdirSync(folder, { recursive: true });
      copyFileSync(file, join(folder, String(i)));
    }
    const output = join(dirname(source), 'out');
    const longest = await longestBlock(() => run('batch', { inputs: [many], output, chosen: { profile: '', options: [] } }));
    console.log(`longest block ${longest.toFixed(1)} ms`);
    equal(filesIn(output).length, FILES);
    ok(longest < 50, `${longest} ms`);
  });
});
