/** What was asked for last, so much at most. */
export class Recent<T> {
  /** Used last first. */
  private readonly items: T[] = [];

  constructor(private readonly most: number) {}

  /** The one that passes; it is the last to be forgotten then. */
  find(passes: (item: T) => boolean): T | undefined {
    const { items } = this;
    const at = items.findIndex(passes);
    if (at > 0) items.unshift(...items.splice(at, 1));
    return at < 0 ? undefined : items[0];
  }

  add(item: T): T {
    this.items.unshift(item);
    if (this.items.length > this.most) this.items.pop();
    return item;
  }
}
