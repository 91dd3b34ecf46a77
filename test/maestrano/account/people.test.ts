import { createPasswordCheck } from '../../../src/adapters/rest/maestrano/account/index.js';
import { createMember } from '../../../src/core/identity/index.js';
import { bindExternalRef, updateChannel } from '../../../src/core/marketplace/index.js';
import { removeMember } from '../../../src/core/provisioning/index.js';
import { createTenant, updateTenant } from '../../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../../support/databases.js';
import { type AccountApiServer, startAccountApi } from '../support/account-api.js';
import { openScene } from './support.js';

onEveryDatabase('what a marketplace knows of people and resellers', (db) => {
  let server: AccountApiServer;
  beforeAll(async () => {
    server = await startAccountApi({ now: () => db.clock.now() });
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  async function withPerson(uid: string, settings: object = { delegatedPasswords: true }) {
    const scene = await openScene(db, server, { settings: { ...settings } });
    const userId = await scene.perform(async (tx) => {
      const membership = { tenantId: scene.tenant.id, channelId: scene.channel.id, roles: ['MEMBER'] as const };
      const { user } = await createMember(tx, { givenName: 'P', membership });
      await bindExternalRef(tx, { channelId: scene.channel.id, kind: 'user', externalId: uid, targetId: user.id });
      return user.id;
    });
    server.passwords.set('usr-1', 'right');
    return { scene, userId, check: (password: string, id = userId) => createPasswordCheck(scene.ports)(id, password) };
  }

  it.each(['usr-1', 'usr-1.cld-9f8e'])('knows the password of %s', async (uid) => {
    const { check } = await withPerson(uid);
    expect(await check('right')).toBe(true);
    expect(await check('wrong')).toBe(false);
    expect(server.calls[0]!.form.get('id')).toBe('usr-1');
  });

  it('cannot say when nobody may or can be asked', async () => {
    const { check, scene } = await withPerson('usr-1');
    expect(await check('right', scene.tenant.id)).toBeUndefined();
    server.plan('POST', 'failBefore', 'denied', 'silentBefore');
    for (let tries = 0; tries < 3; tries += 1) expect(await check('right')).toBeUndefined();
    server.passwords.clear();
    expect(await check('right')).toBeUndefined();
    await scene.perform((tx) => updateChannel(tx, { id: scene.channel.id, disabled: true }));
    const asked = server.calls.length;
    expect(await check('right')).toBeUndefined();
    expect(server.calls).toHaveLength(asked);
  });

  it('asks nothing about somebody who has left', async () => {
    const { check, scene, userId } = await withPerson('usr-1');
    const [place] = await scene.perform((tx) => tx.memberships.findMany({ userId }));
    await scene.perform((tx) => removeMember(tx, { id: place!.id }));
    expect(await check('right')).toBeUndefined();
    expect(server.calls).toHaveLength(0);
  });

  it('believes no answer about somebody else', async () => {
    const { scene, userId } = await withPerson('usr-1');
    const other = JSON.stringify({ success: true, errors: {}, data: { id: 'usr-2' } });
    const check = createPasswordCheck({ ...scene.ports, fetch: async () => new Response(other) });
    expect(await check(userId, 'right')).toBe(false);
  });

  it('asks nobody whose channel does not say so', async () => {
    const { check } = await withPerson('usr-1', {});
    expect(await check('right')).toBeUndefined();
    expect(server.calls).toHaveLength(0);
  });

  async function withReseller() {
    const scene = await openScene(db, server);
    const tenant = await scene.perform(async (tx) => {
      const made = await createTenant(tx, { kind: 'reseller', name: 'rsl-1', channelId: scene.channel.id });
      const channelId = scene.channel.id;
      await bindExternalRef(tx, { channelId, kind: 'tenant', externalId: 'rsl-1', targetId: made.id });
      await tx.channelTasks.add({ channelId, kind: 'reseller', subjectId: made.id, data: { resellerId: 'rsl-1' } });
      return made;
    });
    return { ...scene, name: async () => (await db.persistence.lookups.tenants.find(tenant.id))!.name, tenant };
  }

  it('names a reseller, also when the marketplace answers only later', async () => {
    const scene = await withReseller();
    server.resellers.set('rsl-1', 'Bright Resellers');
    server.plan('GET', 'failBefore');
    await scene.work();
    expect(await scene.name()).toBe('rsl-1');
    await scene.work();
    expect(await scene.name()).toBe('Bright Resellers');
    expect(await db.persistence.taskQueue.claim(1, 1_000)).toEqual([]);
  });

  it('names a reseller as far as a name can be kept', async () => {
    const scene = await withReseller();
    server.resellers.set('rsl-1', ` Bright\nResellers ${'ó'.repeat(300)}`);
    await scene.work();
    expect(await scene.name()).toBe(`BrightResellers ${'ó'.repeat(183)}…`);
    expect(await db.persistence.taskQueue.claim(1, 1_000)).toEqual([]);
  });

  it('keeps the name somebody gave a reseller', async () => {
    const scene = await withReseller();
    server.resellers.set('rsl-1', 'Bright Resellers');
    await scene.perform((tx) => updateTenant(tx, { id: scene.tenant.id, name: 'Ours' }));
    await scene.work();
    expect(await scene.name()).toBe('Ours');
  });

  it('leaves a reseller nobody knows as it is', async () => {
    const scene = await withReseller();
    await scene.work();
    expect(await scene.name()).toBe('rsl-1');
    expect(await db.persistence.taskQueue.claim(1, 1_000)).toEqual([]);
  });
});
