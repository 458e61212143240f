import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { UsageError } from '../batch/errors.ts';
import { additionalFiles, type Deviation, folderOfManifest, ManifestError, OpenManifest } from '../batch/manifest-verify.ts';
import { number } from '../batch/report-sentences.ts';
import { readPublicKey } from '../batch/signature.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible-text.ts';

/** Files that are named on the screen. */
const FILES_NAMED = 100;

export interface ManifestRequest {
  readonly manifests: readonly string[];
  /** The output folder, where it does not lie beside the manifests. */
  readonly inputs: readonly string[];
  /** PEM file of the key that must have signed. */
  readonly publicKey: string | undefined;
}

/** `verify --manifest`: whether an output folder is what its manifests say; exit code 0 where it is in all. */
export function verifyManifests({ manifests: paths, inputs, publicKey }: ManifestRequest, terminal: Terminal): number {
  if (inputs.length > 1) throw new UsageError('Manifests speak of one output folder: name that one, or none where it lies beside them.');
  const folder = inputs[0] ?? commonFolder(paths);
  const signer = publicKey === undefined ? undefined : readPublicKey(publicKey);
  const manifests: OpenManifest[] = [];
  try {
    for (const path of paths) {
      const manifest = new OpenManifest(path, signer);
      manifests.push(manifest);
      terminal.out(describe(path, manifest));
    }
    return report(folder, manifests, terminal);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    terminal.err(`A manifest proves nothing: ${error.message}: ${visible(paths[manifests.length])}\n`);
    return 1;
  } finally {
    for (const manifest of manifests) manifest.close();
  }
}

function commonFolder(paths: readonly string[]): string {
  const [folder, ...others] = new Set(paths.map((path) => folderOfManifest(resolve(path))));
  if (folder === undefined || others.length > 0) throw new UsageError('Name the output folder: it does not follow from the names of the manifests.');
  return folder;
}

function describe(path: string, { seal: { head, end, signer } }: OpenManifest): string {
  const { summary } = end;
  const shard = head.shard === undefined ? '' : `, shard ${head.shard}`;
  return `${visible(path)}
  made by ${visible(head.program)} ${visible(head.version)}${shard}, PS3.15 ${visible(head.edition)}, profile ${visible(head.profile.name)} (SHA-256 ${head.profile.sha256.slice(0, 16)}…)
  ${number(end.files)} files, of which ${number(summary.verified)} were verified when they were written${head.digests === 'head' ? '; digests of their first bytes and sizes' : '; digests of all their bytes'}
  ${signer === undefined ? 'not signed' : `signed, key ${fingerprint(signer)}`}
`;
}

/** Of a public key, as ssh has it. */
function fingerprint(key: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

function report(folder: string, manifests: readonly OpenManifest[], terminal: Terminal): number {
  const counts = { missing: 0, changed: 0, additional: 0 };
  let named = 0;
  const tell = ({ kind, output, reason }: Deviation) => {
    counts[kind] += 1;
    if (named++ < FILES_NAMED) terminal.out(`${kind}: ${visible(output)}${reason === undefined ? '' : `: ${reason}`}\n`);
  };
  for (const manifest of manifests) for (const deviation of manifest.check(folder)) tell(deviation);
  for (const deviation of additionalFiles(folder, manifests)) tell(deviation);
  if (named > FILES_NAMED) terminal.out(`and ${number(named - FILES_NAMED)} more\n`);
  const total = manifests.reduce((sum, { seal }) => sum + seal.end.files, 0);
  terminal.out(`${number(total - counts.missing - counts.changed)} of ${number(total)} files are as the manifest says; ${number(counts.changed)} changed, ${number(counts.missing)} missing, ${number(counts.additional)} additional\n`);
  return named === 0 ? 0 : 1;
}
