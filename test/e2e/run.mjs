// All end-to-end tests from the packaged extension. `npm run test:e2e -- english` runs one scenario.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstall, root } from '../../scripts/ensure-install.mjs';

ensureInstall();
const setup = spawnSync('bash', [join(root, 'test/e2e/setup.sh')], { stdio: 'inherit' });
if (setup.status !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const { expect, record, summary, test } = await import('./suite.mjs');
const shots = process.env.SHOTS ?? join(tmpdir(), 'dicom-e2e-shots');
mkdirSync(shots, { recursive: true });
const vsix = join(shots, 'extension.vsix');
execFileSync(process.execPath, [join(root, 'scripts/package.mjs'), vsix], { stdio: ['ignore', 'ignore', 'inherit'], cwd: root });

const wanted = process.argv.slice(2);
const scenarios = {
  package: () => test('the package holds what it needs and nothing else, and little is activated', () => {
    const files = execFileSync('npx', ['vsce', 'ls', '--no-dependencies'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
    const wrong = files.filter((file) => !/^(dist\/(webview\/|assets\/)?[\w.-]+|media\/[\w-]+\.(css|png|svg|json)|l10n\/[\w.-]+\.json|schemas\/[\w.-]+\.json|package(\.nls(\.it)?)?\.json|README(\.it)?\.md|CHANGELOG\.md|SECURITY\.md|LICENSE(\.\w+)?|NOTICE)$/.test(file) || /\.(map|ts)$/.test(file) || /dist\/(cli|sample\.js)/.test(file));
    expect(wrong.length === 0, wrong.join(' '));
    for (const needed of ['dist/extension.js', 'dist/worker.js', 'dist/views-tags-thread.js', 'dist/views-pixels-thread.js', 'dist/views-sheet-thread.js', 'dist/webview/sheet.js', 'media/sheet.css', 'dist/assets/ocr-worker.js', 'dist/webview/tags.js', 'l10n/bundle.l10n.it.json', 'media/icon.png', 'schemas/dicom-profile.schema.json']) expect(files.includes(needed), `${needed} is missing`);
    const { size } = statSync(join(root, 'dist/extension.js'));
    expect(size < 300_000, `${size} bytes are activated`);
    return `${files.length} files, ${Math.round(statSync(vsix).size / 1000)} kB; ${Math.round(size / 1000)} kB are activated`;
  }),
  'in-host': async () => {
    const { tests, notes } = await (await import('./in-host.mjs')).runInHost();
    for (const { title, ok, error } of tests) record(title, ok, ok ? '' : error?.split('\n').slice(0, 8).join('\n        '));
    for (const note of notes) console.log(`        ${note}`);
    if (tests.length === 0) record('the suite in the extension host runs', false);
  },
  english: async () => (await import('./scenarios/english.mjs')).english({ vsix, shots }),
  italian: async () => (await import('./scenarios/italian.mjs')).italian({ vsix, shots }),
  pixels: async () => (await import('./scenarios/pixels.mjs')).pixels({ vsix, shots }),
  hard: async () => (await import('./scenarios/hard.mjs')).hard({ vsix, shots }),
};
for (const [name, run] of Object.entries(scenarios)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`== ${name}`);
  try {
    await run();
  } catch (error) {
    record(`the scenario ${name} runs to its end`, false, error.message.split('\n').slice(0, 5).join('\n        '));
  }
}
console.log(`pictures: ${shots}`);
process.exit(summary());
