/** What every stored object carries. `version` counts saves and is what `expectedVersion` is compared with. */
export interface Stored {
  readonly id: string;
  readonly version: number;
}

/** Equality on some columns; `null` means IS NULL. */
export type Match<T> = { readonly [K in keyof T]?: T[K] };

/** One of several values; none = nothing matches. */
export interface AnyOf<V> {
  readonly anyOf: readonly V[];
}

/** As `Match`, where a column may also be one of several values. */
export type MatchAny<T> = { readonly [K in keyof T]?: T[K] | AnyOf<T[K]> };

export function anyOf<V>(values: readonly V[]): AnyOf<V> {
  return { anyOf: values };
}

/**
 * The write side of one kind of object, bound to the unit of work it came from. Every insert and save is journaled
 * with before and after by the repository itself, so that no command can forget it.
 */
export interface Repository<T extends Stored> {
  find(id: string): Promise<T | undefined>;
  /** Reads and locks the row until the unit ends (SELECT … FOR UPDATE; on SQLite the one writer is the lock). */
  lock(id: string): Promise<T | undefined>;
  /** Locks the row and writes it (version + 1) because this unit relies on it staying as it is (docs/design.md 10.14). */
  rely(id: string): Promise<T | undefined>;
  /** The one row that matches, or undefined. Columns must be covered by a unique index. */
  findOne(match: Match<T>): Promise<T | undefined>;
  /** All rows that match, ordered by id; `limit` defaults to 10,000. */
  findMany(match: Match<T>, limit?: number): Promise<T[]>;
  /** All rows that match, ordered by id, however many: for commands that take many objects at once. */
  findAll(match: MatchAny<T>): Promise<T[]>;
  count(match: Match<T>): Promise<number>;
  /** `lock` of many, in the order of their ids; answers those that exist, in that order. */
  lockAll(ids: readonly string[]): Promise<T[]>;
  /** Throws `already_exists` when a unique index refuses the row. Inserted rows start at version 1. */
  insert(row: Omit<T, 'version'>): Promise<T>;
  /**
   * Writes the columns that differ (JSON by content), where the version is still `before.version`; throws `version_conflict`
   * otherwise. When nothing differs it returns `before` itself: no statement, no journal entry, same version.
   */
  save(before: T, change: Partial<Omit<T, 'id' | 'version'>>): Promise<T>;
  /** `save` of many different rows, each as by itself, in few statements. Answers them as they are now, in the same order. */
  saveAll(before: readonly T[], change: (row: T) => Partial<Omit<T, 'id' | 'version'>>): Promise<T[]>;
}
