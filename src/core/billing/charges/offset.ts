import type { Charge, Subscription } from '../model.js';
import { isCredit } from './amounts.js';
import type { Difference } from './plan-recurring.js';
import { type ChargeTx, emitCharge, insertCharge, placeOf } from './rows.js';

/**
 * Bills or credits a difference of a locked subscription. A credit stays until later costs have used it up; a cost is first offset
 * against what is left of earlier credits in the same currency, and one that is offset wholly is settled and never sent.
 */
export async function recordDifference(
  tx: ChargeTx,
  subscription: Subscription,
  { minor, currency, startsAt, endsAt }: Difference,
  description: string,
): Promise<Charge> {
  const offsetMinor = minor > 0n ? await drawCredits(tx, subscription.id, currency, minor) : 0n;
  return insertCharge(tx, {
    ...placeOf(subscription),
    kind: 'PRORATION',
    status: minor > 0n && offsetMinor === minor ? 'SETTLED' : 'DUE',
    description,
    priceMinor: minor,
    currency,
    offsetMinor,
    periodStartsAt: startsAt,
    periodEndsAt: endsAt,
  });
}

/** Uses up to so much of the oldest credits and answers how much there was. */
async function drawCredits(tx: ChargeTx, subscriptionId: string, currency: string, wanted: bigint): Promise<bigint> {
  let used = 0n;
  for (const credit of await lockCredits(tx, subscriptionId, currency, 'DUE')) {
    const left = -credit.priceMinor - credit.offsetMinor;
    const taken = left < wanted - used ? left : wanted - used;
    if (taken === 0n) continue;
    const after = await tx.charges.save(credit, {
      offsetMinor: credit.offsetMinor + taken,
      status: taken === left ? 'SETTLED' : 'DUE',
    });
    if (taken === left) emitCharge(tx, 'charge.settled', after);
    used += taken;
  }
  return used;
}

/** A cost that was withdrawn gives back what it had used, the newest credits first. */
export async function returnCredits(tx: ChargeTx, cost: Charge): Promise<void> {
  let open = cost.offsetMinor;
  const usable = [
    ...(await lockCredits(tx, cost.subscriptionId, cost.currency, 'DUE')),
    ...(await lockCredits(tx, cost.subscriptionId, cost.currency, 'SETTLED')),
  ].filter(({ externalId, offsetMinor }) => externalId === '' && offsetMinor > 0n);
  for (const credit of usable.sort((a, b) => (a.id > b.id ? -1 : 1))) {
    const given = credit.offsetMinor < open ? credit.offsetMinor : open;
    if (given === 0n) return;
    const after = await tx.charges.save(credit, { offsetMinor: credit.offsetMinor - given, status: 'DUE' });
    emitCharge(tx, 'charge.credited', after);
    open -= given;
  }
}

async function lockCredits(
  tx: ChargeTx,
  subscriptionId: string,
  currency: string,
  status: 'DUE' | 'SETTLED',
): Promise<Charge[]> {
  const seen = await tx.charges.findAll({ subscriptionId, kind: 'PRORATION', status, currency });
  const locked = await tx.charges.lockAll(seen.filter(isCredit).map(({ id }) => id));
  return locked.filter((charge) => charge.status === status);
}
