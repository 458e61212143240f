import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { systemCode, systemReason, UsageError } from './errors.ts';
import { isInside, realOf } from './output-folder.ts';
import { encrypterOf, type Seal } from './table-seal.ts';

/** First line of a table. */
export interface TableHead {
  readonly kind: 'table';
  readonly format: 1;
  readonly program: string;
  readonly version: string;
}

/** What became of a table. */
export type TableOutcome = { readonly path: string } | { readonly problem: string };

/** Bytes that are gathered before they are encrypted: age does so by blocks of this size. */
const BLOCK = 1 << 16;

/**
 * Looks before the work begins whether a table can lie there.
 * @throws UsageError for a file that exists, a folder that does not, or a place in an input or in the output
 */
export function checkTablePath(path: string, inputs: readonly string[], output: string): void {
  const folder = dirname(resolve(path));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError('The folder of the table of identifiers does not exist.');
  if (existsSync(path)) throw new UsageError('The table of identifiers exists already and is not overwritten. Choose another name.');
  const place = realOf(resolve(path));
  if (isInside(place, realOf(resolve(output)))) throw new UsageError('The table of identifiers leads back to persons: keep it away from the output folder.');
  if (inputs.some((input) => isInside(place, realOf(resolve(input))))) throw new UsageError('Keep the table of identifiers outside of the inputs.');
}

/**
 * A table of original and new identifiers, encrypted with age while it is written, so that no original stands on the
 * disk in clear and memory does not grow with it: lines of JSON, the first of which is a `TableHead` and every other a
 * `Pair`. It gets its name when it is complete. What goes wrong with it stops no run and is told in the end.
 */
export class Table {
  private readonly temporary: string;
  private readonly file: number;
  private readonly written: Promise<void>;
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  private text = '';
  private problem: string | undefined;

  /** @throws UsageError where it cannot be made, or nobody could open it */
  constructor(private readonly path: string, seal: Seal, version: string) {
    const encrypter = encrypterOf(seal);
    this.temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.partial`;
    try {
      this.file = openSync(this.temporary, 'wx', 0o600);
    } catch (error) {
      throw new UsageError(`The table of identifiers cannot be made: ${systemReason(error)}.`);
    }
    const plain = new ReadableStream<Uint8Array>({ start: (controller) => { this.controller = controller; } });
    this.add(`${JSON.stringify({ kind: 'table', format: 1, program: 'DICOM Anonymizer', version } satisfies TableHead)}\n`);
    this.written = this.write(encrypter.encrypt(plain as unknown as Parameters<typeof encrypter.encrypt>[0] & ReadableStream<Uint8Array>) as unknown as Promise<AsyncIterable<Uint8Array>>);
  }

  /** @param lines of JSON, whole ones */
  add(lines: string): void {
    this.text += lines;
    if (this.text.length >= BLOCK) this.flush();
  }

  /** Completes it and gives it its name. */
  async finish(): Promise<TableOutcome> {
    this.flush();
    this.controller?.close();
    await this.written;
    try {
      closeSync(this.file);
      if (this.problem === undefined) this.name();
    } catch (error) {
      this.problem ??= systemReason(error);
    }
    rmSync(this.temporary, { force: true });
    return this.problem === undefined ? { path: this.path } : { problem: `The table of identifiers could not be written: ${this.problem}. Nothing leads back by it.` };
  }

  /** Leaves nothing of one whose run did not come to its end. */
  abandon(): void {
    this.problem ??= 'it was abandoned';
    this.controller?.error(new Error('abandoned'));
    this.written.catch(() => {});
    closeSync(this.file);
    rmSync(this.temporary, { force: true });
  }

  private flush(): void {
    const { text } = this;
    this.text = '';
    if (text !== '' && this.problem === undefined) this.controller?.enqueue(Buffer.from(text));
  }

  /** A link is never made over a file, unlike a new name. */
  private name(): void {
    try {
      linkSync(this.temporary, this.path);
    } catch (error) {
      if (systemCode(error) === 'EEXIST' || existsSync(this.path)) throw error;
      renameSync(this.temporary, this.path);
    }
  }

  private async write(encrypted: Promise<AsyncIterable<Uint8Array>>): Promise<void> {
    try {
      for await (const bytes of await encrypted) {
        if (this.problem !== undefined) continue;
        for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at);
      }
    } catch (error) {
      this.problem ??= systemReason(error);
    }
  }
}
