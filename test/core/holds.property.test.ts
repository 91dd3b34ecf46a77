import fc from 'fast-check';
import { bestChain } from '../../src/core/access/index.js';
import { openSubscription, resumeSubscription, suspendSubscription } from '../../src/core/billing/index.js';
import { disableMembership, disableUser, enableMembership, enableUser } from '../../src/core/identity/index.js';
import { assignLicense, releaseLicense } from '../../src/core/licensing/index.js';
import { disableObject, enableObject, provisionInstance } from '../../src/core/provisioning/index.js';
import type { Actor } from '../../src/core/shared/actor.js';
import type { Authority, Hold } from '../../src/core/shared/lifecycle.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase, type TestDatabase } from '../support/databases.js';
import { account, makeHub, makePerson, member, operator, outcome, perform, system } from './support/hub.js';

const links = ['application', 'tenant', 'parent', 'instance', 'user', 'membership', 'subscription', 'license'] as const;
type Link = (typeof links)[number];
const speakers = ['channel A', 'channel B', 'operator', 'owner', 'billing'] as const;
type Speaker = (typeof speakers)[number];

interface Move {
  readonly link: Link;
  readonly who: Speaker;
  readonly on: boolean;
}

const move = fc.record<Move>({
  link: fc.constantFrom(...links),
  who: fc.constantFrom(...speakers),
  on: fc.boolean(),
});

/** What may hold an object, by a model of its own: authority and channel. */
const keyOf = (hold: Pick<Hold, 'authority' | 'channelId'>) => `${hold.authority} ${hold.channelId}`;

onEveryDatabase('holds of many hands', (db) => {
  let games = 0;

  it('are lifted by whom they belong to only, and what is usable passes every link', async () => {
    const game = fc.asyncProperty(fc.array(move, { minLength: 15, maxLength: 35 }), async (moves) => {
      games += 1;
      const world = await makeWorld(db, `holds-${games}`);
      const model = new Map<Link, Set<string>>(links.map((link) => [link, new Set()]));
      for (const one of moves) {
        const before = await facts(db, world);
        const answer = await outcome(play(db, world, one));
        const after = await facts(db, world);
        if (answer !== 'done') expect(after).toEqual(before);
        expectMove(model, one, answer, world);
        for (const link of links)
          expect([one, link, after.held[link]]).toEqual([one, link, [...model.get(link)!].sort()]);
        expect([one, after.usable]).toEqual([one, [...model.values()].every((holding) => holding.size === 0)]);
      }
    });
    await fc.assert(game, { numRuns: db.dialect === 'sqlite' ? 12 : 3, endOnFailure: true });
  });
});

type World = Awaited<ReturnType<typeof makeWorld>>;

/** A chain that marketplace A manages; everything passes at the begin. */
async function makeWorld(db: TestDatabase, mark: string) {
  const hub = await makeHub(db, mark);
  return perform(db, system, async (tx) => {
    const { id: channelId } = hub.channelA;
    const tenant = await createTenant(tx, { kind: 'customer', name: 'T', parentId: hub.reseller.id, channelId });
    const { instance } = await provisionInstance(tx, {
      tenantId: tenant.id,
      applicationId: hub.application.id,
      channelId,
      licenses: [{ licenseTypeId: hub.application.seat.id, quantity: 1 }],
    });
    const place = { tenantId: tenant.id, instanceId: instance.id };
    const subscription = await openSubscription(tx, { ...place, planId: hub.application.plan.id, channelId });
    const { user, membership } = await makePerson(tx, tenant.id, ['MEMBER'], { instanceId: instance.id, channelId });
    await assignLicense(tx, { ...place, userId: user.id, licenseTypeId: hub.application.seat.id });
    return { hub, tenant, instance, subscription, user, membership };
  });
}

function actorOf({ hub, tenant }: World, who: Speaker): Actor {
  switch (who) {
    case 'channel A':
      return account(hub.channelA.id);
    case 'channel B':
      return account(hub.channelB.id);
    case 'owner':
      return member(tenant.id, ['OWNER']);
    default:
      return operator();
  }
}

function play(db: TestDatabase, world: World, { link, who, on }: Move): Promise<unknown> {
  const { hub, tenant, instance, subscription, user, membership } = world;
  const as: { as?: Authority } = who === 'billing' ? { as: 'billing' } : {};
  const object = {
    application: { kind: 'application', id: hub.application.id },
    tenant: { kind: 'tenant', id: tenant.id },
    parent: { kind: 'tenant', id: hub.reseller.id },
    instance: { kind: 'instance', id: instance.id },
  } as const;
  return perform(db, actorOf(world, who), async (tx) => {
    switch (link) {
      case 'user':
        return on ? enableUser(tx, { id: user.id }) : disableUser(tx, { id: user.id });
      case 'membership':
        return on ? enableMembership(tx, { id: membership.id }) : disableMembership(tx, { id: membership.id });
      case 'subscription':
        return on ? resumeSubscription(tx, { id: subscription.id }) : suspendSubscription(tx, { id: subscription.id });
      case 'license': {
        const place = { userId: user.id, tenantId: tenant.id, instanceId: instance.id };
        if (on) return assignLicense(tx, { ...place, licenseTypeId: hub.application.seat.id });
        const seats = await tx.licenses.findMany(place);
        // one given back already may be given back again, by whom it may
        const seat = seats.find((license) => license.liveKey === '0') ?? seats.at(-1);
        return releaseLicense(tx, { id: seat!.id });
      }
      default:
        return on ? enableObject(tx, { ...object[link], ...as }) : disableObject(tx, { ...object[link], ...as });
    }
  });
}

/** Who may touch what, written down apart from the code that decides it. */
function mayMove(link: Link, who: Speaker): boolean {
  if (who === 'channel B') return false;
  if (who === 'operator' || who === 'billing') return true;
  if (link === 'application' || link === 'parent' || link === 'user') return false;
  if (link === 'subscription') return who === 'channel A';
  return true;
}

function expectMove(model: Map<Link, Set<string>>, { link, who, on }: Move, answer: string, { hub }: World): void {
  const holding = model.get(link)!;
  if (!mayMove(link, who)) {
    expect([link, who, on, answer]).toEqual([link, who, on, expect.stringMatching(/^(not_found|forbidden)$/)]);
    return;
  }
  if (link === 'license' || link === 'subscription') {
    expect([link, who, answer]).toEqual([link, who, 'done']);
    if (on) holding.clear();
    else holding.add('off');
    return;
  }
  // Only objects take an authority by name; for people an operator is an operator.
  const named = who === 'billing' && (link === 'user' || link === 'membership') ? 'operator' : who;
  const authority: Authority = named === 'channel A' || named === 'channel B' ? 'marketplace' : named;
  const own = keyOf({ authority, channelId: authority === 'marketplace' ? hub.channelA.id : '' });
  if (!on) {
    expect([link, who, answer]).toEqual([link, who, 'done']);
    holding.add(own);
    return;
  }
  const mine = [...holding].filter((key) => (authority === 'operator' ? !key.startsWith('billing') : key === own));
  expect([link, who, on, answer]).toEqual([
    link,
    who,
    on,
    mine.length === 0 && holding.size > 0 ? 'holds_remain' : 'done',
  ]);
  for (const key of mine) holding.delete(key);
}

async function facts(db: TestDatabase, world: World) {
  const { hub, tenant, instance, subscription, user, membership } = world;
  return perform(db, system, async (tx) => {
    const keys = (row: { readonly holds: readonly Hold[] } | undefined) => row!.holds.map(keyOf).sort();
    const place = { userId: user.id, applicationId: hub.application.id, instanceId: instance.id };
    const status = (await tx.subscriptions.find(subscription.id))!.status;
    const seats = await tx.licenses.count({ ...place, liveKey: '0' });
    return {
      usable: bestChain(await tx.chains.load(place))?.usability.usable,
      held: {
        application: keys(await tx.applications.find(hub.application.id)),
        tenant: keys(await tx.tenants.find(tenant.id)),
        parent: keys(await tx.tenants.find(hub.reseller.id)),
        instance: keys(await tx.instances.find(instance.id)),
        user: keys(await tx.users.find(user.id)),
        membership: keys(await tx.memberships.find(membership.id)),
        subscription: status === 'ACTIVE' ? [] : ['off'],
        license: seats === 1 ? [] : ['off'],
      } satisfies Record<Link, string[]>,
    };
  });
}
