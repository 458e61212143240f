import { conformanceStatement, privacyStatement } from '../anonymizer/conformance.ts';
import { UsageError } from '../batch/errors.ts';
import { parseArguments } from './arguments.ts';
import type { Terminal } from './terminal.ts';

/** `conformance`: what the program does, from the tables that it runs (PS3.15 E.1.3), or what the law asks of it. */
export async function conformance(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values: { privacy }, positionals } = parseArguments(args, { privacy: { type: 'boolean' } });
  if (positionals.length > 0) throw new UsageError('conformance takes no file.');
  terminal.out(privacy === true ? privacyStatement() : conformanceStatement());
  return 0;
}
