import { assignLicense, returnSubPurchase, setPoolQuantity, subPurchase } from '../../src/core/licensing/index.js';
import { terminateTenantTree } from '../../src/core/provisioning/index.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { onEveryDatabase } from '../support/databases.js';
import { account, member, operator, outcome, perform, system, traceOf } from './support/hub.js';
import { type Branch, buy, draw, makeTree, personIn, poolsOf, type Tree } from './support/pool-tree.js';

const branches: Branch[] = [
  { kind: 'provider' },
  { kind: 'reseller', above: 0 },
  { kind: 'group', above: 1 },
  { kind: 'provider', above: 0 },
  { kind: 'provider' },
];
const [PROVIDER, RESELLER, GROUP, CHILD, STRANGER] = [0, 1, 2, 3, 4] as const;

onEveryDatabase('sub-purchases', (db) => {
  let tree: Tree;
  beforeEach(async () => {
    tree = await makeTree(db, branches);
  });

  const at = (level: number, quantity: number, expectedVersion?: number) => ({
    tenantId: tree.tenants[level]!.id,
    licenseTypeId: tree.pro.id,
    quantity,
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
  });
  const take = (level: number, quantity: number, actor: Actor = system, version?: number) =>
    outcome(perform(db, actor, (tx) => subPurchase(tx, at(level, quantity, version))));
  const back = (level: number, quantity: number, actor: Actor = system, version?: number) =>
    outcome(perform(db, actor, (tx) => returnSubPurchase(tx, at(level, quantity, version))));
  const seat = async (level: number) => {
    const userId = await personIn(db, tree, level);
    const wanted = { userId, tenantId: tree.tenants[level]!.id, licenseTypeId: tree.pro.id };
    return outcome(perform(db, system, (tx) => assignLicense(tx, wanted)));
  };
  const levels = async () => (await poolsOf(db, tree)).slice(0, 3);

  it('come from the pool directly above, add up, and go back', async () => {
    await buy(db, tree, PROVIDER, 10);
    expect(await take(GROUP, 1)).toBe('pool_exhausted'); // the reseller has no pool: the provider's is not directly above
    expect(await take(RESELLER, 4)).toBe('done');
    expect(await take(RESELLER, 2)).toBe('done');
    expect(await take(GROUP, 5)).toBe('done');
    expect(await levels()).toEqual([
      [10, 6],
      [6, 5],
      [5, 0],
    ]);
    expect(await take(GROUP, 2)).toBe('pool_exhausted');
    expect(await take(RESELLER, 5)).toBe('pool_exhausted');
    expect(await back(RESELLER, 2)).toBe('quantity_below_use');
    expect(await seat(GROUP)).toBe('done');
    expect(await back(GROUP, 5)).toBe('quantity_below_use');
    expect(await back(GROUP, 4)).toBe('done');
    expect(await back(RESELLER, 5)).toBe('done');
    expect(await levels()).toEqual([
      [10, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(await take(CHILD, 9)).toBe('done');
    expect(await seat(GROUP)).toBe('pool_exhausted');
  });

  it('are told like any other change of a pool', async () => {
    await buy(db, tree, PROVIDER, 10);
    const { id } = await draw(db, tree, RESELLER, 4);
    expect(await back(RESELLER, 1)).toBe('done');
    const { entries, events } = await traceOf(db, id);
    expect(entries).toHaveLength(2);
    expect(events).toEqual([
      ['license.pool_changed', tree.tenants[RESELLER]!.id],
      ['license.pool_changed', tree.tenants[RESELLER]!.id],
    ]);
    const changes = await perform(db, system, (tx) => tx.poolChanges.findMany({ poolId: id }));
    expect(changes.map(({ quantity }) => quantity)).toEqual([4, 3]);
  });

  it('end where what is used could no longer be counted, whoever may oversell', async () => {
    await buy(db, tree, PROVIDER, 5, true);
    expect(await take(RESELLER, 2_000_000_000)).toBe('done');
    expect(await take(CHILD, 1)).toBe('pool_exhausted');
    expect(await back(RESELLER, 1)).toBe('done');
    expect(await take(CHILD, 1)).toBe('done');
    expect(await levels()).toEqual([[5, 2_000_000_000], [1_999_999_999, 0], null]);
  });

  it('go on from a reseller who may oversell, below zero and up again', async () => {
    await buy(db, tree, PROVIDER, 3);
    await buy(db, tree, RESELLER, 3, true);
    expect(await take(GROUP, 5)).toBe('done');
    expect(await levels()).toEqual([
      [3, 3],
      [3, 5],
      [5, 0],
    ]);
    expect(await outcome(buy(db, tree, RESELLER, 3, false))).toBe('quantity_below_use');
    expect(await back(RESELLER, 1)).toBe('quantity_below_use'); // what is used stays, however much may be oversold
    await buy(db, tree, PROVIDER, 9);
    expect(await take(RESELLER, 1)).toBe('done');
    expect(await levels()).toEqual([
      [9, 4],
      [4, 5],
      [5, 0],
    ]);
    expect(await take(RESELLER, 1)).toBe('done');
    expect(await outcome(buy(db, tree, RESELLER, 5, false))).toBe('done');
    expect(await take(GROUP, 1)).toBe('pool_exhausted');
  });

  it('are refused for a pool that was bought elsewhere, unless it has nothing', async () => {
    await buy(db, tree, GROUP, 0);
    await buy(db, tree, RESELLER, 2);
    await buy(db, tree, PROVIDER, 10);
    expect(await take(RESELLER, 1)).toBe('wrong_state');
    expect(await back(RESELLER, 1)).toBe('wrong_state');
    expect(await take(GROUP, 1)).toBe('done');
    expect(await levels()).toEqual([
      [10, 0],
      [2, 1],
      [1, 0],
    ]);
    // drawn past the reseller while it had no pool
    const other = await makeTree(db, branches);
    await buy(db, other, PROVIDER, 5);
    await buy(db, other, GROUP, 2);
    await buy(db, other, RESELLER, 1);
    const more = { tenantId: other.tenants[GROUP]!.id, licenseTypeId: other.pro.id, quantity: 1 };
    expect(await outcome(perform(db, system, (tx) => subPurchase(tx, more)))).toBe('wrong_state');
    expect(await outcome(perform(db, system, (tx) => returnSubPurchase(tx, { ...more, quantity: 2 })))).toBe('done');
    expect(await outcome(perform(db, system, (tx) => subPurchase(tx, more)))).toBe('done');
    expect((await poolsOf(db, other)).slice(0, 3)).toEqual([
      [5, 1],
      [1, 1],
      [1, 0],
    ]);
  });

  it.each<[string, (tenants: Tree['tenants']) => Actor, readonly string[]]>([
    ['an administrator of the provider', ([provider]) => member(provider!.id), ['done', 'done']],
    ['one of the reseller', (tenants) => member(tenants[RESELLER]!.id), ['forbidden', 'done']],
    ['one of the group', (tenants) => member(tenants[GROUP]!.id), ['not_found', 'forbidden']],
    ['one of another provider', (tenants) => member(tenants[STRANGER]!.id), ['not_found', 'not_found']],
    ['a member of the provider', ([provider]) => member(provider!.id, ['VIEWER']), ['forbidden', 'forbidden']],
    ['an operator', () => operator(666), ['done', 'done']],
    ['an operator who reads', () => operator(333), ['forbidden', 'forbidden']],
  ])('%s', async (_, actorOf, expected) => {
    await buy(db, tree, PROVIDER, 10);
    await draw(db, tree, RESELLER, 4);
    await draw(db, tree, GROUP, 2);
    const actor = actorOf(tree.tenants);
    expect([await take(RESELLER, 1, actor), await take(GROUP, 1, actor)]).toEqual(expected);
    expect([await back(RESELLER, 1, actor), await back(GROUP, 1, actor)]).toEqual(expected);
  });

  it('are the channel’s, and those of an account at a provider end where the provider ends', async () => {
    await buy(db, tree, PROVIDER, 10);
    await buy(db, tree, STRANGER, 10);
    const { id: channelId } = tree.channel;
    const own = account(channelId, tree.tenants[PROVIDER]!.id);
    expect(await take(RESELLER, 1, account(channelId))).toBe('done');
    expect(await take(RESELLER, 1, own)).toBe('done');
    expect(await take(CHILD, 1, own)).toBe('done');
    expect(await back(CHILD, 1, own)).toBe('done');
    expect(await take(RESELLER, 1, account(channelId, tree.tenants[STRANGER]!.id))).toBe('not_found');
    expect(await back(RESELLER, 1, account('chn_00000000000000000000000001'))).toBe('not_found');
  });

  it('are refused as a whole: wrong numbers, versions, tops, ended tenants, applications not on sale here', async () => {
    await buy(db, tree, PROVIDER, 10);
    const { version } = await draw(db, tree, RESELLER, 4);
    for (const quantity of [0, -1, 1.5, 2_000_000_001]) {
      expect([await take(RESELLER, quantity), await back(RESELLER, quantity)]).toEqual([
        'invalid_value',
        'invalid_value',
      ]);
    }
    expect(await take(RESELLER, 1, system, version + 1)).toBe('version_conflict');
    expect(await back(RESELLER, 1, system, version + 1)).toBe('version_conflict');
    expect(await take(RESELLER, 1, system, version)).toBe('done');
    expect(await take(PROVIDER, 1)).toBe('invalid_value');
    expect(await back(PROVIDER, 1)).toBe('wrong_state');
    expect(await back(GROUP, 1)).toBe('unknown_reference');
    expect(await levels()).toEqual([[10, 5], [5, 0], null]);
    await perform(db, system, (tx) => terminateTenantTree(tx, { id: tree.tenants[RESELLER]!.id }));
    expect([await take(RESELLER, 1), await take(GROUP, 1), await back(RESELLER, 1)]).toEqual([
      'terminated',
      'terminated',
      'terminated',
    ]);
    expect(await levels()).toEqual([[10, 0], [0, 0], null]);
    const rival = await makeTree(db, branches);
    await perform(db, system, async (tx) => {
      const owned = (await tx.applications.lock(tree.application.id))!;
      await tx.applications.save(owned, { ownerTenantId: rival.tenants[PROVIDER]!.id });
    });
    expect(await take(CHILD, 1)).toBe('not_found');
  });

  it('of ten at once no more are made than there is', async () => {
    await buy(db, tree, PROVIDER, 4);
    await draw(db, tree, RESELLER, 4);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 ? take(GROUP, 1) : take(CHILD, 1))));
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(4);
    expect(await levels()).toEqual([
      [4, 4],
      [4, 4],
      [4, 0],
    ]);
  });

  it('and set quantities agree: what was set lower is there again above', async () => {
    await buy(db, tree, PROVIDER, 10);
    await draw(db, tree, RESELLER, 6);
    await buy(db, tree, RESELLER, 2);
    expect(await levels()).toEqual([[10, 2], [2, 0], null]);
    const reseller = member(tree.tenants[PROVIDER]!.id);
    const more = { tenantId: tree.tenants[RESELLER]!.id, licenseTypeId: tree.pro.id, quantity: 8 };
    await perform(db, reseller, (tx) => setPoolQuantity(tx, more));
    expect(await back(RESELLER, 8)).toBe('done');
    expect(await levels()).toEqual([[10, 0], [0, 0], null]);
  });
});
