import { jest } from '@jest/globals';
import type { MarketplacePorts } from '../../src/adapters/marketplace.js';
import { kakapoSettings } from '../../src/adapters/soap/kakapo/config.js';
import type { KakapoCall } from '../../src/adapters/soap/kakapo/context.js';
import { operations } from '../../src/adapters/soap/kakapo/operations/index.js';
import { personActor } from '../../src/adapters/sso/actors.js';
import {
  addMembership,
  disableMembership,
  disableUser,
  enableMembership,
  enableUser,
  sendPasswordLink,
  setPasswordOf,
} from '../../src/core/identity/index.js';
import {
  bindExternalRef,
  configureChannel,
  registerServiceAccount,
  updateChannel,
} from '../../src/core/marketplace/index.js';
import { disableObject, enableObject } from '../../src/core/provisioning/index.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { testDialects } from '../support/mysql.js';
import { type Browser, openBrowser } from './support/browser.js';
import { password, startWorld, type World } from './support/world.js';

const host = 'xsp.op.example';
const at = { serverHostName: host };
const portalPassword = 'Correct-Horse-9';

describe.each(await testDialects())('a portal user on %s', (dialect) => {
  let world: World;
  const tenants: Record<string, string> = {};
  const channels: Record<string, string> = {};

  beforeAll(async () => {
    world = await startWorld({ dialect });
    for (const name of ['unity', 'second']) {
      await world.run(async (tx) => {
        const { id: channelId } = await configureChannel(tx, { name, protocol: 'kakapo', settings: {} });
        const provider = await createTenant(tx, { kind: 'provider', name: host, channelId });
        await bindExternalRef(tx, { channelId, kind: 'tenant', externalId: host, targetId: provider.id });
        channels[name] = channelId;
        tenants[name] = provider.id;
      });
    }
    await ask('AddReseller', { resellerId: 'ent1' });
    await ask('AddGroup', { resellerId: 'ent1', groupId: 'grp1' });
  });
  afterAll(() => world.close());
  // failures of the tests before count for the one address all of them come from
  beforeEach(() => world.clock.advance(31 * 60_000));

  /** The provider's provisioning system. */
  function ask(operation: string, input: Record<string, unknown>, channel = 'unity'): Promise<unknown> {
    const { uow, readers, lookups } = world.persistence;
    const ports = {
      uow,
      readers,
      lookups,
      clock: world.clock,
      passwords: world.passwords,
    } as unknown as MarketplacePorts;
    const id = channels[channel]!;
    const call: KakapoCall = {
      ports,
      channel: { id, name: channel },
      settings: kakapoSettings.parse({}),
      operation,
      actor: {
        kind: 'serviceAccount',
        serviceAccountId: 'sac_1',
        username: 'api',
        channelId: id,
        tenantId: tenants[channel]!,
        level: null,
      },
      requestId: 'test',
      address: '127.0.0.1',
    };
    return operations[operation]!({ ...at, ...input }, call);
  }

  let made = 0;
  async function addPortalUser(input: Record<string, unknown> = {}, channel = 'unity'): Promise<string> {
    made += 1;
    const name = `portal-${made}`;
    const person = { newUserName: name, newUserEmail: `${name}@op.example`, newUserPassword: portalPassword };
    await ask('AddPortalUser', { ...person, ...input }, channel);
    return (input.newUserName as string | undefined) ?? name;
  }
  const inGroup = { newUserResellerId: 'ent1', newUserGroupId: 'grp1' };

  async function attempt(name: string, typed = portalPassword, browser = openBrowser()) {
    const page = await browser.get(`${world.publicUrl}/signin`);
    return browser.submit(page, { name, password: typed });
  }
  async function signedIn(browser: Browser): Promise<boolean> {
    const { body } = await browser.get(`${world.publicUrl}/signin`);
    return body.includes('You are signed in');
  }
  async function enter(name: string): Promise<Browser> {
    const browser = openBrowser();
    expect((await attempt(name, portalPassword, browser)).status).toBe(303);
    expect(await signedIn(browser)).toBe(true);
    return browser;
  }
  const userIdOf = (name: string, channel = 'unity') =>
    world.run(async (tx) => {
      const match = { channelId: channels[channel]!, kind: 'signInName', externalId: name, liveKey: '0' } as const;
      return (await tx.externalRefs.findMany(match))[0]!.targetId;
    });
  const membershipOf = (name: string) =>
    userIdOf(name).then((userId) =>
      world.run(async (tx) => (await tx.memberships.findMany({ userId, liveKey: '0' }))[0]!),
    );

  it('signs in by its name and password, and administers its own part of the tree', async () => {
    const name = await addPortalUser(inGroup);
    const page = await openBrowser().get(`${world.publicUrl}/signin`);
    expect(page.body).toContain('E-mail address or user name');
    expect(page.body).toMatch(/id="name" name="name" type="text"/);
    await enter(name);
    const actor = await personActor(world.persistence.lookups, await userIdOf(name), 'hub.admin');
    const seen = await world.persistence.readers.tenants.page(actor!, { first: 50 });
    expect(seen.nodes.map(({ kind, name: shown }) => `${kind} ${shown}`)).toEqual(['group grp1']);
  });

  it('unknown names, wrong passwords and names of another case are one answer, with the same work', async () => {
    const name = await addPortalUser();
    const verify = jest.spyOn(world.passwords, 'verify');
    const bodies = new Set<string>();
    for (const [typed, secret] of [
      ['portal-nobody', portalPassword],
      [name, 'wrong'],
      [name.toUpperCase(), portalPassword],
      [`${name}@op.example`, portalPassword], // nobody has verified that address
    ] as const) {
      const { status, body } = await attempt(typed, secret);
      expect(status).toBe(401);
      bodies.add(body.replaceAll(/value="[A-Za-z0-9_-]{43}"/g, '').replaceAll(typed, 'NAME'));
    }
    expect(bodies.size).toBe(1);
    expect(verify).toHaveBeenCalledTimes(4);
    verify.mockRestore();
  });

  it('waits after five failures like anybody, and only at that address', async () => {
    const name = await addPortalUser();
    for (let round = 0; round < 5; round += 1) expect((await attempt(name, 'wrong')).status).toBe(401);
    expect((await attempt(name)).status).toBe(429);
    world.clock.advance(15 * 60_000 + 1);
    expect((await attempt(name)).status).toBe(303);
  });

  it('a verified address comes first: calling oneself like it opens nothing and takes nothing away', async () => {
    await addPortalUser({ newUserName: 'mina@sunrise.example' });
    expect((await attempt('mina@sunrise.example')).status).toBe(401);
    expect((await attempt('mina@sunrise.example', password)).status).toBe(303);
  });

  it('a name with a meaning in two channels means nobody, until one of them is switched off', async () => {
    const name = await addPortalUser();
    await addPortalUser({ newUserName: name }, 'second');
    expect((await attempt(name)).status).toBe(401);
    const switchSecond = (disabled: boolean) =>
      world.run((tx) => updateChannel(tx, { id: channels.second!, disabled }));
    await switchSecond(true);
    expect((await attempt(name)).status).toBe(303);
    await switchSecond(false);
    expect((await attempt(name)).status).toBe(401);
    await ask('DeletePortalUser', { portalUserName: name }, 'second');
    expect((await attempt(name)).status).toBe(303);
  });

  it('deleted, is out at once; the name then means whoever has it next', async () => {
    const name = await addPortalUser();
    const [browser, before] = [await enter(name), await userIdOf(name)];
    await ask('DeletePortalUser', { portalUserName: name });
    expect(await signedIn(browser)).toBe(false);
    expect((await attempt(name)).status).toBe(401);
    await addPortalUser({ newUserName: name, newUserPassword: 'Another-Horse-8' });
    expect((await attempt(name)).status).toBe(401);
    expect((await attempt(name, 'Another-Horse-8')).status).toBe(303);
    expect(await userIdOf(name)).not.toBe(before);
  });

  it.each([
    ['group', { resellerId: 'leaving', groupId: 'leaving' }, 'DeleteGroup'],
    ['reseller', { resellerId: 'leaving' }, 'DeleteReseller'],
  ])('is out when its %s is deleted', async (_, place, operation) => {
    await ask('AddReseller', { resellerId: 'leaving' }).catch(() => undefined);
    await ask('AddGroup', { resellerId: 'leaving', groupId: 'leaving' });
    const name = await addPortalUser({ newUserResellerId: 'leaving', newUserGroupId: 'leaving' });
    const browser = await enter(name);
    await ask(operation, place);
    expect(await signedIn(browser)).toBe(false);
    expect((await attempt(name)).status).toBe(401);
    await addPortalUser({ newUserName: name });
    expect((await attempt(name)).status).toBe(303);
  });

  it.each([
    ['it', 'user'],
    ['its place', 'membership'],
    ['its group', 'group'],
    ['the reseller above', 'reseller'],
  ])('is out while %s is disabled', async (_, what) => {
    const name = await addPortalUser(inGroup);
    const { id, userId, tenantId } = await membershipOf(name);
    const target = { kind: 'tenant', id: what === 'group' ? tenantId : await parentOf(tenantId) } as const;
    const [disable, enable] = {
      user: [
        () => world.run((tx) => disableUser(tx, { id: userId })),
        () => world.run((tx) => enableUser(tx, { id: userId })),
      ],
      membership: [
        () => world.run((tx) => disableMembership(tx, { id })),
        () => world.run((tx) => enableMembership(tx, { id })),
      ],
    }[what] ?? [() => world.run((tx) => disableObject(tx, target)), () => world.run((tx) => enableObject(tx, target))];
    const browser = await enter(name);
    await disable!();
    expect(await signedIn(browser)).toBe(false);
    expect((await attempt(name)).status).toBe(401);
    await enable!();
    expect((await attempt(name)).status).toBe(303);
  });

  const parentOf = (tenantId: string) => world.run(async (tx) => (await tx.tenants.find(tenantId))!.parentId);

  it('gets another password as people do: from an operator, or by a link', async () => {
    const name = await addPortalUser();
    const userId = await userIdOf(name);
    const browser = await enter(name);
    const passwordHash = await world.passwords.hash('Temporary-Horse-1');
    await world.run((tx) => setPasswordOf(tx, { userId, passwordHash, mustChange: true }));
    expect(await signedIn(browser)).toBe(false);
    expect((await attempt(name)).status).toBe(401);
    const own = openBrowser();
    const page = await attempt(name, 'Temporary-Horse-1', own);
    expect(page.status).toBe(200); // asks for one of its own
    expect((await own.submit(page, { password: 'Own-Horse-22222', repeat: 'Own-Horse-22222' })).status).toBe(303);
    expect((await attempt(name, 'Own-Horse-22222')).status).toBe(303);

    await world.run((tx) => sendPasswordLink(tx, { userId }));
    await world.relay();
    const mail = world.mails.find(({ to }) => to === `${name}@op.example`);
    const link = /http\S+set-password\S+/.exec(mail!.text)![0];
    const visitor = openBrowser();
    await visitor.submit(await visitor.get(link), { password: 'Linked-Horse-33', repeat: 'Linked-Horse-33' });
    expect((await attempt(name, 'Linked-Horse-33')).status).toBe(303);
  });

  it('its channel sets its password only while it belongs nowhere else', async () => {
    const name = await addPortalUser();
    const userId = await userIdOf(name);
    const set = () =>
      world.persistence.uow.run(
        {
          kind: 'serviceAccount',
          serviceAccountId: 'sac_1',
          username: 'hub',
          channelId: channels.unity!,
          tenantId: null,
          level: null,
        },
        { name: 'test', requestId: 'test' },
        (tx) => setPasswordOf(tx, { userId, passwordHash: 'x', mustChange: false }),
      );
    await set();
    await world.run((tx) => addMembership(tx, { userId, tenantId: world.tenant.id, roles: ['MEMBER'] }));
    await expect(set()).rejects.toMatchObject({ code: 'password_not_yours' });
  });

  it('asking for a link by its name or unverified address sends nothing', async () => {
    const name = await addPortalUser();
    const before = world.mails.length;
    for (const typed of [name, `${name}@op.example`]) {
      const browser = openBrowser();
      await browser.submit(await browser.get(`${world.publicUrl}/signin/forgot`), { name: typed });
    }
    await world.relay();
    expect(world.mails.length).toBe(before);
  });

  it('a name without a domain is no customer’s, though one that must use its own provider is called so', async () => {
    const name = await addPortalUser({ newUserName: 'corp.example' });
    await world.run((tx) =>
      tx.identityProviders.insert({
        id: tx.ids.next('identityProvider'),
        createdAt: tx.now,
        key: 'corp',
        issuer: 'https://login.corp.example',
        clientId: 'hub',
        clientSecret: 'secret',
        emailDomains: ['corp.example'],
        tenantId: world.tenant.id,
        required: true,
      }),
    );
    expect((await attempt(name)).status).toBe(303);
    expect((await attempt('ada@corp.example')).status).toBe(403);
  });

  it('an interface user has no page: its name and password sign nobody in', async () => {
    const passwordHash = await world.passwords.hash(portalPassword);
    await world.run((tx) =>
      registerServiceAccount(tx, {
        channelId: channels.unity!,
        username: 'api@op.example',
        passwordHash,
        tenantId: tenants.unity!,
      }),
    );
    expect((await attempt('api@op.example')).status).toBe(401);
  });
});
