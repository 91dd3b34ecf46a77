import type { Reader } from '../../../core/shared/reading.js';
import type { GraphqlContext } from '../context.js';
import { Connection } from './connection.js';
import { type ListArgs, toPageRequest } from './list-args.js';

/** A list of the root: `tenants(first: 20)`. */
export function listAll<View>(context: GraphqlContext, reader: Reader<View>, args: ListArgs): Connection<View> {
  const request = toPageRequest(args);
  return new Connection(
    () => reader.page(context.actor, request),
    () => reader.count(context.actor, request.filter),
  );
}

/** The list below a parent: `tenant { users(first: 20) }`, one statement for all tenants of the level. */
export function listChildren<View>(
  context: GraphqlContext,
  reader: Reader<View>,
  parentField: string,
  parentId: string,
  args: ListArgs,
): Connection<View> {
  const request = toPageRequest(args);
  return new Connection(
    () => context.loaders.children(reader, parentField, parentId, request),
    () => context.loaders.childCount(reader, parentField, parentId, request.filter),
  );
}

/** One object by id, or null; '' and null are nobody's ids. */
export function findOne<View>(
  context: GraphqlContext,
  reader: Reader<View>,
  id: string | null | undefined,
): Promise<View | null> {
  return id ? context.loaders.byId(reader, id) : Promise.resolve(null);
}
