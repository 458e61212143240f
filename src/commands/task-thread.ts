import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { Profile, RegionRule } from '../anonymizer/profile.ts';
import type { Pair } from '../anonymizer/recorded-pseudonyms.ts';
import type { ProfileProblem } from '../anonymizer/profile-file.ts';
import { type Failure, serve } from '../views/thread-calls.ts';

export interface ReadProfile {
  readonly profile?: Profile | undefined;
  readonly problems: readonly ProfileProblem[];
}

/** What a table holds of an identifier. */
export interface FoundPair extends Pair {
  /** Name of the attribute, where the kind is one. */
  readonly attribute?: string | undefined;
}

/** Jobs that take longer than the host may wait, or need what the host does not load. */
const calls = {
  async readProfile({ text }: { text: string }): Promise<ReadProfile> {
    const { parseProfile, ProfileFileError } = await import('../anonymizer/profile-file.ts');
    try {
      return { profile: parseProfile(text), problems: [] };
    } catch (error) {
      if (error instanceof ProfileFileError) return { problems: error.problems };
      throw error;
    }
  },
  /** A profile with a region more; a new one with these options where there is no text. */
  async addRegion({ text, name, rule, isJson, options }: { text: string | undefined; name: string; rule: RegionRule; isJson: boolean; options: readonly string[] }): Promise<string> {
    const { addRegion } = await import('../anonymizer/profile-add-region.ts');
    const { formatProfile } = await import('../anonymizer/profile-file.ts');
    const { createProfile } = await import('../anonymizer/profile.ts');
    const added = addRegion(text ?? formatProfile(createProfile({ name, options })), rule);
    return isJson ? asJson(added) : added;
  },
  async writeProfile({ profile, isJson }: { profile: Profile; isJson: boolean }): Promise<string> {
    const { formatProfile } = await import('../anonymizer/profile-file.ts');
    const text = formatProfile(profile);
    return isJson ? asJson(text) : text;
  },
  /** Writes the sample study; a file that is there already is left as it is. */
  async sample({ folder }: { folder: string }): Promise<number> {
    const { sampleStudy } = await import('../sample/study.ts');
    let count = 0;
    for (const { path, bytes } of sampleStudy()) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      try {
        writeFileSync(file, bytes, { flag: 'wx' });
        count += 1;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
    }
    return count;
  },
  /** The key under a passphrase, as an age file that other tools can open too. */
  async sealKey({ key, passphrase }: { key: Uint8Array; passphrase: string }): Promise<string> {
    const { armor, Encrypter } = await import('age-encryption');
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    return armor.encode(await encrypter.encrypt(`${Buffer.from(key).toString('hex')}\n`));
  },
  /** @throws where the table cannot be opened or is none of ours */
  async lookUp({ path, secret, identifier }: { path: string; secret: string; identifier: string }): Promise<FoundPair[]> {
    const { lookUp } = await import('../batch/table-look-up.ts');
    const { describeTag } = await import('../anonymizer/dicom/dictionary-names.ts');
    const pairs: FoundPair[] = [];
    for await (const pair of lookUp(path, /^AGE-SECRET-KEY-/.test(secret.trim()) ? { identities: [secret.trim()] } : { passphrase: secret }, [identifier])) {
      const name = /^[0-9A-Fa-f]{8}$/.test(pair.kind) ? describeTag(Number.parseInt(pair.kind, 16))?.name : undefined;
      pairs.push(name === undefined ? pair : { ...pair, attribute: name });
    }
    return pairs;
  },
  /** @throws where the passphrase is wrong or the file is none of ours */
  async openKey({ text, passphrase }: { text: string; passphrase: string }): Promise<Uint8Array> {
    const hex = text.startsWith('-----BEGIN AGE') ? await unsealed(text, passphrase) : text;
    if (!/^[0-9a-fA-F]{64}\s*$/.test(hex)) throw new TypeError('not a key');
    return Uint8Array.from(Buffer.from(hex.trim(), 'hex'));
  },
};

export type TaskCalls = typeof calls;

/** Every value of a profile is text, a list or an object. */
async function asJson(text: string): Promise<string> {
  const { parse } = await import('yaml');
  return `${JSON.stringify(parse(text, { schema: 'failsafe' }), null, 2)}\n`;
}

async function unsealed(text: string, passphrase: string): Promise<string> {
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  return decrypter.decrypt(armor.decode(text), 'text');
}

function failureOf(error: unknown): Failure {
  return { name: error instanceof Error ? error.name : 'Error', code: error instanceof Error && 'code' in error ? String(error.code) : undefined, text: '' };
}

if (parentPort !== null) serve(parentPort, calls, failureOf);
