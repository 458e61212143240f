import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, with what it writes captured. */
export async function cli(...args: string[]): Promise<Ran> {
  const terminal = capturedTerminal();
  const code = await main(args, terminal);
  return { code, out: terminal.text.out, err: terminal.text.err };
}

export function capturedTerminal(isScreen = false): Terminal & { readonly text: { out: string; err: string } } {
  const text = { out: '', err: '' };
  return {
    text, errIsScreen: isScreen, columns: isScreen ? 120 : undefined,
    out: (more) => { text.out += more; },
    err: (more) => { text.err += more; },
    stopOnInterrupt: () => undefined,
    endByForce: () => undefined,
  };
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
