import type { CatalogRepositories } from '../../catalog/index.js';
import type { LicensingRepositories } from '../../licensing/index.js';
import { found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import type { ChannelLookup } from '../../tenancy/index.js';
import type { Charge, Subscription } from '../model.js';
import { channelCollects } from './collects.js';
import { describeDifference, describeRate } from './descriptions.js';
import { recordDifference } from './offset.js';
import { planRecurring, type Rate } from './plan-recurring.js';
import { type ChargeTx, insertCharge, isStanding, placeOf, withdraw } from './rows.js';

export type RepriceTx = ChargeTx & CatalogRepositories & LicensingRepositories & ChannelLookup;

const mostMinor = 2n ** 63n - 1n;

/**
 * Brings the recurring charge of a subscription in line with its state, price and seats, without asking who: with a price, on a channel
 * whose marketplace bills, a live subscription has one open recurring charge, else none. What it costs per seat counts the different
 * people who hold a seat of the instance (or of the application as such); without any there is no charge. It starts now, when the trial
 * ends, or when the period already billed ends, whichever is last. A change within a billed period is charged or credited for the rest
 * of it. Nothing to do writes nothing.
 * Errors: not_found, invalid_value (price times seats is more than fits 64 bits).
 */
export async function repriceSubscription(
  tx: RepriceTx,
  { subscriptionId }: { readonly subscriptionId: string },
): Promise<void> {
  const subscription = found('subscription', await tx.subscriptions.lock(subscriptionId));
  if (await channelCollects(tx, subscription.channelId)) await repriceLocked(tx, subscription);
}

/** The same for some that this unit has written and holds; where nobody bills it costs no more than a look at their channels. */
export async function repriceWritten(tx: RepriceTx, subscriptions: readonly Subscription[]): Promise<void> {
  const sold = subscriptions.filter(({ channelId }) => channelId !== '');
  const collecting = new Set<string>();
  for (const channelId of new Set(sold.map(({ channelId }) => channelId))) {
    if (await channelCollects(tx, channelId)) collecting.add(channelId);
  }
  for (const subscription of sold) {
    if (collecting.has(subscription.channelId)) await repriceLocked(tx, subscription);
  }
}

async function repriceLocked(tx: RepriceTx, subscription: Subscription): Promise<void> {
  const charges = await readRecurring(tx, subscription.id);
  const wanted = subscription.status === 'ACTIVE' ? await rateOf(tx, subscription) : null;
  // Another process's clock may be a little ahead of this one's.
  const now = charges.reduce((at, { createdAt }) => (createdAt > at ? createdAt : at), tx.now);
  const plan = planRecurring({ charges, wanted, trialEndsAt: subscription.trialEndsAt, now });
  if (plan.withdraw !== null) await withdraw(tx, plan.withdraw, now);
  for (const difference of plan.differences) {
    await recordDifference(tx, subscription, difference, await describeDifference(tx, subscription, difference));
  }
  if (plan.create === null) return;
  const { priceMinor, ...rate } = plan.create;
  const charge = {
    ...placeOf(subscription),
    ...rate,
    priceMinor,
    kind: 'RECURRING',
    status: priceMinor === 0n ? 'SETTLED' : 'DUE',
    description: await describeRate(tx, subscription, rate.seats),
  } as const;
  await insertCharge(tx, charge, now);
}

/** The standing one as it is once locked: somebody may begin to send it at this moment. */
async function readRecurring(tx: RepriceTx, subscriptionId: string): Promise<readonly Charge[]> {
  const charges = (await tx.charges.findAll({ subscriptionId, kind: 'RECURRING' })).sort(inOrder);
  const standing = charges.find(isStanding);
  const locked = standing && (await tx.charges.lock(standing.id));
  return locked === undefined ? charges : charges.map((charge) => (charge.id === locked.id ? locked : charge));
}

/** As they were made, whatever the clocks of those who made them said: ids follow these, and a canceled one was replaced. */
function inOrder(a: Charge, b: Charge): number {
  const key = ({ createdAt, status, id }: Charge) => `${createdAt} ${status === 'CANCELED' ? 0 : 1} ${id}`;
  return key(a) < key(b) ? -1 : 1;
}

async function rateOf(tx: RepriceTx, subscription: Subscription): Promise<Rate> {
  const { priceMinor, currency, interval, seats } = subscription;
  const counted = seats === 'flat' ? 1 : priceMinor === 0n ? 0 : await countSeats(tx, subscription);
  const total = priceMinor * BigInt(counted);
  if (total > mostMinor) throw invalid('price', 'times the seats is out of range');
  return { priceMinor: total, seats: counted, currency, interval };
}

async function countSeats(tx: RepriceTx, { tenantId, applicationId, instanceId }: Subscription): Promise<number> {
  const held = await tx.licenses.findAll({ tenantId, applicationId, instanceId, liveKey: '0' });
  return new Set(held.map(({ userId }) => userId)).size;
}
