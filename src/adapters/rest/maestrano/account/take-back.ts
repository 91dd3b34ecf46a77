import { type Charge, chargeCancelTold, chargeFailed, chargeSubmitted } from '../../../../core/billing/index.js';
import { shift } from '../../../../core/shared/clock.js';
import { firstCheckAfter, queueBillCheck, queueBillChecks } from './bill-check.js';
import { isFailure } from './failure.js';
import { type AnyBill, cancelBill, removeBills, standingBills } from './find-bills.js';
import { groupUidOf } from './place.js';
import type { Try } from './tell-charge.js';
import { tellOverbilled } from './troubles.js';
import { inUnit } from './units.js';

/**
 * Takes the bill of a canceled charge back: the one the marketplace told us of, and whatever else carries its marker. What was invoiced
 * stays, and the charge says so. When it was sent shortly before, no answer was heard and no bill is there, one may still come: then it
 * is looked at again later, before anybody believes that there is none.
 */
export async function takeBack(one: Try): Promise<void> {
  const { ports, place, owner, charge, signal } = one;
  const { id, channelId } = charge;
  const found = await standing(one);
  const known = charge.externalId || found[0]?.id;
  if (known === undefined) return missing(one);
  if (charge.externalId === '') {
    await inUnit(ports, 'chargeFound', channelId, (tx) => chargeSubmitted(tx, { id, owner, externalId: known }));
  }
  const { reason, lastBilledAt } = await cancelBill(place.api, charge, known, signal);
  const others = found.filter(({ id: billId }) => billId !== known);
  const left = await removeBills(place.api, charge, others, signal);
  await tellOverbilled(ports, charge, left);
  await inUnit(ports, 'chargeCancelTold', channelId, async (tx) => {
    const failure = [reason, ...left.map((one) => one.reason)].filter((text) => text !== '').join('; ');
    await chargeCancelTold(tx, { id, failure, lastBilledAt });
    if (charge.externalId === '') await queueBillChecks(tx, charge, ports.patienceMs);
  });
}

async function missing({ ports, owner, charge }: Try): Promise<void> {
  const sureAt = shift(lastSentBy(charge), firstCheckAfter * ports.patienceMs);
  await inUnit(ports, 'chargeMissing', charge.channelId, async (tx) => {
    if (tx.now < sureAt) {
      const reason = 'it was sent without an answer, and a bill may still come';
      await chargeFailed(tx, { id: charge.id, owner, reason });
      await queueBillCheck(tx, charge, sureAt);
    } else {
      await chargeCancelTold(tx, { id: charge.id });
      await queueBillChecks(tx, charge, ports.patienceMs);
    }
  });
}

/** Nobody begins to send it once it is canceled. */
function lastSentBy({ canceledAt, createdAt }: Charge): string {
  return canceledAt ?? createdAt;
}

async function standing({ ports, place: { api }, charge, signal }: Try): Promise<AnyBill[]> {
  const groupUid = await groupUidOf(ports, charge);
  if (groupUid === undefined) return [];
  try {
    return await standingBills(api, charge, groupUid, signal);
  } catch (error) {
    if (isFailure(error, 'refused')) return []; // the group is gone, and its bills are not to be listed any more
    throw error;
  }
}
