import { basename } from 'node:path';
import { l10n, type QuickPickItem, Uri, window, workspace } from 'vscode';
import type { RegionRule } from '../anonymizer/profile.ts';
import { allChoices, currentChoice, keepChoice } from './choices.ts';
import { pickOne } from './steps.ts';
import { ThreadError } from '../views/thread-calls.ts';
import type { Workbench } from './workbench.ts';

type Scope = 'series' | 'device';
type Item<T> = QuickPickItem & { readonly value: T };

/** *Save into Profile*: for which images, and into which file; a rule for the same images is replaced. */
export async function saveRegions(workbench: Workbench, ruleFor: (scope: Scope) => Promise<RegionRule>): Promise<Uri | undefined> {
  const title = l10n.t('Save Regions into a Profile');
  for (;;) {
    const scope = await pickOne<Item<Scope>>({ title, placeholder: l10n.t('For which images?'), step: 1, of: 2, items: [
      { label: l10n.t('This series'), detail: l10n.t('The profile names it by a digest, not by its UID'), value: 'series' },
      { label: l10n.t('All images of this device'), detail: l10n.t('Same manufacturer, model, kind of image, rows and columns'), value: 'device' },
    ] });
    if (typeof scope === 'string') return undefined;
    const { profile: current } = await currentChoice(workbench);
    const { profiles } = await allChoices(workbench, current);
    const file = await pickOne<Item<string>>({ title, placeholder: l10n.t('Into which profile?'), step: 2, of: 2, active: ({ value }) => value === current, items: [
      ...profiles.filter(({ path }) => path !== '').map(({ path, title: label }) => ({ label: `$(shield) ${label}`, value: path })),
      { label: l10n.t('$(new-file) New profile…'), value: '' },
    ] });
    if (file === 'back') continue;
    if (file === 'cancel') return undefined;
    const target = file.answer.value === '' ? await askNew() : Uri.file(file.answer.value);
    return target === undefined ? undefined : save(workbench, target, await ruleFor(scope.answer.value), file.answer.value === '');
  }
}

async function askNew(): Promise<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return window.showSaveDialog({
    title: l10n.t('New profile'), filters: { [l10n.t('Profiles')]: ['yaml', 'json'] },
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, 'my.dicom-profile.yaml') }),
  });
}

async function save(workbench: Workbench, target: Uri, rule: RegionRule, isNew: boolean): Promise<Uri | undefined> {
  const isJson = target.path.endsWith('.json');
  const name = basename(target.path).replace(/(\.dicom-profile)?\.(ya?ml|json)$/, '');
  try {
    // What is being edited counts, saved or not.
    const document = isNew ? undefined : await workspace.openTextDocument(target);
    await document?.save();
    const text = await workbench.tasks.call('addRegion', { text: document?.getText(), name, rule, isJson, options: [...(await currentChoice(workbench)).options] });
    await workspace.fs.writeFile(target, Buffer.from(text));
  } catch (error) {
    workbench.log.warn(`Regions could not be saved: ${error instanceof ThreadError ? error.failure.code ?? error.failure.name : error instanceof Error ? error.name : 'unknown'}`);
    void window.showErrorMessage(l10n.t('The regions could not be saved: the profile has mistakes or cannot be written.'));
    return undefined;
  }
  const open = l10n.t('Open');
  const use = l10n.t('Use This Profile');
  void window.showInformationMessage(l10n.t('The regions are in the profile "{0}".', basename(target.path)), open, use).then(async (answer) => {
    if (answer === open) await window.showTextDocument(target);
    if (answer === use) {
      const { profiles } = await allChoices(workbench, target.fsPath);
      const chosen = profiles.find(({ path }) => path === target.fsPath);
      if (chosen !== undefined) keepChoice(workbench, { profile: chosen.path, options: chosen.options, pixels: chosen.pixels });
    }
  });
  return target;
}
