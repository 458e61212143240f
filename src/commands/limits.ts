import { l10n, window, workspace } from 'vscode';
import { DEFAULT_LIMITS, type Limits, withLimits } from '../anonymizer/dicom/limits.ts';

/** What one file may cost, by the setting; one that says nothing sensible leaves the usual limits. */
export function limitsOfSettings(): Limits {
  try {
    return withLimits(workspace.getConfiguration('dicomAnonymizer').get<Record<string, unknown>>('limits', {}));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    void window.showWarningMessage(l10n.t('The setting dicomAnonymizer.limits names a limit that does not exist, or no number for it. The usual limits hold.'));
    return DEFAULT_LIMITS;
  }
}
