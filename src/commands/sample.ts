import { commands, type Disposable, l10n, Uri, window, workspace } from 'vscode';
import type { Workbench } from './workbench.ts';

/** A file of the sample that shows much of what the tags editor does. */
const FIRST = 'DANDRA_NICOLO/ECO_20240517/IM0001.dcm';

/** *Make a Sample Study*: writes invented patients into the workspace, or where a person says, and opens one file. */
export function registerSample({ tasks, log }: Workbench): Disposable {
  return commands.registerCommand('dicomAnonymizer.createSample', async (target?: Uri) => {
    const folder = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
    const place = target ?? (folder === undefined
      ? (await window.showOpenDialog({ title: l10n.t('Where is the sample study to lie?'), openLabel: l10n.t('Choose'), canSelectFiles: false, canSelectFolders: true }))?.[0]
      : Uri.joinPath(folder, 'dicom-sample'));
    if (place === undefined) return undefined;
    try {
      await tasks.call('sample', { folder: place.fsPath });
    } catch {
      log.error('The sample study could not be written');
      void window.showErrorMessage(l10n.t('The sample study could not be written there.'));
      return undefined;
    }
    await commands.executeCommand('vscode.openWith', Uri.joinPath(place, FIRST), 'dicomAnonymizer.tags');
    return place;
  });
}
