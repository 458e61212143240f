#!/usr/bin/env node
import { main } from './cli/main.ts';
import { processTerminal } from './cli/terminal.ts';

void main(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
