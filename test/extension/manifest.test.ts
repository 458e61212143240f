import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from 'vscode';
import { extension } from './workspace.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly walkthroughs: readonly [{ readonly steps: readonly Step[] }];
  };
}

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly media: { readonly svg?: string; readonly image?: Readonly<Record<string, string>>; readonly altText: string };
  readonly completionEvents: readonly string[];
}

/** The manifest as it is written, with its keys of texts and not with the texts of this window's language. */
function written(): Manifest {
  return JSON.parse(readFileSync(join(extension().extensionPath, 'package.json'), 'utf8')) as Manifest;
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

suite('The walkthrough', () => {
  for (const language of ['', '.it']) {
    test(`has four steps whose texts, pictures and commands are there${language === '' ? ', in English' : ', in Italian'}`, async () => {
      await extension().activate();
      const texts = JSON.parse(readFileSync(join(extension().extensionPath, `package.nls${language}.json`), 'utf8')) as Record<string, string>;
      const known = new Set(await commands.getCommands(true));
      const text = (key: string) => texts[/^%(.+)%$/.exec(key)?.[1] ?? ''] ?? '';
      const [{ steps }] = written().contributes.walkthroughs;
      equal(steps.length, 4);
      for (const { id, title, description, media, completionEvents } of steps) {
        ok(text(title) !== '' && text(description) !== '' && text(media.altText) !== '', `${id} lacks a text`);
        const pictures = [...(media.svg === undefined ? [] : [media.svg]), ...Object.values(media.image ?? {})];
        ok(pictures.length > 0, `${id} has no picture`);
        deepEqual(pictures.filter((path) => !existsSync(join(extension().extensionPath, path))), []);
        const links = [...text(description).matchAll(/\]\(command:([\w.]+)\)/g)].map(([, command]) => command);
        ok(links.length > 0, `${id} leads nowhere`);
        deepEqual([...links, ...completionEvents.map((event) => event.replace('onCommand:', ''))].filter((command) => !known.has(command)), []);
      }
    });
  }

  test('has the same links in both languages', () => {
    const linksOf = (language: string) => Object.entries(JSON.parse(readFileSync(join(extension().extensionPath, `package.nls${language}.json`), 'utf8')) as Record<string, string>)
      .filter(([key]) => key.startsWith('walkthrough.')).map(([key, text]) => [key, [...text.matchAll(/\]\((.+?)\)/g)].map(([, link]) => link)]);
    deepEqual(linksOf('.it'), linksOf(''));
  });
});
