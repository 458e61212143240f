import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sampleStudy } from '../../src/sample/study.ts';

/** Writes the sample study, or the files of it that are named, below a folder. */
export function writeSample(folder: string, isWanted: (path: string) => boolean = () => true): string {
  for (const { path, bytes } of sampleStudy().filter(({ path: each }) => isWanted(each))) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return folder;
}

/** Relative paths of all files below a folder, with their bytes. */
export function filesBelow(folder: string): Map<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(files.map(({ parentPath, name }) => [join(parentPath, name).slice(folder.length + 1), readFileSync(join(parentPath, name))] as const).sort());
}
