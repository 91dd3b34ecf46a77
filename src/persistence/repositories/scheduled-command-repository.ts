import type { ScheduledCommand, ScheduledCommandRepository } from '../../core/billing/index.js';
import { TableRepository } from './table-repository.js';

const oldestDue = 'SELECT id FROM scheduled_commands WHERE done_at IS NULL AND due_at <= ? ORDER BY due_at, id LIMIT 1';

export class SqlScheduledCommandRepository
  extends TableRepository<ScheduledCommand>
  implements ScheduledCommandRepository
{
  async claimDue(now: string): Promise<ScheduledCommand | undefined> {
    const { sql } = this.context;
    const text = sql.dialect === 'mysql' ? `${oldestDue} FOR UPDATE SKIP LOCKED` : oldestDue;
    const [row] = await sql.all<{ id: string }>(text, [now]);
    return row === undefined ? undefined : this.find(row.id);
  }
}
