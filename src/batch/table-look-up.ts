import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Pair } from '../anonymizer/recorded-pseudonyms.ts';
import { systemCode, systemReason, UsageError } from './errors.ts';
import type { TableHead } from './table.ts';
import { decrypterOf, type Opener } from './table-seal.ts';

/**
 * The pairs of a table whose pseudonyms are asked for, each once. It is read block by block and never as a whole.
 * @throws UsageError where it cannot be read or opened, or is none
 */
export async function* lookUp(path: string, opener: Opener, pseudonyms: readonly string[]): AsyncGenerator<Pair> {
  const asked = new Set(pseudonyms.map(spelled));
  const found = new Set<string>();
  let isFirst = true;
  for await (const line of linesIn(path, opener)) {
    const pair = parse(line, isFirst);
    isFirst = false;
    if (pair === undefined || !asked.has(spelled(pair.pseudonym)) || found.has(line)) continue;
    found.add(line);
    yield pair;
  }
  if (isFirst) throw noTable();
}

/** A patient's code stands in the name with a caret. */
function spelled(pseudonym: string): string {
  return pseudonym.trim().replace(/^ANON\^/, 'ANON');
}

function parse(line: string, isFirst: boolean): Pair | undefined {
  let value: Partial<Pair & TableHead> | null;
  try {
    value = JSON.parse(line) as Partial<Pair & TableHead> | null;
  } catch {
    throw noTable();
  }
  if (isFirst) {
    if (value?.kind !== 'table' || value.format !== 1) throw noTable();
    return undefined;
  }
  const { kind, original, pseudonym } = value ?? {};
  if (typeof kind !== 'string' || typeof original !== 'string' || typeof pseudonym !== 'string') throw noTable();
  return { kind, original, pseudonym };
}

function noTable(): UsageError {
  return new UsageError('This is no table of identifiers of this program.');
}

async function* linesIn(path: string, opener: Opener): AsyncGenerator<string> {
  const decrypter = decrypterOf(opener);
  const file = createReadStream(path);
  let isOpen = false;
  try {
    const plain = await decrypter.decrypt(Readable.toWeb(file) as unknown as globalThis.ReadableStream<Uint8Array>);
    isOpen = true;
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of plain as unknown as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (typeof systemCode(error) === 'string') throw new UsageError(`The table of identifiers cannot be read: ${systemReason(error)}.`);
    throw new UsageError(isOpen ? 'The table of identifiers is damaged or cut off.' : 'The table of identifiers cannot be opened: it is none, or the passphrase or the identity is another one.');
  } finally {
    file.destroy();
  }
}
