import { basename } from 'node:path';
import { commands, type Disposable, l10n, Uri, window, workspace } from 'vscode';
import { createProfile, ProfileError } from '../anonymizer/profile.ts';
import { currentChoice, keepChoice, profileOf } from './choices.ts';
import type { Workbench } from './workbench.ts';

/** *New Profile from the Current Choices* and *Use This Profile*. */
export function registerProfiles(workbench: Workbench): Disposable[] {
  return [
    commands.registerCommand('dicomAnonymizer.newProfile', (target?: Uri) => newProfile(workbench, target)),
    commands.registerCommand('dicomAnonymizer.useProfile', (uri?: Uri) => useProfile(workbench, uri)),
  ];
}

async function newProfile(workbench: Workbench, target: Uri | undefined): Promise<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const file = target ?? await window.showSaveDialog({
    title: l10n.t('New profile'), filters: { [l10n.t('Profiles')]: ['yaml', 'json'] },
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, 'my.dicom-profile.yaml') }),
  });
  if (file === undefined) return undefined;
  const profile = await profileOf(workbench, await currentChoice(workbench)).catch(() => createProfile());
  const name = basename(file.path).replace(/(\.dicom-profile)?\.(ya?ml|json)$/, '');
  const text = await workbench.tasks.call('writeProfile', { profile: { ...profile, name }, isJson: file.path.endsWith('.json') });
  await workspace.fs.writeFile(file, Buffer.from(text));
  await window.showTextDocument(file);
  return file;
}

async function useProfile(workbench: Workbench, uri: Uri | undefined): Promise<boolean> {
  const file = uri ?? window.activeTextEditor?.document.uri;
  if (file === undefined || !/\.(ya?ml|json)$/.test(file.path)) {
    void window.showInformationMessage(l10n.t('Open a profile first: a file that ends in .dicom-profile.yaml or .json.'));
    return false;
  }
  try {
    await workspace.openTextDocument(file).then((document) => document.save());
    const { profile: read, problems } = await workbench.tasks.call('readProfile', { text: Buffer.from(await workspace.fs.readFile(file)).toString('utf8') });
    if (read === undefined) throw new ProfileError(l10n.t('The profile has mistakes: {0}', problems.length));
    keepChoice(workbench, { profile: file.fsPath, options: [...read.options], pixels: read.pixels });
    void window.showInformationMessage(l10n.t('From now on this workspace uses the profile "{0}".', read.name));
    return true;
  } catch (error) {
    void window.showErrorMessage(error instanceof ProfileError ? error.message : l10n.t('The profile file cannot be read.'));
    return false;
  }
}
