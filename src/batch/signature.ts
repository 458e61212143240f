import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { systemCode, systemReason, UsageError } from './errors.ts';
import type { ManifestSignature } from './manifest.ts';

/** Says what is signed, so that a signature under something else is none of a manifest. */
const PURPOSE = 'DICOM Anonymizer manifest, SHA-256 ';

/**
 * A private key for Ed25519 (RFC 8410) from a PEM file without a passphrase, as `openssl genpkey -algorithm ed25519`
 * writes it. A missing file is made with mode 0600, with the public key beside it in FILE.pub.
 * @throws UsageError where the file cannot be read or made, or holds something else
 */
export function readOrMakeSigningKey(path: string): KeyObject {
  return makeSigningKey(path) ?? readSigningKey(path);
}

function makeSigningKey(path: string): KeyObject | undefined {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  try {
    writeNew(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return undefined;
    throw new UsageError(`The key file for signatures cannot be made: ${systemReason(error)}.`);
  }
  try {
    writeNew(`${path}.pub`, publicKey.export({ type: 'spki', format: 'pem' }).toString(), 0o644);
  } catch (error) {
    throw new UsageError(`The public key cannot be written beside the key file for signatures: ${systemReason(error)}.`);
  }
  return privateKey;
}

function writeNew(path: string, text: string, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
}

function readSigningKey(path: string): KeyObject {
  return keyIn(path, createPrivateKey, 'The key file for signatures must hold a private key for Ed25519 as PEM, without a passphrase.');
}

/**
 * A public key for Ed25519 from a PEM file; that of a private key is taken as well.
 * @throws UsageError for anything else
 */
export function readPublicKey(path: string): KeyObject {
  return keyIn(path, createPublicKey, 'The file of the public key must hold a key for Ed25519 as PEM.');
}

function keyIn(path: string, parse: (pem: string) => KeyObject, otherwise: string): KeyObject {
  const text = textOf(path);
  try {
    const key = parse(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What the library says of it may quote it.
  }
  throw new UsageError(otherwise);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    throw new UsageError(`The key file for signatures cannot be read: ${systemReason(error)}.`);
  }
}

/** @param digest SHA-256 of all lines before, in hexadecimal digits */
export function signed(digest: string, key: KeyObject): ManifestSignature {
  return { kind: 'signature', algorithm: 'Ed25519', publicKey: publicText(createPublicKey(key)), signature: sign(null, Buffer.from(PURPOSE + digest), key).toString('base64') };
}

/** The public key where the signature is one of that digest; undefined where it is not, whatever it holds. */
export function signerOf({ algorithm, publicKey, signature }: ManifestSignature, digest: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    // Base64 has several spellings of the same bytes.
    const isExact = [publicKey, signature].every((text) => Buffer.from(text, 'base64').toString('base64') === text);
    const isOf = isExact && algorithm === 'Ed25519' && key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(PURPOSE + digest), key, Buffer.from(signature, 'base64'));
    return isOf ? key : undefined;
  } catch {
    return undefined;
  }
}

export function publicText(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}
