import { equal, ok } from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesIn, run, sampleFolder, uri } from './workspace.ts';

const PASSPHRASE = 'correct horse battery';

suite('The key', () => {
  test('leads to the same pseudonyms after it was exported, forgotten and imported, and to others in between', async () => {
    const source = sampleFolder();
    const nameAfter = async (name: string) => {
      const output = join(dirname(source), name);
      await run('batch', { inputs: [source], output, chosen: { profile: '', options: [] } });
      return filesIn(output)[0].slice(output.length);
    };
    const first = await nameAfter('first');
    const file = join(dirname(source), 'key.age');
    equal(await run('exportKey', uri(file), PASSPHRASE), true);
    equal(await run('forgetKey', true), true);
    const other = await nameAfter('other');
    ok(first !== other);
    equal(await run('importKey', uri(file), PASSPHRASE), true);
    equal(await nameAfter('again'), first);
  });

  test('is an age file with a passphrase, which no other opens', async () => {
    const file = join(dirname(sampleFolder()), 'key.age');
    await run('exportKey', uri(file), PASSPHRASE);
    const text = readFileSync(file, 'latin1');
    ok(text.startsWith('-----BEGIN AGE ENCRYPTED FILE-----'));
    ok(!/[0-9a-f]{64}/.test(text));
    equal(await run('importKey', uri(file), 'wrong passphrase'), false);
  });

  test('is not taken from what is none', async () => {
    const file = join(dirname(sampleFolder()), 'none.txt');
    writeFileSync(file, 'hello');
    equal(await run('importKey', uri(file), ''), false);
  });
});
