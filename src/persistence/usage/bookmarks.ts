/** After so many matching records of a list comes the first with a greater id. */
export interface Bookmark {
  readonly position: number;
  readonly id: string;
  /** How many records of the stream, matching or not, came up to there. While that is so, so is the bookmark: none ever goes. */
  readonly rank: number;
  /** How many there were in all: while these are no more, none can have come before. */
  readonly total: number;
}

const mostLists = 1_000;
const mostOfList = 16;

/**
 * Where questions under filters ended, so that the next page need not begin at the first. Kept in this process only and thrown
 * away at will: nothing depends on them but time.
 */
export class Bookmarks {
  readonly #lists = new Map<string, Bookmark[]>();

  /** Those of a list that are not behind a position, nearest first. */
  before(list: string, position: number): Bookmark[] {
    const kept = this.#lists.get(list) ?? [];
    return kept.filter((mark) => mark.position <= position).sort((a, b) => b.position - a.position);
  }

  add(list: string, bookmark: Bookmark): void {
    const kept = (this.#lists.get(list) ?? []).filter(({ position }) => position !== bookmark.position);
    this.#lists.delete(list); // the lists asked for last stay longest
    this.#lists.set(list, [...kept, bookmark].slice(-mostOfList));
    if (this.#lists.size > mostLists) this.#lists.delete(this.#lists.keys().next().value!);
  }

  /** It is no longer so. */
  drop(list: string, bookmark: Bookmark): void {
    const kept = this.#lists.get(list);
    if (kept)
      this.#lists.set(
        list,
        kept.filter((mark) => mark !== bookmark),
      );
  }
}
