import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Table } from '../../src/batch/table.ts';
import { filesIn, run, sampleFolder, uri } from './workspace.ts';

const PASSPHRASE = 'correct horse battery';

suite('Looking up an original', () => {
  test('finds it in a table of the command line, and nothing by another passphrase', async () => {
    const file = join(dirname(sampleFolder()), 'table.age');
    const table = new Table(file, { passphrase: PASSPHRASE }, 'test');
    table.add(`${JSON.stringify({ kind: 'patient-id', original: '4711', pseudonym: 'ANON1' })}\n`);
    await table.finish();
    deepEqual(await run('lookUp', 'ANON1', uri(file), PASSPHRASE), [{ kind: 'patient-id', original: '4711', pseudonym: 'ANON1' }]);
    deepEqual(await run('lookUp', 'ANON2', uri(file), PASSPHRASE), []);
    equal(await run('lookUp', 'ANON1', uri(file), 'another passphrase'), undefined);
  });
});

suite('A run of the editor', () => {
  test('leaves a manifest beside the output folder that names no source', async () => {
    const source = sampleFolder();
    const output = join(dirname(source), 'with-manifest');
    await run('batch', { inputs: [source], output, chosen: { profile: '', options: [] } });
    const manifest = filesIn(dirname(source)).find((path) => path === `${output}.manifest.jsonl`);
    ok(manifest !== undefined);
    const text = readFileSync(manifest, 'utf8');
    ok(text.includes('"kind":"file"') && text.includes('"kind":"end"'));
    ok(!text.includes(source));
  });
});
