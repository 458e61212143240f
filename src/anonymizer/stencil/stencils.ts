import type { Piece } from '../apply.ts';
import { PLAIN_HOST } from '../dicom/host.ts';
import type { Plan } from '../plan.ts';
import type { Pseudonyms } from '../pseudonyms.ts';
import { ByteWriter } from './byte-writer.ts';
import { makeStencil } from './make-stencil.ts';
import { type Fitted, META_ROOM, type Stencil } from './stencil.ts';

/** Series that are remembered: they may come mixed. */
const MEMORY = 6;
/** Stencils that are made of one series before its slices count as too different. */
const ATTEMPTS = 4;
/** Slices that show what differs in a series. */
const SAMPLES = 4;

/** Makes stencils of the series that come by, and fits them to their slices. */
export class Stencils {
  /** Used last first. */
  private readonly recent: Series[] = [];
  private readonly writer: ByteWriter;
  private series = '';
  private attempts = 0;

  constructor(private readonly pseudonyms: Pseudonyms, private readonly host = PLAIN_HOST) {
    this.writer = new ByteWriter(META_ROOM, host);
  }

  /** @param bytes the whole file */
  fit(bytes: Uint8Array): Fitted | undefined {
    for (let i = 0; i < this.recent.length; i++) {
      const fitted = this.recent[i].fit(bytes);
      if (fitted === undefined) continue;
      if (i > 0) this.recent.unshift(...this.recent.splice(i, 1));
      return fitted;
    }
    return undefined;
  }

  /** Whether a slice that none fitted is worth a stencil: from the second one of a series on. */
  wants({ instance }: Plan): boolean {
    if (instance.series === this.series) return instance.series !== '' && this.attempts < ATTEMPTS;
    this.series = instance.series;
    this.attempts = 0;
    return false;
  }

  /** Makes one, of a slice and what became of it; see `makeStencil`. */
  learn(plan: Plan, meta: Uint8Array, pieces: readonly Piece[]): void {
    this.attempts += 1;
    const stencil = makeStencil(plan, meta, pieces, this.pseudonyms, this.writer, this.host);
    if (stencil === undefined) return;
    this.recent.unshift(new Series(stencil));
    if (this.recent.length > MEMORY) this.recent.pop();
  }
}

/** The stencil of a series, and a tight one of it that is tried first. */
class Series {
  private tight: Stencil | undefined;
  private count = 0;

  constructor(private readonly stencil: Stencil) {}

  fit(bytes: Uint8Array): Fitted | undefined {
    const sooner = this.tight?.fit(bytes);
    if (sooner !== undefined) return sooner;
    const fitted = this.stencil.fit(bytes);
    // Where the tight one did not fit something differed that never had.
    if (fitted !== undefined && ++this.count >= SAMPLES) this.tight = this.stencil.tightened();
    return fitted;
  }
}
