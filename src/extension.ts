import { commands, type ExtensionContext, languages, window } from 'vscode';
import { registerAnonymize } from './commands/anonymize.ts';
import { followSettings } from './commands/choices.ts';
import { keyForPreview, registerKeys } from './commands/keys.ts';
import { registerLookUp } from './commands/look-up.ts';
import { registerProfileLanguage } from './commands/profile-language.ts';
import { registerProfiles } from './commands/profiles.ts';
import { registerContactSheet } from './commands/contact-sheet.ts';
import { closeRuns } from './commands/runs.ts';
import { registerSample } from './commands/sample.ts';
import { registerTags } from './commands/tags.ts';
import type { TaskCalls } from './commands/task-thread.ts';
import { registerVerify } from './commands/verify.ts';
import { bundle, type Workbench } from './commands/workbench.ts';
import { RegionStore } from './views/region-store.ts';
import { TagsEditor } from './views/tags-editor.ts';
import { Thread } from './views/thread-calls.ts';

/** What is told to whoever asks for this extension's interface: how long its start took. */
export interface Activation {
  readonly ms: number;
}

/** Registers commands and editors; everything else is loaded when it is first asked for. */
export function activate(extension: ExtensionContext): Activation {
  const began = performance.now();
  const workbench: Workbench = {
    extension,
    log: window.createOutputChannel('DICOM Anonymizer', { log: true }),
    problems: languages.createDiagnosticCollection('dicom'),
    regions: new RegionStore(),
    tasks: new Thread<TaskCalls>(bundle('commands-task-thread')),
  };
  const editor = new TagsEditor(workbench, () => keyForPreview(workbench));
  extension.subscriptions.push(
    workbench.log, workbench.problems, { dispose: () => workbench.tasks.stop() }, { dispose: closeRuns }, editor,
    ...editor.register(), ...registerTags(editor), ...registerAnonymize(workbench), registerVerify(workbench),
    ...registerProfiles(workbench), ...registerProfileLanguage(workbench), ...registerKeys(workbench), registerLookUp(workbench), registerSample(workbench), registerContactSheet(workbench), followSettings(workbench),
    commands.registerCommand('dicomAnonymizer.showLog', () => workbench.log.show()),
  );
  return { ms: performance.now() - began };
}
