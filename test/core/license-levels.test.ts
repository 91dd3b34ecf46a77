import { addMembership } from '../../src/core/identity/index.js';
import { assignLicense, moveLicense, releaseLicense, setPoolQuantity } from '../../src/core/licensing/index.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { isDomainError } from '../../src/core/shared/errors.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { account, makePerson, member, outcome, perform, system } from './support/hub.js';
import { type Branch, buy, draw, makeTree, personIn, poolsOf, type Tree } from './support/pool-tree.js';

const threeLevels: Branch[] = [{ kind: 'provider' }, { kind: 'reseller', above: 0 }, { kind: 'group', above: 1 }];

/** Of one level: how many, how many of them are taken, and whether it may give out more. */
type Level = readonly [quantity: number, used: number, oversell?: 'oversells'] | null;

interface LevelCase {
  readonly name: string;
  /** From the top down. */
  readonly levels: readonly Level[];
  readonly from: number | 'pool_exhausted' | 'unknown_reference';
  readonly branches?: readonly Branch[];
}

const cases: readonly LevelCase[] = [
  {
    name: 'the nearest level with stock gives',
    levels: [
      [9, 0],
      [5, 0],
      [3, 0],
    ],
    from: 2,
  },
  {
    name: 'one without any is passed over',
    levels: [
      [9, 0],
      [5, 0],
      [3, 3],
    ],
    from: 1,
  },
  {
    name: 'two without any are passed over',
    levels: [
      [9, 0],
      [5, 5],
      [3, 3],
    ],
    from: 0,
  },
  { name: 'a level without a pool is passed over', levels: [[9, 0], null, [3, 3]], from: 0 },
  { name: 'only the top has a pool', levels: [[1, 0], null, null], from: 0 },
  {
    name: 'nobody has any',
    levels: [
      [9, 9],
      [5, 5],
      [3, 3],
    ],
    from: 'pool_exhausted',
  },
  { name: 'nobody has a pool', levels: [null, null, null], from: 'unknown_reference' },
  {
    name: 'stock above comes before overselling here',
    levels: [
      [9, 0],
      [5, 5],
      [3, 3, 'oversells'],
    ],
    from: 0,
  },
  {
    name: 'the nearest that may oversells',
    levels: [
      [9, 9, 'oversells'],
      [5, 5, 'oversells'],
      [3, 3],
    ],
    from: 1,
  },
  {
    name: 'it oversells on, below zero as it is',
    levels: [
      [9, 9],
      [5, 7, 'oversells'],
      [3, 3],
    ],
    from: 1,
  },
  { name: 'the top may oversell too', levels: [[9, 9, 'oversells'], [5, 5], null], from: 0 },
  {
    name: 'a child provider of Kakapo has nothing of what the one above bought',
    levels: [[9, 0], null, null],
    branches: [{ kind: 'provider' }, { kind: 'provider', above: 0 }, { kind: 'group', above: 1 }],
    from: 'unknown_reference',
  },
  {
    name: 'nor when its own is used up',
    levels: [
      [9, 0, 'oversells'],
      [2, 2],
      [1, 1],
    ],
    branches: [{ kind: 'provider' }, { kind: 'provider', above: 0 }, { kind: 'group', above: 1 }],
    from: 'pool_exhausted',
  },
  {
    name: 'a customer’s pool is its limit',
    levels: [
      [9, 0],
      [3, 3],
    ],
    branches: [{ kind: 'provider' }, { kind: 'customer', above: 0 }],
    from: 'pool_exhausted',
  },
  {
    name: 'and that of the groups in it',
    levels: [
      [9, 0],
      [3, 3],
      [1, 1],
    ],
    branches: [{ kind: 'provider' }, { kind: 'customer', above: 0 }, { kind: 'group', above: 1 }],
    from: 'pool_exhausted',
  },
  {
    name: 'a customer without a pool draws on what is above',
    levels: [[9, 0], null],
    branches: [{ kind: 'provider' }, { kind: 'customer', above: 0 }],
    from: 0,
  },
];

/** The server looks at its locks anew only when nobody has asked for a tenth of a second. */
const glance = { every: 150 };

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

onEveryDatabase('seats from the levels of a tree', (db) => {
  const seat = (tree: Tree, at: number, userId: string, type = tree.pro) =>
    perform(db, system, (tx) => assignLicense(tx, { userId, tenantId: tree.tenants[at]!.id, licenseTypeId: type.id }));

  /** Pools of that size, as rows: how they got there is of no matter here. */
  async function fill({ tenants, application, pro }: Tree, levels: readonly Level[]): Promise<void> {
    await perform(db, system, async (tx) => {
      for (const [at, level] of levels.entries()) {
        if (level === null) continue;
        const [quantity, used, oversell] = level;
        await tx.licensePools.insert({
          id: tx.ids.next('licensePool'),
          createdAt: tx.now,
          tenantId: tenants[at]!.id,
          applicationId: application.id,
          licenseTypeId: pro.id,
          instanceId: '',
          parentPoolId: '',
          quantity,
          used,
          oversell: oversell !== undefined,
        });
      }
    });
  }

  it.each(cases)('$name', async ({ levels, from, branches = threeLevels }) => {
    const tree = await makeTree(db, branches);
    await fill(tree, levels);
    const lowest = branches.length - 1;
    const asked = seat(tree, lowest, await personIn(db, tree, lowest));
    if (typeof from === 'string') {
      expect(await outcome(asked)).toBe(from);
      expect(await poolsOf(db, tree)).toEqual(levels.map((level) => level?.slice(0, 2) ?? null));
      return;
    }
    const { poolId } = await asked;
    const pool = await perform(db, system, (tx) => tx.licensePools.find(poolId));
    expect([tree.tenants.findIndex(({ id }) => id === pool!.tenantId), pool!.used]).toEqual([
      from,
      levels[from]![1] + 1,
    ]);
  });

  it('a seat goes back to the level it came from, and a moved one is found anew', async () => {
    const tree = await makeTree(db, threeLevels);
    await buy(db, tree, 0, 2);
    await draw(db, tree, 1, 1);
    const [ada, bob, cleo] = [await personIn(db, tree, 2), await personIn(db, tree, 2), await personIn(db, tree, 2)];
    const ofAda = await seat(tree, 2, ada);
    const ofBob = await seat(tree, 2, bob);
    expect(await poolsOf(db, tree)).toEqual([[2, 2], [1, 1], null]);
    expect(await outcome(seat(tree, 2, cleo))).toBe('pool_exhausted');
    await perform(db, system, (tx) => releaseLicense(tx, { id: ofAda.id }));
    expect(await poolsOf(db, tree)).toEqual([[2, 2], [1, 0], null]);
    await perform(db, system, (tx) => moveLicense(tx, { id: ofBob.id, userId: cleo }));
    expect(await poolsOf(db, tree)).toEqual([[2, 1], [1, 1], null]);
  });

  it('the refusal names the level only to those who may see it', async () => {
    const tree = await makeTree(db, threeLevels);
    const [provider, reseller, group] = tree.tenants as [Tree['tenants'][0], Tree['tenants'][0], Tree['tenants'][0]];
    await buy(db, tree, 1, 0);
    const userId = await personIn(db, tree, 2);
    const asked = async (actor: Actor) => {
      const wanted = { userId, tenantId: group.id, licenseTypeId: tree.pro.id };
      const error = await perform(db, actor, (tx) => assignLicense(tx, wanted)).catch((refused: unknown) => refused);
      return isDomainError(error, 'pool_exhausted') ? error.params : error;
    };
    const counts = { licenseType: 'Pro', quantity: 0, used: 0 };
    const level = { ...counts, tenantId: reseller.id, tenantKind: 'reseller' };
    expect(await asked(member(group.id))).toEqual(counts);
    expect(await asked(member(reseller.id))).toEqual(level);
    expect(await asked(account(tree.channel.id, provider.id))).toEqual(level);
    expect(await asked(account(tree.channel.id))).toEqual(level);
  });

  describe('one type of an application', () => {
    const allOf = async (tree: Tree) => {
      const tenantId = tree.tenants[0]!.id;
      for (const { id: licenseTypeId } of [tree.pro, tree.enterprise]) {
        await perform(db, system, (tx) => setPoolQuantity(tx, { tenantId, licenseTypeId, quantity: 9 }));
      }
    };

    it('is held at a time under a Kakapo channel, also by moving and in another group of the provider', async () => {
      const tree = await makeTree(db, [...threeLevels, { kind: 'group', above: 1 }]);
      await allOf(tree);
      const ada = await personIn(db, tree, 2);
      const membership = { userId: ada, tenantId: tree.tenants[3]!.id, roles: ['MEMBER'] as const };
      await perform(db, system, (tx) => addMembership(tx, membership));
      const held = await seat(tree, 2, ada);
      const refused = await seat(tree, 2, ada, tree.enterprise).catch((error: unknown) => error);
      expect(refused).toMatchObject({
        code: 'other_license_held',
        params: { application: tree.application.key, licenseType: 'Enterprise', held: 'Pro' },
      });
      expect(await outcome(seat(tree, 3, ada, tree.enterprise))).toBe('other_license_held');
      expect((await seat(tree, 2, ada)).id).toBe(held.id);
      const other = await seat(tree, 2, await personIn(db, tree, 2), tree.enterprise);
      const moved = perform(db, system, (tx) => moveLicense(tx, { id: other.id, userId: ada }));
      expect(await outcome(moved)).toBe('other_license_held');
      await perform(db, system, (tx) => releaseLicense(tx, { id: held.id }));
      expect(await outcome(seat(tree, 2, ada, tree.enterprise))).toBe('done');
    });

    it('is held at a time also in a tenant that others than the channel made below', async () => {
      const tree = await makeTree(db, threeLevels);
      await allOf(tree);
      const parentId = tree.tenants[1]!.id;
      const tenant = await perform(db, system, (tx) => createTenant(tx, { kind: 'group', name: 'Own', parentId }));
      const ada = (await perform(db, system, (tx) => makePerson(tx, tenant.id))).user.id;
      const ask = (licenseTypeId: string) =>
        outcome(perform(db, system, (tx) => assignLicense(tx, { userId: ada, tenantId: tenant.id, licenseTypeId })));
      expect(await ask(tree.pro.id)).toBe('done');
      expect(await ask(tree.enterprise.id)).toBe('other_license_held');
    });

    it('is one also when both are asked for at once, here and there', async () => {
      const tree = await makeTree(db, [...threeLevels, { kind: 'group', above: 1 }]);
      await allOf(tree);
      for (let round = 0; round < 5; round += 1) {
        const ada = await personIn(db, tree, 2);
        const there = { userId: ada, tenantId: tree.tenants[3]!.id, roles: ['MEMBER'] as const };
        await perform(db, system, (tx) => addMembership(tx, there));
        const answers = [outcome(seat(tree, 2, ada)), outcome(seat(tree, 3, ada, tree.enterprise))];
        expect((await Promise.all(answers)).sort()).toEqual(['done', 'other_license_held']);
      }
    });

    it('is no rule under other channels', async () => {
      const tree = await makeTree(db, threeLevels, 'nec');
      await allOf(tree);
      const ada = await personIn(db, tree, 2);
      await seat(tree, 2, ada);
      expect(await outcome(seat(tree, 2, ada, tree.enterprise))).toBe('done');
    });

    it('is a matter of one provider: what another one gave is not seen', async () => {
      const tree = await makeTree(db, [...threeLevels, { kind: 'provider' }, { kind: 'group', above: 3 }]);
      await allOf(tree);
      await perform(db, system, (tx) =>
        setPoolQuantity(tx, { tenantId: tree.tenants[3]!.id, licenseTypeId: tree.enterprise.id, quantity: 1 }),
      );
      const ada = await perform(db, system, async (tx) => {
        const { user } = await makePerson(tx, tree.tenants[2]!.id);
        await addMembership(tx, { userId: user.id, tenantId: tree.tenants[4]!.id, roles: ['MEMBER'] });
        return user.id;
      });
      await seat(tree, 2, ada);
      expect(await outcome(seat(tree, 4, ada, tree.enterprise))).toBe('done');
    });
  });

  it('40 takers in four groups on two processes: the 12 of three levels are given out, once each', async () => {
    const groups: Branch[] = [
      { kind: 'group', above: 1 },
      { kind: 'group', above: 1 },
      { kind: 'group', above: 1 },
    ];
    const tree = await makeTree(db, [...threeLevels, ...groups]);
    await buy(db, tree, 0, 12);
    await draw(db, tree, 1, 7);
    await draw(db, tree, 2, 3);
    expect(await poolsOf(db, tree)).toEqual([[12, 7], [7, 3], [3, 0], null, null, null]);
    const processes = [db.persistence, await db.open()];
    const people: [at: number, userId: string][] = [];
    for (let n = 0; n < 40; n += 1) people.push([2 + (n % 4), await personIn(db, tree, 2 + (n % 4))]);
    const answers = await Promise.all(
      people.map(([at, userId], n) => {
        const wanted = { userId, tenantId: tree.tenants[at]!.id, licenseTypeId: tree.pro.id };
        const { uow } = processes[n % 2]!;
        return outcome(uow.run(system, { name: 'test.take', requestId: `r${n}` }, (tx) => assignLicense(tx, wanted)));
      }),
    );
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(12);
    expect(answers.filter((answer) => answer === 'pool_exhausted')).toHaveLength(28);
    expect(await poolsOf(db, tree)).toEqual([[12, 12], [7, 7], [3, 3], null, null, null]);
    const held = await perform(db, system, (tx) => tx.licenses.findMany({ licenseTypeId: tree.pro.id }));
    expect(held.map(({ poolId }) => poolId)).toHaveLength(12);
    expect(new Set(held.map(({ userId }) => userId)).size).toBe(12);
  });

  it('nobody is refused a seat that came back behind their look', async () => {
    if (db.dialect === 'sqlite') return; // one writer at a time: nothing changes between two looks
    const tree = await makeTree(db, threeLevels);
    await buy(db, tree, 0, 2);
    await draw(db, tree, 1, 1);
    const [ada, bob] = [await personIn(db, tree, 2), await personIn(db, tree, 2)];
    await seat(tree, 2, ada);
    const [provider, reseller] = tree.tenants.map(({ id }) => id);
    const [taken, seen] = [gate(), gate()];
    // somebody else takes the last seat above while one below comes back
    const meanwhile = db.raw.transaction(async (sql) => {
      const count = (id: string, by: number) =>
        sql.run('UPDATE license_pools SET used = used + ? WHERE tenant_id = ?', [by, id]);
      await count(provider!, 1);
      taken.open();
      await seen.opened;
      await count(reseller!, -1);
    });
    await taken.opened;
    const asked = outcome(seat(tree, 2, bob));
    await eventually(async () => {
      const waiting = await db.raw.read.all(
        'SELECT 1 AS one FROM information_schema.innodb_trx t JOIN information_schema.processlist p ' +
          "ON p.id = t.trx_mysql_thread_id WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'",
      );
      return waiting.length > 0;
    }, glance);
    seen.open();
    await meanwhile;
    expect(await asked).toBe('done');
  });
});
