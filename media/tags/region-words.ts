import { t } from '../texts.ts';
import type { ShownRegion } from './regions.ts';

/** What a region is, in a word or two. */
export function kindWord({ kind, isKept, isBlack }: ShownRegion): string {
  if (isKept || !isBlack) return t('Text that stays');
  switch (kind) {
    case 'device': return t('Rule of the device');
    case 'ultrasound': return t('Outside the ultrasound');
    case 'profile': return t('Region of the profile');
    case 'text': return t('Text');
    case 'identifying': return t('Text of the patient');
    case 'drawn': return t('Drawn');
  }
}

export function placeText({ x, y, width, height }: ShownRegion): string {
  return t('{0} × {1} at {2}, {3}', width, height, x, y);
}

/** All of it for who cannot see it. */
export function regionLabel(region: ShownRegion, number: number): string {
  const hint = region.canChange && region.isBlack ? t('Arrow keys move, Shift and arrow keys resize, Delete removes.') : region.isKept ? t('Delete makes it black again.') : t('It cannot be changed here.');
  return [t('Region {0}', number), kindWord(region), region.note, placeText(region), hint].filter((part) => part !== '').join('. ');
}
