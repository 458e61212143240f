import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { commands, extensions, Uri } from 'vscode';
import { sampleStudy } from '../../src/sample/study.ts';

const ID = 'dicom-anonymizer.dicom-anonymizer';

/** A folder of its own with the sample study. */
export function sampleFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'dicom-test-')), 'source');
  for (const { path, bytes } of sampleStudy()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}

/** Paths of all files below a folder. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile()).sort();
}

export function contents(folder: string): string {
  return filesIn(folder).map((path) => `${path} ${readFileSync(path).toString('latin1')}`).join('\n');
}

export function extension() {
  const found = extensions.getExtension(ID);
  if (found === undefined) throw new Error('the extension is not there');
  return found;
}

export function run<T>(command: string, ...args: unknown[]): Thenable<T> {
  return commands.executeCommand<T>(`dicomAnonymizer.${command}`, ...args);
}

export async function until(what: string, ask: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (await ask()) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error(`waited in vain for ${what}`);
}

export const uri = (path: string) => Uri.file(path);

/** Processor time of this thread alone, in ms: other threads and programs on the machine do not count. */
export function ownTime(): number {
  const usage = (process as unknown as { threadCpuUsage?: () => { user: number; system: number } }).threadCpuUsage?.() ?? process.cpuUsage();
  return (usage.user + usage.system) / 1000;
}
