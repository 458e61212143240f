import { basename } from 'node:path';
import { type CancellationToken, env, l10n, type Progress as Notification, ProgressLocation, StatusBarAlignment, window, workspace } from 'vscode';
import { type Profile, ProfileError } from '../anonymizer/profile.ts';
import { sentence } from '../views/failure-text.ts';
import { ReportPanel } from '../views/report-panel.ts';
import { Thread, ThreadError } from '../views/thread-calls.ts';
import { keepChoice, profileOf } from './choices.ts';
import { keyForRun } from './keys.ts';
import { limitsOfSettings } from './limits.ts';
import { openFolder } from './open-folder.ts';
import { refusalText, showRunProblems } from './problems.ts';
import { progressText } from './progress-text.ts';
import { type BatchRequest, CANCELLED_RUN, LAST_BATCH, LAST_REPORT } from './run-request.ts';
import type { RunCalls, RunEnd } from './run-thread.ts';
import { bundle, type Workbench } from './workbench.ts';

declare const VERSION: string;

/** How often the progress is asked for; also how soon a click on Cancel arrives. */
const POLL_MS = 200;

/** What a run came to; undefined where it could not begin. */
export interface Outcome {
  readonly end: RunEnd;
  readonly output: string;
}

let last: { thread: Thread<RunCalls>; output: string; isDryRun: boolean } | undefined;

/** Carries out a batch with one notification while it goes on and one at its end. */
export async function runBatch(workbench: Workbench, request: BatchRequest): Promise<Outcome | undefined> {
  const { log, extension } = workbench;
  const thread = new Thread<RunCalls>(bundle('commands-run-thread'));
  const status = window.createStatusBarItem(StatusBarAlignment.Left);
  try {
    const profile = await withDrawn(workbench, await profileOf(workbench, request.chosen));
    const { key, isKept } = await keyForRun(workbench);
    const settings = workspace.getConfiguration('dicomAnonymizer');
    const workers = settings.get('workers', 0);
    const call = () => thread.call('run', {
      inputs: [...request.inputs], output: request.output, profile, key, keyIsKept: isKept, layout: settings.get('layout', 'uid'), verify: true,
      dryRun: request.isDryRun, version: VERSION, resume: request.isResume && isKept, workerScript: bundle('worker'), limits: limitsOfSettings(), manifest: 'whole', ...(workers > 0 ? { workers } : {}),
    });
    if (!request.isDryRun) await extension.workspaceState.update(CANCELLED_RUN, request);
    status.name = 'DICOM';
    log.info(`${request.isDryRun ? 'Dry run' : 'Run'} of ${request.inputs.length} inputs begins`);
    const title = request.isDryRun ? l10n.t('Dry run') : l10n.t('Anonymizing DICOM');
    const end = await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (notification, token) => follow(workbench, thread, call(), notification, token, (text) => {
      status.text = `$(shield) ${text}`;
      status.show();
    }));
    const { summary, timing } = end.head;
    log.info(`${end.isCancelled ? 'Cancelled' : 'Done'}: ${summary.written} written, ${summary.skipped} skipped, ${summary.failed} failed in ${timing.seconds.toFixed(1)} s; ${timing.perImage.mean.toFixed(2)} ms an image`);
    void tellEnd(workbench, end, request);
    await extension.workspaceState.update(CANCELLED_RUN, end.isCancelled && !request.isDryRun && isKept ? request : undefined);
    await extension.workspaceState.update(LAST_BATCH, { ...request, isResume: false } satisfies BatchRequest);
    if (end.reportPath !== undefined) await extension.workspaceState.update(LAST_REPORT, end.reportPath);
    keepChoice(workbench, request.chosen);
    const before = last;
    last = { thread, output: request.output, isDryRun: request.isDryRun };
    await ReportPanel.renew(thread, request.output, nameOf(last));
    before?.thread.stop();
    await showRunProblems(workbench, thread, request.output);
    return { end, output: request.output };
  } catch (error) {
    const hasBegun = !request.isDryRun && await mayHaveBegun(thread, error);
    thread.stop();
    if (!hasBegun) await extension.workspaceState.update(CANCELLED_RUN, undefined);
    tellFailure(workbench, error, hasBegun);
    return undefined;
  } finally {
    status.dispose();
  }
}

/** With the regions that were drawn in this window. They go black under Clean Pixel Data alone; without it, it is said. */
async function withDrawn({ regions }: Workbench, profile: Profile): Promise<Profile> {
  const rules = await regions.rules();
  if (rules.length === 0) return profile;
  if (!profile.options.has('clean-pixel-data')) {
    void window.showWarningMessage(l10n.t('The regions that you have drawn stay visible: Clean Pixel Data is not among the options of this run.'));
    return profile;
  }
  return { ...profile, regions: [...profile.regions, ...rules] };
}

/** Asks for the progress until the run is over, so that no message of a fast run floods the host. */
async function follow({ log }: Workbench, thread: Thread<RunCalls>, running: Promise<RunEnd>, notification: Notification<{ message?: string }>, token: CancellationToken, show: (text: string) => void): Promise<RunEnd> {
  const began = performance.now();
  let isOver = false;
  void running.catch(() => {}).then(() => { isOver = true; });
  let cancelledAt = 0;
  const cancelling = token.onCancellationRequested(() => {
    cancelledAt = performance.now();
    notification.report({ message: l10n.t('finishing the files that were begun…') });
    void thread.call('cancel', undefined).catch(() => {});
  });
  try {
    while (!isOver) {
      await Promise.race([running.catch(() => {}), new Promise((resolve) => { setTimeout(resolve, POLL_MS); })]);
      if (isOver || token.isCancellationRequested) continue;
      const text = progressText(await thread.call('progress', undefined), (performance.now() - began) / 1000);
      notification.report({ message: text });
      show(text);
    }
  } finally {
    cancelling.dispose();
  }
  if (cancelledAt > 0) log.info(`It stopped ${Math.round(performance.now() - cancelledAt)} ms after it was cancelled`);
  return running;
}

async function tellEnd(workbench: Workbench, end: RunEnd, { isDryRun, output }: BatchRequest): Promise<void> {
  const { written, skipped, failed } = end.head.summary;
  const number = new Intl.NumberFormat(env.language);
  const counts = [
    isDryRun ? l10n.t('{0} would be written', number.format(written)) : l10n.t('{0} written', number.format(written)),
    ...(skipped > 0 ? [l10n.t('{0} skipped', number.format(skipped))] : []),
    ...(failed > 0 ? [failedFor(end, number.format(failed))] : []),
  ].join(', ');
  const text = end.isCancelled
    ? l10n.t('Cancelled: {0}. The next batch offers to go on.', counts)
    : isDryRun ? l10n.t('Dry run: {0}.', counts) : l10n.t('Anonymized: {0}.', counts);
  const problem = end.reportProblem === undefined ? '' : ` ${sentence(end.reportProblem)}`;
  const showReport = l10n.t('Show Report');
  const open = l10n.t('Open Folder');
  const show = failed > 0 || problem !== '' ? window.showWarningMessage : window.showInformationMessage;
  const answer = await show(text + problem, showReport, ...(isDryRun ? [] : [open]));
  if (answer === showReport) await showLastReport(workbench);
  if (answer === open) await openFolder(output);
}

/** Where all failed for one reason, such as a full disk, it is said at once. */
function failedFor({ head: { summary, reasons } }: RunEnd, failed: string): string {
  const only = reasons.find(({ count }) => count === summary.failed && count > 1);
  return only === undefined ? l10n.t('{0} failed', failed) : l10n.t('{0} failed ({1})', failed, refusalText(only.reason));
}

/** Whether something was written before the run failed, as where the disk is full for its journal. */
async function mayHaveBegun(thread: Thread<RunCalls>, error: unknown): Promise<boolean> {
  if (!(error instanceof ThreadError) || error.failure.name === 'UsageError') return false;
  // A thread that died cannot tell any more.
  return error.failure.name === 'ThreadError' || thread.call('progress', undefined).then(({ filesDone }) => filesDone > 0, () => true);
}

function tellFailure({ log }: Workbench, error: unknown, hasBegun: boolean): void {
  const failure = error instanceof ThreadError ? error.failure : undefined;
  log.error(`The run could not be done: ${failure?.name ?? (error instanceof Error ? error.name : 'unknown')} ${failure?.code ?? ''}`);
  const text = failure?.text !== undefined && failure.text !== '' ? sentence(withoutFlags(failure.text)) : error instanceof ProfileError ? l10n.t(error.message) : l10n.t('The reason is in the log (command DICOM: Show Log).');
  if (hasBegun) void window.showErrorMessage(l10n.t('The run could not go on: {0}. What was written until then is whole; the next batch offers to go on.', text.replace(/\.$/, '')));
  // What the system says of a place is no sentence.
  else if (failure?.name === 'SystemError') void window.showErrorMessage(l10n.t('Nothing was anonymized: the output folder, or the one around it, cannot be written to: {0}.', text));
  else void window.showErrorMessage(l10n.t('Nothing was anonymized. {0}', text));
}

/** The core's sentences speak to who types commands, too. */
function withoutFlags(text: string): string {
  return text.replace(', or go on with an earlier run by --resume', '');
}

/** The report of the last run: of this window where there is one, else from its file. */
export async function showLastReport(workbench: Workbench): Promise<boolean> {
  const { extension } = workbench;
  if (last === undefined) {
    const path = extension.workspaceState.get<string>(LAST_REPORT);
    if (path === undefined) {
      void window.showInformationMessage(l10n.t('There is no report yet. It comes with the first run.'));
      return false;
    }
    const thread = new Thread<RunCalls>(bundle('commands-run-thread'));
    try {
      await thread.call('load', { path });
    } catch (error) {
      thread.stop();
      workbench.log.warn(`The last report cannot be read: ${error instanceof ThreadError ? error.failure.code ?? error.failure.name : 'unknown'}`);
      void window.showWarningMessage(l10n.t('The last report cannot be read.'));
      return false;
    }
    last = { thread, output: path.replace(/\.report(-\d+)?\.json$/, ''), isDryRun: false };
  }
  await ReportPanel.show(workbench, last.thread, last.output, nameOf(last));
  return true;
}

function nameOf({ isDryRun, output }: { readonly isDryRun: boolean; readonly output: string }): string {
  return isDryRun ? l10n.t('Dry run') : basename(output);
}

/** Ends the thread that holds the last report. */
export function closeRuns(): void {
  last?.thread.stop();
  last = undefined;
}
