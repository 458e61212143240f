import { deepEqual, ok } from 'node:assert/strict';
import { commands } from 'vscode';
import { extension, ownTime } from './workspace.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

suite('The extension', () => {
  test('costs less than 50 ms of the host\'s time to load and activate', async () => {
    const began = performance.now();
    const before = ownTime();
    await extension().activate();
    const cost = ownTime() - before;
    console.log(`activated in ${(performance.now() - began).toFixed(1)} ms, of which the host worked ${cost.toFixed(1)} ms`);
    ok(extension().isActive);
    ok(cost < 50, `${cost} ms`);
  });

  test('registers every command that it contributes, and nothing starts it but its use', async () => {
    await extension().activate();
    const manifest = extension().packageJSON as Manifest;
    const known = new Set(await commands.getCommands(true));
    deepEqual(manifest.contributes.commands.map(({ command }) => command).filter((command) => !known.has(command)), []);
    deepEqual(manifest.activationEvents.filter((event) => event === '*' || event === 'onStartupFinished'), []);
  });
});
