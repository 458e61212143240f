import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const notice = readFileSync(join(root, 'NOTICE'), 'utf8');

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

const packageAt = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;

/** What the bundles were made from, by their source maps; `npm test` builds them with such. */
function bundledPackages(): Package[] {
  const folders = new Set<string>();
  for (const name of readdirSync(dist, { recursive: true }).map(String).filter((each) => each.endsWith('.map'))) {
    const { sources } = JSON.parse(readFileSync(join(dist, name), 'utf8')) as { sources: string[] };
    for (const source of sources) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(resolve(dirname(join(dist, name)), source))?.[0];
      if (folder !== undefined && existsSync(join(folder, 'package.json'))) folders.add(folder);
    }
  }
  return [...folders].map(packageAt);
}

/** Lines of NOTICE that name a package, its version and its licence. */
const isNamed = ({ name, version, license }: Package) => (
  notice.split('\n').some((line) => line.trim().startsWith(`${name} `) && line.includes(version) && line.includes(license))
);

describe('NOTICE', () => {
  it('names every dependency with its version and licence', () => {
    const { dependencies } = packageAt(root) as unknown as { dependencies: Record<string, string> };
    const all = Object.keys(dependencies).map((name) => packageAt(join(root, 'node_modules', name)));
    expect(all.filter((each) => !isNamed(each)).map(({ name, version, license }) => `${name} ${version} ${license}`)).toEqual([]);
    // Pinned: what was looked at is what is installed.
    for (const { name, version } of all) expect(dependencies[name]).toBe(version);
  });

  it.runIf(existsSync(join(dist, 'cli.js.map')))('names everything that is in the bundles', () => {
    const bundled = bundledPackages();
    expect(bundled.length).toBeGreaterThan(5);
    expect(bundled.filter((each) => !isNamed(each)).map(({ name, version, license }) => `${name} ${version} ${license}`)).toEqual([]);
  });

  it('comes with the licences that want to be repeated', () => {
    for (const text of ['Permission is hereby granted, free of charge', 'Neither the name of the age project', 'Permission to use, copy, modify, and/or distribute']) expect(notice).toContain(text);
  });
});
