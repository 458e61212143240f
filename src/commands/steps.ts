import { type QuickInputButton, QuickInputButtons, type QuickPickItem, window } from 'vscode';

/** What a step of several came to: an answer, a step back, or the end of all. */
export type StepResult<T> = { readonly answer: T } | 'back' | 'cancel';

export interface StepOptions<T extends QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly step: number;
  readonly of: number;
  readonly items: readonly T[] | Promise<readonly T[]>;
  readonly active?: ((item: T) => boolean) | undefined;
  /** Several may be picked; these are at first. */
  readonly picked?: ((item: T) => boolean) | undefined;
}

/** One step with a way back, answered by one item. */
export async function pickOne<T extends QuickPickItem>(options: StepOptions<T>): Promise<StepResult<T>> {
  const result = await pick(options, false);
  return typeof result === 'string' ? result : { answer: result.answer[0] };
}

/** One step with a way back, answered by any number of items. */
export function pickMany<T extends QuickPickItem>(options: StepOptions<T>): Promise<StepResult<readonly T[]>> {
  return pick(options, true);
}

function pick<T extends QuickPickItem>(options: StepOptions<T>, isMany: boolean): Promise<StepResult<readonly T[]>> {
  return new Promise((resolve) => {
    const quickPick = window.createQuickPick<T>();
    quickPick.title = options.title;
    quickPick.placeholder = options.placeholder;
    quickPick.step = options.step;
    quickPick.totalSteps = options.of;
    quickPick.ignoreFocusOut = true;
    quickPick.matchOnDescription = true;
    quickPick.matchOnDetail = true;
    quickPick.canSelectMany = isMany;
    quickPick.buttons = options.step > 1 ? [QuickInputButtons.Back] : [];
    quickPick.busy = true;
    const end = (result: StepResult<readonly T[]>) => {
      resolve(result);
      quickPick.dispose();
    };
    quickPick.onDidTriggerButton((button: QuickInputButton) => { if (button === QuickInputButtons.Back) end('back'); });
    quickPick.onDidHide(() => end('cancel'));
    quickPick.onDidAccept(() => {
      const chosen = isMany ? quickPick.selectedItems : quickPick.activeItems.slice(0, 1);
      if (isMany || chosen.length > 0) end({ answer: [...chosen] });
    });
    quickPick.show();
    void Promise.resolve(options.items).then((items) => {
      quickPick.items = items;
      const active = items.find((item) => options.active?.(item) === true);
      // Without one the first is active, and Enter takes it.
      if (active !== undefined) quickPick.activeItems = [active];
      if (isMany) quickPick.selectedItems = items.filter((item) => options.picked?.(item) === true);
      quickPick.busy = false;
    });
  });
}
