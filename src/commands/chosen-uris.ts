import { l10n, TabInputCustom, TabInputText, type Uri, window } from 'vscode';

/**
 * What a command is to work on: what was clicked and selected in the Explorer, else the file of the editor, else what
 * a person picks. Empty where they pick nothing; what does not lie on a disk is told and left out.
 */
export async function chosenUris(uri: Uri | undefined, selected: readonly Uri[] | undefined, label: string): Promise<readonly Uri[]> {
  const given = selected !== undefined && selected.length > 0 ? selected : uri !== undefined ? [uri] : activeUri();
  const uris = given ?? await window.showOpenDialog({ title: l10n.t('Choose files or folders'), openLabel: label, canSelectFiles: true, canSelectFolders: true, canSelectMany: true }) ?? [];
  const onDisk = uris.filter(({ scheme }) => scheme === 'file');
  if (onDisk.length < uris.length) void window.showWarningMessage(l10n.t('Only what lies on a disk can be worked on.'));
  return onDisk;
}

function activeUri(): Uri[] | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof TabInputCustom && input.viewType.startsWith('dicomAnonymizer.tags')) return [input.uri];
  return input instanceof TabInputText && /\.(dcm|dicom|dic|ima|img)$/i.test(input.uri.path) ? [input.uri] : undefined;
}
