import type { ChannelTasks } from '../../core/marketplace/index.js';
import { insertRows } from '../rows/insert-rows.js';
import { channelTasks } from '../tables/marketplace.js';
import type { UnitContext } from '../unit/unit-context.js';

/** The queue of later work as a unit sees it: what it adds is there when it commits. */
export function channelTasksOf({ sql, storage, ids, now }: UnitContext): ChannelTasks {
  return {
    async add({ channelId, kind, subjectId, data, dueAt = now }) {
      await insertRows(sql, storage(channelTasks), [
        {
          id: ids.next('channelTask'),
          createdAt: now,
          channelId,
          kind,
          subjectId,
          data,
          dueAt,
          attempts: 0,
          leaseOwner: '',
          leasedUntil: null,
          parkedAt: null,
          lastError: '',
        },
      ]);
    },
    async finish(id) {
      await sql.run('DELETE FROM channel_tasks WHERE id = ?', [id]);
    },
  };
}
