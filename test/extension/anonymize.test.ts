import { equal, ok, deepEqual } from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { languages, TabInputWebview, window } from 'vscode';
import { contents, filesIn, run, sampleFolder, until, uri } from './workspace.ts';

interface Outcome {
  readonly end: { readonly head: { readonly summary: { readonly written: number; readonly failed: number } }; readonly reportPath?: string; readonly isCancelled: boolean };
}

const chosen = { profile: '', options: ['clean-descriptors'] };

suite('Anonymize DICOM', () => {
  test('writes the result beside the source, which stays as it was, and the report beside the result', async () => {
    const source = sampleFolder();
    const before = contents(source);
    const output = join(dirname(source), 'out');
    const outcome = await run<Outcome>('anonymize', uri(source), [uri(source)], { output, chosen });
    equal(outcome.end.head.summary.failed, 0);
    equal(filesIn(output).length, outcome.end.head.summary.written);
    ok(existsSync(outcome.end.reportPath ?? ''));
    equal(contents(source), before);
    ok(!contents(output).includes('DANDRA'), 'no name of the source is left');
  });

  test('takes several files at once', async () => {
    const source = sampleFolder();
    const files = filesIn(source).filter((path) => path.includes('CT')).map(uri);
    const outcome = await run<Outcome>('anonymize', files[0], files, { output: join(dirname(source), 'out'), chosen });
    equal(outcome.end.head.summary.written, files.length);
  });

  test('gives the same names with the same key', async () => {
    const source = sampleFolder();
    const names = async (name: string) => {
      const output = join(dirname(source), name);
      await run('batch', { inputs: [source], output, chosen });
      return filesIn(output).map((path) => path.slice(output.length));
    };
    deepEqual(await names('one'), await names('two'));
  });

  test('writes nothing where the output lies in the source', async () => {
    const source = sampleFolder();
    const before = contents(source);
    equal(await run('batch', { inputs: [source], output: join(source, 'out'), chosen }), undefined);
    equal(contents(source), before);
  });

  test('never writes into a folder that holds something', async () => {
    const source = sampleFolder();
    const output = join(dirname(source), 'full');
    mkdirSync(output);
    writeFileSync(join(output, 'mine.txt'), 'mine');
    equal(await run('batch', { inputs: [source], output, chosen }), undefined);
    deepEqual(filesIn(output), [join(output, 'mine.txt')]);
  });

  test('lists what cannot be read under Problems and goes on with the rest', async () => {
    const source = sampleFolder();
    const [file] = filesIn(source);
    const broken = join(source, 'broken.dcm');
    writeFileSync(broken, readFileSync(file).subarray(0, 2000));
    const outcome = await run<Outcome>('batch', { inputs: [source], output: join(dirname(source), 'out'), chosen });
    equal(outcome.end.head.summary.failed, 1);
    ok(outcome.end.head.summary.written > 5);
    equal(languages.getDiagnostics(uri(broken)).length, 1);
    equal(languages.getDiagnostics(uri(broken))[0].source, 'DICOM');
  });
});

suite('Preview Anonymization', () => {
  test('writes nothing and shows the report', async () => {
    const source = sampleFolder();
    await run('preview', uri(source), [uri(source)]);
    deepEqual(filesIn(dirname(source)), filesIn(source));
    await until('the report', () => window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => input instanceof TabInputWebview && input.viewType.includes('dicomAnonymizer.report'))));
  });
});

suite('Show Last Report', () => {
  test('shows what was done last', async () => {
    equal(await run('showReport'), true);
  });
});

suite('Verify Anonymization', () => {
  test('lists under Problems what still identifies in a source, with tag and reason, and never a value', async () => {
    const source = sampleFolder();
    const verified = await run<{ identifying: number }>('verify', uri(source), [uri(source)]);
    ok(verified.identifying > 5);
    const found = languages.getDiagnostics().filter(([file]) => file.fsPath.startsWith(source)).flatMap(([, problems]) => problems.map(({ message }) => message));
    ok(found.some((message) => message.includes('(0010,0010)')), found[0]);
    ok(!found.some((message) => message.includes('Nicol') || message.includes('DANDRA')));
  });

  test('finds nothing in a result', async () => {
    const source = sampleFolder();
    const output = join(dirname(source), 'out');
    await run('batch', { inputs: [source], output, chosen: { profile: '', options: [] } });
    const verified = await run<{ identifying: number; clean: number }>('verify', uri(output), [uri(output)]);
    equal(verified.identifying, 0);
    ok(verified.clean > 5);
  });
});

suite('Make a Sample Study', () => {
  test('writes the study where it is asked to', async () => {
    const target = join(dirname(sampleFolder()), 'sample');
    await run('createSample', uri(target));
    ok(filesIn(target).length > 5);
  });
});
