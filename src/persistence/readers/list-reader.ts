import type { Actor } from '../../core/shared/actor.js';
import { invalid } from '../../core/shared/errors.js';
import type { Direction, Filter, Page, PageRequest, Reader } from '../../core/shared/reading.js';
import type { Secrets } from '../secrets.js';
import { padded, paddedLength, placeholders } from '../sql/in-list.js';
import type { Row, Sql, SqlValue } from '../sql/sql.js';
import { filterPredicate, type ListField, mark } from './conditions.js';
import { type CursorValue, readCursor, writeCursor } from './cursors.js';
import type { CompiledList } from './list-spec.js';
import { allOf, everything, type Predicate, where } from './predicate.js';

const largestPage = 200;
const idShape = /^[\u0021-\u007e]{1,30}$/;

interface Ordering {
  readonly field: ListField;
  readonly direction: Direction;
}

/** The reader of any list: one statement per call, every identifier from the list's own fields. */
export class ListReader<View> implements Reader<View> {
  readonly #list: CompiledList;
  readonly #sql: Sql;
  readonly #secrets: Secrets;
  /** Texts of `byIds` for actors that see everything, by padded length. */
  readonly #byIds = new Map<number, string>();

  constructor(list: CompiledList, sql: Sql, secrets: Secrets) {
    this.#list = list;
    this.#sql = sql;
    this.#secrets = secrets;
  }

  async byIds(actor: Actor, ids: readonly string[]): Promise<(View | null)[]> {
    const scope = this.#list.scope(actor);
    const asked = ids.filter((id) => idShape.test(id));
    if (scope === undefined || asked.length === 0) return ids.map(() => null);
    const rows = await this.#sql.all(this.#byIdsText(asked.length, scope), [...padded(asked), ...scope.params]);
    const found = new Map(rows.map((row) => [row.id as string, this.#list.decode(row) as View]));
    return ids.map((id) => found.get(id) ?? null);
  }

  async page(actor: Actor, request: PageRequest): Promise<Page<View>> {
    const first = checkFirst(request.first);
    const order = this.#ordering(request);
    const predicate = this.#rows(actor, request.filter, this.#after(order, request, ''));
    if (predicate === undefined) return this.#toPage([], first, order, request, '');
    const text = `SELECT ${this.#list.select} ${this.#list.from}${where(predicate)} ORDER BY ${orderText(order)} LIMIT ?`;
    const rows = await this.#sql.all(text, [...predicate.params, String(first + 1)]);
    return this.#toPage(rows, first, order, request, '');
  }

  async pagesByParent(
    actor: Actor,
    parentField: string,
    parentIds: readonly string[],
    request: PageRequest,
  ): Promise<Page<View>[]> {
    const first = checkFirst(request.first);
    const parent = this.#parent(parentField);
    const order = this.#ordering(request);
    const asked = parentIds.filter((id) => idShape.test(id));
    const predicate = this.#rows(actor, request.filter, this.#after(order, request, parentField));
    const rows =
      predicate === undefined || asked.length === 0
        ? []
        : await this.#childRows(parent, asked, predicate, order, first);
    const byParent = new Map<string, Row[]>(parentIds.map((id) => [id, []]));
    for (const row of rows) byParent.get(row[parentField] as string)?.push(row);
    return parentIds.map((id) => this.#toPage(byParent.get(id)!, first, order, request, parentField));
  }

  async count(actor: Actor, filter?: Filter): Promise<number> {
    const predicate = this.#rows(actor, filter, everything);
    if (predicate === undefined) return 0;
    const text = `SELECT COUNT(*) AS total ${this.#list.from}${where(predicate)}`;
    const [row] = await this.#sql.all<{ total: number }>(text, predicate.params);
    return row?.total ?? 0;
  }

  async countsByParent(
    actor: Actor,
    parentField: string,
    parentIds: readonly string[],
    filter?: Filter,
  ): Promise<number[]> {
    const parent = this.#parent(parentField);
    const asked = parentIds.filter((id) => idShape.test(id));
    const predicate = this.#rows(actor, filter, everything);
    if (predicate === undefined || asked.length === 0) return parentIds.map(() => 0);
    const among: Predicate = { text: `${parent.sql} IN (${placeholders(asked.length)})`, params: padded(asked) };
    const all = allOf(among, predicate)!;
    const rows = await this.#sql.all<{ parent: string; total: number }>(
      `SELECT ${parent.sql} AS parent, COUNT(*) AS total ${this.#list.from}${where(all)} GROUP BY ${parent.sql}`,
      all.params,
    );
    const totals = new Map(rows.map((row) => [row.parent, row.total]));
    return parentIds.map((id) => totals.get(id) ?? 0);
  }

  #byIdsText(length: number, scope: Predicate): string {
    const size = paddedLength(length);
    const known = scope === everything ? this.#byIds.get(size) : undefined;
    if (known !== undefined) return known;
    const limited = scope.text === '' ? '' : ` AND ${scope.text}`;
    const text = `SELECT ${this.#list.select} ${this.#list.from} WHERE t.id IN (${placeholders(size)})${limited}`;
    if (scope === everything) this.#byIds.set(size, text);
    return text;
  }

  #childRows(parent: ListField, ids: readonly string[], predicate: Predicate, order: Ordering, first: number) {
    const { select, from } = this.#list;
    if (ids.length === 1) {
      const rows = allOf({ text: `${parent.sql} = ?`, params: ids }, predicate)!;
      return this.#sql.all(`SELECT ${select} ${from}${where(rows)} ORDER BY ${orderText(order)} LIMIT ?`, [
        ...rows.params,
        String(first + 1),
      ]);
    }
    const rows = allOf({ text: `${parent.sql} IN (${placeholders(ids.length)})`, params: padded(ids) }, predicate)!;
    return this.#sql.all(
      `SELECT * FROM (SELECT ${select}, ROW_NUMBER() OVER (PARTITION BY ${parent.sql} ORDER BY ${orderText(order)}) AS place ` +
        `${from}${where(rows)}) numbered WHERE place <= ? ORDER BY place`,
      [...rows.params, first + 1],
    );
  }

  /** The rows the actor may see, cut by filter and cursor. */
  #rows(actor: Actor, filter: Filter | undefined, after: Predicate): Predicate | undefined {
    return allOf(this.#list.scope(actor), filterPredicate(this.#list.fields, filter, this.#sql.dialect), after);
  }

  #parent(name: string): ListField {
    const field = this.#list.fields.get(name);
    if (field === undefined || !field.parent) throw invalid(name, 'is no parent of this list');
    return field;
  }

  #ordering({ orderBy }: PageRequest): Ordering {
    const field = this.#list.fields.get(orderBy?.field ?? 'id');
    if (field === undefined || !field.orderable) throw invalid(orderBy?.field ?? 'id', 'cannot be ordered by');
    return { field, direction: orderBy?.direction === 'DESC' ? 'DESC' : 'ASC' };
  }

  /** The rows behind the cursor's row. */
  #after(order: Ordering, request: PageRequest, parentField: string): Predicate {
    if (request.after === undefined || request.after === null) return everything;
    const [value, id] = readCursor(this.#secrets, this.#binding(order, request, parentField), request.after);
    const { field } = order;
    const behind = order.direction === 'ASC' ? '>' : '<';
    if (field.name === 'id') return { text: `t.id ${behind} ?`, params: [value as SqlValue] };
    if (value === null || value === undefined) {
      return { text: `${field.sql} IS NULL AND t.id ${behind} ?`, params: [id as SqlValue] };
    }
    const at = mark(field);
    const later = `(${field.sql} ${behind}= ${at} AND (${field.sql} ${behind} ${at} OR t.id ${behind} ?))`;
    const params = [value, value, id as SqlValue];
    return field.nullable ? { text: `(${later} OR ${field.sql} IS NULL)`, params } : { text: later, params };
  }

  #binding(order: Ordering, { filter }: PageRequest, parentField: string): string {
    const given = Object.entries(filter ?? {}).filter(([, condition]) => condition !== undefined);
    return JSON.stringify([this.#list.list, parentField, order.field.name, order.direction, given.sort(byName)]);
  }

  #toPage(rows: Row[], first: number, order: Ordering, request: PageRequest, parentField: string): Page<View> {
    const hasNextPage = rows.length > first;
    const shown = hasNextPage ? rows.slice(0, first) : rows;
    for (const row of shown) {
      delete row.place;
      this.#list.decode(row);
    }
    const makeCursors = (): string[] => {
      const binding = this.#binding(order, request, parentField);
      return shown.map((row) => writeCursor(this.#secrets, binding, cursorValues(row, order.field.name)));
    };
    let cursors: string[] | undefined;
    return {
      nodes: shown as View[],
      // most callers of a nested list never ask for them, and each costs a keyed hash
      get cursors() {
        cursors ??= makeCursors();
        return cursors;
      },
      hasNextPage,
      hasPreviousPage: request.after !== undefined && request.after !== null,
    };
  }
}

function orderText({ field, direction }: Ordering): string {
  if (field.name === 'id') return `t.id ${direction}`;
  const nullsLast = field.nullable ? `(${field.sql} IS NULL), ` : '';
  return `${nullsLast}${field.sql} ${direction}, t.id ${direction}`;
}

function cursorValues(row: Row, field: string): CursorValue[] {
  if (field === 'id') return [row.id as string];
  const value = row[field];
  return [typeof value === 'bigint' ? value.toString() : (value as CursorValue), row.id as string];
}

function checkFirst(first: number): number {
  if (!Number.isInteger(first) || first < 1 || first > largestPage)
    throw invalid('first', `must be 1 to ${largestPage}`);
  return first;
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
