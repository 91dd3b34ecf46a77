import { minute } from '../../src/core/shared/clock.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { clientAddress, parseAddressList } from '../../src/platform/address.js';
import { onEveryDatabase } from '../support/databases.js';
import {
  accepted,
  hashOf,
  isLocked,
  listed,
  locksNow,
  makeScene,
  refused,
  rightPassword,
  type Scene,
  stranger,
} from './support/interface-users.js';

onEveryDatabase('an interface user', (db) => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await makeScene(db);
  });
  const alarms = () =>
    scene.run(async (tx) =>
      (await tx.alarms.findMany({ objectId: scene.accountId })).map(({ typeNumber, clearedAt, additionalInfo }) => ({
        typeNumber,
        open: clearedAt === null,
        additionalInfo,
      })),
    );

  it('is let in from its list, and is who it says', async () => {
    const desk = scene.desk();
    expect(await desk.login(rightPassword)).toEqual(accepted);
    expect(await desk.login(rightPassword, { channelId: 'chn_other' })).toEqual(refused);
  });

  it('is locked by one wrong password, also for the right one, until somebody unlocks it; then at once', async () => {
    const desk = scene.desk();
    const other = scene.desk(await db.open());
    expect(await desk.login(rightPassword)).toEqual(accepted); // remembered here
    expect(await desk.login('wrong')).toEqual(locksNow);
    for (const at of [desk, other]) {
      expect(await at.login(rightPassword)).toEqual(isLocked);
      expect(await at.login('wrong')).toEqual(isLocked);
    }
    db.clock.advance(365 * 24 * 60 * minute);
    expect(await desk.login(rightPassword)).toEqual(isLocked);
    expect(await alarms()).toEqual([
      { typeNumber: 1002, open: true, additionalInfo: `a wrong password from ${listed}` },
    ]);
    await scene.unlock();
    for (const at of [desk, other]) expect(await at.login(rightPassword)).toEqual(accepted);
    expect((await alarms()).map(({ open }) => open)).toEqual([false]);
  });

  it('locks again after it was unlocked, however often', async () => {
    const desk = scene.desk();
    for (let round = 0; round < 12; round += 1) {
      expect(await desk.login('wrong')).toEqual(locksNow);
      await scene.unlock();
    }
    expect(await desk.login(rightPassword)).toEqual(accepted);
  });

  it('is not locked from elsewhere: a thousand wrong passwords, ten of them hashed, and the right one works', async () => {
    const desk = scene.desk();
    for (let count = 0; count < 1_000; count += 1) {
      const password = count % 2 === 0 ? `wrong ${count}` : rightPassword;
      expect(await desk.login(password, { address: stranger })).toEqual(refused);
    }
    expect(desk.hashed).toHaveLength(10);
    expect(desk.hashed.every(({ hash }) => hash === null)).toBe(true);
    expect(await scene.account()).toMatchObject({ lockedAt: null, version: 1 });
    expect(await desk.login(rightPassword)).toEqual(accepted);
  });

  it('a name nobody has is refused with the same answer, the same hashing and as many writes', async () => {
    const writes = async () => {
      const [row] = await db.raw.read.all<{ n: number }>('SELECT SUM(times) AS n FROM account_logins');
      return Number(row!.n);
    };
    const [desk, other] = [scene.desk(), scene.desk()];
    expect(await desk.login(rightPassword, { username: 'nobody', address: '203.0.113.1' })).toEqual(refused);
    expect(await writes()).toBe(1);
    expect(await other.login(rightPassword, { address: '203.0.113.2' })).toEqual(refused);
    expect(await writes()).toBe(2);
    expect(desk.hashed).toEqual(other.hashed);
    expect(desk.hashed).toEqual([{ hash: null, password: rightPassword }]);
    const counts = await db.raw.read.all('SELECT failures FROM throttles');
    expect(counts).toEqual([{ failures: 1 }, { failures: 1 }]);
    const wrong = scene.desk();
    expect(await wrong.login('wrong')).toEqual(locksNow);
    expect(wrong.hashed).toHaveLength(1);
    expect(await db.persistence.readers.accountLogins.count({ kind: 'system', name: 't' })).toBe(2); // nobody's is nobody's to see
  });

  it('a source that is refused is told nothing else, and does not stop those on the list there', async () => {
    const desk = scene.desk();
    const guess = (username: string) => desk.login('guess', { username, address: listed });
    for (let count = 0; count < 10; count += 1) expect(await guess(`name-${count}`)).toEqual(refused);
    expect(desk.hashed).toHaveLength(10);
    expect(await guess('name-11')).toEqual(refused);
    expect(desk.hashed).toHaveLength(10);
    expect(await scene.run((tx) => tx.alarms.count({ typeNumber: 1001 }))).toBe(1);
    expect(await desk.login(rightPassword)).toEqual(accepted);
    expect(await desk.login('wrong')).toEqual(locksNow);
    await scene.unlock();
    expect(await desk.login(rightPassword)).toEqual(accepted);
  });

  it('that is switched off, or whose tenant is not there, is refused like a stranger and not locked', async () => {
    const desk = scene.desk();
    expect(await desk.login(rightPassword)).toEqual(accepted);
    await scene.change({ disabled: true, locked: true });
    expect(await desk.login(rightPassword)).toEqual(refused);
    await scene.change({ disabled: false, locked: false });
    expect(await desk.login(rightPassword)).toEqual(accepted);
    const tenantId = await scene.run(async (tx) => {
      const tenant = await createTenant(tx, { kind: 'provider', name: 'Op', channelId: scene.channelId });
      return tenant.id;
    });
    await scene.change({ tenantId });
    expect(await desk.login(rightPassword)).toEqual(accepted);
    await scene.run(async (tx) => {
      const tenant = (await tx.tenants.lock(tenantId))!;
      await tx.tenants.save(tenant, { terminatedAt: tx.now });
    });
    expect(await desk.login('wrong')).toEqual(refused);
    expect((await scene.account()).lockedAt).toBeNull();
    const { length } = await scene.history();
    await scene.run(async (tx) => {
      const account = (await tx.serviceAccounts.lock(scene.accountId))!;
      await tx.serviceAccounts.save(account, { liveKey: account.id, disabledAt: tx.now });
    });
    expect(await desk.login(rightPassword)).toEqual(refused); // a name nobody has, from now on
    expect(await scene.history()).toHaveLength(length);
  });

  it('with another password is not known by the old one', async () => {
    const desk = scene.desk();
    expect(await desk.login(rightPassword)).toEqual(accepted);
    await scene.change({ passwordHash: await hashOf('another-one-2') });
    expect(await desk.login('another-one-2')).toEqual(accepted);
    expect(await desk.login(rightPassword)).toEqual(locksNow);
  });

  it('locked by hand says so, and who did it is in the history', async () => {
    await scene.change({ locked: true });
    expect(await scene.desk().login(rightPassword)).toEqual(isLocked);
    expect(await alarms()).toEqual([{ typeNumber: 1002, open: true, additionalInfo: '' }]);
    await scene.unlock();
    expect((await scene.history()).map(({ outcome, by }) => [outcome, by]).sort()).toEqual([
      ['accountLocked', ''],
      ['locked', 'Olga'],
      ['unlocked', 'Olga'],
    ]);
  });

  it('lock and unlock are journaled with who, from where and why', async () => {
    await scene.desk().login('wrong');
    await scene.unlock();
    const entries = await db.raw.read.all(
      'SELECT actor_kind AS actor, command, request_id AS request, address, reason, channel_id AS channel FROM journal_entries ' +
        "WHERE object_id = ? AND command <> 'test.write' ORDER BY id",
      [scene.accountId],
    );
    expect(entries).toEqual([
      {
        actor: 'anonymous',
        command: 'kakapo.login',
        request: 'req-1',
        address: listed,
        reason: 'a wrong password',
        channel: scene.channelId,
      },
    ]);
    const changes = await db.raw.read.all<{ after: string }>(
      'SELECT p.after_json AS after FROM journal_entries e JOIN journal_payloads p ON p.entry_id = e.id WHERE e.object_id = ? ORDER BY e.id',
      [scene.accountId],
    );
    const locks = changes.map(({ after }) => (JSON.parse(after) as { lockedAt?: string | null }).lockedAt);
    expect(locks).toEqual([null, db.clock.now(), null]);
  });

  describe('its list', () => {
    const from = (address: string) => scene.desk().login(rightPassword, { address });

    it('without one is this machine alone', async () => {
      await scene.change({ addresses: null });
      expect(await from('127.0.0.1')).toEqual(accepted);
      expect(await from('::1')).toEqual(accepted);
      expect(await from(listed)).toEqual(refused);
      expect(await from('unknown')).toEqual(refused);
    });

    it.each([
      ['192.0.2.0/24', '192.0.2.255', true],
      ['192.0.2.0/24', '192.0.3.0', false],
      ['192.0.2.7', '192.0.2.7', true],
      ['192.0.2.7', '192.0.2.70', false],
      ['192.0.2.7', '::ffff:192.0.2.7', true],
      ['192.0.2.7', '::ffff:c000:207', true],
      ['::ffff:192.0.2.0/120', '192.0.2.9', true],
      ['2001:db8::/32', '2001:db8:1::5', true],
      ['2001:db8::/32', '2001:DB8:0:0::5', true],
      ['2001:db8::/32', '2001:db9::5', false],
      ['0.0.0.0/0', '::1', false],
      ['192.0.2.7', '0300.0.2.7', false],
      ['192.0.2.7', '3221225991', false],
      ['192.0.2.7', '0xc0000207', false],
      ['192.0.2.7', '192.0.2.7 ', false],
      ['192.0.2.7', '192.0.2.7, 203.0.113.9', false],
      ['192.0.2.7', '', false],
      ['192.0.2.7', 'unknown', false],
    ])('%s takes %s: %s', async (entry, address, taken) => {
      await scene.change({ addresses: [entry] });
      expect(await from(address)).toEqual(taken ? accepted : refused);
    });

    it('is compared with X-Forwarded-For from trusted proxies only, the right-most hop that is none', async () => {
      const trusted = parseAddressList(['10.0.0.0/8']);
      const seen = (remoteAddress: string, forwarded: string) =>
        from(clientAddress({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }, trusted));
      expect(await seen('10.0.0.1', listed)).toEqual(accepted);
      expect(await seen('::ffff:10.0.0.1', `${stranger}, ${listed}, 10.0.0.2`)).toEqual(accepted);
      expect(await seen(stranger, listed)).toEqual(refused);
      expect(await seen('10.0.0.1', `${listed}, ${stranger}`)).toEqual(refused);
      expect(await seen('10.0.0.1', `${listed}, 0300.0.2.7`)).toEqual(refused);
    });
  });
});
