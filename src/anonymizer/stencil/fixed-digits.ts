/** Characters of the shortest stretch in which a UID is looked for, and by which it is looked for. */
const LENGTH = 8;
/** So many characters of stretches are made ready for that; more are looked through. */
const MOST = 1 << 16;

/** The numbers and UIDs of a text, to find out whether another UID stands in one of them. */
export class FixedDigits {
  private readonly stretches: string;
  /** Every few characters of them: most UIDs end in none of these, and then stand nowhere. */
  private readonly parts: ReadonlySet<string> | undefined;

  constructor(text: string) {
    const stretches = stretchesOf(text);
    this.stretches = stretches.join('\n');
    this.parts = this.stretches.length > MOST ? undefined : partsOf(stretches);
  }

  have(uid: string): boolean {
    if (uid.length >= LENGTH && this.parts?.has(uid.slice(-LENGTH)) === false) return false;
    return this.stretches.includes(uid);
  }
}

/** One by one, since a regular expression has no memory for stretches of some million. */
function stretchesOf(text: string): string[] {
  const stretches: string[] = [];
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2e || (code >= 0x30 && code <= 0x39)) continue;
    if (at - from >= LENGTH) stretches.push(text.slice(from, at));
    from = at + 1;
  }
  return stretches;
}

function partsOf(stretches: readonly string[]): Set<string> {
  const parts = new Set<string>();
  for (const stretch of stretches) {
    for (let at = 0; at + LENGTH <= stretch.length; at++) parts.add(stretch.slice(at, at + LENGTH));
  }
  return parts;
}
