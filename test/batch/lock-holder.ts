import { createInterface } from 'node:readline';
import { Lock } from '../../src/batch/lock.ts';

/** Takes the lock that a line names, says whether it has it, and lets it go at the line `release`. */
let lock: Lock | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'release') {
    lock?.release();
    lock = undefined;
    console.log('released');
    continue;
  }
  try {
    lock = new Lock(line);
    console.log('held');
  } catch (error) {
    console.log(error instanceof Error ? error.name : 'failed');
  }
}
