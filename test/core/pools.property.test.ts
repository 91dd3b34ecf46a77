import fc from 'fast-check';
import { assignLicense, moveLicense, releaseLicense, setPoolQuantity } from '../../src/core/licensing/index.js';
import { removeMember, terminateObject } from '../../src/core/provisioning/index.js';
import { onEveryDatabase, type TestDatabase } from '../support/databases.js';
import { type Hub, makeHub, outcome, perform, system } from './support/hub.js';

const places = ['provider', 'reseller', 'customer', 'sibling'] as const;
type PlaceName = (typeof places)[number];

interface Person {
  readonly userId: string;
  readonly membershipId: string;
  readonly at: PlaceName;
}

type Step =
  | { readonly kind: 'set'; readonly at: PlaceName; readonly quantity: number; readonly oversell?: boolean }
  | { readonly kind: 'setOfInstance'; readonly quantity: number }
  | { readonly kind: 'assign'; readonly who: number; readonly inInstance: boolean }
  | { readonly kind: 'move'; readonly which: number; readonly who: number }
  | { readonly kind: 'release'; readonly which: number }
  | { readonly kind: 'remove'; readonly who: number }
  | { readonly kind: 'endInstance' }
  | { readonly kind: 'endTenant'; readonly at: PlaceName };

const index = fc.nat(11);
const at = fc.constantFrom(...places);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      { kind: fc.constant('set' as const), at, quantity: fc.nat(8), oversell: fc.boolean() },
      { requiredKeys: ['kind', 'at', 'quantity'] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('setOfInstance' as const), quantity: fc.nat(4) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('assign' as const), who: index, inInstance: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('move' as const), which: index, who: index }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('release' as const), which: index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), who: index }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'endInstance' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('endTenant' as const), at }) },
);

/** Every refusal a command of this game may answer with; any other error ends the game. */
const refusals = ['not_found', 'terminated', 'unknown_reference', 'pool_exhausted', 'quantity_below_use', 'in_use'];

onEveryDatabase('license pools, whatever is done to them', (db) => {
  let games = 0;

  it('count what is held, never more than bought unless overselling, and lose nothing', async () => {
    const game = fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
      games += 1;
      const hub = await makeHub(db, `game-${games}`);
      const people: Person[] = [];
      for (const place of places) {
        for (let n = 0; n < 3; n += 1) {
          const { user, membership } = await hub.person(hub[place].id);
          people.push({ userId: user.id, membershipId: membership.id, at: place });
        }
      }
      for (const one of steps) {
        const before = await poolsOf(db, hub);
        const answer = await outcome(play(db, hub, people, one));
        if (answer !== 'done') {
          expect([one, refusals]).toEqual([one, expect.arrayContaining([answer])]);
          expect(await poolsOf(db, hub)).toEqual(before);
        }
        await holds(db, hub, one);
      }
      for (const place of ['customer', 'sibling', 'reseller', 'provider'] as const) {
        await outcome(perform(db, system, (tx) => terminateObject(tx, { kind: 'tenant', id: hub[place].id })));
        await holds(db, hub, { kind: 'endTenant', at: place });
      }
      const left = (await poolsOf(db, hub)).filter((pool) => pool.tenantId !== '' && pool.used !== 0);
      expect(left).toEqual([]);
    });
    await fc.assert(game, { numRuns: db.dialect === 'sqlite' ? 8 : 2, endOnFailure: true });
  });
});

function play(db: TestDatabase, hub: Hub, people: readonly Person[], one: Step): Promise<unknown> {
  const { seat } = hub.application;
  const person = (who: number) => people[who % people.length]!;
  return perform(db, system, async (tx) => {
    const seatAt = async (which: number) => {
      const held = await tx.licenses.findMany({ licenseTypeId: seat.id, liveKey: '0' });
      return held[which % Math.max(1, held.length)];
    };
    switch (one.kind) {
      case 'set': {
        const { at: place, quantity, oversell } = one;
        return setPoolQuantity(tx, { tenantId: hub[place].id, licenseTypeId: seat.id, quantity, oversell });
      }
      case 'setOfInstance': {
        const { id: instanceId } = hub.instance;
        const place = { tenantId: hub.customer.id, instanceId };
        return setPoolQuantity(tx, { ...place, licenseTypeId: seat.id, quantity: one.quantity });
      }
      case 'assign': {
        const { userId, at: place } = person(one.who);
        const instanceId = one.inInstance ? hub.instance.id : '';
        const input = { userId, tenantId: hub[place].id, licenseTypeId: seat.id, instanceId };
        const license = await assignLicense(tx, input);
        expect((await assignLicense(tx, input)).id).toBe(license.id);
        return license;
      }
      case 'move': {
        const held = await seatAt(one.which);
        return held && moveLicense(tx, { id: held.id, userId: person(one.who).userId });
      }
      case 'release': {
        const held = await seatAt(one.which);
        return held && releaseLicense(tx, { id: held.id });
      }
      case 'remove':
        return removeMember(tx, { id: person(one.who).membershipId });
      case 'endInstance':
        return terminateObject(tx, { kind: 'instance', id: hub.instance.id });
      case 'endTenant':
        return terminateObject(tx, { kind: 'tenant', id: hub[one.at].id });
    }
  });
}

const poolsOf = (db: TestDatabase, { application }: Hub) =>
  perform(db, system, (tx) => tx.licensePools.findMany({ applicationId: application.id }));

/** Counted anew from the rows, by nothing the hub itself uses. */
async function holds(db: TestDatabase, { application }: Hub, after: Step): Promise<void> {
  const { pools, licenses, memberships, tenants, instances } = await perform(db, system, async (tx) => ({
    pools: await tx.licensePools.findMany({ applicationId: application.id }),
    licenses: await tx.licenses.findMany({ applicationId: application.id, liveKey: '0' }),
    memberships: await tx.memberships.findMany({ liveKey: '0' }),
    tenants: await tx.tenants.findMany({}),
    instances: await tx.instances.findMany({}),
  }));
  for (const pool of pools) {
    const seats = licenses.filter((license) => license.poolId === pool.id).length;
    const drawn = pools
      .filter((below) => below.parentPoolId === pool.id)
      .reduce((sum, below) => sum + below.quantity, 0);
    expect({ after, used: pool.used }).toEqual({ after, used: seats + drawn });
    expect(pool.quantity).toBeGreaterThanOrEqual(0);
    if (!pool.oversell)
      expect({ after, used: pool.used, fits: pool.used <= pool.quantity }).toMatchObject({ fits: true });
  }
  const ended = new Set([...tenants, ...instances].filter((row) => row.terminatedAt !== null).map((row) => row.id));
  for (const { userId, tenantId, instanceId, licenseTypeId } of licenses) {
    const member = memberships.some((row) => row.userId === userId && row.tenantId === tenantId);
    const same = licenses.filter(
      (row) =>
        row.userId === userId &&
        row.tenantId === tenantId &&
        row.instanceId === instanceId &&
        row.licenseTypeId === licenseTypeId,
    );
    expect({ after, member, seats: same.length, ended: ended.has(tenantId) || ended.has(instanceId) }).toEqual({
      after,
      member: true,
      seats: 1,
      ended: false,
    });
  }
}
