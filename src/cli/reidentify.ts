import { describeTag } from '../anonymizer/dicom/dictionary-names.ts';
import { formatTag } from '../anonymizer/dicom/tag.ts';
import { UsageError } from '../batch/errors.ts';
import { lookUp } from '../batch/table-look-up.ts';
import { parseArguments } from './arguments.ts';
import { identitiesOf, passphraseOf } from './secrets.ts';
import { tableText } from './table.ts';
import type { Terminal } from './terminal.ts';

const OPTIONS = { table: { type: 'string' }, 'identity-file': { type: 'string' }, 'passphrase-file': { type: 'string' } } as const;

/** `reidentify`: the originals of new identifiers, by a table; exit code 0 where each was found. */
export async function reidentify(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values: { table, 'identity-file': identityFile, 'passphrase-file': passphraseFile }, positionals: identifiers } = parseArguments(args, OPTIONS);
  if (identifiers.length === 0) throw new UsageError('Name at least one identifier of a result.');
  if (table === undefined) throw new UsageError('Name the table of identifiers with --table FILE.');
  if (identityFile !== undefined && passphraseFile !== undefined) throw new UsageError('A table is opened with --identity-file or with a passphrase, not with both.');
  const opener = identityFile === undefined ? { passphrase: await passphraseOf(passphraseFile, terminal, false) } : { identities: identitiesOf(identityFile) };
  const rows: string[][] = [];
  for await (const { kind, original, pseudonym } of lookUp(table, opener, identifiers)) rows.push([pseudonym, nameOfKind(kind), original]);
  if (rows.length > 0) terminal.out(tableText([{ title: 'New' }, { title: 'What' }, { title: 'Original' }], rows));
  const found = new Set(rows.map(([pseudonym]) => pseudonym));
  const missing = identifiers.filter((identifier) => !found.has(identifier.trim().replace(/^ANON\^/, 'ANON')));
  if (missing.length > 0) terminal.err(`${missing.length} of ${identifiers.length} not found in this table\n`);
  return missing.length === 0 ? 0 : 1;
}

const NAMES: Readonly<Record<string, string>> = {
  uid: 'UID', 'patient-id': 'Patient ID', 'patient-name': "Patient's Name, Birth Date", 'patient-study': 'Study Instance UID of the patient',
  'accession-number': 'Accession Number', 'study-id': 'Study ID', 'date-offset': 'Days added to dates',
};

function nameOfKind(kind: string): string {
  if (!/^[0-9A-Fa-f]{8}$/.test(kind)) return NAMES[kind] ?? kind;
  const tag = Number.parseInt(kind, 16);
  return describeTag(tag)?.name ?? formatTag(tag);
}
