import { type Charge, chargeSubmitted } from '../../../../core/billing/index.js';
import type { ChannelTask } from '../../../../core/marketplace/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { shift } from '../../../../core/shared/clock.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import { removeBills, removeDuplicates, standingBills } from './find-bills.js';
import { groupUidOf, placeOf } from './place.js';
import { tellOverbilled } from './troubles.js';
import { inUnit } from './units.js';

export const billCheck = 'bill-check';

/**
 * When to look after an uncertain try, in patiences (with the usual 10 seconds: after 2 and 15 minutes). What a marketplace does long
 * after we stopped waiting is seen then.
 */
const checksAfter = [12, 90] as const;

/** Queues later looks at what a charge became, with the unit that ends an uncertain try. */
export async function queueBillChecks(tx: Unit, charge: Charge, patienceMs: number): Promise<void> {
  for (const patiences of checksAfter) {
    const dueAt = shift(tx.now, patiences * patienceMs);
    await tx.channelTasks.add({ channelId: charge.channelId, kind: billCheck, subjectId: charge.id, data: {}, dueAt });
  }
}

/**
 * Leaves exactly one bill of a charge that was submitted and none of one that was canceled, whatever the marketplace did with calls
 * nobody heard the answer of. One it refused at last, and billed all the same because of an earlier call, is submitted after all.
 */
export async function checkBill(ports: MarketplacePorts, task: Pick<ChannelTask, 'subjectId'>): Promise<void> {
  const seen = await ports.lookups.charges.find(task.subjectId);
  const place = seen && (await placeOf(ports, seen.channelId));
  const groupUid = seen && (await groupUidOf(ports, seen));
  if (seen === undefined || place === undefined || groupUid === undefined) return;
  const bills = await standingBills(place.api, seen, groupUid);
  // read again: it may have been canceled while the marketplace was asked
  const charge = (await ports.lookups.charges.find(seen.id)) ?? seen;
  if (bills.length === 0) return;
  switch (charge.status) {
    case 'SUBMITTED':
      return tellOverbilled(ports, charge, await removeDuplicates(place.api, charge, bills, charge.externalId));
    case 'CANCELED':
      return tellOverbilled(ports, charge, await removeBills(place.api, charge, bills));
    case 'REFUSED':
    case 'UNCOLLECTABLE':
      await inUnit(ports, 'chargeFound', charge.channelId, (tx) =>
        chargeSubmitted(tx, { id: charge.id, owner: '', externalId: bills[0]!.id }),
      );
      return tellOverbilled(ports, charge, await removeDuplicates(place.api, charge, bills));
    default: // whoever sends it looks first
  }
}
