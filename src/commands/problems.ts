import { join } from 'node:path';
import { Diagnostic, DiagnosticSeverity, l10n, Range, Uri } from 'vscode';
import { reasonIn } from '../views/say.ts';
import type { Thread } from '../views/thread-calls.ts';
import type { FileProblem, RunCalls } from './run-thread.ts';
import type { Workbench } from './workbench.ts';

/** Files in the Problems view at most; the report has them all. */
const LIMIT = 1000;
const TOP = new Range(0, 0, 0, 0);

/** Lists what went wrong, or should be looked at, under Problems; what was there before goes. */
export async function showRunProblems({ problems }: Workbench, thread: Thread<RunCalls>, output: string): Promise<void> {
  problems.clear();
  const found = await thread.call('problems', { limit: LIMIT });
  problems.set(found.map(({ input, output: result, severity, sentences }) => [
    Uri.file(severity === 'error' || result === '' ? input : join(output, result)), sentences.map((text) => diagnostic(text, severity)),
  ]));
}

export function diagnostic(text: string, severity: FileProblem['severity']): Diagnostic {
  const made = new Diagnostic(TOP, refusalText(text), severity === 'error' ? DiagnosticSeverity.Error : severity === 'warning' ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information);
  made.source = 'DICOM';
  return made;
}

/** `damaged: a value runs past the end at (0010,0010), offset 312`, in the person's language. */
export function refusalText(reason: string): string {
  translate ??= reasonIn(l10n.bundle ?? {});
  return translate(reason);
}

let translate: ((reason: string) => string) | undefined;
