import { describeTag } from '../anonymizer/dicom/dictionary-names.ts';
import { UsageError } from '../batch/errors.ts';
import { number } from '../batch/report-sentences.ts';
import { type VerifiedFile, verifyFiles } from '../batch/verify-files.ts';
import { parseArguments } from './arguments.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible-text.ts';

/** Findings of one file that are printed. */
const FINDINGS_NAMED = 20;

/** `verify`: what still identifies in files; exit code 0 where nothing does and every file could be judged. */
export async function verify(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values: { source }, positionals: inputs } = parseArguments(args, { source: { type: 'string' } });
  if (inputs.length === 0) throw new UsageError('Name at least one file or folder.');
  const counts = { clean: 0, identifying: 0, unchecked: 0 };
  const files = verifyFiles({ inputs, source }, ({ files, unread, identifiers }) => {
    terminal.err(`Searching for ${number(identifiers)} identifiers of ${number(files)} originals${unread === 0 ? '' : `; ${number(unread)} could not be read`}\n`);
  });
  for (const file of files) {
    counts[file.outcome] += 1;
    terminal.out(fileText(file));
  }
  const total = counts.clean + counts.identifying + counts.unchecked;
  terminal.out(total === 0 ? 'No file was found.\n' : `${number(counts.clean)} of ${number(total)} files hold nothing that identifies, as far as attributes tell; ${number(counts.identifying)} still identify, ${number(counts.unchecked)} could not be checked\n`);
  return counts.clean === total ? 0 : 1;
}

function fileText({ path, outcome, findings, reason }: VerifiedFile): string {
  if (outcome === 'clean') return '';
  if (outcome === 'unchecked') return `${visible(path)}\n  could not be checked: ${reason ?? ''}\n`;
  const lines = findings.slice(0, FINDINGS_NAMED).map(({ tag, path: place, text }) => {
    const name = tag === undefined ? undefined : describeTag(tag)?.name;
    return `  ${[place, name].filter((part) => part !== undefined && part !== '').join(' ')}${place === '' ? '' : ': '}${text}\n`;
  });
  const more = findings.length > lines.length ? `  and ${number(findings.length - lines.length)} more\n` : '';
  return `${visible(path)}\n${lines.join('')}${more}`;
}
