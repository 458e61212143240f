// Clean Pixel Data in figures: `npm run bench:pixels -- speed`, `-- text [images]`, `-- slices [images]`, or all without an argument.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [what, ...rest] = process.argv.slice(2);

/** Bundled where the packages are found: what draws the images is native code. */
async function run(name, ...args) {
  const outfile = join(root, `node_modules/.cache/${name}.cjs`);
  await build({ entryPoints: [join(root, `test/bench/${name}.ts`)], outfile, bundle: true, platform: 'node', format: 'cjs', packages: 'external', logLevel: 'warning' });
  execFileSync(process.execPath, [outfile, ...args], { cwd: root, stdio: 'inherit' });
}

const wants = (name) => what === undefined || what === name;
if (what !== 'text') execFileSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: root, stdio: 'inherit' });
if (wants('speed')) await run('pixels-speed');
if (wants('text')) await run('pixels-text', ...rest);
if (wants('slices')) await run('pixels-slices', ...rest);
