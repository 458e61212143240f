import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { UsageError } from '../batch/errors.ts';
import type { DigestReach } from '../batch/evidence.ts';
import { isInside, realOf } from '../batch/output-folder.ts';

/** Arguments of the manifest. */
export const MANIFEST_ARGUMENTS = { digests: { type: 'string' }, 'sign-key': { type: 'string' }, 'no-manifest': { type: 'boolean' } } as const;

interface Chosen {
  readonly digests?: string | undefined;
  readonly 'no-verify'?: boolean | undefined;
  readonly 'sign-key'?: string | undefined;
  readonly 'no-manifest'?: boolean | undefined;
}

/** As a run takes them. */
export interface ChosenManifest {
  readonly manifest: DigestReach | undefined;
  readonly signingKey: KeyObject | undefined;
}

/**
 * All bytes are digested but for those who waive the check of the results, too, and sign nothing: they want speed.
 * @throws UsageError for what contradicts itself, or a key that will not do
 */
export async function chosenManifest(values: Chosen, output: string, dryRun: boolean): Promise<ChosenManifest> {
  const { digests, 'sign-key': signKey, 'no-manifest': isUnwanted = false } = values;
  if (isUnwanted) {
    if (signKey !== undefined || digests !== undefined) throw new UsageError('--no-manifest leaves nothing to be signed or digested.');
    return { manifest: undefined, signingKey: undefined };
  }
  const manifest = digests ?? (signKey === undefined && values['no-verify'] === true ? 'head' : 'whole');
  if (manifest !== 'head' && manifest !== 'whole') throw new UsageError('--digests is head or whole.');
  if (signKey === undefined) return { manifest, signingKey: undefined };
  if (isInside(realOf(resolve(signKey)), realOf(resolve(output)))) throw new UsageError('The output folder holds de-identified files and nothing else. Keep the key for signatures elsewhere.');
  return { manifest, signingKey: dryRun ? undefined : (await import('../batch/signature.ts')).readOrMakeSigningKey(signKey) };
}
