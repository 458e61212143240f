import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** `src/cli/inspect.ts` → `cli-inspect`: every bundle lies flat in one folder, so that each finds the others beside it. */
const nameOf = (path) => relative(src, path).replace(/\.ts$/, '').split(sep).join('-');

/**
 * Bundles entry points for node, with a file of its own for each module that is imported by `import()`: a command
 * loads what it needs and nothing else. esbuild splits ESM alone, and CommonJS is what an extension host loads.
 * @param {import('esbuild').BuildOptions} options
 * @param {Record<string, string>} entries name of the bundle → source file
 */
export async function buildWithLazyChunks(options, entries) {
  const pending = new Map(Object.entries(entries).map(([name, path]) => [resolve(path), name]));
  const lazy = {
    name: 'lazy-chunks',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const file = resolve(resolveDir, path);
        if (!pending.has(file)) pending.set(file, nameOf(file));
        return { path: `./${pending.get(file)}.js`, external: true };
      });
    },
  };
  // A Map may grow while it is walked: what a bundle imports lazily is built after it.
  for (const [file, name] of pending) {
    await build({
      ...options,
      entryPoints: [file],
      outfile: `dist/${name}.js`,
      // As require(): the loader of ES modules alone costs some milliseconds.
      supported: { ...options.supported, 'dynamic-import': false },
      plugins: [...(options.plugins ?? []), lazy],
    });
  }
}
