import fc from 'fast-check';
import { endSubscription, resumeSubscription, suspendSubscription } from '../../src/core/billing/index.js';
import { disableMembership, disableUser, enableMembership, enableUser } from '../../src/core/identity/index.js';
import { assignLicense, releaseLicense, setPoolQuantity } from '../../src/core/licensing/index.js';
import { disableObject, enableObject, provisionInstance } from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { day, hour, type Instant, shift } from '../../src/core/shared/clock.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase, type TestDatabase } from '../support/databases.js';
import { makeHub, makePerson, outcome, perform, system } from './support/hub.js';

const links = ['tenant', 'parent', 'application', 'instance', 'subscription', 'user', 'membership', 'seat'] as const;
type Link = (typeof links)[number];

type Step =
  | { readonly kind: 'switch'; readonly link: Link; readonly on: boolean; readonly hours: number }
  | { readonly kind: 'buy'; readonly quantity: number; readonly hours: number }
  | { readonly kind: 'end'; readonly hours: number };

const hours = fc.integer({ min: 1, max: 30 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('switch' as const),
      link: fc.constantFrom(...links),
      on: fc.boolean(),
      hours,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('buy' as const), quantity: fc.integer({ min: 1, max: 9 }), hours }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), hours }) },
);

/** What was so from an instant on: the whole model. */
interface Fact {
  readonly from: Instant;
  readonly on: ReadonlySet<Link>;
  readonly quantity: number;
}

onEveryDatabase('what is billable at a past instant', (db) => {
  let games = 0;

  it('is what a list of facts says', async () => {
    const game = fc.asyncProperty(
      fc.array(step, { minLength: 8, maxLength: 20 }),
      fc.boolean(),
      async (steps, trial) => {
        games += 1;
        const world = await makeWorld(db, `bill-${games}`, trial);
        const on = new Set<Link>(links);
        const facts: Fact[] = [{ from: db.clock.now(), on: new Set(on), quantity: 2 }];
        let quantity = 2;
        let ended = false;
        for (const one of steps) {
          db.clock.advance(one.hours * hour);
          if (one.kind === 'buy') quantity = one.quantity;
          const done = (await outcome(perform(db, system, (tx) => play(tx, world, one)))) === 'done';
          if (one.kind === 'end') {
            ended = true;
            on.delete('subscription');
          }
          if (one.kind === 'switch' && !(ended && one.link === 'subscription')) {
            expect([one, done]).toEqual([one, true]);
            if (one.on) on.add(one.link);
            else on.delete(one.link);
          }
          facts.push({ from: db.clock.now(), on: new Set(on), quantity });
        }
        const last = facts.at(-1)!.from;
        for (const { from } of facts) {
          for (const at of [from, shift(from, 1), shift(from, -1), shift(last, day)]) {
            const fact = facts.filter((known) => known.from <= at).at(-1);
            const expected = {
              purchased: fact?.quantity ?? 0,
              assigned: fact?.on.has('seat') ? 1 : 0,
              billable:
                fact?.on.size === links.length && (world.trialEndsAt === null || at >= world.trialEndsAt) ? 1 : 0,
            };
            const [usage] = await db.persistence.readers.licenseUsage.of(world.instance.id, at);
            expect({ at, ...usage }).toMatchObject({ at, ...expected });
          }
        }
      },
    );
    await fc.assert(game, { numRuns: db.dialect === 'sqlite' ? 12 : 3, endOnFailure: true });
  });
});

type World = Awaited<ReturnType<typeof makeWorld>>;

async function makeWorld(db: TestDatabase, mark: string, trial: boolean) {
  const hub = await makeHub(db, mark);
  db.clock.advance(day);
  return perform(db, system, async (tx) => {
    const tenant = await createTenant(tx, { kind: 'customer', name: 'T', parentId: hub.reseller.id });
    const trialEndsAt = trial ? shift(tx.now, 3 * day) : null;
    const bought = await provisionInstance(tx, {
      tenantId: tenant.id,
      applicationId: hub.application.id,
      planId: hub.application.plan.id,
      trialEndsAt,
      licenses: [{ licenseTypeId: hub.application.seat.id, quantity: 2 }],
    });
    const { user, membership } = await makePerson(tx, tenant.id, ['MEMBER'], { instanceId: bought.instance.id });
    const seat = { tenantId: tenant.id, instanceId: bought.instance.id, licenseTypeId: hub.application.seat.id };
    await assignLicense(tx, { ...seat, userId: user.id });
    return {
      hub,
      tenant,
      trialEndsAt,
      instance: bought.instance,
      subscription: bought.subscription!,
      user,
      membership,
      seat,
    };
  });
}

async function play(tx: Unit, world: World, one: Step): Promise<unknown> {
  const { hub, tenant, instance, subscription, user, membership, seat } = world;
  if (one.kind === 'buy') return setPoolQuantity(tx, { ...seat, quantity: one.quantity });
  if (one.kind === 'end') return endSubscription(tx, { id: subscription.id });
  const { link, on } = one;
  switch (link) {
    case 'user':
      return on ? enableUser(tx, { id: user.id }) : disableUser(tx, { id: user.id });
    case 'membership':
      return on ? enableMembership(tx, { id: membership.id }) : disableMembership(tx, { id: membership.id });
    case 'subscription':
      return on ? resumeSubscription(tx, { id: subscription.id }) : suspendSubscription(tx, { id: subscription.id });
    case 'seat': {
      if (on) return assignLicense(tx, { ...seat, userId: user.id });
      const [held] = await tx.licenses.findMany({ userId: user.id, liveKey: '0' });
      return held && releaseLicense(tx, { id: held.id });
    }
    default: {
      const target = {
        tenant: { kind: 'tenant', id: tenant.id },
        parent: { kind: 'tenant', id: hub.reseller.id },
        application: { kind: 'application', id: hub.application.id },
        instance: { kind: 'instance', id: instance.id },
      } as const;
      return (on ? enableObject : disableObject)(tx, target[link]);
    }
  }
}
