import type { Actor } from './actor.js';

export type Direction = 'ASC' | 'DESC';

/** Operators a filter may use on a column; several are joined with AND. */
export interface Condition {
  readonly eq?: string | number | boolean | null;
  readonly in?: readonly (string | number)[];
  readonly gt?: string | number;
  readonly gte?: string | number;
  readonly lt?: string | number;
  readonly lte?: string | number;
  /** Matches the beginning, byte-exact; LIKE wildcards in it are plain characters. */
  readonly startsWith?: string;
}

export type Filter = { readonly [field: string]: Condition | undefined };

export interface PageRequest {
  /** Only fields the reader allows; others are `invalid_value`. */
  readonly filter?: Filter;
  readonly orderBy?: { readonly field: string; readonly direction: Direction };
  /** 1 to 200. */
  readonly first: number;
  readonly after?: string | null;
}

export interface Page<View> {
  readonly nodes: readonly View[];
  /** One per node; opaque, HMAC'd, bound to list, ordering and filter. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/**
 * The read side of one kind of object, straight from SQL and already cut to the actor's reach: what the actor may not see is
 * not there. Lists page by keyset; nulls come last.
 */
export interface Reader<View> {
  /** In the order of the ids; null for missing and foreign alike. One statement. */
  byIds(actor: Actor, ids: readonly string[]): Promise<(View | null)[]>;
  page(actor: Actor, request: PageRequest): Promise<Page<View>>;
  /** The first rows of the list for each parent (`parentField` names a column such as `tenantId`): one statement for all parents. */
  pagesByParent(
    actor: Actor,
    parentField: string,
    parentIds: readonly string[],
    request: PageRequest,
  ): Promise<Page<View>[]>;
  count(actor: Actor, filter?: Filter): Promise<number>;
  countsByParent(actor: Actor, parentField: string, parentIds: readonly string[], filter?: Filter): Promise<number[]>;
}
