#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { faultOf, main } from './cli/main.ts';
import { processTerminal } from './cli/terminal.ts';

// Code is optimized later than usual (after 600 kB of bytecode and not 132): every thread compiles for itself, and short
// runs would spend a third of their time on code that they hardly use again. Memory that is free is looked for when half
// as much again is taken, so that a run of a million files takes hardly more than one of ten thousand; for the largest
// files that costs a tenth of the time. Measured with `npm run bench`.
setFlagsFromString('--interrupt-budget=600000 --heap-growing-percent=50');

// What nobody awaits, such as a fault in an event of a stream: node would print its message, which might quote a value.
process.on('uncaughtException', (error) => {
  process.stderr.write(`Internal error: ${faultOf(error)}\n`);
  process.exit(1);
});

void main(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
  // What is left would be to give back memory piece by piece, which the system does sooner. What could not be written
  // is told after the call that should have written it.
  process.stdout.write('', () => process.stderr.write('', () => setImmediate(() => process.exit())));
});
