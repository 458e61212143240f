import { commands, type Disposable, l10n, ProgressLocation, Uri, window } from 'vscode';
import { sentence } from '../views/failure-text.ts';
import { Thread, ThreadError } from '../views/thread-calls.ts';
import { chosenUris } from './chosen-uris.ts';
import { diagnostic, refusalText } from './problems.ts';
import type { Suspect, Verified, VerifyCalls } from './verify-thread.ts';
import { bundle, type Workbench } from './workbench.ts';

const POLL_MS = 200;

/** *Verify Anonymization*: what still identifies in files goes to Problems, with tag and reason. */
export function registerVerify(workbench: Workbench): Disposable {
  return commands.registerCommand('dicomAnonymizer.verify', async (uri?: Uri, selected?: readonly Uri[]) => {
    const uris = await chosenUris(uri, selected, l10n.t('Verify'));
    return uris.length === 0 ? undefined : verify(workbench, uris);
  });
}

async function verify({ problems, log }: Workbench, uris: readonly Uri[]): Promise<Verified | undefined> {
  const thread = new Thread<VerifyCalls>(bundle('commands-verify-thread'));
  try {
    const verified = await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Verifying'), cancellable: true }, async (notification, token) => {
      const running = thread.call('verify', { inputs: uris.map(({ fsPath }) => fsPath) });
      let isOver = false;
      void running.catch(() => {}).then(() => { isOver = true; });
      token.onCancellationRequested(() => void thread.call('cancel', undefined).catch(() => {}));
      while (!isOver) {
        await Promise.race([running.catch(() => {}), new Promise((resolve) => { setTimeout(resolve, POLL_MS); })]);
        if (!isOver) notification.report({ message: l10n.t('{0} files', await thread.call('progress', undefined)) });
      }
      return running;
    });
    problems.clear();
    problems.set(verified.suspects.map((suspect) => [Uri.file(suspect.path), diagnosticsOf(suspect)]));
    log.info(`Verified: ${verified.clean} clean, ${verified.identifying} identifying, ${verified.unchecked} not checked`);
    void tell(verified);
    return verified;
  } catch (error) {
    const text = error instanceof ThreadError ? sentence(error.failure.text) : '';
    void window.showErrorMessage(l10n.t('Nothing was verified. {0}', text));
    return undefined;
  } finally {
    thread.stop();
  }
}

function diagnosticsOf({ findings, reason }: Suspect): ReturnType<typeof diagnostic>[] {
  if (findings.length === 0) return [diagnostic(`${l10n.t('It could not be checked')}: ${refusalText(reason ?? '')}`, 'information')];
  return findings.map(({ path, name, text }) => diagnostic([path, name, '–', sentence(text)].filter((part) => part !== '').join(' ').replace(/^– /, ''), 'warning'));
}

async function tell({ clean, identifying, unchecked, isCancelled }: Verified): Promise<void> {
  const total = clean + identifying + unchecked;
  const counts = l10n.t('{0} of {1} files hold nothing that identifies, as far as attributes tell; {2} still identify, {3} could not be checked.', clean, total, identifying, unchecked);
  const text = isCancelled ? l10n.t('Cancelled: {0}', counts) : counts;
  const show = l10n.t('Show Problems');
  const answer = identifying + unchecked === 0 ? await window.showInformationMessage(text) : await window.showWarningMessage(text, show);
  if (answer === show) await commands.executeCommand('workbench.panel.markers.view.focus');
}
