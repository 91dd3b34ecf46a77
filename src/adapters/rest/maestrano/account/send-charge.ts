import { chargeRefused, chargeSubmitted, chargeUncollectable } from '../../../../core/billing/index.js';
import { minute, shift } from '../../../../core/shared/clock.js';
import { DomainError } from '../../../../core/shared/errors.js';
import { queueBillChecks } from './bill-check.js';
import { billForm } from './bill-text.js';
import { type AccountFailure, isFailure, says, textOf } from './failure.js';
import { billsFor, removeDuplicates, standingBills } from './find-bills.js';
import { groupUidOf } from './place.js';
import type { Try } from './tell-charge.js';
import { tellOverbilled } from './troubles.js';
import { inUnit } from './units.js';

/** Their clock and ours may differ by this much. */
const clockDifference = 5 * minute;

type Outcome =
  | { readonly kind: 'billed'; readonly billId: string }
  | { readonly kind: 'refused' | 'uncollectable'; readonly reason: string };

/** Bills a charge that is due: looked for at the marketplace before it is sent when an earlier try may have arrived. */
export async function sendCharge(one: Try): Promise<void> {
  const { ports, owner, charge, lookFirst } = one;
  const { id, channelId } = charge;
  const outcome = await bill(one);
  try {
    await inUnit(ports, 'chargeSent', channelId, async (tx) => {
      if (outcome.kind === 'billed') await chargeSubmitted(tx, { id, owner, externalId: outcome.billId });
      else if (outcome.kind === 'refused') await chargeRefused(tx, { id, owner, reason: outcome.reason });
      else await chargeUncollectable(tx, { id, owner, reason: outcome.reason });
      if (lookFirst) await queueBillChecks(tx, charge, ports.patienceMs);
    });
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'wrong_state')) throw error;
    // it took so long that another sender billed it meanwhile
    await inUnit(ports, 'billedTwice', channelId, (tx) => queueBillChecks(tx, charge, ports.patienceMs));
  }
}

async function bill({ ports, place: { api }, charge, lookFirst, signal }: Try): Promise<Outcome> {
  const groupUid = await groupUidOf(ports, charge);
  if (groupUid === undefined) return { kind: 'refused', reason: 'the marketplace has no group for it' };
  try {
    const found = lookFirst ? await standingBills(api, charge, groupUid, signal) : [];
    const [oldest] = found;
    if (oldest === undefined) {
      const form = billForm(charge, groupUid, ports.clock.now());
      return { kind: 'billed', billId: (await billsFor(api, charge).create(form, signal)).id };
    }
    await tellOverbilled(ports, charge, await removeDuplicates(api, charge, found, oldest.id, signal));
    return { kind: 'billed', billId: oldest.id };
  } catch (error) {
    if (!isFailure(error, 'refused') || startsTooSoon(error, charge.startsAt, ports.clock.now())) throw error;
    const gone = says(error, 'group_id', /not exist|cannot be charged|can't be charged/i);
    return { kind: gone ? 'uncollectable' : 'refused', reason: textOf(error.errors) || error.message };
  }
}

/** A start their clock takes for past, because it is ahead of ours: in a while it needs none. */
function startsTooSoon({ errors }: AccountFailure, startsAt: string | null, now: string): boolean {
  return errors.start_date !== undefined && startsAt !== null && startsAt < shift(now, clockDifference);
}
