import { DomainError } from '../../core/shared/errors.js';
import type { Match, MatchAny, Repository, Stored } from '../../core/shared/repository.js';
import type { StoredTable } from '../rows/stored-table.js';
import { isAscii } from '../sql/ascii.js';
import { breathe } from '../sql/breathe.js';
import { listsOf, padded, paddedLength } from '../sql/in-list.js';
import { type SqlValue, UniqueViolation } from '../sql/sql.js';
import type { Table } from '../tables/define-table.js';
import type { UnitContext } from '../unit/unit-context.js';
import { activeSpansOf } from './active-spans.js';
import { type Activity, activityOf } from './activity.js';
import { criteriaOf, exactly, questionsOf } from './criteria.js';
import { changedFields, shownFields } from './row-changes.js';

const defaultLimit = 10_000;

interface Write<T> {
  readonly before: T;
  readonly after: T;
  readonly changed: readonly (keyof T & string)[];
}

interface Alike<T> {
  readonly fields: readonly (keyof T & string)[];
  readonly ownId: readonly (keyof T & string)[];
  readonly params: readonly SqlValue[];
  readonly version: number;
  readonly writes: Write<T>[];
}

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

  async findAll(match: MatchAny<T>): Promise<T[]> {
    const isMeant = exactly(match);
    const found: T[] = [];
    for (const [place, { fields, tests, params }] of questionsOf(this.stored, match).entries()) {
      if (place > 0) await breathe(this.context.sql);
      const rows = await this.context.sql.all(this.stored.statements.selectAll(fields, tests), params);
      for (const row of rows) {
        const object = this.stored.codec.decode(row);
        if (isMeant(object)) found.push(object);
      }
    }
    return found.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async lockAll(ids: readonly string[]): Promise<T[]> {
    const wanted = new Set(ids.filter(isAscii));
    const locked: T[] = [];
    for (const [place, list] of listsOf([...wanted].sort()).entries()) {
      if (place > 0) await breathe(this.context.sql);
      const text = this.stored.statements.lockMany(paddedLength(list.length));
      const rows = await this.context.sql.all(text, padded(list));
      locked.push(...rows.map((row) => this.stored.codec.decode(row)).filter((row) => wanted.has(row.id)));
    }
    return locked;
  }

  async count(match: Match<T>): Promise<number> {
    const wanted = criteriaOf(this.stored, match);
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
    this.note(row, undefined, shownFields(this.table, row, this.table.fields));
    if (this.activity?.isActive(row)) await activeSpansOf(this.context).open(this.activity.kind, row.id);
    return row;
  }

  async save(before: T, change: Partial<Omit<T, 'id' | 'version'>>): Promise<T> {
    const changed = changedFields(this.table, before, change as Partial<T>);
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
    this.note(after, shownFields(this.table, before, changed), shownFields(this.table, after, changed));
    await this.recordActivity(before, after);
    return after;
  }

  async saveAll(before: readonly T[], change: (row: T) => Partial<Omit<T, 'id' | 'version'>>): Promise<T[]> {
    const all: T[] = [];
    const written: Write<T>[] = [];
    for (const row of before) {
      const wanted = change(row) as Partial<T>;
      const changed = changedFields(this.table, row, wanted);
      const after = changed.length === 0 ? row : { ...row, ...wanted, id: row.id, version: row.version + 1 };
      all.push(after);
      if (changed.length > 0) written.push({ before: row, after, changed });
    }
    for (const alike of this.alike(written)) await this.writeAlike(alike);
    for (const { before: row, after, changed } of written) {
      this.context.written.add(after.id);
      this.note(after, shownFields(this.table, row, changed), shownFields(this.table, after, changed));
    }
    await this.recordActivities(written);
    return all;
  }

  /** Those that one statement can write: of one version, with the same new values (or each its own id). */
  private alike(writes: readonly Write<T>[]): Alike<T>[] {
    const found = new Map<string, Alike<T>>();
    for (const write of writes) {
      const { before, after, changed } = write;
      const ownId = changed.filter((field) => after[field] === after.id);
      const fields = changed.filter((field) => after[field] !== after.id);
      const params = fields.map((field) => this.stored.codec.encode(field, after[field]));
      const key = JSON.stringify([before.version, ownId, fields, params]);
      const known = found.get(key);
      if (known === undefined) found.set(key, { fields, ownId, params, version: before.version, writes: [write] });
      else known.writes.push(write);
    }
    return [...found.values()];
  }

  private async writeAlike({ fields, ownId, params, version, writes }: Alike<T>): Promise<void> {
    const { sql } = this.context;
    for (const [place, list] of listsOf(writes.map(({ before }) => before.id)).entries()) {
      if (place > 0) await breathe(sql);
      const text = this.stored.statements.updateMany(fields, ownId, paddedLength(list.length));
      let saved: number;
      try {
        saved = await sql.run(text, [...params, version, ...padded(list)]);
      } catch (error) {
        throw error instanceof UniqueViolation ? this.alreadyExists(writes[0]!.after, error) : error;
      }
      if (saved !== list.length) throw await this.conflictAmong(writes);
    }
  }

  private async conflictAmong(writes: readonly Write<T>[]): Promise<DomainError> {
    for (const { before, after } of writes) {
      const now = await this.find(before.id);
      if (now?.version !== before.version && now?.version !== after.version) return this.versionConflict(before);
    }
    return this.versionConflict(writes[0]!.before);
  }

  private async recordActivities(writes: readonly Write<T>[]): Promise<void> {
    const { activity } = this;
    if (activity === undefined) return;
    const changed = writes.filter(({ before, after }) => activity.isActive(before) !== activity.isActive(after));
    const spans = activeSpansOf(this.context);
    await spans.end(changed.filter(({ before }) => activity.isActive(before)).map(({ after }) => after.id));
    for (const { after } of changed) if (activity.isActive(after)) await spans.record(activity.kind, after.id, true);
  }

  private async one(text: string, id: string): Promise<T | undefined> {
    if (!isAscii(id)) return undefined;
    const [row] = await this.context.sql.all(text, [id]);
    if (row === undefined) return undefined;
    const object = this.stored.codec.decode(row);
    return object.id === id ? object : undefined;
  }

  private async select(match: Match<T>, limit: number): Promise<T[]> {
    const wanted = criteriaOf(this.stored, match);
    if (wanted === undefined) return [];
    const text = this.stored.statements.select(wanted.fields, wanted.nulls);
    const rows = await this.context.sql.all(text, [...wanted.params, String(limit)]);
    // MySQL ignores blanks at the end when it compares; keys are byte-exact.
    return rows
      .map((row) => this.stored.codec.decode(row))
      .filter((row) => wanted.texts.every((field) => row[field] === match[field]));
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
