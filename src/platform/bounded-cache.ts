export interface BoundedCacheOptions {
  /** Most entries kept; the least recently used goes first. */
  readonly max: number;
  /** Milliseconds an entry lives after it was set; reading does not prolong it. */
  readonly ttl: number;
  /** Milliseconds that only grow. Default: the process's monotonic time. */
  readonly now?: () => number;
}

export interface BoundedCache<K, V> {
  get(key: K): V | undefined;
  /** `ttl` may shorten the life of this entry, never prolong it. */
  set(key: K, value: V, ttl?: number): void;
  delete(key: K): boolean;
  clear(): void;
  readonly size: number;
}

/** A small cache, least recently used first out, with a life span. `onDrop` hears of every entry that leaves by itself. */
export function createBoundedCache<K, V>(
  { max, ttl, now = () => performance.now() }: BoundedCacheOptions,
  onDrop: (key: K, value: V) => void = () => {},
): BoundedCache<K, V> {
  const entries = new Map<K, { value: V; until: number }>(); // a Map keeps insertion order: the first is the oldest

  function drop(key: K, value: V): void {
    entries.delete(key);
    onDrop(key, value);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.until <= now()) {
        drop(key, entry.value);
        return undefined;
      }
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, shorter = ttl) {
      entries.delete(key);
      entries.set(key, { value, until: now() + Math.min(ttl, shorter) });
      if (entries.size <= max) return;
      const [oldest] = entries;
      if (oldest) drop(oldest[0], oldest[1].value);
    },
    delete: (key) => entries.delete(key),
    clear: () => entries.clear(),
    get size() {
      return entries.size;
    },
  };
}
