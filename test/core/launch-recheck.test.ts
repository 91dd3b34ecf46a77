import { completeLogin, registerClient, startSession } from '../../src/core/identity/index.js';
import { cancelGroup, recordRecheck } from '../../src/core/provisioning/index.js';
import { day, minute, shift } from '../../src/core/shared/clock.js';
import { onEveryDatabase } from '../support/databases.js';
import { perform, system } from './support/hub.js';
import { eventsOf, makeShop, type Shop } from './support/launch.js';

onEveryDatabase('what a marketplace answers about a sign-in', (db) => {
  let shop: Shop;
  let sessionId: string;
  beforeEach(async () => {
    shop = await makeShop(db);
    sessionId = (await shop.enter(await shop.signOn())).session.id;
  });

  const answer = (valid: boolean, recheckAt: string | null, id = sessionId) =>
    perform(db, system, (tx) => recordRecheck(tx, { sessionId: id, recheck: { valid, recheckAt } }));
  const inMinutes = (count: number) => shift(db.clock.now(), count * minute);

  it('moves the time to ask again, never back', async () => {
    expect(await answer(true, inMinutes(6))).toMatchObject({ state: 'ACTIVE', recheckAt: inMinutes(6) });
    expect(await answer(true, inMinutes(4))).toMatchObject({ state: 'ACTIVE', recheckAt: inMinutes(6) });
  });

  it.each([
    [false, null],
    [true, null],
  ])('ends it when valid is %p and the time is %p, with what it is signed in to', async (valid, recheckAt) => {
    await perform(db, system, async (tx) => {
      await registerClient(tx, {
        clientId: 'crm-app',
        secretHash: 'hash',
        grantTypes: ['authorization_code'],
        scopes: ['openid'],
        redirectUris: ['https://crm.example/callback'],
        applicationId: shop.application.id,
      });
      const client = { clientId: 'crm-app', applicationId: shop.application.id, instanceId: '' };
      expect(await completeLogin(tx, { sessionId, client })).toMatchObject({ allowed: true });
    });
    expect(await answer(valid, recheckAt)).toMatchObject({ state: 'ENDED', endReason: 'marketplace recheck' });
    expect(await eventsOf(db, 'session.ended')).toMatchObject([{ sessionId, reason: 'marketplace recheck' }]);
  });

  it('never wakes one that ended, and asks nobody about others', async () => {
    await shop.ask((tx) => cancelGroup(tx, { channelId: shop.channel.id, groupUid: 'cld-1' }));
    const ended = await answer(true, inMinutes(60));
    expect(ended).toMatchObject({ state: 'ENDED', recheckAt: inMinutes(3) });
    expect(ended!.endReason).not.toBe('marketplace recheck');
    const own = await perform(db, system, (tx) =>
      startSession(tx, { userId: ended!.userId, cookieHash: 'own', method: 'password', ttlMs: day }),
    );
    expect(await answer(false, null, own.id)).toMatchObject({ state: 'ACTIVE', recheckAt: null });
    expect(await answer(false, null, 'ses_00000000000000000000000000')).toBeUndefined();
  });
});
