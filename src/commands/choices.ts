import { readFile } from 'node:fs/promises';
import { isAbsolute, join, basename } from 'node:path';
import { type Disposable, l10n, workspace } from 'vscode';
import { createProfile, OPTIONS, OPTION_NAMES, type OptionName, type Profile, ProfileError } from '../anonymizer/profile.ts';
import type { Choices, OptionChoice, ProfileChoice } from '../views/protocol.ts';
import type { Workbench } from './workbench.ts';

/** Profile and options that a person has chosen. */
export interface Chosen {
  /** Path of the profile file; empty for the Basic Profile. */
  readonly profile: string;
  readonly options: readonly string[];
}

const STATE = 'chosen';
const PROFILES = '**/*.dicom-profile.{yaml,yml,json}';

/** What was chosen last in this workspace, else what the settings say. */
export async function currentChoice({ extension, tasks }: Workbench): Promise<Chosen> {
  const kept = extension.workspaceState.get<Chosen>(STATE);
  if (kept !== undefined) return kept;
  const settings = workspace.getConfiguration('dicomAnonymizer');
  const setting = settings.get('profile', '').trim();
  const options = settings.get<string[]>('options', []).filter((name) => isUsable(name));
  if (setting === '') return { profile: '', options };
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const profile = isAbsolute(setting) ? setting : join(folder, setting);
  const read = await readProfileFile(tasks, profile).catch(() => undefined);
  return { profile, options: read?.profile === undefined ? options : [...read.profile.options] };
}

export function keepChoice({ extension }: Workbench, { profile, options }: Chosen): void {
  void extension.workspaceState.update(STATE, { profile, options: [...options] } satisfies Chosen);
}

/** New settings go before what was chosen under the old ones. */
export function followSettings({ extension }: Workbench): Disposable {
  return workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration('dicomAnonymizer.profile') || change.affectsConfiguration('dicomAnonymizer.options')) void extension.workspaceState.update(STATE, undefined);
  });
}

/**
 * The profile of a choice: its file's rules and name, with the options as they stand now.
 * @throws ProfileError with a sentence for the person
 */
export async function profileOf({ tasks }: Workbench, { profile, options }: Chosen): Promise<Profile> {
  if (profile === '') return createProfile({ options });
  const { profile: read, problems } = await readProfileFile(tasks, profile);
  if (read === undefined) throw new ProfileError(l10n.t('The profile has mistakes; open it to see them. Line {0}: {1} {2}', problems[0]?.line ?? 1, problems[0]?.path ?? '', problems[0]?.message ?? ''));
  return createProfile({ ...read, options });
}

async function readProfileFile(tasks: Workbench['tasks'], path: string): ReturnType<typeof tasks.call<'readProfile'>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new ProfileError(l10n.t('The profile file cannot be read.'));
  }
  return tasks.call('readProfile', { text });
}

/** Profiles of the workspace and options, for the pickers. What has mistakes is not offered. */
export async function allChoices({ tasks }: Workbench, ...further: readonly string[]): Promise<Choices> {
  const found = await workspace.findFiles(PROFILES, '**/node_modules/**', 50);
  const paths = [...new Set([...found.map(({ fsPath }) => fsPath), ...further.filter((path) => path !== '')])].sort();
  const profiles = await Promise.all(paths.map(async (path): Promise<ProfileChoice | undefined> => {
    const read = await readProfileFile(tasks, path).catch(() => undefined);
    return read?.profile === undefined ? undefined : { path, title: `${read.profile.name} (${basename(path)})`, options: [...read.profile.options] };
  }));
  const basic: ProfileChoice = { path: '', title: l10n.t('Basic Profile'), options: [] };
  return { profiles: [basic, ...profiles.filter((profile) => profile !== undefined)], options: optionChoices() };
}

/** The options in the order of the standard; those that do not work yet cannot be ticked. */
export function optionChoices(): OptionChoice[] {
  return OPTION_NAMES.map((name) => ({ name, title: l10n.t(OPTIONS[name].title), text: `${optionText(name)} (PS3.15 ${OPTIONS[name].section})`, disabled: !isUsable(name) }));
}

/** Whether the core carries the option out; the core itself knows, so that this list cannot grow old. */
export function isUsable(name: string): boolean {
  try {
    createProfile({ options: [name] });
    return true;
  } catch {
    return false;
  }
}

function optionText(name: OptionName): string {
  switch (name) {
    case 'retain-safe-private': return l10n.t('Keeps private elements that are known to identify nobody');
    case 'retain-uids': return l10n.t('Keeps the UIDs, so that the files still fit the originals');
    case 'retain-device-identity': return l10n.t('Keeps serial numbers and names of devices');
    case 'retain-institution-identity': return l10n.t('Keeps names and addresses of institutions');
    case 'retain-patient-characteristics': return l10n.t('Keeps sex, age, size and weight');
    case 'retain-longitudinal-full-dates': return l10n.t('Keeps dates and times as they are');
    case 'retain-longitudinal-modified-dates': return l10n.t('Moves all dates of a patient by the same number of days');
    case 'clean-descriptors': return l10n.t('Keeps descriptions and comments, without identifiers in them');
    case 'clean-structured-content': return l10n.t('Keeps structured reports, without identifiers in them');
    case 'clean-graphics': return l10n.t('Keeps graphics and overlays, without text in them');
    case 'clean-pixel-data': return l10n.t('Blacks out text in the pixels');
    case 'clean-recognizable-visual-features': return l10n.t('Makes faces unrecognizable; not yet available');
  }
}
