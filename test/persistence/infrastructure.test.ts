import { day, minute, second, shift } from '../../src/core/shared/clock.js';
import type { RevocationCursor } from '../../src/persistence/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { makeCustomer, system, write } from './support/world.js';

onEveryDatabase('infrastructure', (db) => {
  const rule = { limit: 5, windowMs: 10 * minute, blockMs: 5 * minute };

  describe('throttles', () => {
    it('block at the limit, for the time of the block, and then count anew', async () => {
      const { throttles } = db.persistence;
      for (let at = 1; at < 5; at += 1) expect(await throttles.fail('ann', rule)).toBeNull();
      expect(await throttles.blockedUntil('ann')).toBeNull();
      const until = await throttles.fail('ann', rule);
      expect(until).toBe(shift(db.clock.now(), rule.blockMs));
      expect(await throttles.blockedUntil('ann')).toBe(until);
      expect(await throttles.blockedUntil('bob')).toBeNull();
      db.clock.advance(minute);
      expect(await throttles.fail('ann', rule)).toBeNull();
      expect(await throttles.blockedUntil('ann')).toBe(until);
      db.clock.advance(4 * minute);
      expect(await throttles.blockedUntil('ann')).toBeNull();
      expect(await throttles.fail('ann', rule)).toBeNull();
    });

    it('forget failures when the window ends or they are cleared', async () => {
      const { throttles } = db.persistence;
      for (let at = 1; at < 5; at += 1) await throttles.fail('ann', rule);
      db.clock.advance(rule.windowMs);
      expect(await throttles.fail('ann', rule)).toBeNull();
      for (let at = 1; at < 4; at += 1) await throttles.fail('ann', rule);
      await throttles.clear('ann');
      expect(await throttles.fail('ann', rule)).toBeNull();
    });

    it('count 50 failures at once exactly, and cause one block', async () => {
      const other = await db.open();
      const blocks = await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          (at % 2 ? other : db.persistence).throttles.fail('ann', { ...rule, limit: 50 }),
        ),
      );
      expect(blocks.filter((until) => until !== null)).toHaveLength(1);
    });
  });

  it('seen hashes are won by the first of 50, and again when expired', async () => {
    const { seen } = db.persistence;
    const other = await db.open();
    const until = shift(db.clock.now(), minute);
    const added = await Promise.all(
      Array.from({ length: 50 }, (_, at) => (at % 2 ? other : db.persistence).seen.add('nonce', 'h', until)),
    );
    expect(added.filter(Boolean)).toHaveLength(1);
    expect(await seen.add('other', 'h', until)).toBe(true);
    db.clock.advance(minute);
    expect(await seen.add('nonce', 'h', shift(until, minute))).toBe(true);
    expect(await seen.add('nonce', 'h', shift(until, minute))).toBe(false);
  });

  it('service accounts come with the block on their key in one read', async () => {
    const { channel, serviceAccount } = await makeCustomer(db, 'acme');
    const find = (username: string, key = 'k') => db.persistence.serviceAccountLookup.find(channel.id, username, key);
    expect(await find('acme')).toEqual({ account: serviceAccount, admitted: true, blockedUntil: null });
    for (const unknown of ['ACME', 'acme ', 'none']) expect((await find(unknown)).account).toBeUndefined();
    const until = await db.persistence.throttles.fail('k', { ...rule, limit: 1 });
    expect(await find('none')).toEqual({ account: undefined, admitted: true, blockedUntil: until });
    expect((await find('acme')).blockedUntil).toBe(until);

    const tenantId = serviceAccount.tenantId!;
    const change = (fields: object) =>
      write(db.persistence, async (tx) => tx.tenants.save((await tx.tenants.find(tenantId))!, fields));
    for (const gone of [{ pending: 'register' }, { pending: '', terminatedAt: db.clock.now() }]) {
      await change(gone);
      expect((await find('acme')).admitted).toBe(false);
    }
    await write(db.persistence, (tx) => tx.serviceAccounts.save(serviceAccount, { liveKey: serviceAccount.id }));
    expect((await find('acme')).account).toBeUndefined();
  });

  describe('the OpenID store', () => {
    const store = () => db.persistence.openIdStore;

    it('finds by id, uid and user code under the model, until expired', async () => {
      await store().upsert('Session', 'sid-1', { uid: 'uid-1', accountId: 'usr_1' }, 60);
      await store().upsert('DeviceCode', 'd-1', { userCode: 'ABCD', grantId: 'g-1' });
      expect(await store().find('Session', 'sid-1')).toEqual({ uid: 'uid-1', accountId: 'usr_1' });
      expect(await store().findByUid('Session', 'uid-1')).toMatchObject({ accountId: 'usr_1' });
      expect(await store().findByUserCode('DeviceCode', 'ABCD')).toMatchObject({ grantId: 'g-1' });
      expect(await store().find('AccessToken', 'sid-1')).toBeUndefined();
      expect(await store().findByUid('Session', '')).toBeUndefined();
      await store().upsert('Session', 'sid-1', { uid: 'uid-1', accountId: 'usr_2' }, 60);
      expect(await store().find('Session', 'sid-1')).toMatchObject({ accountId: 'usr_2' });
      db.clock.advance(minute);
      expect(await store().find('Session', 'sid-1')).toBeUndefined();
    });

    it('lets one of 20 consume a code', async () => {
      await store().upsert('AuthorizationCode', 'c', { grantId: 'g' }, 60);
      const won = await Promise.all(Array.from({ length: 20 }, () => store().consume('AuthorizationCode', 'c')));
      expect(won.filter(Boolean)).toHaveLength(1);
      const consumed = Date.parse(db.clock.now()) / second;
      expect(await store().find('AuthorizationCode', 'c')).toEqual({ grantId: 'g', consumed });
    });

    it('keeps more than a thousand, and drops what it is told to', async () => {
      await Promise.all(
        Array.from({ length: 1_100 }, (_, at) =>
          store().upsert('AccessToken', `t${at}`, { grantId: `g${at % 2}` }, 60),
        ),
      );
      expect(await store().find('AccessToken', 't0')).toBeDefined();
      await store().upsert('Grant', 'g0', { accountId: 'u' }, 60);
      await store().revokeByGrantId('g0');
      expect(await store().find('Grant', 'g0')).toBeUndefined();
      const [left] = await db.raw.read.all<{ total: number }>('SELECT COUNT(*) AS total FROM openid_records');
      expect(left?.total).toBe(550);
      await store().destroy('AccessToken', 't1');
      expect(await store().find('AccessToken', 't1')).toBeUndefined();
    });

    it('stores neither ids nor payloads in the clear', async () => {
      await store().upsert('AccessToken', 'the-token', { uid: 'the-uid', claims: 'the-claims', userCode: 'CODE' }, 60);
      const rows = JSON.stringify(await db.raw.read.all('SELECT * FROM openid_records'));
      for (const word of ['the-token', 'the-uid', 'the-claims', 'CODE']) expect(rows).not.toContain(word);
    });
  });

  describe('revocation', () => {
    const models = async () => {
      const rows = await db.raw.read.all<{ model: string }>('SELECT model FROM openid_records ORDER BY model');
      return rows.map((row) => row.model);
    };
    const issue = async () => {
      const { openIdStore } = db.persistence;
      const common = { accountId: 'usr_1', sessionUid: 'uid-1' };
      await openIdStore.upsert('Session', 's', { accountId: 'usr_1', uid: 'uid-1' }, 60);
      await openIdStore.upsert('Grant', 'g-a', { accountId: 'usr_1', clientId: 'a' }, 60);
      await openIdStore.upsert('AccessToken', 'a', { ...common, clientId: 'a', grantId: 'g-a' }, 60);
      await openIdStore.upsert('RefreshToken', 'b', { ...common, clientId: 'b', grantId: 'g-b', sid: 'sid-b' }, 60);
      await openIdStore.upsert('Other', 'x', { accountId: 'usr_2', clientId: 'a' }, 60);
    };
    const revoke = (target: Parameters<Parameters<Parameters<typeof write>[1]>[0]['tokenRevocations']['revoke']>[0]) =>
      write(db.persistence, (tx) => tx.tokenRevocations.revoke(target));

    it('of a user ends everything of theirs, the session too', async () => {
      await issue();
      await revoke({ kind: 'user', id: 'usr_1' });
      expect(await models()).toEqual(['Other']);
    });

    it('of a user for some clients leaves the rest', async () => {
      await issue();
      await revoke({ kind: 'user', id: 'usr_1', clientIds: ['a', 'c', 'd'] });
      expect(await models()).toEqual(['Other', 'RefreshToken', 'Session']);
      await revoke({ kind: 'user', id: 'usr_1', clientIds: [] });
      expect(await models()).toEqual(['Other', 'RefreshToken', 'Session']);
    });

    it('of a client ends what it got', async () => {
      await issue();
      await revoke({ kind: 'client', id: 'a' });
      expect(await models()).toEqual(['RefreshToken', 'Session']);
    });

    it('of a session ends what was issued in it', async () => {
      await issue();
      await write(db.persistence, (tx) =>
        tx.clientSessions.insert({
          id: tx.ids.next('clientSession'),
          createdAt: tx.now,
          sessionId: 'ses_1',
          userId: 'usr_1',
          clientId: 'b',
          instanceId: '',
          sid: 'sid-b',
          endedAt: null,
        }),
      );
      await revoke({ kind: 'session', id: 'ses_1' });
      expect(await models()).toEqual(['Grant', 'Other']);
    });

    it('is heard once by every process, also when it commits late', async () => {
      const other = await db.open();
      const { revocations } = db.persistence;
      await revoke({ kind: 'user', id: 'usr_old' });
      let cursor: RevocationCursor | null = (await revocations.poll(null)).cursor;
      const poll = async () => {
        const news = await revocations.poll(cursor);
        cursor = news.cursor;
        return news.revocations;
      };
      expect(await poll()).toEqual([]);
      await write(other, (tx) => tx.tokenRevocations.revoke({ kind: 'user', id: 'usr_1', clientIds: ['a'] }));
      expect(await poll()).toEqual([{ kind: 'user', id: 'usr_1', clientIds: ['a'], at: db.clock.now() }]);
      expect(await poll()).toEqual([]);
      const began = db.clock.now();
      db.clock.advance(20 * second);
      await revoke({ kind: 'client', id: 'now' });
      expect((await poll()).map((one) => one.id)).toEqual(['now']);
      await db.raw.execute("INSERT INTO revocations (id, at, kind, target_id) VALUES ('rvk_late', ?, 'user', 'late')", [
        began,
      ]);
      expect((await poll()).map((one) => one.id)).toEqual(['late']);
      db.clock.advance(10 * minute);
      await revoke({ kind: 'client', id: 'later' });
      expect((await poll()).map((one) => one.id)).toEqual(['later']);
      expect(await poll()).toEqual([]);
    });
  });

  it('signing keys are shared, encrypted, and the first is made once', async () => {
    const other = await db.open();
    const key = (kid: string) => ({
      kid,
      algorithm: 'ES256',
      jwk: { kty: 'EC', d: 'private-part' },
      createdAt: db.clock.now(),
      activeFrom: db.clock.now(),
      retiredAt: null,
    });
    const made = await Promise.all([db.persistence.signingKeys.ensure(key('a')), other.signingKeys.ensure(key('b'))]);
    expect(made[0]).toHaveLength(1);
    expect(made[0]).toEqual(made[1]);
    expect(made[0]![0]!.jwk).toEqual({ kty: 'EC', d: 'private-part' });
    expect(JSON.stringify(await db.raw.read.all('SELECT * FROM signing_keys'))).not.toContain('private-part');
    const { signingKeys } = db.persistence;
    db.clock.advance(day);
    await signingKeys.add({ ...key('next'), activeFrom: shift(db.clock.now(), day) });
    await signingKeys.retire(made[0]![0]!.kid, db.clock.now());
    expect((await signingKeys.list()).map((one) => [one.kid === 'next', one.retiredAt !== null])).toEqual([
      [true, false],
      [false, true],
    ]);
    await signingKeys.remove('next');
    expect(await signingKeys.list()).toHaveLength(1);
  });

  it('facts about the hub are kept, and the first of two wins', async () => {
    const { meta } = db.persistence;
    expect(await meta.get('x')).toBeUndefined();
    const values = await Promise.all([meta.setIfAbsent('x', '1'), (await db.open()).meta.setIfAbsent('x', '2')]);
    expect(values[0]).toBe(values[1]);
    await meta.set('x', '3');
    expect(await meta.get('x')).toBe('3');
  });

  it('request records are kept for seven days, and expired rows go', async () => {
    const { housekeeping, requestRecords, readers, seen, openIdStore, throttles } = db.persistence;
    const record = (at: number) => ({
      id: db.ids.next('request'),
      at: db.clock.now(),
      direction: 'in' as const,
      protocol: 'nec',
      channelId: '',
      operation: `Op${at}`,
      requestId: 'r',
      status: 200,
      durationMs: 12,
      request: '<a/>',
      response: '<b/>'.repeat(30_000),
    });
    await requestRecords.add([]);
    await requestRecords.add(Array.from({ length: 21 }, (_, at) => record(at)));
    expect(await readers.requestRecords.count(system)).toBe(21);
    await seen.add('k', 'h', shift(db.clock.now(), minute));
    await openIdStore.upsert('AccessToken', 't', {}, 60);
    await throttles.fail('x', rule);
    await makeCustomer(db, 'acme');
    await db.persistence
      .outboxRelay({ subscribers: [{ name: 's', wants: () => true, deliver: async () => undefined }] })
      .drain();
    expect(await housekeeping.sweep()).toBe(0);
    db.clock.advance(day);
    expect(await housekeeping.sweep()).toBe(3);
    db.clock.advance(6 * day);
    expect(await housekeeping.sweep()).toBe(23);
    expect(await readers.requestRecords.count(system)).toBe(0);
    expect(await readers.deliveries.count(system)).toBe(0);
    expect(await readers.tenants.count(system)).toBe(2);
    expect(await readers.journal.count(system)).toBeGreaterThan(0);
  });

  it('answers a ping', async () => {
    await expect(db.persistence.ping()).resolves.toBeUndefined();
  });
});
