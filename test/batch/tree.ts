import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Relative path → digest of every file below a folder. */
export function treeOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return new Map(files.map(({ parentPath, name }) => [join(parentPath, name).slice(folder.length + 1), digest(join(parentPath, name))] as const).sort());
}
