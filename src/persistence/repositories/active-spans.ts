import type { ActiveSpans, SpanKind } from '../../core/billing/index.js';
import { breathe } from '../sql/breathe.js';
import { listsOf, padded, placeholders } from '../sql/in-list.js';
import { activeSpans } from '../tables/billing.js';
import type { UnitContext } from '../unit/unit-context.js';

const openKey = '0';

export function activeSpansOf({ sql, now, ids, storage }: UnitContext): ActiveSpans & {
  /** For an object made in this unit: it cannot have a stretch yet. */
  open(objectKind: SpanKind, objectId: string): Promise<void>;
  /** Ends the stretches of many that are active no more. */
  end(objectIds: readonly string[]): Promise<void>;
} {
  const { table, codec, statements } = storage(activeSpans);

  async function open(objectKind: SpanKind, objectId: string): Promise<void> {
    const id = ids.next('activeSpan');
    const row = { id, version: 1, objectKind, objectId, startedAt: now, endedAt: null, openKey };
    await sql.run(
      statements.insert,
      table.fields.map((field) => codec.encode(field, row[field])),
    );
  }

  async function end(objectIds: readonly string[]): Promise<void> {
    for (const [place, list] of listsOf(objectIds).entries()) {
      if (place > 0) await breathe(sql);
      await sql.run(
        'UPDATE active_spans SET ended_at = ?, open_key = id, version = version + 1 ' +
          `WHERE object_id IN (${placeholders(list.length)}) AND open_key = ?`,
        [now, ...padded(list), openKey],
      );
    }
  }

  return {
    open,
    end,
    async record(objectKind, objectId, active) {
      if (!active) {
        await end([objectId]);
        return;
      }
      const [present] = await sql.all('SELECT id FROM active_spans WHERE object_id = ? AND open_key = ?', [
        objectId,
        openKey,
      ]);
      if (present === undefined) await open(objectKind, objectId);
    },
  };
}
