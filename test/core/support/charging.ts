import { type Charge, chargeSubmitted, claimCharge, repriceSubscription } from '../../../src/core/billing/index.js';
import { defineApplication, definePlan } from '../../../src/core/catalog/index.js';
import { assignLicense, giveBackLicense } from '../../../src/core/licensing/index.js';
import { configureChannel } from '../../../src/core/marketplace/index.js';
import { provisionInstance } from '../../../src/core/provisioning/index.js';
import { minute } from '../../../src/core/shared/clock.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import type { TestDatabase } from '../../support/databases.js';
import { makePerson, perform, system } from './hub.js';

export type Charging = Awaited<ReturnType<typeof makeCharging>>;

/**
 * A reseller's customer with one instance, its seats priced one by one, sold through a channel whose marketplace bills (or another
 * protocol's). A month is from the 15th at nine to the next.
 */
export async function makeCharging(
  db: TestDatabase,
  {
    protocol = 'maestrano',
    trialEndsAt = null,
    mark = 'crm',
  }: { protocol?: 'maestrano' | 'nec'; trialEndsAt?: string | null; mark?: string } = {},
) {
  const run = <T>(work: Parameters<typeof perform<T>>[2]) => perform(db, system, work);
  const made = await run(async (tx) => {
    const channel = await configureChannel(tx, { name: mark, protocol, settings: {} });
    const seller = await createTenant(tx, { kind: 'reseller', name: 'Seller' });
    const customer = await createTenant(tx, {
      kind: 'customer',
      name: 'Customer',
      parentId: seller.id,
      channelId: channel.id,
    });
    const application = await defineApplication(tx, { key: mark, name: 'CRM', licenseTypes: [{ code: 'Seat' }] });
    const price = { applicationId: application.id, currency: 'EUR', interval: 'month' } as const;
    const plans = {
      seats: await definePlan(tx, { ...price, key: 'seats', name: 'Team', amount: '3100', seats: 'perSeat' }),
      dear: await definePlan(tx, { ...price, key: 'dear', name: 'Dear', amount: '6200', seats: 'perSeat' }),
      flat: await definePlan(tx, { ...price, key: 'flat', name: 'Flat', amount: '9300' }),
      dollars: await definePlan(tx, { ...price, currency: 'USD', key: 'usd', name: 'USD', amount: '6200' }),
    };
    const seat = (await tx.licenseTypes.findOne({ applicationId: application.id, code: 'Seat' }))!;
    const bought = await provisionInstance(tx, {
      tenantId: customer.id,
      applicationId: application.id,
      channelId: channel.id,
      planId: plans.seats.id,
      trialEndsAt,
      licenses: [{ licenseTypeId: seat.id, quantity: 50 }],
    });
    return { channel, seller, customer, application, plans, seat, ...bought, subscription: bought.subscription! };
  });
  const { subscription, instance, customer, seat } = made;
  const { id: subscriptionId } = subscription;
  const charges = (kind?: Charge['kind']) =>
    run((tx) => tx.charges.findMany({ subscriptionId, ...(kind === undefined ? {} : { kind }) }));
  const send = async (id: string, externalId = `bill ${id}`) => {
    await run((tx) => claimCharge(tx, { id, owner: 'w', leaseMs: minute }));
    return run((tx) => chargeSubmitted(tx, { id, owner: 'w', externalId }));
  };
  const reprice = () => run((tx) => repriceSubscription(tx, { subscriptionId }));
  return {
    ...made,
    run,
    charges,
    send,
    reprice,
    standing: async () =>
      (await charges('RECURRING')).filter(({ status }) => status !== 'CANCELED' && status !== 'SETTLED'),
    /** Everything that is due goes to the marketplace. */
    async sendAll() {
      for (const { id, status, priceMinor } of await charges()) if (status === 'DUE' && priceMinor > 0n) await send(id);
    },
    /** One more person with a seat; nothing has heard of it yet. */
    addSeat: async () => {
      const { user } = await run((tx) => makePerson(tx, customer.id));
      const of = { userId: user.id, tenantId: customer.id, licenseTypeId: seat.id, instanceId: instance.id };
      return run((tx) => assignLicense(tx, of));
    },
    dropSeat: (id: string) => run((tx) => giveBackLicense(tx, id)),
    /** The same and priced. */
    async seats(count: number) {
      const held = await run((tx) => tx.licenses.findMany({ instanceId: instance.id, liveKey: '0' }));
      for (let extra = held.length; extra < count; extra += 1) await this.addSeat();
      for (const { id } of held.slice(count)) await this.dropSeat(id);
      await reprice();
    },
  };
}

/** What of charges matters, in the order they were made. */
export function shape(charges: readonly Charge[]) {
  return charges.map(({ kind, status, priceMinor, offsetMinor, seats, startsAt, periodStartsAt, periodEndsAt }) =>
    [
      kind,
      status,
      String(priceMinor),
      ...(offsetMinor === 0n ? [] : [`offset ${offsetMinor}`]),
      ...(seats === null ? [] : [`${seats} seats`]),
      [startsAt ?? periodStartsAt, periodEndsAt]
        .filter((at) => at !== null)
        .map((at) => at?.slice(5, 10))
        .join('/'),
    ].join(' '),
  );
}
