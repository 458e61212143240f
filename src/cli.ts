#!/usr/bin/env node
import { faultOf, main } from './cli/main.ts';
import { processTerminal } from './cli/terminal.ts';

// What nobody awaits, such as a fault in an event of a stream: node would print its message, which might quote a value.
process.on('uncaughtException', (error) => {
  process.stderr.write(`Internal error: ${faultOf(error)}\n`);
  process.exit(1);
});

void main(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
