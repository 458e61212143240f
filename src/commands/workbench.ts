import { join } from 'node:path';
import type { DiagnosticCollection, ExtensionContext, LogOutputChannel } from 'vscode';
import type { RegionStore } from '../views/region-store.ts';
import type { Thread } from '../views/thread-calls.ts';
import type { TaskCalls } from './task-thread.ts';

/** What the commands share. */
export interface Workbench {
  readonly extension: ExtensionContext;
  /** Tags and counts only, never a value of a file. */
  readonly log: LogOutputChannel;
  readonly problems: DiagnosticCollection;
  /** What was drawn in pictures, until the window closes. */
  readonly regions: RegionStore;
  /** Small jobs that would keep the host waiting. */
  readonly tasks: Thread<TaskCalls>;
}

/** The bundle of a thread, beside the running one. */
export function bundle(name: string): string {
  return join(__dirname, `${name}.js`);
}
