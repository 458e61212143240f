import { t } from '../texts.ts';

/** Columns of the grid, in order. */
export const COLUMNS = ['tag', 'name', 'vr', 'before', 'after', 'why'] as const;
export type Column = (typeof COLUMNS)[number];

export function columnTitle(column: Column): string {
  switch (column) {
    case 'tag': return t('Tag');
    case 'name': return t('Name');
    case 'vr': return t('VR');
    case 'before': return t('Before');
    case 'after': return t('After');
    case 'why': return t('Why');
  }
}
