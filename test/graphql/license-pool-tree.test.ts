import { addMembership } from '../../src/core/identity/index.js';
import { assignLicense, setPoolQuantity, subPurchase } from '../../src/core/licensing/index.js';
import { terminateTenantTree } from '../../src/core/provisioning/index.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { account, perform, system } from '../core/support/hub.js';
import { type Branch, buy, draw, makeTree, personIn, type Tree } from '../core/support/pool-tree.js';
import { onEveryDatabase } from '../support/databases.js';
import { type CommandServer, startCommands } from './support/commands.js';
import { countedReaders, type MercatorServer, member, operator, startMercator } from './support/mercator.js';

const branches: Branch[] = [
  { kind: 'provider' },
  { kind: 'reseller', above: 0 },
  { kind: 'group', above: 1 },
  { kind: 'group', above: 1 },
  { kind: 'reseller', above: 0 },
];
const someone = 'usr_00000000000000000000000009';

const levels = `totalCount pageInfo { hasNextPage endCursor } nodes {
  depth pool { tenant { name kind } licenseType { code } purchased subPurchased assigned free used } }`;
const ofTenant = `query ($id: ID!, $application: ID, $first: Int = 20, $after: Cursor) {
  licensePoolTree(tenantId: $id, applicationId: $application, first: $first, after: $after) { ${levels} } }`;

onEveryDatabase('the tree of license pools', (db) => {
  let tree: Tree;

  /** 20 bought at the top; 12 passed on to the first reseller, 5 of them to its first group; seats at all of these levels. */
  async function fill(): Promise<Tree> {
    const made = await makeTree(db, branches);
    await buy(db, made, 0, 20);
    await draw(db, made, 1, 12);
    await draw(db, made, 2, 5);
    await perform(db, system, (tx) =>
      setPoolQuantity(tx, { tenantId: made.tenants[0]!.id, licenseTypeId: made.enterprise.id, quantity: 3 }),
    );
    const holders = [2, 2, 3, 4].map(async (at) => [at, await personIn(db, made, at)] as const);
    for (const [at, userId] of await Promise.all(holders)) {
      const wanted = { userId, tenantId: made.tenants[at]!.id, licenseTypeId: made.pro.id };
      await perform(db, system, (tx) => assignLicense(tx, wanted));
    }
    return made;
  }

  beforeEach(async () => {
    tree = await fill();
  });

  const level = (at: number, code: string, counts: readonly [number, number, number]) => {
    const [purchased, subPurchased, assigned] = counts;
    const { name, kind } = tree.tenants[at]!;
    const depth = at === 0 ? 0 : branches[at]!.kind === 'reseller' ? 1 : 2;
    const used = subPurchased + assigned;
    const pool = {
      tenant: { name, kind: kind.toUpperCase() },
      licenseType: { code },
      purchased,
      subPurchased,
      assigned,
    };
    return { depth, pool: { ...pool, free: purchased - used, used } };
  };

  describe('read', () => {
    let server: MercatorServer;
    const counted = () => countedReaders(db);
    let readers: ReturnType<typeof counted>;
    beforeEach(async () => {
      readers = counted();
      server = await startMercator(readers.readers, db.clock);
    });
    afterEach(() => server.close());

    const read = async (actor: Actor | undefined, variables: object) =>
      (await server.read(actor, ofTenant, variables)).licensePoolTree;
    const idOf = (at: number) => tree.tenants[at]!.id;

    it('says for each level what it bought, passed on, gave out and has left', async () => {
      const { nodes, totalCount } = await read(operator(), { id: idOf(0) });
      expect(nodes).toEqual([
        level(0, 'Pro', [20, 12, 1]),
        level(0, 'Enterprise', [3, 0, 0]),
        level(1, 'Pro', [12, 5, 1]),
        level(2, 'Pro', [5, 0, 2]),
      ]);
      expect(totalCount).toBe(4);
      const below = await read(operator(), { id: idOf(1) });
      expect(below.nodes.map(({ depth }: { depth: number }) => depth)).toEqual([0, 1]);
      const group = await read(operator(), { id: idOf(3) });
      expect([group.nodes, group.totalCount]).toEqual([[], 0]);
    });

    it('goes page by page, and not on in another question', async () => {
      const seen: unknown[] = [];
      let after: string | undefined;
      for (let page = 0; page < 4; page += 1) {
        const { nodes, pageInfo } = await read(operator(), { id: idOf(0), first: 1, after });
        seen.push(...nodes);
        expect(pageInfo.hasNextPage).toBe(page < 3);
        after = pageInfo.endCursor;
      }
      expect(seen).toEqual((await read(operator(), { id: idOf(0) })).nodes);
      const other = await server.ask(operator(), ofTenant, { id: idOf(1), first: 1, after });
      expect(other.errors?.[0]?.extensions.reason).toBe('invalid_cursor');
      const tooMany = await server.ask(operator(), ofTenant, { id: idOf(0), first: 201 });
      expect(tooMany.errors?.[0]?.extensions.reason).toBe('invalid_value');
    });

    it('of one application, without ended tenants, and nothing for what is no id', async () => {
      const another = await makeTree(db, [{ kind: 'provider' }]);
      const elsewhere = { tenantId: idOf(4), licenseTypeId: another.pro.id, quantity: 2 };
      await perform(db, system, (tx) => setPoolQuantity(tx, elsewhere));
      const count = async (variables: object) => (await read(operator(), { id: idOf(0), ...variables })).totalCount;
      expect(await count({})).toBe(5);
      expect(await count({ application: tree.application.id })).toBe(4);
      expect(await count({ application: another.application.id })).toBe(1);
      for (const id of ['ä', `${idOf(0)} `, '', 'ten_00000000000000000000000000']) {
        expect(await count({ id })).toBe(0);
        if (id !== '') expect(await count({ application: id })).toBe(0);
      }
      await perform(db, system, (tx) => terminateTenantTree(tx, { id: idOf(1) }));
      expect(await count({})).toBe(3);
    });

    it('is cut to who asks', async () => {
      const rows = async (actor: Actor | undefined, at: number) => {
        const { nodes, totalCount } = await read(actor, { id: idOf(at) });
        expect(nodes).toHaveLength(totalCount);
        return totalCount;
      };
      const seenBy = async (actor: Actor | undefined) => [
        await rows(actor, 0),
        await rows(actor, 1),
        await rows(actor, 2),
      ];
      expect(await seenBy(undefined)).toEqual([0, 0, 0]);
      expect(await seenBy(operator(333))).toEqual([4, 2, 1]);
      expect(await seenBy(operator(0))).toEqual([0, 0, 0]);
      expect(await seenBy(member(someone, idOf(0), ['VIEWER']))).toEqual([4, 2, 1]);
      expect(await seenBy(member(someone, idOf(1), ['ADMIN']))).toEqual([0, 2, 1]);
      expect(await seenBy(member(someone, idOf(2), ['ADMIN']))).toEqual([0, 0, 1]);
      expect(await seenBy(member(someone, idOf(2), ['MEMBER']))).toEqual([0, 0, 0]);
      expect(await seenBy(member(someone, idOf(4), ['OWNER']))).toEqual([0, 0, 0]);
      expect(await seenBy(account(tree.channel.id, idOf(0)))).toEqual([4, 2, 1]);
      expect(await seenBy(account(tree.channel.id))).toEqual([4, 2, 1]);
      expect(await seenBy(account('chn_00000000000000000000000001'))).toEqual([0, 0, 0]);
    });

    it('costs as many statements for many levels as for few; sums are counted only for whoever asks', async () => {
      const cost = async (query: string, id: string) => {
        readers.taken();
        await server.read(operator(), query, { id });
        return readers.taken().length;
      };
      // the tree, its length, the sums, tenants, license types
      expect([await cost(ofTenant, idOf(0)), await cost(ofTenant, idOf(2))]).toEqual([5, 5]);
      const plain =
        'query ($id: ID!) { licensePoolTree(tenantId: $id) { nodes { depth pool { purchased used free } } } }';
      expect(await cost(plain, idOf(0))).toBe(1);
      const pools =
        'query ($id: ID!) { tenant(id: $id) { licensePools { nodes { assigned subPurchased purchased } } } }';
      expect(await cost(pools, idOf(0))).toBe(3);
    });
  });

  describe('changed', () => {
    let server: CommandServer;
    beforeEach(async () => {
      server = await startCommands(db);
    });
    afterEach(() => server.close());

    const answers = `__typename ... on SubPurchaseSuccess { licensePool { purchased used } }
      ... on BoughtElsewhere { message }`;
    const exhausted = `${answers} ... on PoolExhausted { message licenseType quantity used tenant { id } }`;
    const returned = `${answers} ... on QuantityBelowUse { message licenseType quantity used }
      ... on NothingBought { licenseType }`;
    const subPurchaseOf = async (at: number, quantity: number, actor: Actor = operator()) => {
      const input = { tenantId: tree.tenants[at]!.id, licenseTypeId: tree.pro.id, quantity };
      return (await server.mutate(actor, 'subPurchaseLicenses', input, `{ ${exhausted} }`)).data?.subPurchaseLicenses;
    };
    const returnOf = async (at: number, quantity: number) => {
      const input = { tenantId: tree.tenants[at]!.id, licenseTypeId: tree.pro.id, quantity };
      return (await server.mutate(operator(), 'returnSubPurchase', input, `{ ${returned} }`)).data?.returnSubPurchase;
    };

    it('refusals of sub-purchases to branch on are answers, and name the level that has run out', async () => {
      const reseller = tree.tenants[1]!;
      expect(await subPurchaseOf(3, 7)).toEqual({
        __typename: 'PoolExhausted',
        message: expect.any(String),
        licenseType: 'Pro',
        quantity: 12,
        used: 6,
        tenant: { id: reseller.id },
      });
      expect(await subPurchaseOf(2, 1, member(someone, reseller.id, ['ADMIN']))).toEqual({
        __typename: 'SubPurchaseSuccess',
        licensePool: { purchased: 6, used: 2 },
      });
      expect(await returnOf(2, 5)).toMatchObject({
        __typename: 'QuantityBelowUse',
        licenseType: 'Pro',
        quantity: 1,
        used: 2,
      });
      expect(await returnOf(2, 4)).toEqual({
        __typename: 'SubPurchaseSuccess',
        licensePool: { purchased: 2, used: 2 },
      });
      expect(await returnOf(3, 1)).toEqual({ __typename: 'NothingBought', licenseType: 'Pro' });
      expect(await returnOf(0, 1)).toMatchObject({ __typename: 'BoughtElsewhere' });
      const own = await makeTree(db, branches);
      await buy(db, own, 1, 1);
      const input = { tenantId: own.tenants[1]!.id, licenseTypeId: own.pro.id, quantity: 1 };
      const elsewhere = await server.mutate(operator(), 'subPurchaseLicenses', input, `{ ${answers} }`);
      expect(elsewhere.data.subPurchaseLicenses).toMatchObject({ __typename: 'BoughtElsewhere' });
      const top = await server.mutate(
        operator(),
        'subPurchaseLicenses',
        { ...input, tenantId: own.tenants[0]!.id },
        `{ ${answers} }`,
      );
      expect(top.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID', reason: 'invalid_value' });
    });

    it('a second type of an application is an answer as well; the level is told to whoever may see it', async () => {
      const { tenants, pro, enterprise, application } = tree;
      const group = tenants[2]!.id;
      const userId = await personIn(db, tree, 2);
      const seat = { tenantId: group, userId };
      await perform(db, system, (tx) => assignLicense(tx, { ...seat, licenseTypeId: pro.id }));
      const held = '{ __typename ... on OtherLicenseHeld { message application licenseType held } }';
      const second = await server.mutate(operator(), 'assignLicense', { ...seat, licenseTypeId: enterprise.id }, held);
      expect(second.data.assignLicense).toEqual({
        __typename: 'OtherLicenseHeld',
        message: `a Pro license of ${application.key} is held: Enterprise cannot be held beside it`,
        application: application.key,
        licenseType: 'Enterprise',
        held: 'Pro',
      });
      await perform(db, system, async (tx) => {
        await addMembership(tx, { userId, tenantId: tenants[4]!.id, roles: ['MEMBER'] });
        for (const at of [1, 4])
          await subPurchase(tx, { tenantId: tenants[at]!.id, licenseTypeId: enterprise.id, quantity: 1 });
        const pool = (await tx.licensePools.findOne({
          tenantId: tenants[0]!.id,
          applicationId: application.id,
          licenseTypeId: enterprise.id,
          instanceId: '',
        }))!;
        await tx.licensePools.takeStock(pool.id, 1);
        for (const at of [1, 4]) {
          const below = (await tx.licensePools.findOne({
            tenantId: tenants[at]!.id,
            applicationId: application.id,
            licenseTypeId: enterprise.id,
            instanceId: '',
          }))!;
          await tx.licensePools.takeStock(below.id, 1);
        }
      });
      const other = { tenantId: group, userId: await personIn(db, tree, 2), licenseTypeId: enterprise.id };
      const exhaustedSeat = '{ __typename ... on PoolExhausted { quantity used tenant { id } } }';
      const asOperator = await server.mutate(operator(), 'assignLicense', other, exhaustedSeat);
      const counts = { __typename: 'PoolExhausted', quantity: 1, used: 1 };
      expect(asOperator.data.assignLicense).toEqual({ ...counts, tenant: { id: tenants[1]!.id } });
      const asGroup = await server.mutate(member(someone, group, ['ADMIN']), 'assignLicense', other, exhaustedSeat);
      expect(asGroup.data.assignLicense).toEqual({ ...counts, tenant: null });
    });
  });
});
