// The house's own rules, which no linter knows: who may import whom, what a bundle may reach, how long a file may be.
// Reads the tree and dist/ (which it builds where it is missing); prints what breaks a rule, and ends with 1 then.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const broken = [];
const breaks = (file, rule) => broken.push(`${file}: ${rule}`);

/** Tracked files and new ones, with slashes, relative to the root. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const text = (file) => readFileSync(join(root, file), 'utf8');
const sources = files.filter((file) => /^(src|media|scripts|test)\/.*\.(ts|mts|mjs|js)$/.test(file) && !/\/data\/|\.d\.ts$/.test(file));

// ---- Arrows of imports point one way -----------------------------------------------------------------------------

/** Part of the house → parts that it may import, itself aside. The first pattern that fits a file names its part. */
const HOUSE = [
  ['extension', /^src\/extension\.ts$/, ['commands', 'views', 'batch', 'codecs', 'ocr', 'anonymizer', 'sample']],
  ['cli', /^src\/((cli|engine|worker)\.ts$|cli\/)/, ['batch', 'codecs', 'ocr', 'anonymizer', 'sample']],
  ['commands', /^src\/commands\//, ['views', 'batch', 'codecs', 'ocr', 'anonymizer', 'sample']],
  ['views', /^src\/views\//, ['commands', 'batch', 'codecs', 'ocr', 'anonymizer']],
  ['batch', /^src\/batch\//, ['codecs', 'ocr', 'anonymizer']],
  ['ocr', /^src\/ocr\//, ['codecs', 'anonymizer']],
  ['codecs', /^src\/codecs\//, ['anonymizer']],
  ['sample', /^src\/sample\//, ['anonymizer']],
  ['dicom', /^src\/anonymizer\/dicom\//, []],
  ['rules', /^src\/anonymizer\/rules\//, ['dicom', 'profile']],
  ['profile', /^src\/anonymizer\/profile\.ts$/, ['dicom']],
  ['pseudonyms', /^src\/anonymizer\/(pseudonyms|keyed-digest|dates)\.ts$/, ['dicom']],
  ['anonymizer', /^src\/anonymizer\//, ['dicom', 'rules', 'profile', 'pseudonyms']],
  ['media', /^media\//, []],
  ['test', /^test\//, ['*']],
  ['scripts', /^scripts\//, ['*']],
];
const CORE = new Set(['dicom', 'rules', 'profile', 'pseudonyms', 'anonymizer']);
/** Packages that the core may name: all run on any host. */
const CORE_PACKAGES = /^(@noble\/hashes\/|dicom-character-set$|dicom-parser$|yaml$)/;
/** Parts that know the editor. */
const KNOW_VSCODE = new Set(['extension', 'commands', 'views']);

const partOf = (file) => HOUSE.find(([, pattern]) => pattern.test(file));

/** Module names of import and export statements and of import(), and whether only types are taken. */
function importsOf(source) {
  const found = [];
  for (const [, kind, name] of source.matchAll(/^\s*(import type|export type|import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]/gm)) {
    found.push({ name, typeOnly: kind.endsWith('type') });
  }
  for (const [, name] of source.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm)) found.push({ name, typeOnly: false });
  for (const [, name] of source.matchAll(/\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g)) found.push({ name, typeOnly: false });
  return found;
}

function checkImports(file) {
  const part = partOf(file);
  if (part === undefined) {
    breaks(file, 'stands in no part of the house; name its part in scripts/house-rules.mjs');
    return;
  }
  const [name, , mayImport] = part;
  for (const { name: target, typeOnly } of importsOf(text(file))) {
    if (!target.startsWith('.')) {
      if (CORE.has(name) && !CORE_PACKAGES.test(target)) breaks(file, `the core imports ${target}: no vscode, no node, no DOM`);
      if (target === 'vscode' && !KNOW_VSCODE.has(name) && name !== 'test') breaks(file, `${name} imports vscode`);
      if (target.startsWith('node:') && name === 'media') breaks(file, `the webview imports ${target}`);
      continue;
    }
    const path = relative(root, resolve(root, dirname(file), target.replace(/\?.*$/, ''))).replaceAll('\\', '/');
    const other = partOf(path)?.[0];
    const isCore = mayImport.includes('anonymizer') && CORE.has(other);
    if (mayImport.includes('*') || other === name || mayImport.includes(other) || isCore) continue;
    // The webview and the host share the list of their messages, as types.
    if (name === 'media' && typeOnly && /^src\/views\/protocol/.test(path)) continue;
    if (other !== undefined) breaks(file, `${name} imports ${other} (${path})`);
  }
}

// ---- Files ---------------------------------------------------------------------------------------------------------

const LONGEST = 300;
/** Tests are tables and sentences, generators are tables: they may be longer. */
const LONGEST_TABLE = 400;
/** One state machine, which two files would not make clearer. */
const LONGER = new Map([['src/anonymizer/dicom/reader.ts', 320]]);

function checkFile(file) {
  const source = text(file);
  const lines = source.split('\n').length - 1;
  const longest = LONGER.get(file) ?? (/^(test|scripts)\//.test(file) ? LONGEST_TABLE : LONGEST);
  if (lines > longest) breaks(file, `${lines} lines; a file does one thing in at most ${longest}`);
  if (/\b(utils?|helpers?|managers?)\b/i.test(file.slice(file.lastIndexOf('/') + 1))) breaks(file, 'utils, helpers and managers say nothing; name the noun');
  if (/^src\/.*\/index\.ts$/.test(file)) breaks(file, 'no barrel files');
  if (file.startsWith('src/anonymizer/') && /\b(Date\.now|new Date\(|Math\.random|performance\.now|crypto\.getRandomValues)\b/.test(source)) {
    breaks(file, 'the core has no clock and no randomness');
  }
  if (!/\.test\.ts$/.test(file)) return;
  if (/\b(it|describe|test)\.(only|todo|skip)\b/.test(source)) breaks(file, 'no test is left alone, to do or skipped');
  if (/\.skipIf\(/.test(source) && !/console\.warn|CORPUS/.test(source)) breaks(file, 'a skipped test says so aloud (console.warn)');
  if (!/\bexpect\b|\bassert\b/.test(source)) breaks(file, 'a test without an expectation');
}

/** Paths of a particular machine, in anything that is written by hand. */
function checkPlaces(file) {
  if (!/\.(ts|mts|mjs|js|md|json|sh|yml|yaml|html|css|py)$|^\.ci\//.test(file) || /package-lock\.json$|\/data\//.test(file)) return;
  if (file === 'scripts/house-rules.mjs') return;
  if (/(^|[\s'"`(=])\/(work|home|root|Users)\/\w/.test(text(file))) breaks(file, 'names a folder of a particular machine');
}

// ---- Bundles -------------------------------------------------------------------------------------------------------

/** What opens a connection, or makes code out of text that might. */
const REACHES_OUT = [
  [/\b(?:require|import)\(\s*["'](?:node:)?(https?|http2|net|dgram|tls|dns|dns\/promises|inspector|cluster|undici|ws)["']\s*\)/g, 'a module of the network'],
  [/\b(?:require|import)\(\s*["'](?:node:)?(child_process)["']\s*\)/g, 'another program'],
  [/(?:(?<![.\w$])|\b(?:globalThis|window|self)\.)fetch\s*\(/g, 'fetch'],
  [/\bnew\s+(?:\w+\.)?(XMLHttpRequest|WebSocket|EventSource|RTCPeerConnection|WebTransport)\b/g, 'a connection of the browser'],
  [/\bsendBeacon\s*\(/g, 'sendBeacon'],
  [/(?<![.\w$])eval\s*\(/g, 'eval'],
  [/\bnew\s+Function\s*\(/g, 'new Function'],
  [/\bimportScripts\s*\(/g, 'importScripts'],
];

/** What a bundle may hold all the same: in which, what, how it reads there, and why it reaches nobody. */
const ALLOWED = [];

function checkBundles() {
  const dist = join(root, 'dist');
  if (!existsSync(join(dist, 'cli.js'))) execFileSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  const bundles = readdirSync(dist, { recursive: true }).map(String).filter((name) => /\.(js|mjs|cjs)$/.test(name));
  for (const bundle of bundles) {
    const source = readFileSync(join(dist, bundle), 'utf8');
    for (const [pattern, what] of REACHES_OUT) {
      for (const hit of source.matchAll(pattern)) {
        const around = source.slice(Math.max(0, hit.index - 120), hit.index + 160);
        if (isComment(source, hit.index)) continue;
        const allowed = ALLOWED.find((each) => each.bundle.test(bundle) && each.what === what && each.around.test(around));
        if (allowed === undefined) breaks(`dist/${bundle}`, `${what} at offset ${hit.index}: ${source.slice(hit.index, hit.index + 80).replace(/\s+/g, ' ')}`);
      }
    }
  }
  return bundles.length;
}

function isComment(source, at) {
  const line = source.slice(source.lastIndexOf('\n', at) + 1, at);
  return /^\s*(\/\/|\*|\/\*)/.test(line);
}

for (const file of sources) {
  checkImports(file);
  checkFile(file);
}
for (const file of files) checkPlaces(file);
const bundles = checkBundles();

for (const line of broken) console.error(line);
console.log(`house rules: ${sources.length} files and ${bundles} bundles, ${broken.length} breaks`);
process.exitCode = broken.length === 0 ? 0 : 1;
