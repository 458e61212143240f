import { describeTag } from '../anonymizer/dicom/dictionary-names.ts';
import { formatTag } from '../anonymizer/dicom/tag.ts';
import { UsageError } from '../batch/errors.ts';
import { nameOfTag } from '../batch/report-html.ts';
import { number } from '../batch/report-sentences.ts';
import { type VerifiedFile, verifyFiles } from '../batch/verify-files.ts';
import { parseArguments } from './arguments.ts';
import { chosenLimits } from './chosen-limits.ts';
import { tableText } from './table.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible-text.ts';

/** Findings of one file that are printed. */
const FINDINGS_NAMED = 5;

const OPTIONS = {
  source: { type: 'string' }, limit: { type: 'string', multiple: true }, manifest: { type: 'string', multiple: true }, 'public-key': { type: 'string' },
} as const;

/** `verify`: what still identifies in files; exit code 0 where nothing does and every file could be judged. */
export async function verify(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values: { source, limit, manifest, 'public-key': publicKey }, positionals: inputs } = parseArguments(args, OPTIONS);
  if (manifest !== undefined) {
    if (source !== undefined) throw new UsageError('--source and --manifest are two checks: ask for one after the other.');
    return (await import('./verify-manifest.ts')).verifyManifests({ manifests: manifest, inputs, publicKey }, terminal);
  }
  if (publicKey !== undefined) throw new UsageError('--public-key goes with --manifest.');
  if (inputs.length === 0) throw new UsageError('Name at least one file or folder.');
  const counts = { clean: 0, identifying: 0, unchecked: 0 };
  const files = verifyFiles({ inputs, source, limits: chosenLimits(limit) }, ({ files, unread, identifiers }) => {
    terminal.err(`Searching for ${number(identifiers)} identifiers of ${number(files)} originals${unread === 0 ? '' : `; ${number(unread)} could not be read`}\n`);
  });
  const attributes = new Attributes();
  for (const file of files) {
    counts[file.outcome] += 1;
    attributes.add(file);
    terminal.out(fileText(file));
  }
  terminal.out(attributes.table());
  const total = counts.clean + counts.identifying + counts.unchecked;
  terminal.out(total === 0 ? 'No file was found.\n' : `${number(counts.clean)} of ${number(total)} files hold nothing that identifies, as far as attributes tell; ${number(counts.identifying)} still identify, ${number(counts.unchecked)} could not be checked\n`);
  return counts.clean === total ? 0 : 1;
}

/** In how many files each attribute still identifies. */
class Attributes {
  private readonly files = new Map<string, number>();

  add({ findings }: VerifiedFile): void {
    for (const tag of new Set(findings.map(({ tag: each }) => (each === undefined ? '' : formatTag(each))))) this.files.set(tag, (this.files.get(tag) ?? 0) + 1);
  }

  table(): string {
    if (this.files.size === 0) return '';
    const rows = [...this.files].sort().map(([tag, count]) => [tag, tag === '' ? 'Outside Data Elements' : nameOfTag(Number.parseInt(tag.replace(/[(),]/g, ''), 16)), number(count)]);
    return `\n${tableText([{ title: 'Tag' }, { title: 'Name', max: 56 }, { title: 'Files', align: 'right' }], rows)}\n`;
  }
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
