import { DomainError } from '../../core/shared/errors.js';
import type { Match, Repository, Stored } from '../../core/shared/repository.js';
import type { StoredTable } from '../rows/stored-table.js';
import { isAscii } from '../sql/ascii.js';
import { type SqlValue, UniqueViolation } from '../sql/sql.js';
import type { Table } from '../tables/define-table.js';
import type { UnitContext } from '../unit/unit-context.js';
import { activeSpansOf } from './active-spans.js';
import { type Activity, activityOf } from './activity.js';

const defaultLimit = 10_000;
/** The repository of any table; journals every insert and save by itself and keeps the active spans. */
export class TableRepository<T extends Stored> implements Repository<T> {
  protected readonly context: UnitContext;
  protected readonly table: Table<T>;
  private readonly stored: StoredTable<T>;
  private readonly activity: Activity<T> | undefined;

  constructor(context: UnitContext, table: Table<T>) {
    this.context = context;
    this.table = table;
    this.stored = context.storage(table);
    this.activity = activityOf(table);
  }

  find(id: string): Promise<T | undefined> {
    return this.one(this.stored.statements.byId, id);
  }

  lock(id: string): Promise<T | undefined> {
    return this.one(this.stored.statements.lockById, id);
  }

  async rely(id: string): Promise<T | undefined> {
    if (!isAscii(id) || (await this.context.sql.run(this.stored.statements.rely, [id])) === 0) return undefined;
    this.context.written.add(id);
    return this.find(id);
  }

  async findOne(match: Match<T>): Promise<T | undefined> {
    return (await this.select(match, 2))[0];
  }

  findMany(match: Match<T>, limit = defaultLimit): Promise<T[]> {
    return this.select(match, limit);
  }

  async count(match: Match<T>): Promise<number> {
    const wanted = this.criteria(match);
    if (wanted === undefined) return 0;
    const text = this.stored.statements.count(wanted.fields, wanted.nulls);
    const [row] = await this.context.sql.all<{ total: number }>(text, wanted.params);
    return row?.total ?? 0;
  }

  async insert(values: Omit<T, 'version'>): Promise<T> {
    const row = { ...values, version: 1 } as unknown as T;
    const { codec, statements } = this.stored;
    try {
      await this.context.sql.run(
        statements.insert,
        this.table.fields.map((field) => codec.encode(field, row[field])),
      );
    } catch (error) {
      throw error instanceof UniqueViolation ? this.alreadyExists(row, error) : error;
    }
    this.context.written.add(row.id);
    this.note(row, undefined, this.shown(row, this.table.fields));
    if (this.activity?.isActive(row)) await activeSpansOf(this.context).open(this.activity.kind, row.id);
    return row;
  }

  async save(before: T, change: Partial<Omit<T, 'id' | 'version'>>): Promise<T> {
    const changed = this.changedFields(before, change as Partial<T>);
    if (changed.length === 0) return before;
    const after = { ...before, ...change, id: before.id, version: before.version + 1 } as T;
    const { codec, statements } = this.stored;
    const params = changed.map((field) => codec.encode(field, after[field]));
    let saved: number;
    try {
      saved = await this.context.sql.run(statements.update(changed), [...params, before.id, before.version]);
    } catch (error) {
      throw error instanceof UniqueViolation ? this.alreadyExists(after, error) : error;
    }
    if (saved === 0) throw await this.versionConflict(before);
    this.context.written.add(after.id);
    this.note(after, this.shown(before, changed), this.shown(after, changed));
    await this.recordActivity(before, after);
    return after;
  }

  private async one(text: string, id: string): Promise<T | undefined> {
    if (!isAscii(id)) return undefined;
    const [row] = await this.context.sql.all(text, [id]);
    if (row === undefined) return undefined;
    const object = this.stored.codec.decode(row);
    return object.id === id ? object : undefined;
  }

  private async select(match: Match<T>, limit: number): Promise<T[]> {
    const wanted = this.criteria(match);
    if (wanted === undefined) return [];
    const text = this.stored.statements.select(wanted.fields, wanted.nulls);
    const rows = await this.context.sql.all(text, [...wanted.params, String(limit)]);
    // MySQL ignores blanks at the end when it compares; keys are byte-exact.
    return rows
      .map((row) => this.stored.codec.decode(row))
      .filter((row) => wanted.texts.every((field) => row[field] === match[field]));
  }

  /** Undefined when nothing can match: a text that is not ASCII in a column that is. */
  private criteria(match: Match<T>) {
    const fields = this.table.fields.filter((field) => match[field] !== undefined);
    const nulls = fields.map((field) => match[field] === null);
    const params: SqlValue[] = [];
    const texts: (keyof T & string)[] = [];
    for (const field of fields) {
      const value = match[field];
      if (value === null) continue;
      const { kind } = this.table.columns[field];
      if (typeof value === 'string') {
        if (kind !== 'text' && kind !== 'long' && !isAscii(value)) return undefined;
        texts.push(field);
      }
      params.push(this.stored.codec.encode(field, value));
    }
    return { fields, nulls, params, texts };
  }

  private changedFields(before: T, change: Partial<T>): (keyof T & string)[] {
    return this.table.fields.filter((field) => {
      if (!(field in change) || change[field] === undefined || field === 'id' || field === 'version') return false;
      const [a, b] = [before[field], change[field]] as [unknown, unknown];
      if (a === b) return false;
      if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return true;
      return JSON.stringify(a) !== JSON.stringify(b);
    });
  }

  private shown(row: T, fields: readonly (keyof T & string)[]): Record<string, unknown> {
    return Object.fromEntries(
      fields.map((field) => {
        const value: unknown = row[field];
        return [field, this.table.columns[field].secret && value !== null && value !== '' ? '***' : value];
      }),
    );
  }

  private note(row: T, before: unknown, after: unknown): void {
    const { journal } = this.table;
    if (journal === undefined) return;
    this.context.journal.add({
      objectKind: journal.kind,
      objectId: row.id,
      tenantId: journal.tenantId(row),
      before,
      after,
    });
  }

  private async recordActivity(before: T, after: T): Promise<void> {
    if (this.activity === undefined) return;
    const active = this.activity.isActive(after);
    if (active === this.activity.isActive(before)) return;
    await activeSpansOf(this.context).record(this.activity.kind, after.id, active);
  }

  private alreadyExists(row: T, cause: UniqueViolation): DomainError {
    const fields = row as unknown as Record<string, unknown>;
    const key = ['key', 'externalId', 'username', 'clientId', 'code', 'email', 'name']
      .map((field) => fields[field])
      .find((value) => typeof value === 'string' && value !== '');
    const kind = this.table.journal?.kind ?? this.table.name;
    return new DomainError('already_exists', { kind, key: String(key ?? row.id) }, { cause });
  }

  private async versionConflict(before: T): Promise<DomainError> {
    const [row] = await this.context.sql.all<{ version: number }>(this.stored.statements.version, [before.id]);
    const kind = this.table.journal?.kind ?? this.table.name;
    return new DomainError('version_conflict', { kind, expected: before.version, actual: row?.version ?? 0 });
  }
}
