import { readFileSync } from 'node:fs';
import { systemReason, UsageError } from '../batch/errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * A passphrase from the first line of a file, else from whoever sits at the terminal, else from the first line of the
 * standard input. Never from an argument or the environment, which other processes can read.
 * @param isNew asks twice where it is typed
 * @throws UsageError where there is none
 */
export async function passphraseOf(file: string | undefined, terminal: Terminal, isNew: boolean): Promise<string> {
  const passphrase = file === undefined ? await asked(terminal, isNew) : firstLine(readSecret(file, 'passphrase'));
  if (passphrase === '') throw new UsageError('The passphrase is empty.');
  return passphrase;
}

async function asked(terminal: Terminal, isNew: boolean): Promise<string> {
  if (terminal.askSecret === undefined) throw new UsageError('There is nobody to ask for the passphrase: name a file with --passphrase-file FILE.');
  const first = await terminal.askSecret('Passphrase of the table: ');
  if (isNew && first.isTyped && (await terminal.askSecret('The same passphrase again: ')).text !== first.text) throw new UsageError('It is not the same passphrase.');
  return first.text;
}

/**
 * The secret keys of an identity file as age-keygen writes it: a line each, with `#` before remarks.
 * @throws UsageError where it cannot be read or holds none
 */
export function identitiesOf(file: string): string[] {
  const identities = readSecret(file, 'identity').split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (identities.length === 0) throw new UsageError('The identity file holds no secret key.');
  return identities;
}

function readSecret(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The ${what} file cannot be read: ${systemReason(error)}.`);
  }
}

export function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0];
}
