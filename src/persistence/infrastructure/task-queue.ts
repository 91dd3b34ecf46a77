import { randomUUID } from 'node:crypto';
import type { ChannelTask } from '../../core/marketplace/index.js';
import { type Clock, type Instant, shift } from '../../core/shared/clock.js';
import { selectList } from '../rows/statements.js';
import type { Storage } from '../rows/stored-table.js';
import { padded, placeholders } from '../sql/in-list.js';
import type { Database } from '../sql/sql.js';
import { channelTasks } from '../tables/marketplace.js';

/** Tasks as the worker takes them: leased, so that of several workers one does each, and another when that one dies. */
export interface TaskQueue {
  /** The longest due ones nobody works on, leased for `leaseMs`; none of those channels. */
  claim(limit: number, leaseMs: number, exceptChannels?: readonly string[]): Promise<ChannelTask[]>;
  /** Goes on for another `leaseMs`; false when somebody else has taken it over. */
  renew(task: ChannelTask, leaseMs: number): Promise<boolean>;
  /** It was done and left nothing to keep; what a unit finished itself is gone already. */
  done(task: ChannelTask): Promise<void>;
  /** Tried again at `retryAt`; null parks it. */
  failed(task: ChannelTask, problem: string, retryAt: Instant | null): Promise<void>;
  /** Lets a parked one be tried again; false when there is none of that id. */
  unpark(id: string): Promise<boolean>;
}

const due = 'parked_at IS NULL AND due_at <= ? AND (leased_until IS NULL OR leased_until <= ?)';
const dueText = (except: number): string =>
  `SELECT id AS id FROM channel_tasks WHERE ${due}` +
  `${except === 0 ? '' : ` AND channel_id NOT IN (${placeholders(except)})`} ORDER BY due_at, id LIMIT ?`;
const mine = 'id = ? AND lease_owner = ?';

export function createTaskQueue(database: Database, storage: Storage, clock: Clock): TaskQueue {
  const { codec } = storage(channelTasks);
  const mysql = database.dialect === 'mysql';
  return {
    async claim(limit, leaseMs, exceptChannels = []) {
      const now = clock.now();
      const except = exceptChannels.length === 0 ? [] : padded(exceptChannels);
      const text = dueText(except.length);
      const params = [now, now, ...except, String(limit)];
      if ((await database.read.all(text, params)).length === 0) return [];
      return database.transaction(async (sql) => {
        const due = await sql.all<{ id: string }>(mysql ? `${text} FOR UPDATE SKIP LOCKED` : text, params);
        const claimed: ChannelTask[] = [];
        for (const { id } of due) {
          await sql.run('UPDATE channel_tasks SET lease_owner = ?, leased_until = ? WHERE id = ?', [
            randomUUID(),
            shift(now, leaseMs),
            id,
          ]);
        }
        if (due.length === 0) return claimed;
        const rows = await sql.all(
          `SELECT ${selectList(channelTasks)} FROM channel_tasks t WHERE t.id IN (${placeholders(due.length)})`,
          padded(due.map(({ id }) => id)),
        );
        return rows.map((row) => codec.decode(row)).sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
      });
    },
    async renew({ id, leaseOwner }, leaseMs) {
      const until = shift(clock.now(), leaseMs);
      return (
        (await database.execute(`UPDATE channel_tasks SET leased_until = ? WHERE ${mine}`, [until, id, leaseOwner])) > 0
      );
    },
    async done({ id, leaseOwner }) {
      await database.execute(`DELETE FROM channel_tasks WHERE ${mine}`, [id, leaseOwner]);
    },
    async failed({ id, leaseOwner }, problem, retryAt) {
      const now = clock.now();
      await database.execute(
        'UPDATE channel_tasks SET attempts = attempts + 1, last_error = ?, due_at = ?, parked_at = ?, ' +
          `lease_owner = '', leased_until = NULL WHERE ${mine}`,
        [[...problem].slice(0, 500).join(''), retryAt ?? now, retryAt === null ? now : null, id, leaseOwner],
      );
    },
    async unpark(id) {
      const text =
        'UPDATE channel_tasks SET parked_at = NULL, attempts = 0, due_at = ? WHERE id = ? AND parked_at IS NOT NULL';
      return (await database.execute(text, [clock.now(), id])) > 0;
    },
  };
}
