import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/anonymizer/report.ts';
import { Table } from '../../src/batch/table.ts';
import { lookUp } from '../../src/batch/table-look-up.ts';
import { main } from '../../src/cli/main.ts';
import { askSecret } from '../../src/cli/typed-secret.ts';
import { SAMPLE_IDENTIFIERS } from '../../src/sample/people.ts';
import { capturedTerminal, cli, temporaryFolder } from './captured-terminal.ts';
import { filesBelow, writeSample } from './sample-folder.ts';

const PASSPHRASE = 'correct horse battery';
const isSmall = (path: string) => path.includes('/PR/') || path.includes('/CT/IM000') || path.includes('REFERTO');
const readReport = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Report;

async function places(...more: string[]) {
  const folder = temporaryFolder();
  const source = writeSample(join(folder, 'source'), isSmall);
  const identity = await generateIdentity();
  writeFileSync(join(folder, 'identity'), `# made by a test\n${identity}\n`);
  writeFileSync(join(folder, 'passphrase'), `${PASSPHRASE}\n`);
  const recipient = await identityToRecipient(identity);
  const run = (...args: string[]) => cli('anonymize', source, '--output', join(folder, 'output'), '--workers', '1', ...more, ...args);
  return { folder, source, recipient, table: join(folder, 'table.age'), output: join(folder, 'output'), report: join(folder, 'output.report.json'), run };
}

/** Values by another reader. */
function valuesIn(bytes: Uint8Array): Record<'patientId' | 'study' | 'series' | 'instance' | 'accession' | 'studyDate', string> {
  const dataSet = dicomParser.parseDicom(bytes);
  const text = (tag: string) => dataSet.string(tag) ?? '';
  return { patientId: text('x00100020'), study: text('x0020000d'), series: text('x0020000e'), instance: text('x00080018'), accession: text('x00080050'), studyDate: text('x00080020') };
}

describe('the table of identifiers', () => {
  it('leads from each new identifier to its original, and from nothing else', async () => {
    const { folder, source, recipient, table, output, run } = await places('--layout', 'mirror');
    expect((await run('--table', table, '--recipient', recipient)).code).toBe(0);
    const originals = filesBelow(source);
    for (const [path, bytes] of filesBelow(output)) {
      const before = valuesIn(originals.get(path) ?? Buffer.of());
      const after = valuesIn(bytes);
      for (const name of ['patientId', 'study', 'series', 'instance', 'accession'] as const) {
        if (before[name] === '') continue;
        const { code, out } = await cli('reidentify', after[name], '--table', table, '--identity-file', join(folder, 'identity'));
        expect([code, out.trimEnd().split('\n').at(-1)?.split(/ {2,}/)[2]]).toEqual([0, before[name]]);
      }
    }
    expect(await cli('reidentify', '2.25.1', '--table', table, '--identity-file', join(folder, 'identity'))).toMatchObject({ code: 1, out: '', err: expect.stringContaining('1 of 1 not found') });
  });

  it('tells by how many days the dates of a patient were moved', async () => {
    const { folder, source, table, output, run } = await places('--layout', 'mirror', '--option', 'retain-longitudinal-modified-dates');
    await run('--table', table, '--passphrase-file', join(folder, 'passphrase'));
    const [path, bytes] = [...filesBelow(output)].find(([each]) => each.includes('/CT/')) ?? ['', Buffer.of()];
    const day = (text: string) => Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6))) / 86_400_000;
    const [before, after] = [valuesIn(filesBelow(source).get(path) ?? Buffer.of()), valuesIn(bytes)];
    const { out } = await cli('reidentify', after.patientId, '--table', table, '--passphrase-file', join(folder, 'passphrase'));
    expect(out).toMatch(new RegExp(`Days added to dates +${day(after.studyDate) - day(before.studyDate)}\n`));
  });

  it('stands on the disk encrypted and for its owner alone, and never in the output folder or an input', async () => {
    const { folder, source, recipient, table, output, run } = await places();
    for (const forbidden of [join(output, 'table.age'), join(source, 'table.age')]) expect((await run('--table', forbidden, '--recipient', recipient)).code).toBe(2);
    expect(readdirSync(folder)).not.toContain('output');
    expect((await run('--table', table, '--recipient', recipient)).code).toBe(0);
    const bytes = readFileSync(table, 'latin1');
    expect(bytes).toMatch(/^age-encryption\.org\/v1\n/);
    expect(SAMPLE_IDENTIFIERS.filter((identifier) => identifier.length > 3 && bytes.includes(identifier))).toEqual([]);
    if (process.platform !== 'win32') expect(statSync(table).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('is not led into the output folder by a link', async () => {
    const { folder, recipient, output, run } = await places();
    mkdirSync(output);
    symlinkSync(output, join(folder, 'link'));
    expect(await run('--table', join(folder, 'link', 'table.age'), '--recipient', recipient)).toMatchObject({ code: 2, err: expect.stringContaining('keep it away') });
    expect(readdirSync(output)).toEqual([]);
  });

  it('never overwrites a file, and needs somebody who can open it', async () => {
    const { folder, recipient, table, run } = await places();
    writeFileSync(table, 'mine');
    expect((await run('--table', table, '--recipient', recipient)).code).toBe(2);
    expect(readFileSync(table, 'utf8')).toBe('mine');
    for (const args of [['--recipient', 'age1nonsense'], [], ['--recipient', recipient, '--passphrase-file', join(folder, 'passphrase')], ['--passphrase-file', join(folder, 'no such')]]) {
      expect((await run('--table', join(folder, 'new.age'), ...args)).code).toBe(2);
    }
    writeFileSync(join(folder, 'passphrase'), 'short\n');
    expect((await run('--table', join(folder, 'new.age'), '--passphrase-file', join(folder, 'passphrase'))).code).toBe(2);
    expect((await run('--recipient', recipient)).code).toBe(2);
    expect(readdirSync(folder).filter((name) => name.startsWith('new.age'))).toEqual([]);
  });

  it('makes a result pseudonymised whose key was not kept, and the report says what leads back', async () => {
    const withTable = await places();
    expect((await withTable.run('--table', withTable.table, '--recipient', withTable.recipient)).out).toContain('A way back is kept');
    expect(readReport(withTable.report)).toMatchObject({ result: 'pseudonymised', wayBack: ['table'] });
    const without = await places();
    expect((await without.run()).out).toContain('there is no way back');
    expect(readReport(without.report)).toMatchObject({ result: 'without-kept-key', wayBack: [] });
    const withKey = await places();
    expect((await withKey.run('--key-file', join(withKey.folder, 'key'))).out).toContain('No table of identifiers is kept');
    expect(readReport(withKey.report)).toMatchObject({ result: 'pseudonymised', wayBack: ['key'] });
  });

  it('of a run that goes on tells of what an earlier run had done as well', async () => {
    const { folder, recipient, output, run } = await places();
    const key = ['--key-file', join(folder, 'key')];
    await run(...key, '--table', join(folder, 'first.age'), '--recipient', recipient);
    expect((await run(...key, '--resume', '--table', join(folder, 'second.age'), '--recipient', recipient)).code).toBe(0);
    const { instance } = valuesIn([...filesBelow(output).values()][0]);
    const asked = (name: string) => cli('reidentify', instance, '--table', join(folder, name), '--identity-file', join(folder, 'identity'));
    expect((await asked('second.age')).out).toBe((await asked('first.age')).out);
    expect((await asked('second.age')).code).toBe(0);
  });

  it('is the same result that a run without it gives', async () => {
    const first = await places();
    await first.run('--key-file', join(first.folder, 'key'));
    const names = [...filesBelow(first.output)];
    expect((await cli('anonymize', first.source, '--output', join(first.folder, 'again'), '--key-file', join(first.folder, 'key'), '--table', first.table, '--recipient', first.recipient)).code).toBe(0);
    expect([...filesBelow(join(first.folder, 'again'))]).toEqual(names);
  });

  it('is not made by a dry run', async () => {
    const { folder, recipient, table, run } = await places();
    expect((await run('--dry-run', '--table', table, '--recipient', recipient)).code).toBe(0);
    expect(readdirSync(folder)).not.toContain('table.age');
  });
});

describe('looking up', () => {
  it('takes the passphrase from a file, from whoever is asked, and never from an argument', async () => {
    const { folder, table, output, run } = await places();
    await run('--table', table, '--passphrase-file', join(folder, 'passphrase'));
    const { patientId } = valuesIn([...filesBelow(output).values()][0]);
    const asking = (text: string) => {
      const asked: string[] = [];
      return { ...capturedTerminal(), asked, askSecret: (question: string) => { asked.push(question); return Promise.resolve({ text, isTyped: true }); } };
    };
    const right = asking(PASSPHRASE);
    expect(await main(['reidentify', patientId.replace('ANON', 'ANON^'), '--table', table], right)).toBe(0);
    expect(right.asked).toHaveLength(1);
    expect(right.text.out).toContain('Patient ID');
    const wrong = asking('another passphrase');
    expect(await main(['reidentify', patientId, '--table', table], wrong)).toBe(2);
    expect(wrong.text.err).toContain('cannot be opened');
    expect((await cli('reidentify', patientId, '--table', table, '--passphrase', PASSPHRASE)).code).toBe(2);
  });

  it('refuses what is no table, and one that was cut off or changed', async () => {
    const { folder, recipient, table, run } = await places();
    await run('--table', table, '--recipient', recipient);
    const asked = (path: string) => cli('reidentify', 'ANONX', '--table', path, '--identity-file', join(folder, 'identity'));
    const bytes = readFileSync(table);
    writeFileSync(join(folder, 'cut'), bytes.subarray(0, bytes.length - 5));
    writeFileSync(join(folder, 'changed'), bytes.map((byte, i) => (i === bytes.length - 40 ? byte ^ 1 : byte)));
    writeFileSync(join(folder, 'none'), 'hello');
    for (const name of ['cut', 'changed', 'none', 'missing']) expect(await asked(join(folder, name))).toMatchObject({ code: 2, out: '' });
  });

  it('repeats no secret that it does not take', async () => {
    const { folder, table, run } = await places();
    const secret = await generateIdentity();
    expect((await run('--table', table, '--recipient', secret)).err).not.toContain(secret.slice(0, 20));
    writeFileSync(join(folder, 'identity'), `${secret}x\n`);
    expect((await cli('reidentify', 'x', '--table', table, '--identity-file', join(folder, 'identity'))).err).not.toContain(secret.slice(0, 20));
  });

  it('finds one line of many, and the table takes no memory while it is written', async () => {
    const folder = temporaryFolder();
    const identity = await generateIdentity();
    const table = new Table(join(folder, 'big.age'), { recipients: [await identityToRecipient(identity)] }, '1');
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 100_000; i++) {
      table.add(`${JSON.stringify({ kind: 'uid', original: `1.2.${i}`, pseudonym: `2.25.${i}` })}\n`);
      if (i % 1000 === 0) await new Promise((resolve) => { setImmediate(resolve); });
    }
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(96 << 20);
    expect(await table.finish()).toEqual({ path: join(folder, 'big.age') });
    const found = [];
    for await (const pair of lookUp(join(folder, 'big.age'), { identities: [identity] }, ['2.25.98765'])) found.push(pair);
    expect(found).toEqual([{ kind: 'uid', original: '1.2.98765', pseudonym: '2.25.98765' }]);
  });

  it('shows nothing of a passphrase that is typed', async () => {
    const listeners: ((typed: string) => void)[] = [];
    let shown = '';
    const modes: boolean[] = [];
    const keyboard = {
      isTTY: true, setRawMode: (raw: boolean) => modes.push(raw), setEncoding: () => {}, pause: () => {}, resume: () => {}, off: () => {},
      on: (_: string, listener: (typed: string) => void) => listeners.push(listener),
    };
    const answer = askSecret('Passphrase: ', keyboard as unknown as Parameters<typeof askSecret>[1], (text) => { shown += text; });
    for (const typed of ['sec', 'x', '\x7f', 'ret\r']) listeners[0](typed);
    expect(await answer).toEqual({ text: 'secret', isTyped: true });
    expect([shown, modes]).toEqual(['Passphrase: \n', [true, false]]);
  });
});
