import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { l10n, type QuickPickItem, QuickPickItemKind, Uri, window, workspace } from 'vscode';
import { OPTIONS, type OptionName } from '../anonymizer/profile.ts';
import { allChoices, type Chosen, currentChoice, isUsable, pixelModeChoices } from './choices.ts';
import { type BatchRequest, LAST_BATCH } from './run-request.ts';
import { pickMany, pickOne, type StepResult } from './steps.ts';
import type { Workbench } from './workbench.ts';

type Item<T> = QuickPickItem & { readonly value?: T };

const separator = (label: string): Item<never> => ({ label, kind: QuickPickItemKind.Separator });

/** What to anonymize: what was worked on last, folders of the workspace, or what is picked. */
export async function askInputs(workbench: Workbench, title: string, step: number, of: number): Promise<StepResult<readonly string[]>> {
  const last = workbench.extension.workspaceState.get<BatchRequest>(LAST_BATCH);
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const items: Item<readonly string[] | 'files' | 'folders'>[] = [
    ...(last?.inputs.every((path) => existsSync(path)) === true ? [{ label: l10n.t('$(history) As last time'), description: last.inputs.map((path) => basename(path)).join(', '), value: last.inputs }] : []),
    ...await workspaceFolders(folders.map(({ uri }) => uri.fsPath)),
    separator(''),
    { label: l10n.t('$(folder-opened) Choose folders…'), value: 'folders' },
    { label: l10n.t('$(file) Choose files…'), value: 'files' },
  ];
  const picked = await pickOne({ title, placeholder: l10n.t('What is to be anonymized?'), step, of, items });
  if (typeof picked === 'string') return picked;
  const { value = [] } = picked.answer;
  if (typeof value !== 'string') return { answer: value };
  const uris = await window.showOpenDialog({ title: l10n.t('Choose files or folders'), openLabel: l10n.t('Choose'), canSelectFiles: value === 'files', canSelectFolders: value === 'folders', canSelectMany: true });
  return uris === undefined ? askInputs(workbench, title, step, of) : { answer: uris.map(({ fsPath }) => fsPath) };
}

/** The folders of the workspace and those directly in them, which is where studies lie. */
async function workspaceFolders(paths: readonly string[]): Promise<Item<readonly string[]>[]> {
  const items: Item<readonly string[]>[] = [];
  for (const path of paths) {
    items.push({ label: `$(root-folder) ${basename(path)}`, description: l10n.t('the whole folder'), value: [path] });
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.slice(0, 200)) {
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') items.push({ label: `$(folder) ${entry.name}`, value: [join(path, entry.name)] });
    }
  }
  return items;
}

/** Profile and options, one line each; choosing options one by one is the same step. */
export async function askChosen(workbench: Workbench, title: string, step: number, of: number): Promise<StepResult<Chosen>> {
  const current = await currentChoice(workbench);
  const choices = await allChoices(workbench, current.profile);
  const words = (options: readonly string[]) => options.map((name) => l10n.t(OPTIONS[name as OptionName]?.title ?? name)).join(', ');
  const titleOf = (path: string) => choices.profiles.find((profile) => profile.path === path)?.title ?? basename(path);
  const items: Item<Chosen | 'options'>[] = [
    { label: `$(history) ${titleOf(current.profile)}`, description: l10n.t('as chosen last'), detail: words(current.options) || l10n.t('No options: the strictest'), value: current },
    { label: l10n.t('$(checklist) Choose options one by one…'), value: 'options' },
    separator(l10n.t('Profiles')),
    ...choices.profiles.map(({ path, title: name, options, pixels }) => ({ label: `$(shield) ${name}`, detail: words(options) || l10n.t('No options: the strictest'), value: { profile: path, options, pixels } })),
  ];
  const picked = await pickOne({ title, placeholder: l10n.t('By which profile?'), step, of, items });
  if (typeof picked === 'string') return picked;
  const { value } = picked.answer;
  if (value !== undefined && value !== 'options') return { answer: value };
  const options = await pickMany({
    title, placeholder: l10n.t('Tick the options of the standard'), step, of: of,
    items: choices.options.filter(({ name }) => isUsable(name)).map(({ name, title: label, text }) => ({ label, detail: text, name })),
    picked: ({ name }) => current.options.includes(name),
  });
  if (options === 'back') return step > 1 ? askChosen(workbench, title, step, of) : 'back';
  if (typeof options === 'string') return options;
  const names = options.answer.map(({ name }) => name);
  if (!names.includes('clean-pixel-data')) return { answer: { profile: current.profile, options: names, pixels: current.pixels } };
  const mode = await pickOne({
    title, placeholder: l10n.t('What is to go black in the pixels?'), step, of,
    items: pixelModeChoices().map(({ name, title: label, text }) => ({ label, detail: text, name })), active: ({ name }) => name === (current.pixels ?? 'all-text'),
  });
  if (mode === 'back') return askChosen(workbench, title, step, of);
  return typeof mode === 'string' ? mode : { answer: { profile: current.profile, options: names, pixels: mode.answer.name } };
}

/** Where to, or nowhere: a dry run. The proposed name says nothing of the source's. */
export async function askOutput(workbench: Workbench, title: string, inputs: readonly string[], step: number, of: number): Promise<StepResult<{ readonly output: string; readonly isDryRun: boolean }>> {
  const last = workbench.extension.workspaceState.get<BatchRequest>(LAST_BATCH);
  const proposal = proposedFolder(inputs);
  const dryRun: Item<string | 'choose' | 'dry'> = { label: l10n.t('$(eye) Dry run'), description: l10n.t('reads and plans everything, writes nothing'), value: 'dry' };
  const items: Item<string | 'choose' | 'dry'>[] = [
    { label: `$(new-folder) ${basename(proposal)}`, description: l10n.t('new folder in {0}', dirname(proposal)), value: proposal },
    ...(last !== undefined && last.output !== '' && dirname(last.output) !== dirname(proposal) ? [{ label: `$(history) ${basename(freeName(dirname(last.output)))}`, description: l10n.t('new folder in {0}', dirname(last.output)), value: freeName(dirname(last.output)) }] : []),
    { label: l10n.t('$(folder-opened) Choose a folder…'), description: l10n.t('an empty one'), value: 'choose' },
    separator(''), dryRun,
  ];
  const picked = await pickOne({ title, placeholder: l10n.t('Where to? Sources are never changed.'), step, of, items, active: (item) => last?.isDryRun === true && item.value === 'dry' });
  if (typeof picked === 'string') return picked;
  const { value = proposal } = picked.answer;
  if (value === 'dry') return { answer: { output: proposal, isDryRun: true } };
  if (value !== 'choose') return { answer: { output: value, isDryRun: false } };
  const [folder] = await window.showOpenDialog({ title: l10n.t('Choose the output folder'), openLabel: l10n.t('Choose'), canSelectFiles: false, canSelectFolders: true, defaultUri: Uri.file(dirname(proposal)) }) ?? [];
  return folder === undefined ? askOutput(workbench, title, inputs, step, of) : { answer: { output: folder.fsPath, isDryRun: false } };
}

/** A new folder beside the inputs; beside the workspace where the input is all of it. */
export function proposedFolder(inputs: readonly string[]): string {
  return freeName(dirname(inputs[0] ?? '.'));
}

function freeName(parent: string): string {
  const day = new Date().toISOString().slice(0, 10);
  for (let number = 1; ; number++) {
    const path = join(parent, number === 1 ? `anonymized-${day}` : `anonymized-${day}-${number}`);
    if (!existsSync(path)) return path;
  }
}
