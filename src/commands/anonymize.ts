import { commands, type Disposable, l10n, type Uri, window, workspace } from 'vscode';
import { askChosen, askInputs, askOutput, proposedFolder } from './batch-steps.ts';
import { type Chosen, currentChoice } from './choices.ts';
import { chosenUris } from './chosen-uris.ts';
import { type BatchRequest, CANCELLED_RUN } from './run-request.ts';
import { type Outcome, runBatch, showLastReport } from './runs.ts';
import type { StepResult } from './steps.ts';
import type { Workbench } from './workbench.ts';

/** Answers given with the command, so that tasks and tests need no person. */
export interface Answers {
  readonly output?: string | undefined;
  readonly chosen?: Chosen | undefined;
  readonly isDryRun?: boolean | undefined;
  readonly inputs?: readonly string[] | undefined;
}

/** *Anonymize DICOM*, *Preview Anonymization*, *Anonymize Batch…* and *Show Last Report*. */
export function registerAnonymize(workbench: Workbench): Disposable[] {
  return [
    commands.registerCommand('dicomAnonymizer.anonymize', async (uri?: Uri, selected?: readonly Uri[], answers?: Answers) => {
      if (!isTrusted()) return undefined;
      const uris = await chosenUris(uri, Array.isArray(selected) ? selected : undefined, l10n.t('Anonymize'));
      return uris.length === 0 ? undefined : anonymize(workbench, uris.map(({ fsPath }) => fsPath), answers ?? {});
    }),
    commands.registerCommand('dicomAnonymizer.preview', async (uri?: Uri, selected?: readonly Uri[]) => {
      const uris = await chosenUris(uri, Array.isArray(selected) ? selected : undefined, l10n.t('Preview'));
      return uris.length === 0 ? undefined : preview(workbench, uris.map(({ fsPath }) => fsPath));
    }),
    commands.registerCommand('dicomAnonymizer.batch', async (answers?: Answers) => (isTrusted() ? batch(workbench, answers ?? {}) : undefined)),
    commands.registerCommand('dicomAnonymizer.showReport', () => showLastReport(workbench)),
  ];
}

/** In Restricted Mode settings and profiles of an unknown folder would decide what is kept. */
function isTrusted(): boolean {
  if (workspace.isTrusted) return true;
  const manage = l10n.t('Manage Trust');
  void window.showWarningMessage(l10n.t('Anonymizing is off in Restricted Mode: settings and profiles of this folder would decide what is kept.'), manage).then((answer) => {
    if (answer === manage) void commands.executeCommand('workbench.trust.manage');
  });
  return false;
}

async function anonymize(workbench: Workbench, inputs: readonly string[], answers: Answers): Promise<Outcome | undefined> {
  const title = l10n.t('Anonymize DICOM');
  let chosen = answers.chosen;
  for (;;) {
    if (answers.chosen === undefined) {
      const picked = await askChosen(workbench, title, 1, 2);
      if (typeof picked === 'string') return undefined;
      chosen = picked.answer;
    }
    const place = answers.output === undefined ? await askOutput(workbench, title, inputs, 2, 2) : { answer: { output: answers.output, isDryRun: answers.isDryRun === true } };
    if (place === 'back') continue;
    if (place === 'cancel' || chosen === undefined) return undefined;
    return runBatch(workbench, { inputs, chosen, ...place.answer, isResume: false });
  }
}

async function preview(workbench: Workbench, inputs: readonly string[]): Promise<Outcome | undefined> {
  const outcome = await runBatch(workbench, { inputs, chosen: await currentChoice(workbench), output: proposedFolder(inputs), isDryRun: true, isResume: false });
  if (outcome !== undefined) await showLastReport(workbench);
  return outcome;
}

/** Three steps, each with a way back; a run that was cancelled is offered first. */
async function batch(workbench: Workbench, answers: Answers): Promise<Outcome | undefined> {
  const title = l10n.t('Anonymize Batch');
  if (answers.inputs !== undefined && answers.output !== undefined) {
    return runBatch(workbench, { inputs: answers.inputs, chosen: answers.chosen ?? await currentChoice(workbench), output: answers.output, isDryRun: answers.isDryRun === true, isResume: false });
  }
  const cancelled = workbench.extension.workspaceState.get<BatchRequest>(CANCELLED_RUN);
  if (cancelled !== undefined) {
    const goOn = l10n.t('Go On');
    const answer = await window.showInformationMessage(l10n.t('The last batch was cancelled. Go on with it?'), { modal: true, detail: l10n.t('What is written already stays as it is.') }, goOn, l10n.t('New Batch'));
    if (answer === undefined) return undefined;
    if (answer === goOn) return runBatch(workbench, { ...cancelled, isResume: true });
    await workbench.extension.workspaceState.update(CANCELLED_RUN, undefined);
  }
  let inputs: readonly string[] = [];
  let chosen: Chosen | undefined;
  for (let step = 1; ; ) {
    const result: StepResult<unknown> = step === 1 ? await askInputs(workbench, title, 1, 3) : step === 2 ? await askChosen(workbench, title, 2, 3) : await askOutput(workbench, title, inputs, 3, 3);
    if (result === 'cancel') return undefined;
    if (result === 'back') {
      step -= 1;
      continue;
    }
    if (step === 1) inputs = result.answer as readonly string[];
    else if (step === 2) chosen = result.answer as Chosen;
    else return runBatch(workbench, { inputs, chosen: chosen as Chosen, ...(result.answer as { output: string; isDryRun: boolean }), isResume: false });
    step += 1;
  }
}
