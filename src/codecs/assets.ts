import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The path of a file that ships beside the program: `assets/<file>` next to the bundle, or inside the package while
 * the program runs from its sources. Nothing is ever fetched.
 */
export function findAsset(packageName: string, path: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    for (const candidate of [join(folder, 'assets', basename(path)), join(folder, 'node_modules', packageName, path)]) {
      if (existsSync(candidate)) return candidate;
    }
    if (dirname(folder) === folder) throw new Error(`the installation is incomplete: ${basename(path)} is missing`);
  }
}
