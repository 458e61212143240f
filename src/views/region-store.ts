import type { RegionRule } from '../anonymizer/profile.ts';
import type { RegionEdits } from './protocol-image.ts';

interface Kept {
  readonly edits: RegionEdits;
  readonly rule: RegionRule;
}

export const NO_EDITS: RegionEdits = { drawn: [], kept: [], scope: 'image' };

/**
 * Regions that were drawn in this window, by image or by series, until it closes. What anonymizes takes them into its
 * profile; only *Save into Profile* writes them anywhere.
 */
export class RegionStore {
  private readonly kept = new Map<string, Kept>();
  private changing: Promise<unknown> = Promise.resolve();

  /** @param series digest of the series, empty for an image without one */
  get(file: string, series: string): RegionEdits {
    return (this.kept.get(`series ${series}`) ?? this.kept.get(`file ${file}`))?.edits ?? NO_EDITS;
  }

  /** An image's own regions and those of its series never hold at once: the wider ones take the others over. */
  set(file: string, series: string, edits: RegionEdits, rule: RegionRule): void {
    this.kept.delete(`series ${series}`);
    this.kept.delete(`file ${file}`);
    if (edits.drawn.length + edits.kept.length === 0) return;
    this.kept.set(edits.scope === 'series' && series !== '' ? `series ${series}` : `file ${file}`, { edits, rule });
  }

  /** A change that is on its way; no run may begin before it has come. */
  expect(change: Promise<unknown>): void {
    this.changing = Promise.allSettled([this.changing, change]);
  }

  /** For the profile of a run. */
  async rules(): Promise<RegionRule[]> {
    await this.changing;
    return [...this.kept.values()].map(({ rule }) => rule);
  }
}
