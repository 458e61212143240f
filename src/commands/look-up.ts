import { commands, type Disposable, l10n, type Uri, window } from 'vscode';
import { ThreadError } from '../views/thread-calls.ts';
import type { FoundPair } from './task-thread.ts';
import type { Workbench } from './workbench.ts';

/** `lookUp`: from an identifier of a result to its original, by a table that a run kept. */
export function registerLookUp(workbench: Workbench): Disposable {
  return commands.registerCommand('dicomAnonymizer.lookUp', (identifier?: string, table?: Uri, secret?: string) => lookUp(workbench, identifier, table, secret));
}

/** Arguments stand for the answers of a person. The originals are shown to whoever asked, and written nowhere. */
async function lookUp({ tasks }: Workbench, given: string | undefined, source: Uri | undefined, givenSecret: string | undefined): Promise<readonly FoundPair[] | undefined> {
  const title = l10n.t('Look up an original');
  const identifier = given ?? await window.showInputBox({ title, prompt: l10n.t('An identifier of a result: a Patient ID, a UID, an Accession Number'), ignoreFocusOut: true });
  if (identifier === undefined || identifier.trim() === '') return undefined;
  const table = source ?? (await window.showOpenDialog({ title: l10n.t('The table of identifiers'), canSelectMany: false }))?.[0];
  if (table === undefined) return undefined;
  const secret = givenSecret ?? await window.showInputBox({ title, prompt: l10n.t('The passphrase of the table, or a secret key of age (AGE-SECRET-KEY-…)'), password: true, ignoreFocusOut: true });
  if (secret === undefined) return undefined;
  let pairs: readonly FoundPair[];
  try {
    pairs = await tasks.call('lookUp', { path: table.fsPath, secret, identifier });
  } catch (error) {
    if (!(error instanceof ThreadError)) throw error;
    void window.showErrorMessage(l10n.t('The table of identifiers cannot be opened: it is none, or the passphrase or the key is another one.'));
    return undefined;
  }
  const detail = pairs.map((pair) => `${nameOf(pair)}: ${pair.original}`).join('\n');
  if (pairs.length === 0) void window.showInformationMessage(l10n.t('This table does not hold the identifier.'));
  else if (given === undefined) void window.showInformationMessage(identifier, { modal: true, detail });
  return pairs;
}

function nameOf({ kind, attribute }: FoundPair): string {
  switch (kind) {
    case 'uid': return 'UID';
    case 'patient-id': return 'Patient ID';
    case 'patient-name': return l10n.t('Patient\'s Name and Birth Date');
    case 'patient-study': return l10n.t('Study Instance UID of the patient');
    case 'accession-number': return 'Accession Number';
    case 'study-id': return 'Study ID';
    case 'date-offset': return l10n.t('Days added to dates');
    default: return attribute ?? kind;
  }
}
