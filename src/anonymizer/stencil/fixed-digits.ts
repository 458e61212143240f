/** Characters of the shortest stretch in which a UID is looked for, and by which it is looked for. */
const LENGTH = 8;

/** The numbers and UIDs of a text, to find out whether another UID stands in one of them. */
export class FixedDigits {
  private readonly stretches: string;
  /** Every few characters of them: most UIDs end in none of these, and then stand nowhere. */
  private readonly parts = new Set<string>();

  constructor(text: string) {
    const stretches = text.match(/[\d.]{8,}/g) ?? [];
    this.stretches = stretches.join('\n');
    for (const stretch of stretches) {
      for (let at = 0; at + LENGTH <= stretch.length; at++) this.parts.add(stretch.slice(at, at + LENGTH));
    }
  }

  have(uid: string): boolean {
    return (uid.length < LENGTH || this.parts.has(uid.slice(-LENGTH))) && this.stretches.includes(uid);
  }
}
