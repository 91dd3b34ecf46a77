import { addMembership, createMember } from '../../../src/core/identity/index.js';
import { assignExternalId, bindExternalRef, bindSignInName } from '../../../src/core/marketplace/index.js';
import { removeMember } from '../../../src/core/provisioning/index.js';
import type { Actor } from '../../../src/core/shared/actor.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { testDialects } from '../../support/mysql.js';
import { type KakapoHub, openKakapoHub, operatorUser, providerHost } from '../support/hub.js';
import type { Parameters, SoapCall } from '../support/soap.js';
import { done } from './support/done.js';

const otherHost = 'xsp.other.example';
const at = { serverHostName: providerHost };
const ent = { ...at, resellerId: 'ent1' };
const grp = { ...ent, groupId: 'grp1' };
const password = 'Correct-Horse-9';

describe.each(await testDialects())('portal users on %s', (dialect) => {
  let hub: KakapoHub;
  let soap: SoapCall;
  let operator: SoapCall;

  beforeAll(async () => {
    hub = await openKakapoHub(dialect, { channels: { second: {} } });
    soap = hub.soap();
    operator = hub.soap({ login: operatorUser });
    await hub.model(async (tx) => {
      const channelId = hub.channelId();
      const other = await createTenant(tx, { kind: 'provider', name: otherHost, channelId });
      await bindExternalRef(tx, { channelId, kind: 'tenant', externalId: otherHost, targetId: other.id });
      // a service provider is told from an enterprise by a property of the tenant
      const properties = [{ name: 'resellerType', value: 'serviceProvider' }];
      const sp = await createTenant(tx, {
        kind: 'reseller',
        name: 'sp1',
        parentId: hub.providerId,
        channelId,
        properties,
      });
      const ref = { channelId, kind: 'tenant', parentId: hub.providerId } as const;
      await bindExternalRef(tx, { ...ref, externalId: 'sp1', targetId: sp.id });
    });
    for (const [operation, parameters] of [
      ['AddReseller', ent],
      ['AddReseller', { ...at, resellerId: 'ent2' }],
      ['AddGroup', grp],
      ['AddGroup', { ...ent, groupId: 'grp2' }],
      ['AddGroup', { ...at, resellerId: 'sp1', groupId: 'grp1' }],
    ] as const) {
      expect(await done(soap(operation, parameters))).toBe('done');
    }
    expect(await done(operator('AddReseller', { serverHostName: otherHost, resellerId: 'ent1' }))).toBe('done');
  });
  afterAll(() => hub.close());

  let made = 0;
  const newName = () => {
    made += 1;
    return `portal-${made}`;
  };
  const add = (name: string, rest: Parameters = {}, call = soap) =>
    call('AddPortalUser', {
      ...at,
      newUserName: name,
      newUserEmail: `${name}@op.example`,
      newUserPassword: password,
      ...rest,
    });
  const get = async (where: Parameters, name: string, call = soap) =>
    (await call('GetPortalUsers', where)).items.filter((item) => item.portalUserName === name);
  const levels = {
    provider: [{}, at],
    reseller: [{ newUserResellerId: 'ent1' }, ent],
    group: [{ newUserResellerId: 'ent1', newUserGroupId: 'grp1' }, grp],
  } as const;

  it.each(['provider', 'reseller', 'group'] as const)('stand at the %s and nowhere else', async (level) => {
    const name = newName();
    const [where, listed] = levels[level];
    expect(await done(add(name, { ...where, timezone: 'GMT Standard Time' }))).toBe('done');
    const { serverHostName: _, ...place } = { resellerId: undefined, groupId: undefined, ...listed };
    const shown = {
      portalUserName: name,
      email: `${name}@op.example`,
      isAgent: 'false',
      timezone: 'GMT Standard Time',
    };
    expect(await get(listed, name)).toEqual([JSON.parse(JSON.stringify({ ...shown, ...place }))]);
    for (const [, elsewhere] of Object.values(levels)) {
      if (elsewhere !== listed) expect(await get(elsewhere, name)).toEqual([]);
    }
    const [user, email, membership] = await rowsOf(name);
    expect(user!.passwordHash).toMatch(/^\$argon2id\$/);
    expect(user).toMatchObject({ displayName: name, operatorLevel: null, mustChangePassword: false });
    expect(email).toMatchObject({ email: `${name}@op.example`, verifiedKey: null });
    expect(membership).toMatchObject({ roles: ['ADMIN'], channelId: hub.channelId(), loginName: name, instanceId: '' });
  });

  async function rowsOf(name: string) {
    return hub.model(async (tx) => {
      const match = {
        channelId: hub.channelId(),
        kind: 'signInName',
        parentId: '',
        externalId: name,
        liveKey: '0',
      } as const;
      const userId = (await tx.externalRefs.findOne(match))!.targetId;
      const [email] = await tx.userEmails.findMany({ userId });
      const [membership] = await tx.memberships.findMany({ userId, liveKey: '0' });
      return [(await tx.users.find(userId))!, email!, membership!] as const;
    });
  }

  it('a blank group is the reseller, a blank reseller the provider, whatever else is passed', async () => {
    const [one, two] = [newName(), newName()];
    await add(one, { newUserResellerId: 'ent1', newUserGroupId: '  ', isAgent: true });
    expect(await get(ent, one)).toHaveLength(1);
    await add(two, { newUserResellerId: '', newUserGroupId: '' });
    expect(await get(at, two)).toHaveLength(1);
  });

  it.each([
    ['at a reseller that is an enterprise', { newUserResellerId: 'ent1' }, ent, 'true'],
    ['at a group', { newUserResellerId: 'ent1', newUserGroupId: 'grp1' }, grp, 'true'],
    ['not at a system provider', {}, at, 'false'],
    ['not at a service provider', { newUserResellerId: 'sp1' }, { ...at, resellerId: 'sp1' }, 'false'],
    [
      'at a group of a service provider',
      { newUserResellerId: 'sp1', newUserGroupId: 'grp1' },
      { ...at, resellerId: 'sp1', groupId: 'grp1' },
      'true',
    ],
  ])('are agents %s', async (_, where, listed, isAgent) => {
    const name = newName();
    expect(await done(add(name, { ...where, isAgent: true }))).toBe('done');
    expect(await get(listed, name)).toMatchObject([{ isAgent }]);
    const [, , membership] = await rowsOf(name);
    expect(membership.roles).toEqual(isAgent === 'true' ? ['ADMIN', 'AGENT'] : ['ADMIN']);
  });

  it.each([
    ['newUserPassword must have at least 10 characters', { newUserPassword: 'short' }],
    ['newUserEmail must be an e-mail address', { newUserEmail: 'nowhere' }],
    [/^timezone must be a time zone/, { timezone: 'Midgard Standard Time' }],
    [/^newUserName must not/, { newUserName: ' outer' }],
    [/^newUserName must not be longer than 200/, { newUserName: 'x'.repeat(201) }],
    ["Reseller 'ent9' was not found", { newUserResellerId: 'ent9' }],
    ["Group 'grp9' was not found", { newUserResellerId: 'ent1', newUserGroupId: 'grp9' }],
    ["System provider 'nowhere' was not found", { serverHostName: 'nowhere' }],
    ["System provider 'xsp.other.example' was not found", { serverHostName: otherHost }],
    ['Parameter newUserResellerId is mandatory where newUserGroupId is given', { newUserGroupId: 'grp1' }],
    [/newUserPassword/, { newUserPassword: '' }],
    [/newUserEmail/, { newUserEmail: null }],
  ])('refused: %s', async (text, wrong) => {
    const name = newName();
    expect(await done(add(name, wrong))).toMatch(text);
    expect(await get(at, name)).toEqual([]);
    expect(await done(soap('DeletePortalUser', { ...at, portalUserName: name }))).toBe(
      `Portal user '${name}' was not found`,
    );
  });

  it.each(['Europe/London', 'GMT Standard Time', 'UTC'])('time zone %s is kept as given', async (timezone) => {
    const name = newName();
    expect(await done(add(name, { timezone }))).toBe('done');
    expect(await get(at, name)).toMatchObject([{ timezone }]);
  });

  it('a name is one portal user in the channel, whoever asks; another channel has names of its own', async () => {
    const name = newName();
    expect(await done(add(name))).toBe('done');
    const taken = `Portal user '${name}' already exists`;
    expect(await done(add(name, { newUserResellerId: 'ent1' }))).toBe(taken);
    expect(await done(add(name, { serverHostName: otherHost }, operator))).toBe(taken);
    expect(await done(add(name.toUpperCase()))).toBe('done'); // byte for byte
    const others = await hub.model((tx) =>
      tx.externalRefs.count({ channelId: hub.channelId('second'), kind: 'signInName' }),
    );
    expect(others).toBe(0);
  });

  it('of many calls at once for one name one makes it', async () => {
    const name = newName();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => done(add(name))));
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['done', `Portal user '${name}' already exists`]));
    const people = await hub.model((tx) => tx.users.findMany({ displayName: name }));
    expect(people).toHaveLength(1);
  });

  it('deleted, it has no place and its name is free; deleting again says so', async () => {
    const name = newName();
    await add(name, { newUserResellerId: 'ent1', timezone: 'UTC' });
    await soap('AddGroupAgentAssociation', { ...grp, portalUserName: name });
    const [user] = await rowsOf(name);
    expect(await done(soap('DeletePortalUser', { ...at, newUserName: name }))).toBe('done'); // as the Add calls it
    expect(await hub.model((tx) => tx.memberships.count({ userId: user.id, liveKey: '0' }))).toBe(0);
    expect(await hub.model((tx) => tx.externalRefs.count({ targetId: user.id, liveKey: '0' }))).toBe(0);
    expect(await hub.model((tx) => tx.channelRecords.count({ parentId: user.id, liveKey: '0' }))).toBe(0);
    expect(await done(soap('DeletePortalUser', { ...at, portalUserName: name }))).toBe(
      `Portal user '${name}' was not found`,
    );
    expect(await done(add(name))).toBe('done');
    const [again] = await rowsOf(name);
    expect(again.id).not.toBe(user.id);
    expect(await get(at, name)).toEqual([{ portalUserName: name, email: `${name}@op.example`, isAgent: 'false' }]);
  });

  it('whoever takes the last place away, the name is free again', async () => {
    const name = newName();
    await add(name);
    const [, , { id }] = await rowsOf(name);
    await hub.model(async (tx) => {
      // a place the operator gave in the same tree keeps the person, and not the name
      const { userId } = (await tx.memberships.find(id))!;
      const reseller = await tx.tenants.findMany({ parentId: hub.providerId }, 1);
      await addMembership(tx, { userId, tenantId: reseller[0]!.id, roles: ['MEMBER'] });
      await removeMember(tx, { id });
    });
    expect(await get(at, name)).toEqual([]);
    expect(await done(add(name))).toBe('done');
    expect(await get(at, name)).toHaveLength(1);
  });

  it('with a deleted group or reseller they are gone, and their names are free', async () => {
    const place = { ...at, resellerId: 'gone', groupId: 'gone' };
    const names = [newName(), newName()] as const;
    const make = async () => {
      expect(await done(soap('AddReseller', place))).toBe('done');
      expect(await done(soap('AddGroup', place))).toBe('done');
      expect(await done(add(names[0], { newUserResellerId: 'gone' }))).toBe('done');
      expect(await done(add(names[1], { newUserResellerId: 'gone', newUserGroupId: 'gone' }))).toBe('done');
    };
    await make();
    expect(await done(soap('DeleteReseller', place))).toBe('done');
    for (const name of names) {
      expect(await done(soap('DeletePortalUser', { ...at, portalUserName: name }))).toMatch('was not found');
    }
    await make();
    expect(await get(place, names[1])).toHaveLength(1);
  });

  it('another provider’s is not there, to list, to delete or to associate', async () => {
    const name = newName();
    const theirs = { serverHostName: otherHost };
    expect(await done(add(name, { ...theirs, newUserResellerId: 'ent1' }, operator))).toBe('done');
    const missing = `Portal user '${name}' was not found`;
    expect(await done(soap('DeletePortalUser', { ...at, portalUserName: name }))).toBe(missing);
    expect(await done(soap('AddGroupAgentAssociation', { ...grp, portalUserName: name }))).toBe(missing);
    expect(await done(operator('DeletePortalUser', { ...at, portalUserName: name }))).toBe(missing);
    expect(await done(soap('GetPortalUsers', theirs))).toBe("System provider 'xsp.other.example' was not found");
    expect(await get({ ...theirs, resellerId: 'ent1' }, name, operator)).toHaveLength(1);
    expect(await done(soap('DeletePortalUser', { ...at, portalUserName: `${name} ` }))).toBe(
      `Portal user '${name} ' was not found`,
    );
    expect(await done(operator('DeletePortalUser', { ...theirs, portalUserName: `${name} ` }))).toMatch(
      'was not found',
    );
    expect(await done(operator('DeletePortalUser', { ...theirs, portalUserName: name }))).toBe('done');
  });

  it('cannot call: their name is nobody’s here', async () => {
    const name = newName();
    await add(name);
    const login = { loginUserName: name, loginPassword: password };
    const answer = await hub.soap({ login })('GetPortalUsers', at);
    expect(answer.success).toBe(false);
    expect(answer.errorMessage).toMatch(/^The login attempt failed/);
  });

  it('are in the journal by the operation’s name, without the password', async () => {
    const name = newName();
    await add(name, { newUserResellerId: 'ent1' });
    const [user] = await rowsOf(name);
    await soap('DeletePortalUser', { ...at, portalUserName: name });
    const { nodes } = await hub.persistence.readers.journal.page(
      { kind: 'operator', userId: 'usr_1', name: 'Op', level: 1000, ceiling: 1000 },
      { first: 200, orderBy: { field: 'id', direction: 'DESC' } },
    );
    const own = nodes.filter(({ command }) => /^kakapo\.(Add|Delete)PortalUser$/.test(command));
    expect(own.map(({ objectKind, command }) => `${command} ${objectKind}`)).toEqual(
      expect.arrayContaining([
        'kakapo.AddPortalUser user',
        'kakapo.AddPortalUser membership',
        'kakapo.AddPortalUser externalRef',
        'kakapo.DeletePortalUser membership',
        'kakapo.DeletePortalUser externalRef',
      ]),
    );
    expect(own.some(({ objectId }) => objectId === user.id)).toBe(true);
    expect(JSON.stringify(nodes)).not.toContain(password);
    expect(JSON.stringify(hub.records)).not.toContain(password);
  });

  it('are named by hand too, under the same rules: assignExternalId', async () => {
    const channelId = hub.channelId();
    const operatorActor = { kind: 'operator', userId: 'usr_1', name: 'Op', level: 1000, ceiling: 1000 } as const;
    const [name, taken] = [newName(), newName()];
    await add(taken);
    const [ada, stranger] = await hub.model(async (tx) => {
      const membership = { tenantId: hub.providerId, channelId, roles: ['ADMIN'] as const };
      const person = await createMember(tx, { displayName: 'Ada', membership });
      return [person.user, (await createMember(tx, { displayName: 'Nobody' })).user];
    });
    const assign = (change: object, actor: Actor = operatorActor) => {
      const key = { channelId, kind: 'signInName', externalId: name, targetId: ada.id } as const;
      return hub.model((tx) => assignExternalId(tx, { ...key, ...change }), actor);
    };
    await expect(assign({ targetId: stranger.id })).rejects.toMatchObject({ code: 'invalid_value' });
    await expect(assign({ targetId: 'usr_none' })).rejects.toMatchObject({ code: 'unknown_reference' });
    await expect(assign({ parentId: hub.providerId })).rejects.toMatchObject({ code: 'invalid_value' });
    await expect(assign({ externalId: taken })).rejects.toMatchObject({ code: 'external_id_taken' });
    await expect(assign({}, { ...operatorActor, level: 666 })).rejects.toMatchObject({ code: 'forbidden' });
    const ref = await assign({});
    expect((await assign({})).id).toBe(ref.id);
    expect(await get(at, name)).toEqual([{ portalUserName: name, isAgent: 'false' }]);
    expect(await done(add(name))).toBe(`Portal user '${name}' already exists`);
  });

  it('names are given by their channel or the operator, for people in reach', async () => {
    const channelId = hub.channelId();
    const name = newName();
    await add(name);
    const [user] = await rowsOf(name);
    const account = (change: object): Actor => ({
      kind: 'serviceAccount',
      serviceAccountId: 'sac_1',
      username: 'x',
      channelId,
      tenantId: null,
      level: null,
      ...change,
    });
    const bind = (actor: Actor) =>
      hub.model((tx) => bindSignInName(tx, { channelId, name: `${name}-b`, userId: user.id }), actor);
    const foreign = account({ channelId: hub.channelId('second') });
    await expect(bind(foreign)).rejects.toMatchObject({ code: 'forbidden' });
    const elsewhere = await hub.model((tx) => createTenant(tx, { kind: 'provider', name: 'Elsewhere', channelId }));
    await expect(bind(account({ tenantId: elsewhere.id }))).rejects.toMatchObject({ code: 'not_found' });
    await bind(account({ tenantId: hub.providerId }));
  });

  describe('agents', () => {
    const associate = (name: string, where: Parameters = grp, call = soap) =>
      call('AddGroupAgentAssociation', { ...where, portalUserName: name });
    const part = (name: string, where: Parameters = grp) =>
      soap('DeleteGroupAgentAssociation', { ...where, portalUserName: name });
    const atGroup = async (name: string) => {
      const [user] = await rowsOf(name);
      return hub.model(async (tx) => {
        const places = await tx.memberships.findMany({ userId: user.id, liveKey: '0' });
        return places.map(({ roles }) => roles.join());
      });
    };

    it('of a group: a portal user of the reseller, once; it stays where it is', async () => {
      const name = newName();
      await add(name, { newUserResellerId: 'ent1' });
      expect(await done(associate(name))).toBe('done');
      expect(await done(associate(name))).toBe(
        `Agent association of portal user '${name}' with group 'grp1' already exists`,
      );
      expect(await done(associate(name, { ...grp, groupId: 'grp2' }))).toBe('done');
      expect((await atGroup(name)).sort()).toEqual(['ADMIN', 'AGENT', 'AGENT']);
      expect(await get(ent, name)).toMatchObject([{ isAgent: 'false' }]);
      expect(await get(grp, name)).toEqual([]); // an agent is no portal user of the group
      expect(await done(part(name))).toBe('done');
      expect(await done(part(name))).toBe(`Agent association of portal user '${name}' with group 'grp1' was not found`);
      expect((await atGroup(name)).sort()).toEqual(['ADMIN', 'AGENT']);
      expect(await done(associate(name))).toBe('done');
    });

    it.each([
      ['the provider', {}],
      ['a group', { newUserResellerId: 'ent1', newUserGroupId: 'grp1' }],
      ['another reseller', { newUserResellerId: 'ent2' }],
    ])('not one of %s', async (_, where) => {
      const name = newName();
      await add(name, { ...where, isAgent: true });
      const text = `Portal user '${name}' is not at the level of reseller 'ent1'`;
      expect(await done(associate(name))).toBe(text);
      expect(await done(part(name))).toBe(text);
      expect(await done(soap('AddResellerAgentAssociation', { ...ent, portalUserName: name }))).toBe(text);
      expect(await done(soap('DeleteResellerAgentAssociation', { ...ent, portalUserName: name }))).toBe(text);
    });

    it('of nobody, or of nothing', async () => {
      const name = newName();
      await add(name, { newUserResellerId: 'ent1' });
      expect(await done(associate('nobody'))).toBe("Portal user 'nobody' was not found");
      expect(await done(part('nobody'))).toBe("Portal user 'nobody' was not found");
      expect(await done(associate(name, { ...grp, groupId: 'grp9' }))).toBe("Group 'grp9' was not found");
      expect(await done(associate(name, { ...grp, resellerId: 'ent9' }))).toBe("Reseller 'ent9' was not found");
      const interfaceUser = await done(associate('api@op.example'));
      expect(interfaceUser).toBe("Portal user 'api@op.example' was not found");
    });

    it('of the reseller itself, beside what it administers', async () => {
      const name = newName();
      await add(name, { newUserResellerId: 'ent1' });
      const call = (operation: string) => done(soap(operation, { ...ent, portalUserName: name }));
      const association = `Agent association of portal user '${name}' with reseller 'ent1'`;
      expect(await call('DeleteResellerAgentAssociation')).toBe(`${association} was not found`);
      expect(await call('AddResellerAgentAssociation')).toBe('done');
      expect(await call('AddResellerAgentAssociation')).toBe(`${association} already exists`);
      expect(await get(ent, name)).toMatchObject([{ isAgent: 'true' }]);
      expect(await call('DeleteResellerAgentAssociation')).toBe('done');
      expect(await get(ent, name)).toMatchObject([{ isAgent: 'false' }]);
    });

    it('of a service provider’s groups, not of the service provider', async () => {
      const name = newName();
      const sp = { ...at, resellerId: 'sp1' };
      await add(name, { newUserResellerId: 'sp1' });
      expect(await done(soap('AddResellerAgentAssociation', { ...sp, portalUserName: name }))).toBe(
        "Reseller 'sp1' is not an enterprise and has no agents",
      );
      expect(await done(associate(name, { ...sp, groupId: 'grp1' }))).toBe('done');
    });

    it('grants nothing by itself', async () => {
      const name = newName();
      await add(name, { newUserResellerId: 'ent1' });
      await associate(name);
      const [user, , own] = await rowsOf(name);
      const tenants = await hub.model(async (tx) => {
        const places = await tx.memberships.findMany({ userId: user.id, liveKey: '0' });
        await removeMember(tx, { id: own.id });
        return places.filter(({ id }) => id !== own.id);
      });
      const actor = {
        kind: 'user',
        userId: user.id,
        name,
        ceiling: 1000,
        grants: tenants.map(({ tenantId, roles }) => ({ tenantId, roles })),
      } as const;
      const seen = await hub.persistence.readers.memberships.page(actor, { first: 50 });
      expect(new Set(seen.nodes.map(({ userId }) => userId))).toEqual(new Set([user.id]));
      await expect(
        hub.model(
          (tx) =>
            createMember(tx, { displayName: 'x', membership: { tenantId: tenants[0]!.tenantId, roles: ['MEMBER'] } }),
          actor,
        ),
      ).rejects.toMatchObject({ code: 'forbidden' });
    });
  });
});
