import { conformanceStatement, privacyStatement } from '../anonymizer/conformance.ts';

/** Prints what the program does, from the tables that it runs (PS3.15 E.1.3). */
export function conformance(args: readonly string[]): number {
  process.stdout.write(args.includes('--privacy') ? privacyStatement() : conformanceStatement());
  return 0;
}
