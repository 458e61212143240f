import { commands, type Disposable, l10n, type Uri, window, workspace } from 'vscode';
import { SheetPanel } from '../views/sheet-panel.ts';
import type { Workbench } from './workbench.ts';

/** *Contact Sheet*: a folder as one picture a series, to find by eye what shows a name. */
export function registerContactSheet(workbench: Workbench): Disposable {
  return commands.registerCommand('dicomAnonymizer.contactSheet', async (uri?: Uri) => {
    const folder = uri ?? await askFolder();
    if (folder === undefined) return;
    if (folder.scheme !== 'file') {
      void window.showInformationMessage(l10n.t('A contact sheet needs a folder on a disk of the machine that the extension runs on.'));
      return;
    }
    SheetPanel.show(workbench, folder);
  });
}

async function askFolder(): Promise<Uri | undefined> {
  const [workspaceFolder] = workspace.workspaceFolders ?? [];
  const [folder] = await window.showOpenDialog({
    title: l10n.t('Contact sheet of which folder?'), openLabel: l10n.t('Show'), canSelectFiles: false, canSelectFolders: true,
    ...(workspaceFolder === undefined ? {} : { defaultUri: workspaceFolder.uri }),
  }) ?? [];
  return folder;
}
