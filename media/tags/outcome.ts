import type { Outcome } from '../../src/views/protocol.ts';
import { t } from '../texts.ts';

/** The word for what happens to an element; colors and icons only repeat it. */
export function outcomeWord(outcome: Outcome): string {
  switch (outcome) {
    case 'kept': return t('Kept');
    case 'removed': return t('Removed');
    case 'emptied': return t('Emptied');
    case 'replaced': return t('Replaced');
    case 'remapped': return t('Remapped');
    case 'cleaned': return t('Cleaned');
    case 'added': return t('Added');
  }
}
