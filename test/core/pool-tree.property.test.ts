import fc from 'fast-check';
import {
  assignLicense,
  type LicensePool,
  moveLicense,
  releaseLicense,
  returnSubPurchase,
  setPoolQuantity,
  subPurchase,
} from '../../src/core/licensing/index.js';
import { terminateTenantTree } from '../../src/core/provisioning/index.js';
import type { TenantKind } from '../../src/core/tenancy/index.js';
import { onEveryDatabase, type TestDatabase } from '../support/databases.js';
import { outcome, perform, system } from './support/hub.js';
import { type Branch, makeTree, personIn, type Tree } from './support/pool-tree.js';

const below: Readonly<Record<TenantKind, readonly TenantKind[]>> = {
  provider: ['reseller', 'customer', 'provider', 'group'],
  reseller: ['group', 'reseller', 'customer'],
  customer: ['group'],
  group: [],
};
const deepest = 3;

type Step = { readonly at: number; readonly who: number; readonly quantity: number } & (
  | { readonly kind: 'set'; readonly oversell?: boolean }
  | { readonly kind: 'draw' | 'back' | 'release' | 'move' | 'end' }
  | { readonly kind: 'assign'; readonly second: boolean }
);

const numbers = { at: fc.nat(20), who: fc.nat(20), quantity: fc.nat(6) };
const of = <K extends string>(kind: K) => fc.record({ kind: fc.constant(kind), ...numbers });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { kind: fc.constant('set' as const), ...numbers, oversell: fc.boolean() },
      { requiredKeys: ['kind', 'at', 'who', 'quantity'] },
    ),
  },
  { weight: 6, arbitrary: of('draw' as const) },
  { weight: 3, arbitrary: of('back' as const) },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant('assign' as const), ...numbers, second: fc.boolean() }),
  },
  { weight: 3, arbitrary: of('release' as const) },
  { weight: 3, arbitrary: of('move' as const) },
  { weight: 1, arbitrary: of('end' as const) },
);

/** Every refusal a command of this game may answer with; any other error ends the game. */
const refusals = [
  'not_found',
  'terminated',
  'unknown_reference',
  'pool_exhausted',
  'quantity_below_use',
  'wrong_state',
  'invalid_value',
  'other_license_held',
];

/** What numbers say, as a tree of at most four levels with a provider at its top. */
function treeOf(choices: readonly (readonly [above: number, kind: number])[]): Branch[] {
  const branches: Branch[] = [{ kind: 'provider' }];
  const depths = [0];
  for (const [above, kind] of choices) {
    const open = branches.flatMap((branch, at) => (depths[at]! < deepest && below[branch.kind].length > 0 ? [at] : []));
    const parent = open[above % open.length]!;
    const kinds = below[branches[parent]!.kind];
    branches.push({ kind: kinds[kind % kinds.length]!, above: parent });
    depths.push(depths[parent]! + 1);
  }
  return branches;
}

interface Person {
  readonly userId: string;
  readonly at: number;
}

onEveryDatabase('a tree of license pools, whatever is done to it', (db) => {
  it('counts what is held and passed on, gives out the nearest, and makes nothing out of nothing', async () => {
    const shape = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 2, maxLength: 7 });
    const game = fc.asyncProperty(
      shape,
      fc.constantFrom('kakapo' as const, 'nec' as const),
      fc.array(step, { minLength: 20, maxLength: 45 }),
      async (choices, protocol, steps) => {
        const kakapo = protocol === 'kakapo';
        const branches = treeOf(choices);
        const tree = await makeTree(db, branches, protocol);
        const people: Person[] = [];
        for (let at = 0; at < branches.length; at += 1) {
          for (let n = 0; n < 2; n += 1) people.push({ userId: await personIn(db, tree, at), at });
        }
        let before = await rowsOf(db, tree);
        for (const one of steps) {
          const predicted =
            one.kind === 'assign' ? giver(tree, branches, before.pools, people, one, kakapo) : undefined;
          const answer = await outcome(play(db, tree, people, before, one, predicted));
          const after = await rowsOf(db, tree);
          if (answer !== 'done') {
            expect([one, refusals]).toEqual([one, expect.arrayContaining([answer])]);
            expect(after).toEqual(before);
          }
          check(one, before, after, kakapo);
          before = after;
        }
      },
    );
    await fc.assert(game, { numRuns: db.dialect === 'sqlite' ? 10 : 2, endOnFailure: true });
  });
});

interface Rows {
  readonly pools: readonly LicensePool[];
  readonly seats: readonly { id: string; poolId: string; userId: string; licenseTypeId: string; tenantId: string }[];
  /** Tenants that are no more. */
  readonly ended: ReadonlySet<string>;
}

const rowsOf = (db: TestDatabase, { application, channel }: Tree): Promise<Rows> =>
  perform(db, system, async (tx) => ({
    pools: await tx.licensePools.findMany({ applicationId: application.id }),
    seats: await tx.licenses.findMany({ applicationId: application.id, liveKey: '0' }),
    ended: new Set(
      (await tx.tenants.findMany({ channelId: channel.id }))
        .filter(({ terminatedAt }) => terminatedAt !== null)
        .map(({ id }) => id),
    ),
  }));

/**
 * Where a new seat comes from, by the rule alone: the nearest with stock, else the nearest that oversells; null for nowhere. With
 * Kakapo nothing is taken above a provider.
 */
function giver(
  { tenants, pro, enterprise }: Tree,
  branches: readonly Branch[],
  pools: readonly LicensePool[],
  people: readonly Person[],
  { who, second }: { readonly who: number; readonly second: boolean },
  oneProvider: boolean,
): string | null {
  const typeId = (second ? enterprise : pro).id;
  const way: LicensePool[] = [];
  for (let at: number | undefined = people[who % people.length]!.at; at !== undefined; at = branches[at]!.above) {
    const pool = pools.find(({ tenantId, licenseTypeId }) => tenantId === tenants[at!]!.id && licenseTypeId === typeId);
    if (pool !== undefined) way.push(pool);
    if (pool !== undefined && branches[at]!.kind === 'customer') break;
    if (oneProvider && branches[at]!.kind === 'provider') break;
  }
  const stocked = way.find(({ quantity, used }) => used < quantity);
  return (stocked ?? way.find(({ oversell }) => oversell))?.id ?? null;
}

function play(
  db: TestDatabase,
  { tenants, pro, enterprise }: Tree,
  people: readonly Person[],
  { seats }: Rows,
  one: Step,
  predicted: string | null | undefined,
): Promise<unknown> {
  const { at, who, quantity } = one;
  const typeId = (who % 3 === 0 ? enterprise : pro).id;
  const place = { tenantId: tenants[at % tenants.length]!.id, licenseTypeId: typeId, quantity };
  const person = people[who % people.length]!;
  const held = seats[at % Math.max(1, seats.length)];
  return perform(db, system, async (tx) => {
    switch (one.kind) {
      case 'set':
        return setPoolQuantity(tx, { ...place, ...(one.oversell === undefined ? {} : { oversell: one.oversell }) });
      case 'draw':
        return subPurchase(tx, place);
      case 'back':
        return returnSubPurchase(tx, place);
      case 'assign': {
        const type = one.second ? enterprise : pro;
        const wanted = { userId: person.userId, tenantId: tenants[person.at]!.id, licenseTypeId: type.id };
        const had = seats.find(({ userId, licenseTypeId }) => userId === person.userId && licenseTypeId === type.id);
        const seat = await assignLicense(tx, wanted);
        expect([one, seat.poolId]).toEqual([one, had?.poolId ?? predicted]);
        return seat;
      }
      case 'release':
        return held && releaseLicense(tx, { id: held.id });
      case 'move':
        return held && moveLicense(tx, { id: held.id, userId: person.userId });
      case 'end':
        return terminateTenantTree(tx, { id: tenants[1 + (at % (tenants.length - 1))]!.id });
    }
  });
}

/** Counted anew from the rows, by nothing the hub itself uses. */
function check(one: Step, before: Rows, { pools, seats, ended }: Rows, oneType: boolean): void {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const drawn = (pool: LicensePool) =>
    sum(pools.filter(({ parentPoolId }) => parentPoolId === pool.id).map(({ quantity }) => quantity));
  for (const pool of pools) {
    const held = seats.filter(({ poolId }) => poolId === pool.id).length;
    expect([one, pool.tenantId, pool.used]).toEqual([one, pool.tenantId, held + drawn(pool)]);
    if (!pool.oversell) expect([one, pool.used <= pool.quantity]).toEqual([one, true]);
  }
  // what was bought at a top changes by being set, and is all there: free somewhere below, or held
  for (const top of pools.filter(({ parentPoolId }) => parentPoolId === '')) {
    const same = before.pools.find(({ id }) => id === top.id);
    if (one.kind !== 'set') expect([one, top.quantity]).toEqual([one, same?.quantity]);
    const own = new Set([top.id]);
    for (let size = 0; size < own.size; ) {
      size = own.size;
      for (const pool of pools) if (own.has(pool.parentPoolId)) own.add(pool.id);
    }
    const mine = pools.filter(({ id }) => own.has(id));
    const free = sum(mine.map(({ quantity, used }) => quantity - used));
    expect([one, top.quantity]).toEqual([one, free + seats.filter(({ poolId }) => own.has(poolId)).length]);
  }
  if (oneType) expect(new Set(seats.map(({ userId }) => userId)).size).toBe(seats.length);
  expect([one, seats.filter(({ tenantId }) => ended.has(tenantId))]).toEqual([one, []]);
}
