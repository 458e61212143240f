import { systemCode, systemReason } from '../batch/errors.ts';
import type { HeadStart } from '../batch/start-worker.ts';
import type { Terminal } from './terminal.ts';
import { USAGE } from './usage.ts';
import { version } from './version.ts';
import { visible } from './visible-text.ts';

const HINT = 'See dicom-anonymizer --help.\n';

/**
 * Runs one command and resolves to its exit code: 0 all done, 1 something failed or is left, 2 wrong usage. Commands
 * are loaded on demand, so that each pays at start for what it needs.
 */
export async function main(args: readonly string[], terminal: Terminal, headStart?: HeadStart): Promise<number> {
  try {
    return await dispatch(args, terminal, headStart);
  } catch (error) {
    if (isUsageError(error)) {
      // It may name a path, and a path may hold anything.
      terminal.err(`${error.message.split('\n').map(visible).join('\n')}\n${HINT}`);
      return 2;
    }
    const reason = reasonOfSystem(error);
    if (reason !== undefined) {
      terminal.err(`The work cannot go on: ${reason}.\n`);
      return 1;
    }
    // A fault of the program: its name and place, never its message, which might quote a value.
    terminal.err(`Internal error: ${faultOf(error)}\n`);
    return 1;
  }
}

async function dispatch([command, ...rest]: readonly string[], terminal: Terminal, headStart?: HeadStart): Promise<number> {
  const asksForHelp = command === '--help' || command === '-h' || command === 'help' || rest.includes('--help') || rest.includes('-h');
  if (asksForHelp) {
    terminal.out(USAGE);
    return 0;
  }
  switch (command) {
    case '--version': case '-v':
      terminal.out(`${version}\n`);
      return 0;
    case 'anonymize': return (await import('../engine.ts')).anonymize(rest, terminal, headStart);
    case 'inspect': return (await import('./inspect.ts')).inspect(rest, terminal);
    case 'verify': return (await import('./verify.ts')).verify(rest, terminal);
    case 'slurm': return (await import('./slurm.ts')).slurm(rest, terminal);
    case 'reidentify': return (await import('./reidentify.ts')).reidentify(rest, terminal);
    case 'report': return (await import('./report-merge.ts')).report(rest, terminal);
    case 'conformance': return (await import('./conformance.ts')).conformance(rest, terminal);
    default:
      terminal.err(`${command === undefined ? 'Name a command' : `There is no command "${printable(command)}"`}: anonymize, inspect, verify, reidentify, report, slurm or conformance.\n${HINT}`);
      return 2;
  }
}

/** What may be told of a fault: never its message. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  return `${error.name}${code} ${/^ +at .*$/m.exec(error.stack ?? '')?.[0].trim() ?? ''}`.trim();
}

/** What the operating system refused beside a single file: a report, a journal or a lock that cannot be written. */
function reasonOfSystem(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && /^E[A-Z0-9]+$/.test(String(systemCode(error))) ? systemReason(error) : undefined;
}

/** By name, since every lazily loaded bundle has classes of its own. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'UsageError' || error.name === 'ProfileError');
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
