import { readFile } from 'node:fs/promises';
import { isAbsolute, join, basename } from 'node:path';
import { type Disposable, l10n, workspace } from 'vscode';
import { createProfile, OPTIONS, OPTION_NAMES, type OptionName, PIXEL_CHOICES, type PixelChoice, type Profile, ProfileError, SUSPECT_CHOICES, type SuspectChoice } from '../anonymizer/profile.ts';
import type { Choices, OptionChoice, PixelModeChoice, ProfileChoice } from '../views/protocol.ts';
import type { Workbench } from './workbench.ts';

/** Profile and options that a person has chosen. */
export interface Chosen {
  /** Path of the profile file; empty for the Basic Profile. */
  readonly profile: string;
  readonly options: readonly string[];
  /** What Clean Pixel Data blacks out; what the profile or the setting says where it is absent. */
  readonly pixels?: string | undefined;
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
  const pixels = settings.get<string>('pixels', 'all-text');
  if (setting === '') return { profile: '', options, pixels };
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const profile = isAbsolute(setting) ? setting : join(folder, setting);
  const read = await readProfileFile(tasks, profile).catch(() => undefined);
  return { profile, options: read?.profile === undefined ? options : [...read.profile.options], pixels: read?.profile?.pixels ?? pixels };
}

export function keepChoice({ extension }: Workbench, { profile, options, pixels }: Chosen): void {
  void extension.workspaceState.update(STATE, { profile, options: [...options], pixels } satisfies Chosen);
}

/** New settings go before what was chosen under the old ones. */
export function followSettings({ extension }: Workbench): Disposable {
  return workspace.onDidChangeConfiguration((change) => {
    if (['profile', 'options', 'pixels'].some((name) => change.affectsConfiguration(`dicomAnonymizer.${name}`))) void extension.workspaceState.update(STATE, undefined);
  });
}

/**
 * The profile of a choice: its file's rules and name, with the options as they stand now.
 * @throws ProfileError with a sentence for the person
 */
export async function profileOf({ tasks }: Workbench, { profile, options, pixels }: Chosen): Promise<Profile> {
  const settings = workspace.getConfiguration('dicomAnonymizer');
  const mode = PIXEL_CHOICES.find((name) => name === pixels);
  const suspects = SUSPECT_CHOICES.find((name) => name === settings.get('suspects')) ?? 'warn';
  if (profile === '') return createProfile({ options, pixels: mode ?? settingOf(settings.get('pixels')), suspects });
  const { profile: read, problems } = await readProfileFile(tasks, profile);
  if (read === undefined) throw new ProfileError(l10n.t('The profile has mistakes; open it to see them. Line {0}: {1} {2}', problems[0]?.line ?? 1, problems[0]?.path ?? '', problems[0]?.message ?? ''));
  // The stricter of the two.
  return createProfile({ ...read, options, pixels: mode ?? read.pixels, suspects: strictest(suspects, read.suspects) });
}

function strictest(...choices: readonly SuspectChoice[]): SuspectChoice {
  return choices.includes('refuse') ? 'refuse' : 'warn';
}

function settingOf(value: unknown): PixelChoice {
  return PIXEL_CHOICES.find((name) => name === value) ?? 'all-text';
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
    return read?.profile === undefined ? undefined : { path, title: `${read.profile.name} (${basename(path)})`, options: [...read.profile.options], pixels: read.profile.pixels };
  }));
  const basic: ProfileChoice = { path: '', title: l10n.t('Basic Profile'), options: [], pixels: settingOf(workspace.getConfiguration('dicomAnonymizer').get('pixels')) };
  return { profiles: [basic, ...profiles.filter((profile) => profile !== undefined)], options: optionChoices(), pixelModes: pixelModeChoices() };
}

/** What Clean Pixel Data may black out, the most thorough first. */
export function pixelModeChoices(): PixelModeChoice[] {
  return PIXEL_CHOICES.map((name) => ({ name, ...pixelModeWords(name) }));
}

function pixelModeWords(name: PixelChoice): { title: string; text: string } {
  switch (name) {
    case 'all-text': return { title: l10n.t('All text'), text: l10n.t('Whatever text is found in the picture goes black') };
    case 'matching-text': return { title: l10n.t('Only what matches'), text: l10n.t('Only lines in which a value of the patient is read; other text stays, with a warning') };
    case 'regions': return { title: l10n.t('Only regions and rules'), text: l10n.t('Only drawn regions, rules of devices and what lies outside ultrasound regions; nobody looks for text') };
    case 'refuse': return { title: l10n.t('Refuse'), text: l10n.t('An image in which anything is found is not written') };
  }
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
