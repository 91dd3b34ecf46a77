/** A map that forgets what was used longest ago, so that unique keys from outside cannot fill the memory. */
export class LruMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #limit: number;
  readonly #dropped: ((value: Value) => void) | undefined;

  constructor(limit: number, dropped?: (value: Value) => void) {
    this.#limit = limit;
    this.#dropped = dropped;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    const [oldestKey, oldest] = this.#entries.entries().next().value as [Key, Value];
    this.#entries.delete(oldestKey);
    this.#dropped?.(oldest);
  }
}
