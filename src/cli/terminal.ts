import type { Secret } from './typed-secret.ts';

/** Where a command writes to; handed in, so that tests read it. */
export interface Terminal {
  out(text: string): void;
  /** Progress, warnings and errors. */
  err(text: string): void;
  /** Whether `err` is a screen, on which a line can be rewritten. */
  readonly errIsScreen: boolean;
  /** Columns of `out`; undefined where it is no screen. */
  readonly columns: number | undefined;
  /** Asks for what nobody else may see or read; undefined where nobody can be asked. */
  askSecret?(question: string): Promise<Secret>;
  /** Asks that the first interruption (Ctrl+C, or a scheduler's) tells the signal; the second ends the process as ever. */
  stopOnInterrupt(): AbortSignal | undefined;
  /**
   * Says that a thread hangs in a call of the system, so that the process will never end by itself: once the command
   * is done and all is written, it is killed. Whoever waits for it sees that instead of its exit code.
   */
  endByForce(): void;
}

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  // A reader that closed the pipe (`| head`) has seen what it wanted.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    errIsScreen: stderr.isTTY === true,
    columns: stdout.isTTY === true ? stdout.columns : undefined,
    askSecret: async (question) => (await import('./typed-secret.ts')).askSecret(question),
    stopOnInterrupt: () => {
      const stop = new AbortController();
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
      return stop.signal;
    },
    // Node waits for its threads even in process.exit.
    endByForce: () => void process.once('exit', () => process.kill(process.pid, 'SIGKILL')),
  };
}
