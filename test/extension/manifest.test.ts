import { deepEqual, ok } from 'node:assert/strict';
import { commands } from 'vscode';
import { extension } from './workspace.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

suite('The extension', () => {
  test('activates in less than 50 ms', async () => {
    const began = performance.now();
    const { ms } = await extension().activate() as { readonly ms: number };
    console.log(`activated in ${ms.toFixed(1)} ms; asked for, found and loaded in ${(performance.now() - began).toFixed(0)} ms`);
    ok(extension().isActive);
    ok(ms < 50, `${ms} ms`);
  });

  test('registers every command that it contributes, and nothing starts it but its use', async () => {
    await extension().activate();
    const manifest = extension().packageJSON as Manifest;
    const known = new Set(await commands.getCommands(true));
    deepEqual(manifest.contributes.commands.map(({ command }) => command).filter((command) => !known.has(command)), []);
    deepEqual(manifest.activationEvents.filter((event) => event === '*' || event === 'onStartupFinished'), []);
  });
});
