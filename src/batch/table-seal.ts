import { Decrypter, Encrypter } from 'age-encryption';
import { UsageError } from './errors.ts';

/** Who can open a table: whoever knows the passphrase, or the owners of these keys (`age1…`). */
export type Seal = { readonly passphrase: string } | { readonly recipients: readonly string[] };

/** What opens a table. */
export type Opener = { readonly passphrase: string } | { readonly identities: readonly string[] };

/** As for the key that the editor exports. */
export const SHORTEST_PASSPHRASE = 12;

/** @throws UsageError for what is no recipient, or a passphrase that is soon guessed */
export function encrypterOf(seal: Seal): Encrypter {
  const encrypter = new Encrypter();
  if ('passphrase' in seal) {
    if (seal.passphrase.length < SHORTEST_PASSPHRASE) throw new UsageError(`The passphrase must have at least ${SHORTEST_PASSPHRASE} characters.`);
    encrypter.setPassphrase(seal.passphrase);
    return encrypter;
  }
  for (const recipient of seal.recipients) {
    // What was given may be a secret key by mistake, so it is not repeated.
    attempt(() => encrypter.addRecipient(recipient), 'A recipient is a public key of age: age1 and letters and digits after it.');
  }
  return encrypter;
}

/** @throws UsageError for what is no identity */
export function decrypterOf(opener: Opener): Decrypter {
  const decrypter = new Decrypter();
  if ('passphrase' in opener) decrypter.addPassphrase(opener.passphrase);
  else for (const identity of opener.identities) attempt(() => decrypter.addIdentity(identity), 'An identity file holds secret keys of age, a line each: AGE-SECRET-KEY-1 and letters and digits after it.');
  return decrypter;
}

function attempt(work: () => void, otherwise: string): void {
  try {
    work();
  } catch {
    throw new UsageError(otherwise);
  }
}
