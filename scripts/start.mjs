// The main job on a fresh clone: build, make the sample study, de-identify it, say what was done and where it lies.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureInstall, root, run } from './ensure-install.mjs';

const OPTIONS = ['clean-descriptors', 'clean-graphics', 'clean-structured-content', 'retain-safe-private'];
const ROWS = 24;
const COLUMNS = 96;

const source = join('sample', 'source');
const output = join('sample', 'anonymized');
const report = join('sample', 'report.json');
const page = join('sample', 'report.html');

const title = (text) => console.log(`\n${text}\n${'═'.repeat(text.length)}`);
const wrapped = (text) => text.replace(new RegExp(`(?![^\\n]{1,${COLUMNS}}$)([^\\n]{1,${COLUMNS}})\\s`, 'gm'), '$1\n');

/** What a command of the program says on standard output; its exit code ends this script where it is not 0. */
function cli(...args) {
  const { status, stdout } = spawnSync(process.execPath, ['dist/cli.js', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  if (status !== 0) {
    console.log(stdout);
    process.exit(status ?? 1);
  }
  return stdout;
}

ensureInstall();
run(process.execPath, ['esbuild.mjs']);
rmSync(join(root, 'sample'), { recursive: true, force: true });

title('Sample study');
run(process.execPath, ['dist/sample.js', source]);

title('De-identification');
console.log('Basic Application Confidentiality Profile (DICOM PS3.15 Annex E) with the options');
console.log(`${OPTIONS.map((option) => `  ${option}\n`).join('')}`);
const summary = cli('anonymize', source, '--output', output, '--report', report, ...OPTIONS.flatMap((option) => ['--option', option]));
const { actionTable } = createRequire(import.meta.url)('../dist/cli-action-table.js');
console.log(actionTable(JSON.parse(readFileSync(join(root, report), 'utf8')), ROWS));
console.log(wrapped(summary.replace(/^Report: .*\n/m, '')).trimEnd());

title('A second look');
console.log(wrapped(cli('verify', output, '--source', source)).trimEnd());

title('Where it lies');
cli('report', 'merge', report, '--output', page);
console.log(`originals    ${source}\nresult       ${output}\nreport       ${report}\nto read      ${page}\n`);
console.log(`Your own files:  node ${join('dist', 'cli.js')} anonymize <folder> --output <new folder>`);
