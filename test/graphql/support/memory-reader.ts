import type { Actor } from '../../../src/core/shared/actor.js';
import { DomainError } from '../../../src/core/shared/errors.js';
import type { Condition, Filter, Page, PageRequest, Reader } from '../../../src/core/shared/reading.js';

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** A reader over an array, with the calls it got: what the tests of batching count. */
export interface MemoryReader<View extends Row> extends Reader<View> {
  readonly calls: { readonly method: string; readonly keys: readonly string[] }[];
}

function holds(value: unknown, condition: Condition): boolean {
  const comparable = value as string | number;
  if (condition.eq !== undefined && value !== condition.eq) return false;
  if (condition.in && !condition.in.includes(comparable)) return false;
  if (condition.gt !== undefined && !(comparable > condition.gt)) return false;
  if (condition.gte !== undefined && !(comparable >= condition.gte)) return false;
  if (condition.lt !== undefined && !(comparable < condition.lt)) return false;
  if (condition.lte !== undefined && !(comparable <= condition.lte)) return false;
  return condition.startsWith === undefined || String(value).startsWith(condition.startsWith);
}

export function memoryReader<View extends Row>(
  rows: readonly View[],
  visibleTo?: (actor: Actor, row: View) => boolean,
): MemoryReader<View> {
  const calls: { method: string; keys: readonly string[] }[] = [];
  const seen = (actor: Actor) => (visibleTo ? rows.filter((row) => visibleTo(actor, row)) : rows);
  const matching = (actor: Actor, filter: Filter = {}) =>
    seen(actor).filter((row) =>
      Object.entries(filter).every(([field, condition]) => condition === undefined || holds(row[field], condition)),
    );
  const pageOf = (candidates: readonly View[], request: PageRequest): Page<View> => {
    const { field, direction } = request.orderBy ?? { field: 'id', direction: 'ASC' };
    const sign = direction === 'ASC' ? 1 : -1;
    const sorted = [...candidates].sort((a, b) => sign * (String(a[field]) < String(b[field]) ? -1 : 1));
    const start = request.after ? sorted.findIndex((row) => row.id === request.after) + 1 : 0;
    if (request.after && start === 0) throw new DomainError('invalid_cursor');
    const nodes = sorted.slice(start, start + request.first);
    return {
      nodes,
      cursors: nodes.map((node) => node.id),
      hasNextPage: start + nodes.length < sorted.length,
      hasPreviousPage: start > 0,
    };
  };
  return {
    calls,
    async byIds(actor, ids) {
      calls.push({ method: 'byIds', keys: ids });
      return ids.map((id) => seen(actor).find((row) => row.id === id) ?? null);
    },
    async page(actor, request) {
      calls.push({ method: 'page', keys: [] });
      return pageOf(matching(actor, request.filter), request);
    },
    async pagesByParent(actor, parentField, parentIds, request) {
      calls.push({ method: 'pagesByParent', keys: parentIds });
      return parentIds.map((id) => pageOf(matching(actor, { ...request.filter, [parentField]: { eq: id } }), request));
    },
    async count(actor, filter) {
      calls.push({ method: 'count', keys: [] });
      return matching(actor, filter).length;
    },
    async countsByParent(actor, parentField, parentIds, filter) {
      calls.push({ method: 'countsByParent', keys: parentIds });
      return parentIds.map((id) => matching(actor, { ...filter, [parentField]: { eq: id } }).length);
    },
  };
}
