import { equal, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { commands, env, TabInputCustom, TabInputTextDiff, window, workspace } from 'vscode';
import { run, sampleFolder, until, uri } from './workspace.ts';

const ULTRASOUND = 'DANDRA_NICOLO/ECO_20240517/IM0001.dcm';
const WITHOUT_EXTENSION = 'DANDRA_NICOLO/ECO_20240517/IM0003';

const activeInput = () => window.tabGroups.activeTabGroup.activeTab?.input;

suite('The tags editor', () => {
  teardown(() => commands.executeCommand('workbench.action.closeAllEditors'));

  test('opens known extensions by default', async () => {
    await commands.executeCommand('vscode.open', uri(join(sampleFolder(), ULTRASOUND)));
    await until('the editor', () => activeInput() instanceof TabInputCustom);
    equal((activeInput() as TabInputCustom).viewType, 'dicomAnonymizer.tags');
  });

  test('opens any other file on demand', async () => {
    await run('openTags', uri(join(sampleFolder(), WITHOUT_EXTENSION)));
    await until('the editor', () => activeInput() instanceof TabInputCustom);
    equal((activeInput() as TabInputCustom).viewType, 'dicomAnonymizer.tagsOfAny');
  });

  test('Compare as Text shows values before and after in the diff editor', async () => {
    await run('compareAsText', uri(join(sampleFolder(), ULTRASOUND)));
    await until('the comparison', () => activeInput() instanceof TabInputTextDiff);
    const { original, modified } = activeInput() as TabInputTextDiff;
    const before = (await workspace.openTextDocument(original)).getText();
    const after = (await workspace.openTextDocument(modified)).getText();
    ok(/\(0010,0010\) PN Patient's Name: .*Nicol/.test(before), before.slice(0, 200));
    ok(/\(0010,0010\) PN Patient's Name: ANON/.test(after));
    ok(!after.includes('Nicol'));
  });

  test('Open in Text Editor opens the file as it is', async () => {
    await run('openAsText', uri(join(sampleFolder(), ULTRASOUND)));
    await until('an editor', () => activeInput() !== undefined && !(activeInput() instanceof TabInputCustom));
  });

  test('commands of a row do nothing without one', async () => {
    await env.clipboard.writeText('mine');
    for (const command of ['copyBefore', 'copyAfter', 'copyTag', 'copyPath', 'copyRow', 'openStandard', 'toggleImage']) await run(command);
    equal(await env.clipboard.readText(), 'mine');
  });

  test('Show Log opens the log', async () => {
    await run('showLog');
  });
});
