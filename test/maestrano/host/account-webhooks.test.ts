import { addCharge } from '../../../src/core/billing/index.js';
import { findExternalRef } from '../../../src/core/marketplace/index.js';
import { testDialects } from '../../support/mysql.js';
import { type AccountApiServer, startAccountApi } from '../support/account-api.js';
import { keysOf, type MaestranoHub, openMaestranoHub, usualSettings } from '../support/hub.js';
import { signOn } from '../support/launch.js';

describe.each(await testDialects())('account webhooks (spec Maestrano 1.6), %s', (dialect) => {
  let api: AccountApiServer;
  let world: MaestranoHub;
  beforeAll(async () => {
    api = await startAccountApi();
    world = await openMaestranoHub(dialect, {
      channels: {
        acme: usualSettings('acme'),
        beta: usualSettings('beta'),
        billed: usualSettings('billed', { api: { ...api.credentials, host: api.url } }),
        masked: usualSettings('masked', { creationMode: 'virtual' }),
      },
    });
  });
  afterAll(async () => {
    await world.close();
    await api.close();
  });

  const cancel = (path: string, as = keysOf('acme')) =>
    world.call(`/maestrano/account/groups/${path}`, { as, method: 'DELETE' });
  const expectDone = async (answer: Promise<Response>) => {
    const response = await answer;
    expect([response.status, await response.json()]).toEqual([200, { success: true }]);
  };
  const look = async (channel: string, groupUid: string) => {
    const { lookups } = world.hub.persistence;
    const channelId = world.channelId(channel);
    const ref = await findExternalRef(lookups, { channelId, kind: 'instance', externalId: groupUid });
    const instance = (await lookups.instances.find(ref!.targetId))!;
    const subscriptions = await lookups.subscriptions.findMany({ instanceId: instance.id });
    const members = await lookups.memberships.findMany({ tenantId: instance.tenantId, liveKey: '0' });
    const sessions = await lookups.sessions.findMany({ instanceId: instance.id });
    return {
      instanceId: instance.id,
      ended: instance.terminatedAt !== null,
      subscription: subscriptions.map(({ status }) => status).join(),
      members: members.length,
      signedIn: sessions.filter(({ state }) => state !== 'ENDED').length,
    };
  };

  it('a canceled group ends, with its subscription and every sign-in; twice and for unknown groups it is a success', async () => {
    await signOn(world, 'acme', { groupUid: 'cld-1', userUid: 'usr-1' });
    await signOn(world, 'acme', { groupUid: 'cld-1', userUid: 'usr-2' });
    expect(await look('acme', 'cld-1')).toMatchObject({ ended: false, members: 2, signedIn: 2 });
    await expectDone(cancel('cld-1'));
    expect(await look('acme', 'cld-1')).toMatchObject({ ended: true, subscription: 'ENDED', members: 0, signedIn: 0 });
    await expectDone(cancel('cld-1'));
    await expectDone(cancel('cld-1/acme'));
    await expectDone(cancel('cld-unknown'));
    await expectDone(cancel(`${encodeURIComponent('cld/ü%')}`));
    await expectDone(cancel('cld-unknown/users/usr-1'));
    const long = 'x'.repeat(256);
    for (const path of [long, `cld-unknown/users/${long}`, `${long}/users/usr-1`]) await expectDone(cancel(path));
  });

  it('a removed person loses their place and sign-ins, the others stay; their id may be plain or virtual', async () => {
    for (const userUid of ['usr-1', 'usr-2', 'usr-3']) await signOn(world, 'acme', { groupUid: 'cld-2', userUid });
    await expectDone(cancel('cld-2/users/usr-1'));
    expect(await look('acme', 'cld-2')).toMatchObject({ ended: false, members: 2, signedIn: 2 });
    await expectDone(cancel('cld-2/users/usr-2.cld-2/acme'));
    expect(await look('acme', 'cld-2')).toMatchObject({ ended: false, members: 1, signedIn: 1 });
    await expectDone(cancel('cld-2/users/usr-2'));
    await expectDone(cancel('cld-2/users/usr-nobody'));
    await expectDone(cancel(`cld-2/users/${'x'.repeat(256)}`));
    expect(await look('acme', 'cld-2')).toMatchObject({ members: 1 });
  });

  it('in virtual mode either id means the person in that group alone', async () => {
    const masked = keysOf('masked');
    const person = { userUid: 'usr-1', virtual: true };
    await signOn(world, 'masked', { ...person, groupUid: 'cld-1', userUid: 'usr-1.cld-1' });
    await signOn(world, 'masked', { ...person, groupUid: 'cld-2', userUid: 'usr-1.cld-2' });
    await expectDone(cancel('cld-1/users/usr-1/masked', masked));
    expect(await look('masked', 'cld-1')).toMatchObject({ members: 0 });
    expect(await look('masked', 'cld-2')).toMatchObject({ members: 1 });
  });

  it('keeps two marketplaces with equal ids apart', async () => {
    for (const channel of ['acme', 'beta']) await signOn(world, channel, { groupUid: 'cld-same', userUid: 'usr-same' });
    const [ours, theirs] = [await look('acme', 'cld-same'), await look('beta', 'cld-same')];
    expect(ours.instanceId).not.toBe(theirs.instanceId);
    expect((await cancel('cld-same/beta')).status).toBe(401);
    await expectDone(cancel('cld-same/users/usr-same', keysOf('beta')));
    expect(await look('acme', 'cld-same')).toMatchObject({ members: 1, signedIn: 1 });
    expect(await look('beta', 'cld-same')).toMatchObject({ members: 0, signedIn: 0 });
    await expectDone(cancel('cld-same', keysOf('acme')));
    expect(await look('acme', 'cld-same')).toMatchObject({ ended: true });
    expect(await look('beta', 'cld-same')).toMatchObject({ ended: false });
  });

  it('sends the last bill before the group ends', async () => {
    await signOn(world, 'billed', { groupUid: 'cld-bill', userUid: 'usr-1' });
    const { instanceId } = await look('billed', 'cld-bill');
    await world.run((tx) => addCharge(tx, { instanceId, amount: '700', currency: 'EUR', description: 'SMS pack' }));
    const states: boolean[] = [];
    api.onCall(async ({ method }) => {
      if (method === 'POST') states.push((await look('billed', 'cld-bill')).ended);
    });
    await expectDone(cancel('cld-bill', api.credentials));
    const posted = api.calls.filter(({ method, path }) => method === 'POST' && path.startsWith('account/bills'));
    expect(posted.map(({ form }) => [form.get('group_id'), form.get('price_cents')])).toEqual([['cld-bill', '700']]);
    expect(states).toEqual([false]);
    expect(await look('billed', 'cld-bill')).toMatchObject({ ended: true });
  });

  it('is in the journal in the name of the marketplace, and nobody reads its key', async () => {
    const { journal } = await world.ask(
      '{ journal(filter: { command: { eq: "maestrano.cancelGroup" } }, first: 50) { nodes { command actorId actorName before after } } }',
    );
    expect(journal.nodes.length).toBeGreaterThan(0);
    expect(journal.nodes[0]).toMatchObject({ actorId: world.channelId('acme'), actorName: 'app-acme' });
    for (const name of ['acme', 'beta']) {
      expect(JSON.stringify(journal)).not.toContain(keysOf(name).key);
      expect(world.logged()).not.toContain(keysOf(name).key);
    }
  });
});
