#!/usr/bin/env node
import { headStart } from './cli/head-start.ts';
import { faultOf, main } from './cli/main.ts';
import { processTerminal } from './cli/terminal.ts';

// What nobody awaits, such as a fault in an event of a stream: node would print its message, which might quote a value.
process.on('uncaughtException', (error) => {
  process.stderr.write(`Internal error: ${faultOf(error)}\n`);
  process.exit(1);
});

const args = process.argv.slice(2);
void main(args, processTerminal(), headStart(args)).then((code) => {
  process.exitCode = code;
  // What is left would be to give back memory piece by piece, which the system does sooner. What could not be written
  // is told after the call that should have written it.
  process.stdout.write('', () => process.stderr.write('', () => setImmediate(() => process.exit())));
});
