import {
  assignExternalId,
  bindExternalRef,
  registerServiceAccount,
  updateServiceAccount,
} from '../../../src/core/marketplace/index.js';
import { operatorLevels } from '../../../src/core/shared/actor.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { quickPasswords } from '../../prm/support/process.js';
import { onEveryDialect } from '../../support/databases.js';
import { interfaceUser, type KakapoHub, openKakapoHub, operatorUser, providerHost } from '../support/hub.js';
import type { Parameters, SoapCall } from '../support/soap.js';
import { done, refused } from './support.js';

const pro = { applicationName: 'UnityDesktop', licenseType: 'Pro' };
const foreignHost = 'xsp.other.example';
const farHost = 'xsp.far.example';

onEveryDialect('what an interface user may act on', (dialect) => {
  let hub: KakapoHub;
  /** Of the provider, of another one of the channel, of the operator, of another channel. */
  let own: SoapCall;
  let foreign: SoapCall;
  let operator: SoapCall;
  let far: SoapCall;
  let reader: SoapCall;
  beforeAll(async () => {
    hub = await openKakapoHub(dialect, { channels: { second: {} } });
    const passwordHash = await quickPasswords().hash(interfaceUser.loginPassword);
    const user = (loginUserName: string) => ({ loginUserName, loginPassword: interfaceUser.loginPassword });
    await hub.model(async (tx) => {
      const provider = async (channelId: string, host: string, username: string) => {
        const { id } = await createTenant(tx, { kind: 'provider', name: host, channelId });
        await bindExternalRef(tx, { channelId, kind: 'tenant', externalId: host, targetId: id });
        await registerServiceAccount(tx, { channelId, username, passwordHash, tenantId: id });
      };
      await provider(hub.channelId(), foreignHost, 'foreign');
      await provider(hub.channelId('second'), farHost, 'far');
      const { READ_ONLY: level } = operatorLevels;
      await registerServiceAccount(tx, { channelId: hub.channelId(), username: 'reader', passwordHash, level });
    });
    own = hub.soap();
    foreign = hub.soap({ login: user('foreign') });
    operator = hub.soap({ login: operatorUser });
    reader = hub.soap({ login: user('reader') });
    far = hub.soap({ login: user('far'), url: hub.url('second') });
    for (const [call, serverHostName] of [
      [foreign, foreignHost],
      [far, farHost],
    ] as const) {
      await done(call('AddUserWithHierarchy', { serverHostName, ...ids }));
    }
  });
  afterAll(() => hub.close());
  afterEach(() => expect(hub.logged()).not.toContain('internal error'));

  const ids = { resellerId: 'ent1', groupId: 'g1', broadworksUserId: 'ada@x.example' };
  const everything: Parameters = { ...ids, ...pro, quantity: 1, resellerName: 'n', groupName: 'n', userName: 'n' };
  const operations = [
    ...['AddReseller', 'UpdateReseller', 'DeleteReseller', 'GetResellers', 'GetResellerLicenses'],
    ...['AddGroup', 'UpdateGroup', 'DeleteGroup', 'GetGroups', 'GetGroupLicenses', 'GetUsers'],
    ...['AddUser', 'AddUserWithHierarchy', 'UpdateUser', 'DeleteUser', 'GetUserLicenses'],
    ...['AddUserLicense', 'DeleteUserLicense', 'DeleteUserLicenses'],
    ...['AddResellerLicenseSubPurchase', 'DeleteResellerLicenseSubPurchase'],
    ...['AddGroupLicenseSubPurchase', 'DeleteGroupLicenseSubPurchase'],
    ...['GetSystemProviders', 'DeleteSystemProvider'],
  ];

  it('hosts of others, of other channels and of nobody answer alike, in every operation', async () => {
    for (const operation of operations) {
      for (const serverHostName of [foreignHost, farHost, 'xsp.nobody.example']) {
        expect(`${operation}: ${await refused(own(operation, { ...everything, serverHostName }))}`).toBe(
          `${operation}: System provider '${serverHostName}' was not found`,
        );
      }
      expect(await refused(operator(operation, { ...everything, serverHostName: farHost }))).toContain('was not found');
    }
    const intact = { serverHostName: foreignHost, resellerId: 'ent1', groupId: 'g1' };
    expect((await done(foreign('GetUsers', intact))).map((user) => user.userName)).toEqual(['ada@x.example']);
  });

  it('the same ids at two providers are two resellers, two groups and two users', async () => {
    await done(own('AddUserWithHierarchy', { ...everything, serverHostName: providerHost, userName: 'Ours' }));
    await done(own('AddUserLicense', { ...ids, ...pro, serverHostName: providerHost }));
    expect(await done(foreign('GetUserLicenses', { ...ids, serverHostName: foreignHost }))).toEqual([]);
    expect(await refused(foreign('AddUserLicense', { ...ids, ...pro, serverHostName: foreignHost }))).toBe(
      `The license pool of system provider '${foreignHost}' has no free UnityDesktop Pro license`,
    );
    await done(own('DeleteReseller', { ...ids, serverHostName: providerHost }));
    const theirs = { serverHostName: foreignHost, resellerId: 'ent1', groupId: 'g1' };
    expect(await done(foreign('GetUsers', theirs))).toHaveLength(1);
    expect(await done(own('GetResellers', { serverHostName: providerHost }))).toEqual([]);
  });

  it('an account without a provider acts on every host of its channel', async () => {
    const hosts = (await done(operator('GetSystemProviders'))).map((item) => item.serverHostName);
    expect(hosts).toEqual([providerHost, foreignHost].sort());
    expect(await done(operator('GetResellers', { serverHostName: foreignHost }))).toHaveLength(1);
    await done(operator('AddUser', { serverHostName: foreignHost, ...ids, broadworksUserId: 'by-operator@x' }));
    const root = { newSystemProviderServerHostName: 'xsp.root.example', newSystemProviderId: 'root' };
    await done(operator('AddSystemProvider', root));
    expect(await refused(own('GetResellers', { serverHostName: 'xsp.root.example' }))).toContain('was not found');
    await done(operator('DeleteSystemProvider', { serverHostName: 'xsp.root.example' }));
  });

  it('child providers are added, listed, acted on and deleted by the parent; its own provider is not', async () => {
    const host = 'xsp.child.example';
    const child = { newSystemProviderServerHostName: host, newSystemProviderId: 'C-1', newSystemProviderName: 'Child' };
    await done(own('AddSystemProvider', child));
    expect(await refused(own('AddSystemProvider', child))).toBe(`System provider '${host}' already exists`);
    const listed = { serverHostName: host, systemProviderId: 'C-1', systemProviderName: 'Child' };
    expect(await done(own('GetSystemProviders'))).toEqual([
      listed,
      { serverHostName: providerHost, systemProviderName: providerHost },
    ]);
    expect(await done(own('GetSystemProviders', { serverHostName: providerHost }))).toEqual([listed]);
    expect(await done(own('GetSystemProviders', { serverHostName: host }))).toEqual([]);
    expect(await refused(foreign('GetResellers', { serverHostName: host }))).toContain('was not found');

    await done(own('AddUserWithHierarchy', { serverHostName: host, ...ids }));
    // It has no stock until it is given some: that of its parent is not its users'.
    expect(await refused(own('AddUserLicense', { serverHostName: host, ...ids, ...pro }))).toBe(
      `The license pool of system provider '${host}' has no free UnityDesktop Pro license`,
    );
    expect(
      await refused(own('AddResellerLicenseSubPurchase', { serverHostName: host, ...ids, ...pro, quantity: 1 })),
    ).toBe(`The license pool of system provider '${host}' has no free UnityDesktop Pro license`);
    expect(await refused(own('DeleteSystemProvider', { serverHostName: host, systemProviderId: 'C-2' }))).toBe(
      `System provider '${host}' has another systemProviderId than 'C-2'`,
    );
    await done(own('DeleteSystemProvider', { serverHostName: host, systemProviderId: 'C-1' }));
    expect(await refused(own('DeleteSystemProvider', { serverHostName: host }))).toContain('was not found');
    expect(await refused(own('GetUserLicenses', { serverHostName: host, ...ids }))).toContain('System provider');
    await done(own('AddSystemProvider', child));
    expect(await done(own('GetResellers', { serverHostName: host }))).toEqual([]);
    expect(await refused(own('DeleteSystemProvider', { serverHostName: providerHost }))).toBe(
      `System provider '${providerHost}' was not deleted: the system provider of the interface user cannot be deleted`,
    );
    expect(await refused(foreign('AddSystemProvider', child))).toBe(`System provider '${host}' already exists`);
  });

  it('no account stands below a provider', async () => {
    const at = (tenantId: string) => ({ channelId: hub.channelId(), username: 'low', passwordHash: 'hash', tenantId });
    const acting = hub.model(async (tx) => {
      const parentId = hub.providerId;
      const { id } = await createTenant(tx, { kind: 'reseller', name: 'Low', parentId, channelId: hub.channelId() });
      const refusal = { code: 'invalid_value', params: { field: 'tenantId' } };
      await expect(registerServiceAccount(tx, at(id))).rejects.toMatchObject(refusal);
      const account = await registerServiceAccount(tx, at(parentId));
      await expect(updateServiceAccount(tx, { id: account.id, tenantId: id })).rejects.toMatchObject(refusal);
      throw new Error('nothing of this is kept');
    });
    await expect(acting).rejects.toThrow('nothing of this is kept');
  });

  it('an account that may only read reads, and changes nothing', async () => {
    const serverHostName = foreignHost;
    expect(await done(reader('GetResellers', { serverHostName }))).toHaveLength(1);
    const writes = operations.filter((operation) => !operation.startsWith('Get'));
    for (const operation of writes) {
      expect(await refused(reader(operation, { ...everything, serverHostName }))).toBe(
        `The interface user is not allowed to call ${operation}`,
      );
    }
    const root = { newSystemProviderServerHostName: 'xsp.reader.example', newSystemProviderId: 'r' };
    expect(await refused(reader('AddSystemProvider', root))).toContain('not allowed');
    expect((await done(reader('GetResellers', { serverHostName }))).map((item) => item.resellerId)).toEqual(['ent1']);
  });

  it('levels that the operator made and named by hand are found', async () => {
    const channelId = hub.channelId();
    const located = await hub.model(async (tx) => {
      const reseller = await createTenant(tx, { kind: 'reseller', name: 'R', channelId, parentId: hub.providerId });
      const group = await createTenant(tx, { kind: 'group', name: 'G', channelId, parentId: reseller.id });
      const named = { channelId, kind: 'tenant' } as const;
      await assignExternalId(tx, { ...named, externalId: 'by-hand', targetId: reseller.id });
      await assignExternalId(tx, { ...named, externalId: 'by-hand', targetId: group.id });
      return { serverHostName: providerHost, resellerId: 'by-hand', groupId: 'by-hand' };
    });
    expect(await done(own('GetUsers', located))).toEqual([]);
    const user = { ...located, broadworksUserId: 'hand@x.example' };
    await done(own('AddUserWithHierarchy', user));
    expect((await done(own('GetUsers', located))).map(({ broadworksUserId }) => broadworksUserId)).toEqual([
      'hand@x.example',
    ]);
  });
});
