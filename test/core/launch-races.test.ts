import { cancelGroup, cancelGroupMember } from '../../src/core/provisioning/index.js';
import type { Persistence } from '../../src/persistence/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { findHalves } from '../support/integrity.js';
import { outcome } from './support/hub.js';
import { countAll, eventsOf, makeShop, type Shop } from './support/launch.js';

/** First sign-ons that meet, in two processes where the database is one for several (spec Maestrano 1.4 linking 7). */
onEveryDatabase('launches at once', (db) => {
  let shop: Shop;
  let processes: readonly Persistence[];
  beforeEach(async () => {
    shop = await makeShop(db);
    processes ??= db.dialect === 'mysql' ? [db.persistence, await db.open()] : [db.persistence];
  });

  const rounds = Array.from({ length: 20 }, (_, round) => ({ groupUid: `cld-${round}`, people: 2 + (round % 7) }));
  const atOnce = (groupUid: string, uids: readonly string[], resellerId = '') =>
    Promise.all(
      uids.map((userUid, index) =>
        shop.signOn(
          {
            groupUid,
            userUid,
            email: `${userUid}@doe.example`,
            groupProfile: { ...shop.factsOf().groupProfile, resellerId },
          },
          processes[index % processes.length],
        ),
      ),
    );
  const uidsOf = (groupUid: string, people: number) => Array.from({ length: people }, (_, n) => `${groupUid}-usr-${n}`);

  it('of a new company end with one tenant, one instance, one subscription, and a seat for each person', async () => {
    for (const { groupUid, people } of rounds) {
      const logins = await atOnce(groupUid, uidsOf(groupUid, people));
      expect(new Set(logins.map(({ tenantId }) => tenantId)).size).toBe(1);
      expect(new Set(logins.map(({ userId }) => userId)).size).toBe(people);
      expect(logins.filter(({ created }) => created.tenant)).toHaveLength(1);
      const { tenantId, instanceId } = logins[0]!;
      const counts = await shop.look(async (tx) => ({
        subscriptions: await tx.subscriptions.count({ instanceId }),
        places: await tx.memberships.count({ tenantId }),
        seats: await tx.licenses.count({ instanceId, liveKey: '0' }),
        pools: (await tx.licensePools.findMany({ instanceId })).map(({ quantity, used }) => [quantity, used]),
      }));
      expect(counts).toEqual({ subscriptions: 1, places: people, seats: people, pools: [[people, people]] });
    }
    const people = rounds.reduce((sum, round) => sum + round.people, 0);
    expect(await countAll(db)).toEqual({
      tenants: rounds.length,
      instances: rounds.length,
      subscriptions: rounds.length,
      users: people,
      seats: people,
      bought: people,
    });
    const imports = await db.raw.read.all('SELECT id FROM channel_tasks');
    expect(imports).toHaveLength(rounds.length);
    expect(await findHalves(db.raw)).toEqual([]);
  });

  it('of one person, in one new company or in several, are one person', async () => {
    for (let round = 0; round < 10; round += 1) {
      const uid = `usr-${round}`;
      const same = await atOnce(`cld-same-${round}`, [uid, uid, uid]);
      expect(new Set(same.map(({ userId }) => userId)).size).toBe(1);
      const apart = `usr-apart-${round}`;
      const [one, two, three] = await Promise.all(
        ['a', 'b', 'c'].map((group, index) =>
          shop.signOn(
            { groupUid: `cld-${group}-${round}`, userUid: apart, email: 'x@doe.example' },
            processes[index % processes.length],
          ),
        ),
      );
      expect([two!.userId, three!.userId]).toEqual([one!.userId, one!.userId]);
    }
    expect(await countAll(db)).toMatchObject({ users: 20, tenants: 40, seats: 40, bought: 40 });
  });

  it('of one known address link it once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const email = `known-${round}@doe.example`;
      const owner = await shop.person(email);
      const logins = await Promise.all(
        [0, 1].map((index) =>
          shop.signOn(
            { email, userUid: `usr-${round}-${index}`, groupUid: `cld-${round}-${index}` },
            processes[index % processes.length],
          ),
        ),
      );
      expect(logins.map((login) => [login.outcome, login.userId]).sort()).toEqual([
        ['confirm', owner.id],
        ['signedIn', owner.id],
      ]);
    }
    expect(await eventsOf(db, 'account.linked')).toHaveLength(10);
  });

  it('of groups a new reseller brought make the reseller once', async () => {
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        ['a', 'b', 'c'].map((group) => atOnce(`cld-${group}-${round}`, [`usr-${group}-${round}`], `rsl-${round}`)),
      );
    }
    expect(await countAll(db)).toMatchObject({ tenants: 40, users: 30 });
  });

  it('and cancellations leave nothing half', async () => {
    const channelId = shop.channel.id;
    for (let round = 0; round < 10; round += 1) {
      const groupUid = `cld-${round}`;
      const [first, second, ...more] = uidsOf(groupUid, 5);
      await atOnce(groupUid, [first!, second!]);
      const answers = await Promise.all([
        ...more.map((userUid) => outcome(atOnce(groupUid, [userUid]))),
        outcome(shop.ask((tx) => cancelGroupMember(tx, { channelId, groupUid, userUid: first! }))),
        outcome(shop.ask((tx) => cancelGroup(tx, { channelId, groupUid }))),
        outcome(shop.ask((tx) => cancelGroup(tx, { channelId, groupUid }))),
      ]);
      expect(answers).toEqual(answers.map(() => expect.stringMatching(/^(done|not_usable)$/)));
    }
    expect(await findHalves(db.raw)).toEqual([]);
    await shop.look(async (tx) => {
      for (const pool of await tx.licensePools.findMany({})) expect(pool.quantity).toBe(pool.used);
      for (const tenant of await tx.tenants.findMany({})) {
        const ended = tenant.terminatedAt !== null;
        const open = (await tx.subscriptions.findMany({ tenantId: tenant.id })).filter(
          ({ status }) => status !== 'ENDED',
        );
        expect([tenant.id, open.length]).toEqual([tenant.id, ended ? 0 : 1]);
        if (ended) expect(await tx.memberships.count({ tenantId: tenant.id, liveKey: '0' })).toBe(0);
      }
    });
  });
});
