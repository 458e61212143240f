import { describe, expect, it } from 'vitest';
import type { RegionRule } from '../../src/anonymizer/profile.ts';
import type { RegionEdits } from '../../src/views/protocol-image.ts';
import { NO_EDITS, RegionStore } from '../../src/views/region-store.ts';

const rule = (reason: string): RegionRule => ({ when: [], boxes: [], reason });
const drawn = (scope: RegionEdits['scope'], x = 0): RegionEdits => ({ drawn: [{ x, y: 0, width: 1, height: 1 }], kept: [], scope });

describe('what was drawn in this window', () => {
  it('holds for its image, or for all of its series', async () => {
    const store = new RegionStore();
    store.set('a', 's', drawn('image'), rule('image'));
    expect([store.get('a', 's'), store.get('b', 's')]).toEqual([drawn('image'), NO_EDITS]);
    store.set('a', 's', drawn('series', 2), rule('series'));
    expect([store.get('a', 's'), store.get('b', 's'), store.get('b', 't')]).toEqual([drawn('series', 2), drawn('series', 2), NO_EDITS]);
    expect(await store.rules()).toEqual([rule('series')]);
  });

  it('is gone once everything of it is removed', async () => {
    const store = new RegionStore();
    store.set('a', 's', drawn('series'), rule('x'));
    store.set('b', 's', { ...NO_EDITS, scope: 'series' }, rule('y'));
    expect(await store.rules()).toEqual([]);
  });

  it('holds for its image alone where there is no series', async () => {
    const store = new RegionStore();
    store.set('a', '', drawn('series'), rule('x'));
    expect([store.get('a', ''), store.get('b', '')]).toEqual([drawn('series'), NO_EDITS]);
  });

  it('is waited for by a run that begins while it is on its way, even where an earlier change failed', async () => {
    const store = new RegionStore();
    store.expect(Promise.reject(new Error('gone')));
    store.expect(new Promise((resolve) => { setTimeout(resolve, 30); }).then(() => store.set('a', 's', drawn('image'), rule('late'))));
    expect(await store.rules()).toEqual([rule('late')]);
  });
});
