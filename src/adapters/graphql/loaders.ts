import DataLoader from 'dataloader';
import type { Actor } from '../../core/shared/actor.js';
import type { Filter, Page, PageRequest, Reader } from '../../core/shared/reading.js';

/** Keys of one statement at most: the page limit, so that a list of parents stays one statement per level. */
const batchSize = 1_000;

/**
 * Reads of one request, batched: whatever resolvers ask in the same tick, at any depth, becomes one call of the reader per kind
 * and per equal arguments.
 */
export interface Loaders {
  /** One object, or null when it is missing or out of the actor's sight. */
  byId<View>(reader: Reader<View>, id: string): Promise<View | null>;
  /** The page of `parentId`'s children; `parentField` is the reader's column. */
  children<View>(
    reader: Reader<View>,
    parentField: string,
    parentId: string,
    request: PageRequest,
  ): Promise<Page<View>>;
  childCount<View>(reader: Reader<View>, parentField: string, parentId: string, filter?: Filter): Promise<number>;
  /** Any other batched read, made once per request and `key`: `load(keys)` answers in the order of the keys. */
  custom<Key extends string, Value>(
    key: object,
    load: (keys: readonly Key[]) => Promise<readonly Value[]>,
    id: Key,
  ): Promise<Value>;
}

type Pages = Map<string, DataLoader<string, Page<unknown>>>;
type Counts = Map<string, DataLoader<string, number>>;

function memo<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

export function createLoaders(actor: Actor): Loaders {
  const views = new Map<Reader<unknown>, DataLoader<string, unknown>>();
  const pages = new Map<Reader<unknown>, Pages>();
  const counts = new Map<Reader<unknown>, Counts>();
  const others = new Map<object, DataLoader<string, unknown>>();
  const batched = <Value>(load: (keys: readonly string[]) => Promise<readonly Value[]>) =>
    new DataLoader<string, Value>(load, { maxBatchSize: batchSize });

  return {
    byId: <View>(reader: Reader<View>, id: string) => {
      const loader = memo(views, reader as Reader<unknown>, () => batched((ids) => reader.byIds(actor, ids)));
      return loader.load(id) as Promise<View | null>;
    },
    children: <View>(reader: Reader<View>, parentField: string, parentId: string, request: PageRequest) => {
      const ofReader = memo(pages, reader as Reader<unknown>, (): Pages => new Map());
      const loader = memo(ofReader, `${parentField} ${JSON.stringify(request)}`, () =>
        batched<Page<unknown>>((ids) => reader.pagesByParent(actor, parentField, ids, request)),
      );
      return loader.load(parentId) as Promise<Page<View>>;
    },
    childCount: <View>(reader: Reader<View>, parentField: string, parentId: string, filter?: Filter) => {
      const ofReader = memo(counts, reader as Reader<unknown>, (): Counts => new Map());
      const loader = memo(ofReader, `${parentField} ${JSON.stringify(filter)}`, () =>
        batched((ids) => reader.countsByParent(actor, parentField, ids, filter)),
      );
      return loader.load(parentId);
    },
    custom: <Key extends string, Value>(
      key: object,
      load: (keys: readonly Key[]) => Promise<readonly Value[]>,
      id: Key,
    ) => {
      const loader = memo(others, key, () => batched<unknown>((keys) => load(keys as readonly Key[])));
      return loader.load(id) as Promise<Value>;
    },
  };
}
