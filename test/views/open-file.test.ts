import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFile } from '../../src/views/open-file.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'dicom-open-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('the tags editor', () => {
  it('reads a regular file by ranges', () => {
    const path = join(folder(), 'file');
    writeFileSync(path, 'abcdef');
    const { source, close } = openFile(path);
    expect([source.size, Buffer.from(source.read(2, 4)).toString()]).toEqual([6, 'cd']);
    close();
  });

  it('refuses a pipe and never opens it: who writes to it still waits', async ({ skip }) => {
    if (process.platform === 'win32') return skip('Windows has no named pipes in folders');
    const path = join(folder(), 'pipe');
    execFileSync('mkfifo', [path]);
    const writer = spawn('sh', ['-c', 'echo begun; exec echo x > "$0"', path], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void writer.kill('SIGKILL'));
    await new Promise((resolve) => { writer.stdout.once('data', resolve); });
    expect(() => openFile(path)).toThrow('not a regular file');
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    expect(writer.exitCode).toBe(null);
  });

  it('refuses a socket', async ({ skip }) => {
    if (process.platform === 'win32') return skip('Windows has no sockets in folders');
    const path = join(folder(), 'socket');
    const server = createServer().listen(path);
    onTestFinished(() => void server.close());
    await new Promise((resolve) => { server.once('listening', resolve); });
    expect(() => openFile(path)).toThrow('not a regular file');
  });

  it('refuses a device', ({ skip }) => {
    if (process.platform === 'win32') return skip('Windows has no devices in folders');
    expect(() => openFile('/dev/zero')).toThrow('not a regular file');
  });

  it('tells a folder and a missing file by the codes of the system', () => {
    const path = folder();
    const code = (what: string) => {
      try {
        return openFile(what).source.size;
      } catch (error) {
        return error instanceof Error && 'code' in error ? error.code : undefined;
      }
    };
    expect([code(path), code(join(path, 'none'))]).toEqual(['EISDIR', 'ENOENT']);
  });
});
