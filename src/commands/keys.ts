import { randomBytes } from 'node:crypto';
import { commands, type Disposable, type ExtensionContext, l10n, Uri, window, workspace } from 'vscode';
import { KEY_LENGTH } from '../anonymizer/pseudonyms.ts';
import { ThreadError } from '../views/thread-calls.ts';
import type { Workbench } from './workbench.ts';

export interface RunKey {
  readonly key: Uint8Array;
  /** Whether it is there for the next run. */
  readonly isKept: boolean;
}

/** The key of previews where none is kept: their pseudonyms only show what they look like. */
const previewKey = randomBytes(KEY_LENGTH);

/** The name of the secret: one for each workspace, so that one project's pseudonyms say nothing in another. */
function nameOfSecret(): string {
  const place = workspace.workspaceFile ?? workspace.workspaceFolders?.[0]?.uri;
  return `key:${place?.toString() ?? 'no workspace'}`;
}

function isKeyKept(): boolean {
  return workspace.getConfiguration('dicomAnonymizer').get('key', 'workspace') === 'workspace';
}

async function keptKey({ secrets }: ExtensionContext): Promise<Uint8Array | undefined> {
  const hex = await secrets.get(nameOfSecret());
  return hex !== undefined && /^[0-9a-f]{64}$/.test(hex) ? Uint8Array.from(Buffer.from(hex, 'hex')) : undefined;
}

async function keepKey({ secrets }: ExtensionContext, key: Uint8Array): Promise<void> {
  await secrets.store(nameOfSecret(), Buffer.from(key).toString('hex'));
}

/** The key of the workspace, made at its first use; or one for this run, which nobody keeps. */
export async function keyForRun({ extension }: Workbench): Promise<RunKey> {
  if (!isKeyKept()) return { key: randomBytes(KEY_LENGTH), isKept: false };
  const kept = await keptKey(extension);
  if (kept !== undefined) return { key: kept, isKept: true };
  const key = randomBytes(KEY_LENGTH);
  await keepKey(extension, key);
  return { key, isKept: true };
}

/** The key that a run would have, without making one that is kept. */
export async function keyForPreview({ extension }: Workbench): Promise<Uint8Array> {
  return isKeyKept() ? await keptKey(extension) ?? previewKey : previewKey;
}

export function registerKeys(workbench: Workbench): Disposable[] {
  return [
    commands.registerCommand('dicomAnonymizer.exportKey', (target?: Uri, passphrase?: string) => exportKey(workbench, target, passphrase)),
    commands.registerCommand('dicomAnonymizer.importKey', (source?: Uri, passphrase?: string) => importKey(workbench, source, passphrase)),
    commands.registerCommand('dicomAnonymizer.forgetKey', (isSure?: boolean) => forgetKey(workbench, isSure === true)),
  ];
}

/** Writes the key under a passphrase; arguments stand for the answers of a person. */
async function exportKey({ extension, tasks }: Workbench, target: Uri | undefined, given: string | undefined): Promise<boolean> {
  const key = await keptKey(extension);
  if (key === undefined) {
    void window.showInformationMessage(l10n.t('This workspace has no key yet. It is made with the first run.'));
    return false;
  }
  const passphrase = given ?? await newPassphrase();
  if (passphrase === undefined) return false;
  const file = target ?? await window.showSaveDialog({ title: l10n.t('Export the key'), filters: { age: ['age'] }, defaultUri: Uri.joinPath(workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/'), 'dicom-key.age') });
  if (file === undefined) return false;
  await workspace.fs.writeFile(file, Buffer.from(await tasks.call('sealKey', { key, passphrase })));
  void window.showInformationMessage(l10n.t('The key was exported. Whoever has the file and the passphrase can lead pseudonyms back to patients.'));
  return true;
}

async function newPassphrase(): Promise<string | undefined> {
  const first = await window.showInputBox({ title: l10n.t('Export the key'), prompt: l10n.t('A passphrase of at least 12 characters'), password: true, ignoreFocusOut: true, validateInput: (text) => (text.length >= 12 ? undefined : l10n.t('At least 12 characters')) });
  if (first === undefined) return undefined;
  return window.showInputBox({ title: l10n.t('Export the key'), prompt: l10n.t('The same passphrase again'), password: true, ignoreFocusOut: true, validateInput: (text) => (text === first ? undefined : l10n.t('It is not the same')) });
}

async function importKey({ extension, tasks }: Workbench, source: Uri | undefined, given: string | undefined): Promise<boolean> {
  const file = source ?? (await window.showOpenDialog({ title: l10n.t('Import a key'), canSelectMany: false }))?.[0];
  if (file === undefined) return false;
  const text = Buffer.from(await workspace.fs.readFile(file)).toString('latin1').trim();
  const passphrase = given ?? (text.startsWith('-----BEGIN AGE') ? await window.showInputBox({ title: l10n.t('Import a key'), prompt: l10n.t('The passphrase of the key'), password: true, ignoreFocusOut: true }) : '');
  if (passphrase === undefined) return false;
  try {
    await keepKey(extension, await tasks.call('openKey', { text, passphrase }));
  } catch (error) {
    if (!(error instanceof ThreadError)) throw error;
    void window.showErrorMessage(l10n.t('This is not a key, or the passphrase is wrong.'));
    return false;
  }
  void window.showInformationMessage(l10n.t('The key was imported for this workspace.'));
  return true;
}

async function forgetKey({ extension: { secrets } }: Workbench, isSure: boolean): Promise<boolean> {
  const forget = l10n.t('Forget');
  const answer = isSure ? forget : await window.showWarningMessage(l10n.t('Forget the key of this workspace?'), { modal: true, detail: l10n.t('Later runs give other pseudonyms, and runs that were cancelled cannot go on. This cannot be undone.') }, forget);
  if (answer !== forget) return false;
  await secrets.delete(nameOfSecret());
  void window.showInformationMessage(l10n.t('The key of this workspace was forgotten.'));
  return true;
}
