import {
  endSubscription,
  openSubscription,
  resumeSubscription,
  scheduleChange,
  suspendSubscription,
} from '../../src/core/billing/index.js';
import { defineApplication, definePlan, updateApplication, updatePlan } from '../../src/core/catalog/index.js';
import {
  addMembership,
  addUserEmail,
  admitPerson,
  changeMembership,
  createMember,
  createUser,
  disableMembership,
  disableUser,
  registerClient,
  registerIdentityProvider,
  setOperatorLevel,
  setPasswordOf,
  updateUser,
  verifyUserEmail,
} from '../../src/core/identity/index.js';
import { assignLicense, releaseLicense, setPoolQuantity } from '../../src/core/licensing/index.js';
import {
  assignExternalId,
  configureChannel,
  registerServiceAccount,
  registerWebhook,
} from '../../src/core/marketplace/index.js';
import {
  askApproval,
  configureInstance,
  decideApproval,
  disableObject,
  provisionInstance,
  removeMember,
  terminateObject,
} from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { createTenant, updateTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { account, client, type Hub, makeHub, member, operator, outcome, perform, system } from './support/hub.js';

const missing = (prefix: string) => `${prefix}_00000000000000000000000000`;

onEveryDatabase('what a caller may not do', (db) => {
  let hub: Hub;
  beforeEach(async () => {
    hub = await makeHub(db);
  });
  const asked = (actor: Actor, work: (tx: Unit) => Promise<unknown>) => outcome(perform(db, actor, work));

  /** Every command that names an object, with the id of somebody's and with one that is nobody's. */
  async function commandsOn(kind: 'foreign' | 'missing', at: { tenantId: string; instanceId: string }) {
    const somebody = await hub.person(at.tenantId);
    const subscription = await perform(db, system, (tx) =>
      openSubscription(tx, { tenantId: at.tenantId, planId: hub.application.plan.id }),
    );
    const id = (prefix: string, real: string) => (kind === 'foreign' ? real : missing(prefix));
    const tenantId = id('ten', at.tenantId);
    const instanceId = id('ins', at.instanceId);
    const membershipId = id('mem', somebody.membership.id);
    const userId = id('usr', somebody.user.id);
    const subscriptionId = id('sub', subscription.id);
    const licenseTypeId = hub.application.seat.id;
    const commands: Record<string, (tx: Unit) => Promise<unknown>> = {
      createTenant: (tx) => createTenant(tx, { kind: 'group', name: 'G', parentId: tenantId }),
      updateTenant: (tx) => updateTenant(tx, { id: tenantId, name: 'Mine' }),
      disableTenant: (tx) => disableObject(tx, { kind: 'tenant', id: tenantId }),
      terminateTenant: (tx) => terminateObject(tx, { kind: 'tenant', id: tenantId }),
      provisionInstance: (tx) => provisionInstance(tx, { tenantId, applicationId: hub.application.id }),
      configureInstance: (tx) => configureInstance(tx, { id: instanceId, name: 'Mine' }),
      disableInstance: (tx) => disableObject(tx, { kind: 'instance', id: instanceId }),
      terminateInstance: (tx) => terminateObject(tx, { kind: 'instance', id: instanceId }),
      askApproval: (tx) => askApproval(tx, { kind: 'instance', id: instanceId, approval: 'update' }),
      setPoolQuantity: (tx) => setPoolQuantity(tx, { tenantId, licenseTypeId, quantity: 1 }),
      assignLicense: (tx) => assignLicense(tx, { tenantId, licenseTypeId, userId: somebody.user.id }),
      openSubscription: (tx) => openSubscription(tx, { tenantId, planId: hub.application.plan.id }),
      suspendSubscription: (tx) => suspendSubscription(tx, { id: subscriptionId }),
      endSubscription: (tx) => endSubscription(tx, { id: subscriptionId }),
      addMembership: (tx) => addMembership(tx, { tenantId, userId: somebody.user.id, roles: ['MEMBER'] }),
      createMember: (tx) => createMember(tx, { membership: { tenantId, roles: ['MEMBER'] } }),
      changeMembership: (tx) => changeMembership(tx, { id: membershipId, roles: ['ADMIN'] }),
      disableMembership: (tx) => disableMembership(tx, { id: membershipId }),
      removeMember: (tx) => removeMember(tx, { id: membershipId }),
      updateUser: (tx) => updateUser(tx, { id: userId, givenName: 'X' }),
      addUserEmail: (tx) => addUserEmail(tx, { userId, email: 'x@example.com' }),
      setPasswordOf: (tx) => setPasswordOf(tx, { userId, passwordHash: 'h', mustChange: false }),
      registerIdentityProvider: (tx) =>
        registerIdentityProvider(tx, {
          key: 'mine',
          tenantId,
          issuer: 'https://login.example',
          clientId: 'c',
          clientSecret: 's',
          emailDomains: [],
          required: false,
        }),
    };
    return commands;
  }

  it.each<[string, (hub: Hub) => Actor, (hub: Hub) => { tenantId: string; instanceId: string }]>([
    ['an ADMIN elsewhere', (h) => member(h.rivals.id), (h) => ({ tenantId: h.customer.id, instanceId: h.instance.id })],
    ['a client elsewhere', (h) => client(h.rivals.id), (h) => ({ tenantId: h.customer.id, instanceId: h.instance.id })],
    ['the ADMIN below', (h) => member(h.customer.id), (h) => ({ tenantId: h.ofA.id, instanceId: h.inA.id })],
    ['channel B', (h) => account(h.channelB.id), (h) => ({ tenantId: h.ofA.id, instanceId: h.inA.id })],
    [
      "channel B's tenant account",
      (h) => account(h.channelB.id, h.ofB.id),
      (h) => ({ tenantId: h.ofA.id, instanceId: h.inA.id }),
    ],
  ])(
    '%s gets the same not_found for what is there and what is not, and changes nothing',
    async (_, actorIn, placeIn) => {
      const rows = () => db.raw.read.all('SELECT id FROM journal_entries');
      const actor = actorIn(hub);
      for (const kind of ['foreign', 'missing'] as const) {
        const commands = await commandsOn(kind, placeIn(hub));
        const before = await rows();
        for (const [name, command] of Object.entries(commands)) {
          expect([name, kind, await asked(actor, command)]).toEqual([name, kind, 'not_found']);
        }
        expect(await rows()).toHaveLength(before.length);
        if (kind === 'foreign') {
          await perform(db, system, async (tx) => {
            for (const open of await tx.subscriptions.findMany({ tenantId: placeIn(hub).tenantId })) {
              await endSubscription(tx, { id: open.id });
            }
          });
        }
      }
    },
  );

  it.each(['VIEWER', 'MEMBER', 'AGENT'] as const)('a %s changes nothing of their own tenant', async (role) => {
    const actor = member(hub.customer.id, [role]);
    const commands = await commandsOn('foreign', { tenantId: hub.customer.id, instanceId: hub.instance.id });
    for (const [name, command] of Object.entries(commands)) {
      expect([name, await asked(actor, command)]).toEqual([name, expect.stringMatching(/^(forbidden|not_found)$/)]);
    }
  });

  it('an ADMIN of the subtree does not touch what is above, and nobody but operators what is the hub’s', async () => {
    const below = member(hub.customer.id, ['OWNER']);
    expect(await asked(below, (tx) => updateTenant(tx, { id: hub.reseller.id, name: 'X' }))).toBe('not_found');
    expect(await asked(below, (tx) => disableObject(tx, { kind: 'tenant', id: hub.provider.id }))).toBe('not_found');
    const own = { kind: 'customer', name: 'Root' } as const;
    for (const actor of [below, client(hub.customer.id), member(hub.provider.id)]) {
      expect(await asked(actor, (tx) => createTenant(tx, own))).toBe('forbidden');
      expect(await asked(actor, (tx) => defineApplication(tx, { key: 'x', name: 'X' }))).toBe('forbidden');
      expect(await asked(actor, (tx) => updateApplication(tx, { id: hub.application.id, name: 'X' }))).toBe(
        'forbidden',
      );
      expect(await asked(actor, (tx) => updatePlan(tx, { id: hub.application.plan.id, amount: '0' }))).toBe(
        'forbidden',
      );
      expect(await asked(actor, (tx) => createUser(tx, { operatorLevel: 1000 }))).toBe('forbidden');
      expect(await asked(actor, (tx) => configureChannel(tx, { name: 'x', protocol: 'nec', settings: {} }))).toBe(
        'forbidden',
      );
      expect(
        await asked(actor, (tx) => registerWebhook(tx, { url: 'https://x.example', secret: 's', events: ['*'] })),
      ).toBe('forbidden');
      const key = { channelId: hub.channelA.id, kind: 'tenant', externalId: 'x', targetId: hub.customer.id } as const;
      expect(await asked(actor, (tx) => assignExternalId(tx, key))).toBe('forbidden');
      const machine = { channelId: hub.channelA.id, username: 'x', passwordHash: 'h' };
      expect(await asked(actor, (tx) => registerServiceAccount(tx, machine))).toBe('forbidden');
      const more = { clientId: 'x', secretHash: 'h', level: 1000, grantTypes: ['client_credentials'], scopes: [] };
      expect(await asked(actor, (tx) => registerClient(tx, more))).toBe('forbidden');
    }
  });

  it('nobody makes themself or another more than they may', async () => {
    const { user, membership } = await hub.person(hub.customer.id, ['MEMBER']);
    const admin = await hub.person(hub.customer.id, ['ADMIN']);
    const self = member(hub.customer.id, ['MEMBER'], user.id);
    const boss = member(hub.customer.id, ['ADMIN'], admin.user.id);
    expect(await asked(self, (tx) => changeMembership(tx, { id: membership.id, roles: ['OWNER'] }))).toBe('forbidden');
    const place = { userId: user.id, roles: ['ADMIN'] } as const;
    expect(await asked(self, (tx) => admitPerson(tx, { ...place, tenantId: hub.sibling.id }))).toBe('not_found');
    expect(await asked(boss, (tx) => admitPerson(tx, { ...place, tenantId: hub.reseller.id }))).toBe('not_found');
    expect(
      await asked(boss, (tx) => admitPerson(tx, { ...place, tenantId: hub.customer.id, instanceId: hub.inA.id })),
    ).toBe('not_found');
    for (const actor of [self, boss, operator(666, user.id)]) {
      expect(await asked(actor, (tx) => updateUser(tx, { id: user.id, operatorLevel: 1000 }))).toBe('forbidden');
      expect(await asked(actor, (tx) => setOperatorLevel(tx, { id: user.id, level: 1000 }))).toBe('forbidden');
      expect(await asked(actor, (tx) => createUser(tx, { operatorLevel: 333 }))).toBe('forbidden');
    }
    for (const actor of [self, boss]) {
      const email = { userId: user.id, email: 'chief@example.com' };
      expect(await asked(actor, (tx) => addUserEmail(tx, { ...email, verified: true }))).toBe('forbidden');
      expect(await asked(actor, (tx) => addUserEmail(tx, email))).toBe('done');
      const [added] = await perform(db, system, (tx) => tx.userEmails.findMany({ userId: user.id }));
      expect(await asked(actor, (tx) => verifyUserEmail(tx, { id: added!.id }))).toBe('forbidden');
      const newcomer = { emails: [{ email: 'boss@example.com', verified: true }] };
      expect(
        await asked(actor, (tx) =>
          createMember(tx, { ...newcomer, membership: { tenantId: hub.customer.id, roles: ['MEMBER'] } }),
        ),
      ).toBe('forbidden');
    }
  });

  it('operators of a lower level, and the ADMIN of a tenant an operator is in, leave the operator’s account alone', async () => {
    const { user } = await hub.person(hub.customer.id);
    await perform(db, system, async (tx) => {
      await createUser(tx, { displayName: 'Other', operatorLevel: 1000 });
      await setOperatorLevel(tx, { id: user.id, level: 1000 });
    });
    const boss = member(hub.customer.id);
    for (const actor of [operator(666), boss]) {
      expect(await asked(actor, (tx) => updateUser(tx, { id: user.id, displayName: 'Support' }))).toBe('forbidden');
      expect(await asked(actor, (tx) => addUserEmail(tx, { userId: user.id, email: 'x@example.com' }))).toBe(
        'forbidden',
      );
      expect(await asked(actor, (tx) => disableUser(tx, { id: user.id }))).toBe('forbidden');
      const password = { userId: user.id, passwordHash: 'h', mustChange: false };
      expect(await asked(actor, (tx) => setPasswordOf(tx, password))).toMatch(/^(forbidden|password_not_yours)$/);
    }
  });

  it('the last ADMINISTRATOR is neither lowered nor disabled', async () => {
    const last = await perform(db, system, (tx) => createUser(tx, { displayName: 'Last', operatorLevel: 1000 }));
    expect(await asked(operator(), (tx) => setOperatorLevel(tx, { id: last.id, level: null }))).toBe('in_use');
    expect(await asked(operator(), (tx) => disableUser(tx, { id: last.id }))).toBe('in_use');
    await perform(db, system, (tx) => createUser(tx, { displayName: 'Next', operatorLevel: 1000 }));
    expect(await asked(operator(), (tx) => disableUser(tx, { id: last.id }))).toBe('done');
    expect(await asked(operator(), (tx) => updateUser(tx, { id: last.id, operatorLevel: 7 }))).toBe('invalid_value');
  });

  describe('channels', () => {
    it('get nothing from those who are not them', async () => {
      const { id: channelId } = hub.channelB;
      const tenantId = hub.ofA.id;
      const { user } = await hub.person(tenantId);
      const place = { tenantId, channelId };
      for (const actor of [account(hub.channelA.id), member(tenantId), client(tenantId)]) {
        expect(
          await asked(actor, (tx) => createTenant(tx, { kind: 'group', name: 'G', parentId: tenantId, channelId })),
        ).toBe('forbidden');
        expect(await asked(actor, (tx) => provisionInstance(tx, { ...place, applicationId: hub.application.id }))).toBe(
          'forbidden',
        );
        expect(await asked(actor, (tx) => openSubscription(tx, { ...place, planId: hub.application.plan.id }))).toBe(
          'forbidden',
        );
        expect(
          await asked(actor, (tx) =>
            addMembership(tx, { ...place, userId: user.id, roles: ['MEMBER'], instanceId: hub.inA.id }),
          ),
        ).toBe('forbidden');
      }
      expect(
        await asked(account(hub.channelA.id), (tx) => createTenant(tx, { kind: 'customer', name: 'X', channelId })),
      ).toBe('forbidden');
    });

    it('set passwords only of people who are wholly theirs', async () => {
      const channelId = hub.channelA.id;
      const { user } = await perform(db, account(channelId), (tx) =>
        createMember(tx, {
          membership: { tenantId: hub.ofA.id, roles: ['MEMBER'], instanceId: hub.inA.id, channelId },
        }),
      );
      const password = { userId: user.id, passwordHash: 'h', mustChange: false };
      expect(await asked(account(channelId), (tx) => setPasswordOf(tx, password))).toBe('done');
      await perform(db, system, (tx) =>
        addMembership(tx, { userId: user.id, tenantId: hub.ofB.id, roles: ['MEMBER'] }),
      );
      expect(await asked(account(channelId), (tx) => setPasswordOf(tx, password))).toBe('password_not_yours');
      expect(await asked(account(hub.channelB.id), (tx) => setPasswordOf(tx, password))).toBe('not_found');
    });
  });

  describe('seats', () => {
    const seats =
      (tenantId: string, quantity: number, more: { oversell?: boolean; instanceId?: string } = {}) =>
      (tx: Unit) =>
        setPoolQuantity(tx, { tenantId, licenseTypeId: hub.application.seat.id, quantity, ...more });

    it('are not made out of nothing by those who only divide', async () => {
      const reseller = member(hub.reseller.id);
      expect(await asked(reseller, seats(hub.reseller.id, 5))).toBe('forbidden');
      expect(await asked(member(hub.customer.id), seats(hub.customer.id, 5))).toBe('forbidden');
      expect(await asked(reseller, seats(hub.customer.id, 101))).toBe('pool_exhausted');
      expect(await asked(reseller, seats(hub.customer.id, 5, { oversell: true }))).toBe('forbidden');
      expect(await asked(reseller, seats(hub.customer.id, 100))).toBe('done');
      expect(await asked(reseller, seats(hub.customer.id, 100, { oversell: true }))).toBe('forbidden');
      const another = await perform(db, system, (tx) =>
        defineApplication(tx, { key: 'none', name: 'N', licenseTypes: [{ code: 'S' }] }),
      );
      const type = await perform(db, system, (tx) => tx.licenseTypes.findOne({ applicationId: another.id, code: 'S' }));
      const unbought = { tenantId: hub.customer.id, licenseTypeId: type!.id, quantity: 1 };
      expect(await asked(reseller, (tx) => setPoolQuantity(tx, unbought))).toBe('forbidden');
      const ownType = { tenantId: hub.customer.id, licenseTypeId: hub.own.seat.id, quantity: 9 };
      expect(await asked(reseller, (tx) => setPoolQuantity(tx, ownType))).toBe('forbidden');
      expect(await asked(member(hub.provider.id), (tx) => setPoolQuantity(tx, ownType))).toBe('done');
    });

    it('of another provider’s application, and its plans, are not sold here by anybody', async () => {
      const tenantId = hub.customer.id;
      for (const actor of [member(hub.provider.id), operator()]) {
        expect(
          await asked(actor, (tx) =>
            setPoolQuantity(tx, { tenantId, licenseTypeId: hub.rivalOwn.seat.id, quantity: 1 }),
          ),
        ).toBe('not_found');
        expect(await asked(actor, (tx) => openSubscription(tx, { tenantId, planId: hub.rivalOwn.plan.id }))).toBe(
          'not_found',
        );
        expect(await asked(actor, (tx) => provisionInstance(tx, { tenantId, applicationId: hub.rivalOwn.id }))).toBe(
          'not_found',
        );
      }
      const mine = member(hub.provider.id);
      const price = {
        applicationId: hub.rivalOwn.id,
        key: 'x',
        amount: '0',
        currency: 'EUR',
        interval: 'month',
      } as const;
      expect(await asked(mine, (tx) => definePlan(tx, price))).toBe('not_found');
    });

    it('are for members, of the instance’s own customer, in what is not deleted', async () => {
      const seat = { tenantId: hub.customer.id, licenseTypeId: hub.application.seat.id };
      const { user } = await hub.person(hub.customer.id);
      const outsider = await hub.person(hub.sibling.id);
      const boss = member(hub.customer.id);
      const give = (userId: string, instanceId = '') =>
        asked(boss, (tx) => assignLicense(tx, { ...seat, userId, instanceId }));
      expect(await give(outsider.user.id)).toBe('not_found');
      expect(await give(user.id, hub.inA.id)).toBe('not_found');
      expect(await give(user.id, hub.instance.id)).toBe('done');
      await perform(db, system, (tx) => terminateObject(tx, { kind: 'instance', id: hub.instance.id }));
      expect(await give(user.id, hub.instance.id)).toBe('terminated');
      const held = await perform(db, boss, (tx) => assignLicense(tx, { ...seat, userId: user.id }));
      expect(await asked(member(hub.sibling.id), (tx) => releaseLicense(tx, { id: held.id }))).toBe('not_found');
      await perform(db, system, (tx) => terminateObject(tx, { kind: 'tenant', id: hub.customer.id }));
      expect(await give(user.id)).toBe('terminated');
    });

    it('overselling does not end while more is out than bought', async () => {
      const { id: tenantId } = hub.provider;
      await perform(db, system, seats(tenantId, 1, { oversell: true }));
      for (let n = 0; n < 2; n += 1) {
        const { user } = await hub.person(tenantId);
        const seat = { tenantId, licenseTypeId: hub.application.seat.id, userId: user.id };
        await perform(db, system, (tx) => assignLicense(tx, seat));
      }
      expect(await asked(system, seats(tenantId, 1, { oversell: false }))).toBe('quantity_below_use');
      expect(await asked(system, seats(tenantId, 2, { oversell: false }))).toBe('done');
    });
  });

  it('customers give themselves no trial, and lift no suspension', async () => {
    const open = { tenantId: hub.customer.id, planId: hub.application.plan.id };
    const boss = member(hub.customer.id);
    const far = '2099-01-01T00:00:00.000Z';
    expect(await asked(boss, (tx) => openSubscription(tx, { ...open, trialEndsAt: far }))).toBe('forbidden');
    expect(
      await asked(boss, (tx) =>
        provisionInstance(tx, { ...open, applicationId: hub.application.id, trialEndsAt: far }),
      ),
    ).toBe('forbidden');
    expect(await asked(member(hub.reseller.id), (tx) => openSubscription(tx, { ...open, trialEndsAt: far }))).toBe(
      'done',
    );
    await perform(db, system, (tx) => suspendSubscription(tx, { id: hub.subscription.id }));
    expect(await asked(boss, (tx) => resumeSubscription(tx, { id: hub.subscription.id }))).toBe('forbidden');
    const more = { quantities: [{ licenseTypeId: hub.application.seat.id, quantity: 99 }] };
    const later = { instanceId: hub.instance.id, change: more, dueAt: far };
    expect(await asked(boss, (tx) => scheduleChange(tx, later))).toBe('forbidden');
  });

  describe('approvals', () => {
    it('are answered by operators only, and propose only what the direct command may write', async () => {
      const target = { kind: 'tenant', id: hub.customer.id, approval: 'update' } as const;
      const boss = member(hub.customer.id);
      const refused: Record<string, unknown>[] = [
        { channelId: hub.channelA.id },
        { parentId: '' },
        { id: hub.sibling.id },
        { version: 9 },
        { activated: true },
        { holds: [] },
        { locked: false },
        { terminatedAt: null },
        { kind: 'provider' },
        JSON.parse('{"__proto__": {"name": "x"}}'),
        { constructor: 'x' },
        { name: '' },
        { name: 7 },
        { name: 'x'.repeat(201) },
        { name: 'a\u0000b' },
        { name: '\ud800' },
        { name: { toString: 'x' } },
        { country: 'Japan' },
        { timeZone: 'Moon/Base' },
        { contact: null },
        { contact: ['x'] },
        { contact: { email: 'nobody' } },
        { contact: { name: { first: 'x' } } },
      ];
      for (const proposed of refused) {
        expect([proposed, await asked(boss, (tx) => askApproval(tx, { ...target, proposed }))]).toEqual([
          proposed,
          'invalid_value',
        ]);
      }
      const proposed = { name: 'New', contact: { name: 'Ute', nonsense: 'x' } };
      const approval = await perform(db, boss, (tx) => askApproval(tx, { ...target, proposed }));
      expect(approval.proposed).toEqual({ name: 'New', contact: { name: 'Ute' } });
      expect(await asked(boss, (tx) => askApproval(tx, { ...target, proposed }))).toBe('approval_open');
      for (const actor of [boss, member(hub.provider.id), client(hub.customer.id), operator(333)]) {
        expect(await asked(actor, (tx) => decideApproval(tx, { id: approval.id, approve: true }))).toBe('forbidden');
      }
      // Whatever its level, a channel answers only for what it manages.
      for (const actor of [account(hub.channelA.id), { ...account(hub.channelA.id), level: 666 }]) {
        expect(await asked(actor, (tx) => decideApproval(tx, { id: approval.id, approve: true }))).toBe('not_found');
      }
      expect(await asked(operator(666), (tx) => decideApproval(tx, { id: approval.id, approve: true }))).toBe('done');
      expect((await perform(db, system, (tx) => tx.tenants.find(hub.customer.id)))?.name).toBe('New');
    });

    it('of an application or instance keep to addresses of the web and to texts', async () => {
      const instance = { kind: 'instance', id: hub.instance.id, approval: 'update' } as const;
      const application = { kind: 'application', id: hub.own.id, approval: 'update' } as const;
      const actor = member(hub.provider.id);
      for (const proposed of [
        { accessUrl: 'javascript:alert(1)' },
        { accessUrl: 'https://user:pw@example.com' },
        { parameters: { a: 1 } },
        { parameters: ['a'] },
        { parameters: { a: 'x'.repeat(4_001) } },
        { parameters: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`p${n}`, ''])) },
        { tenantId: hub.sibling.id },
        { applicationId: hub.own.id },
      ]) {
        expect(await asked(actor, (tx) => askApproval(tx, { ...instance, proposed }))).toBe('invalid_value');
      }
      for (const proposed of [{ loginUrl: 'ftp://x' }, { key: 'x' }, { ownerTenantId: '' }, { liveKey: '1' }]) {
        expect(await asked(actor, (tx) => askApproval(tx, { ...application, proposed }))).toBe('invalid_value');
      }
    });
  });

  it('who may not make somebody administer takes nobody out who does', async () => {
    const { user } = await hub.person(hub.customer.id);
    const place = { tenantId: hub.customer.id, userId: user.id } as const;
    const [first] = await perform(db, system, (tx) => tx.memberships.findMany({ ...place, liveKey: '0' }));
    await perform(db, system, (tx) => changeMembership(tx, { id: first!.id, roles: ['ADMIN'] }));
    const leave = (tx: Unit) => removeMember(tx, { id: first!.id });
    expect(await asked(operator(666), leave)).toBe('forbidden');
    expect(await asked(operator(1000), leave)).toBe('done');
  });
});
