import { type Charge, chargeSubmitted } from '../../../../core/billing/index.js';
import type { ChannelTask } from '../../../../core/marketplace/index.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import { removeBills, removeDuplicates, standingBills } from './find-bills.js';
import { groupUidOf, type Place, placeOf } from './place.js';
import { tellCharge } from './tell-charge.js';
import { tellOverbilled } from './troubles.js';
import { inUnit } from './units.js';

/**
 * Leaves exactly one bill of a charge that was submitted and none of one that was canceled, whatever the marketplace did with calls
 * nobody heard the answer of. One it refused at last, and billed all the same because of an earlier call, is submitted after all.
 * Throws when it must be tried later.
 */
export async function checkBill(ports: MarketplacePorts, task: Pick<ChannelTask, 'subjectId'>): Promise<void> {
  const seen = await ports.lookups.charges.find(task.subjectId);
  const place = seen && (await placeOf(ports, seen.channelId));
  if (seen === undefined || place === undefined) return;
  if (seen.cancelDueAt !== null) return tellCharge(ports, place, seen.id);
  const groupUid = await groupUidOf(ports, seen);
  if (groupUid === undefined) return;
  const bills = await standingBills(place.api, seen, groupUid);
  // read again: it may have been canceled while the marketplace was asked
  const charge = (await ports.lookups.charges.find(seen.id)) ?? seen;
  if (bills.length > 0) await putRight(ports, place, charge, bills);
}

async function putRight(
  ports: MarketplacePorts,
  { api }: Place,
  charge: Charge,
  bills: Awaited<ReturnType<typeof standingBills>>,
): Promise<void> {
  switch (charge.status) {
    case 'SUBMITTED':
      return tellOverbilled(ports, charge, await removeDuplicates(api, charge, bills, charge.externalId));
    case 'CANCELED':
      return tellOverbilled(ports, charge, await removeBills(api, charge, bills));
    case 'REFUSED':
    case 'UNCOLLECTABLE':
      await inUnit(ports, 'chargeFound', charge.channelId, (tx) =>
        chargeSubmitted(tx, { id: charge.id, owner: '', externalId: bills[0]!.id }),
      );
      return tellOverbilled(ports, charge, await removeDuplicates(api, charge, bills));
    default: // whoever sends it looks first; what an operator settled by hand is theirs
  }
}
