import { equal, ok } from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CompletionList, commands, type Hover, languages, Position, workspace } from 'vscode';
import { run, sampleFolder, until, uri } from './workspace.ts';

const folder = () => dirname(sampleFolder());

async function open(text: string, name = 'my.dicom-profile.yaml') {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return workspace.openTextDocument(path);
}

async function completions(text: string, line: number, character: number): Promise<string[]> {
  const document = await open(text);
  const list = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', document.uri, new Position(line, character));
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

suite('Profiles', () => {
  test('New Profile writes one that can be used, as YAML and as JSON', async () => {
    for (const name of ['new.dicom-profile.yaml', 'new.dicom-profile.json']) {
      const path = join(folder(), name);
      await run('newProfile', uri(path));
      if (name.endsWith('json')) ok(Array.isArray((JSON.parse(readFileSync(path, 'utf8')) as { options: unknown }).options));
      equal(await run('useProfile', uri(path)), true);
    }
  });

  test('Use This Profile takes none with mistakes', async () => {
    const document = await open('options:\n  - retain-everything\n');
    equal(await run('useProfile', document.uri), false);
  });

  test('mistakes are shown where they stand', async () => {
    const document = await open('name: Mine\noptions:\n  - retain-everything\n');
    equal(document.languageId, 'dicom-profile');
    await until('the mistake', () => languages.getDiagnostics(document.uri).length > 0);
    equal(languages.getDiagnostics(document.uri)[0].range.start.line, 2);
  });

  test('options, keys and actions are proposed where they belong', async () => {
    ok((await completions('options:\n  - \n', 1, 4)).includes('retain-uids'));
    for (const key of ['rules', 'pixels', 'suspects', 'regions']) ok((await completions('', 0, 0)).includes(key), key);
    ok((await completions('pixels: \n', 0, 8)).includes('matching-text'));
    ok((await completions('regions:\n  - ', 1, 4)).includes('boxes'));
    ok((await completions('rules:\n  - keyword: PatientName\n    action: \n', 2, 12)).includes('empty'));
  });

  test('hovers say what an option does', async () => {
    const document = await open('options:\n  - retain-uids\n');
    const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, new Position(1, 8));
    ok(hovers.length > 0);
  });

  test('rules of a profile are carried out', async () => {
    const source = sampleFolder();
    const profile = join(dirname(source), 'mine.dicom-profile.yaml');
    writeFileSync(profile, 'name: Mine\nrules:\n  - keyword: StudyDescription\n    action: replace\n    value: MY STUDY\n');
    const output = join(dirname(source), 'out');
    await run('batch', { inputs: [join(source, 'DANDRA_NICOLO', 'CT')], output, chosen: { profile, options: [] } });
    const { filesIn } = await import('./workspace.ts');
    ok(readFileSync(filesIn(output)[0]).includes('MY STUDY'));
    await run('batch', { inputs: [source], output: join(dirname(source), 'reset'), chosen: { profile: '', options: [] } });
  });
});
