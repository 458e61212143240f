import { UsageError } from '../batch/errors.ts';
import type { TableOutcome } from '../batch/table.ts';
import { passphraseOf } from './secrets.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Arguments of a table of original and new identifiers. */
export const TABLE_ARGUMENTS = {
  table: { type: 'string' }, recipient: { type: 'string', multiple: true }, 'passphrase-file': { type: 'string' },
} as const;

interface Chosen {
  readonly table?: string | undefined;
  readonly recipient?: string[] | undefined;
  readonly 'passphrase-file'?: string | undefined;
}

interface Places {
  readonly inputs: readonly string[];
  readonly output: string;
  readonly dryRun: boolean;
}

/** A table that takes lines; that of a dry run takes none. */
export interface OpenTable {
  add(lines: string): void;
  finish(): Promise<TableOutcome | undefined>;
  abandon(): void;
}

/**
 * The table that a run fills, opened; undefined where none was asked for.
 * @throws UsageError where it cannot lie there, or for whom it is sealed is not clear
 */
export async function chosenTable(values: Chosen, { inputs, output, dryRun }: Places, terminal: Terminal): Promise<OpenTable | undefined> {
  const { table: path, recipient: recipients = [], 'passphrase-file': passphraseFile } = values;
  if (path === undefined) {
    if (recipients.length > 0 || passphraseFile !== undefined) throw new UsageError('--recipient and --passphrase-file seal a table: name it with --table FILE.');
    return undefined;
  }
  if (recipients.length > 0 && passphraseFile !== undefined) throw new UsageError('A table is sealed with --recipient or with a passphrase, not with both.');
  const { checkTablePath, Table } = await import('../batch/table.ts');
  checkTablePath(path, inputs, output);
  if (dryRun) return { add: () => {}, finish: () => Promise.resolve(undefined), abandon: () => {} };
  const seal = recipients.length > 0 ? { recipients } : { passphrase: await passphraseOf(passphraseFile, terminal, true) };
  return new Table(path, seal, version);
}
