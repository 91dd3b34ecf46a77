import type { Charge } from '../../../../core/billing/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { type Instant, shift } from '../../../../core/shared/clock.js';

/** Task: look what became of a charge. `subjectId` is the charge. */
export const billCheckTask = 'bill-check';

/**
 * When to look after an uncertain try, in patiences (with the usual 10 seconds: after 2 and 15 minutes). What a marketplace does long
 * after we stopped waiting is seen then.
 */
export const firstCheckAfter = 12;
const lastCheckAfter = 90;

export function queueBillCheck(tx: Unit, { id: subjectId, channelId }: Charge, dueAt: Instant): Promise<void> {
  return tx.channelTasks.add({ channelId, kind: billCheckTask, subjectId, data: {}, dueAt });
}

/** Queues later looks at what a charge became, with the unit that ends an uncertain try. */
export async function queueBillChecks(tx: Unit, charge: Charge, patienceMs: number): Promise<void> {
  await queueBillCheck(tx, charge, shift(tx.now, firstCheckAfter * patienceMs));
  await queueBillCheck(tx, charge, shift(tx.now, lastCheckAfter * patienceMs));
}
