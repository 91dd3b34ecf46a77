import { setPoolQuantity } from '../../../src/core/licensing/index.js';
import { onEveryDialect } from '../../support/databases.js';
import { type KakapoHub, openKakapoHub, providerHost } from '../support/hub.js';
import type { SoapCall } from '../support/soap.js';
import { about, done, refused, tally } from './support.js';

const pro = { applicationName: 'UnityDesktop', licenseType: 'Pro' };
const enterprise = { applicationName: 'UnityDesktop', licenseType: 'Enterprise' };

onEveryDialect('licenses', (dialect) => {
  let hub: KakapoHub;
  let call: SoapCall;
  /** What the operator has sold the provider of UnityDesktop Pro beyond what is in use. */
  async function stock(free: number, code = 'Pro'): Promise<void> {
    const licenseTypeId = hub.licenseTypeId('UnityDesktop', code);
    await hub.model(async (tx) => {
      const key = { tenantId: hub.providerId, licenseTypeId, instanceId: '' };
      const [pool] = await tx.licensePools.findMany(key);
      await setPoolQuantity(tx, { ...key, quantity: (pool?.used ?? 0) + free });
    });
  }
  beforeAll(async () => {
    hub = await openKakapoHub(dialect, {
      stock: {
        UnityDesktop: { Pro: 10, Enterprise: 5, Anywhere: 0 },
        UnityDashboard: { Tabular100: 5, 'Tabular100+': 5, 'Graphical100+': 5 },
        Mail: { Standard: 5 },
      },
    });
    call = about(hub.soap(), { serverHostName: providerHost });
  });
  afterAll(() => hub.close());
  afterEach(() => expect(hub.logged()).not.toContain('internal error'));

  let made = 0;
  interface Scene {
    readonly at: { readonly resellerId: string; readonly groupId: string };
    readonly user: { readonly broadworksUserId: string };
    /** A further user of the group. */
    more(): Promise<{ readonly broadworksUserId: string }>;
  }
  async function scene(): Promise<Scene> {
    made += 1;
    let users = 0;
    const at = { resellerId: `ent${made}`, groupId: 'g1' };
    const more = async () => {
      users += 1;
      const user = { broadworksUserId: `u${users}.${made}@op.example` };
      await done(call('AddUserWithHierarchy', { ...at, ...user }));
      return user;
    };
    return { at, user: await more(), more };
  }
  const held = async (user: object) =>
    (await done(call('GetUserLicenses', { ...user }))).map((item) => `${item.applicationName} ${item.licenseType}`);
  const pools = async (operation: string, at: object, license = pro) => {
    const items = await done(call(operation, { ...at }));
    const item = items.find(
      (one) => one.applicationName === license.applicationName && one.licenseType === license.licenseType,
    );
    const { purchased, subPurchased, assigned, free, oversell } = item ?? {};
    return item && { purchased, subPurchased, assigned, free, oversell };
  };
  const ofReseller = (at: object) => pools('GetResellerLicenses', at);
  const ofGroup = (at: object) => pools('GetGroupLicenses', at);
  const row = (purchased: number, subPurchased: number, assigned: number) => ({
    purchased: String(purchased),
    subPurchased: String(subPurchased),
    assigned: String(assigned),
    free: String(purchased - subPurchased - assigned),
    oversell: 'false',
  });

  it('are assigned once, listed with their time, and taken away again', async () => {
    const { user, at } = await scene();
    expect(await done(call('GetUserLicenses', user))).toEqual([]);
    await done(call('AddUserLicense', { ...user, ...pro }));
    await done(call('AddUserLicense', { ...user, ...at, ...pro }));
    const now = hub.clock.now().replace('.000Z', 'Z');
    expect(await done(call('GetUserLicenses', user))).toEqual([{ ...pro, assignedOn: now }]);
    await done(call('DeleteUserLicense', { ...user, ...pro }));
    await done(call('DeleteUserLicense', { ...user, ...pro }));
    expect(await held(user)).toEqual([]);
  });

  it('are spelled as in the table, however a caller writes them, and a + that became a blank is put back', async () => {
    const { user } = await scene();
    await done(call('AddUserLicense', { ...user, applicationName: 'UNITYDESKTOP', licenseType: 'pro' }));
    await done(call('AddUserLicense', { ...user, applicationName: 'unitydashboard', licenseType: 'tabular100 ' }));
    expect(await held(user)).toEqual(['UnityDashboard Tabular100+', 'UnityDesktop Pro']);
    const plus = { ...user, applicationName: 'UnityDashboard', licenseType: 'Graphical100 ' };
    await done(call('DeleteUserLicense', { ...plus, licenseType: 'Tabular100+' }));
    await done(call('AddUserLicense', plus));
    expect(await held(user)).toEqual(['UnityDashboard Graphical100+', 'UnityDesktop Pro']);
  });

  it('of a permutation that is not in the table are refused with what is allowed', async () => {
    const { user, at } = await scene();
    for (const operation of ['AddUserLicense', 'DeleteUserLicense']) {
      expect(await refused(call(operation, { ...user, ...pro, licenseType: 'Standard' }))).toBe(
        "UnityDesktop has no license type 'Standard': allowed are Pro, Enterprise, Anywhere",
      );
      expect(await refused(call(operation, { ...user, ...pro, applicationName: 'Mail' }))).toMatch(
        /^There is no application 'Mail': allowed are UnityDesktop, UnityAgent, .*UnityContactCenterSupervisor$/,
      );
    }
    const wrong = { ...at, ...pro, licenseType: 'constructor', quantity: 1 };
    expect(await refused(call('AddGroupLicenseSubPurchase', wrong))).toContain('allowed are Pro');
    expect(await refused(call('AddUserLicense', { ...user, ...pro, applicationName: '__proto__' }))).toContain(
      'allowed',
    );
  });

  it('of another type of the application are refused, and the one held is named', async () => {
    const { user } = await scene();
    await done(call('AddUserLicense', { ...user, ...enterprise }));
    expect(await refused(call('AddUserLicense', { ...user, ...pro }))).toBe(
      `User '${user.broadworksUserId}' already holds UnityDesktop Enterprise`,
    );
    expect(await held(user)).toEqual(['UnityDesktop Enterprise']);
    await done(call('DeleteUserLicenses', user));
    await done(call('DeleteUserLicenses', user));
    expect(await held(user)).toEqual([]);
  });

  it('about a user at another place than said are refused, and the place is named', async () => {
    const { user, at } = await scene();
    const belongs = `User '${user.broadworksUserId}' belongs to group 'g1' of reseller '${at.resellerId}'`;
    for (const said of [{ resellerId: 'other' }, { groupId: 'other' }, { resellerId: 'other', groupId: 'g1' }]) {
      for (const operation of ['AddUserLicense', 'DeleteUserLicense', 'DeleteUserLicenses', 'DeleteUser']) {
        expect(await refused(call(operation, { ...user, ...pro, ...said }))).toBe(belongs);
      }
    }
  });

  it('without stock are refused, and the level that has run out is named', async () => {
    const { user, at, more } = await scene();
    const ask = { ...user, ...pro };
    await stock(0);
    const none = (level: string) => `The license pool of ${level} has no free UnityDesktop Pro license`;
    expect(await refused(call('AddUserLicense', ask))).toBe(none(`system provider '${providerHost}'`));
    await stock(2);
    await done(call('AddResellerLicenseSubPurchase', { ...at, ...pro, quantity: 2 }));
    await done(call('AddGroupLicenseSubPurchase', { ...at, ...pro, quantity: 1 }));
    expect(await refused(call('AddGroupLicenseSubPurchase', { ...at, ...pro, quantity: 2 }))).toBe(
      `The license pool of reseller '${at.resellerId}' has only 1 free UnityDesktop Pro license`,
    );
    await done(call('AddUserLicense', ask));
    await done(call('AddUserLicense', { ...(await more()), ...pro }));
    const last = await more();
    expect(await refused(call('AddUserLicense', { ...last, ...pro }))).toBe(none("group 'g1'"));
    expect(await refused(call('AddGroupLicenseSubPurchase', { ...at, ...pro, quantity: 1 }))).toBe(
      none(`reseller '${at.resellerId}'`),
    );
    expect(await refused(call('AddResellerLicenseSubPurchase', { ...at, ...pro, quantity: 1 }))).toBe(
      none(`system provider '${providerHost}'`),
    );
    const elsewhere = { resellerId: at.resellerId, groupId: 'g2', broadworksUserId: `g2.${made}@op.example` };
    await done(call('AddUserWithHierarchy', elsewhere));
    expect(await refused(call('AddUserLicense', { ...elsewhere, ...pro }))).toBe(none(`reseller '${at.resellerId}'`));
    await stock(10);
    await done(call('AddUserLicense', { ...last, ...pro }));
  });

  it('of an application the hub does not sell nobody has', async () => {
    const { user, at } = await scene();
    const unsold = { applicationName: 'UnityMobile', licenseType: 'Standard' };
    const none = `The license pool of system provider '${providerHost}' has no free UnityMobile Standard license`;
    expect(await refused(call('AddUserLicense', { ...user, ...unsold }))).toBe(none);
    await done(call('DeleteUserLicense', { ...user, ...unsold }));
    expect(await refused(call('AddResellerLicenseSubPurchase', { ...at, ...unsold, quantity: 1 }))).toBe(none);
    expect(await refused(call('DeleteResellerLicenseSubPurchase', { ...at, ...unsold, quantity: 1 }))).toBe(
      `A sub-purchase of UnityMobile Standard licenses by reseller '${at.resellerId}' was not found`,
    );
  });

  it('are taken from the nearest level with stock and return to it; sub-purchases add up and come back', async () => {
    await stock(10);
    const { at, user, more } = await scene();
    await done(call('AddResellerLicenseSubPurchase', { ...at, ...pro, quantity: 2 }));
    await done(call('AddResellerLicenseSubPurchase', { ...at, ...pro, quantity: 3 }));
    await done(call('AddGroupLicenseSubPurchase', { ...at, ...pro, quantity: 1 }));
    expect(await ofReseller(at)).toEqual(row(5, 1, 0));
    await done(call('AddUserLicense', { ...user, ...pro }));
    const second = await more();
    await done(call('AddUserLicense', { ...second, ...pro }));
    expect([await ofGroup(at), await ofReseller(at)]).toEqual([row(1, 0, 1), row(5, 1, 1)]);

    expect(await refused(call('DeleteGroupLicenseSubPurchase', { ...at, ...pro, quantity: 1 }))).toBe(
      "The sub-purchase of group 'g1' is 1 UnityDesktop Pro licenses, of which 1 are consumed: it cannot drop by 1",
    );
    expect(await refused(call('DeleteResellerLicenseSubPurchase', { ...at, ...pro, quantity: 4 }))).toContain('5');
    await done(call('DeleteResellerLicenseSubPurchase', { ...at, ...pro, quantity: 3 }));
    expect(await ofReseller(at)).toEqual(row(2, 1, 1));
    await done(call('DeleteUserLicense', { ...user, ...pro }));
    expect([await ofGroup(at), await ofReseller(at)]).toEqual([row(1, 0, 0), row(2, 1, 1)]);
    await done(call('DeleteUser', second));
    expect(await ofReseller(at)).toEqual(row(2, 1, 0));
    await done(call('DeleteGroup', at));
    expect(await ofReseller(at)).toEqual(row(2, 0, 0));
    await done(call('DeleteResellerLicenseSubPurchase', { ...at, ...pro, quantity: 2 }));
    expect(await refused(call('DeleteResellerLicenseSubPurchase', { ...at, ...pro, quantity: 1 }))).toContain('is 0');
  });

  it('quantities must be greater than 0', async () => {
    const { at } = await scene();
    for (const level of ['Reseller', 'Group']) {
      for (const operation of [`Add${level}LicenseSubPurchase`, `Delete${level}LicenseSubPurchase`]) {
        for (const quantity of [0, -1, -2_147_483_648]) {
          expect(await refused(call(operation, { ...at, ...pro, quantity }))).toBe('quantity must be greater than 0');
        }
      }
      const most = call(`Add${level}LicenseSubPurchase`, { ...at, ...pro, quantity: 2_147_483_647 });
      expect(await refused(most)).toContain('quantity');
    }
    const text = await call('AddResellerLicenseSubPurchase', { ...at, ...pro, quantity: 'many' });
    expect(text).toMatchObject({ status: 500, success: undefined });
  });

  it('a reseller that may oversell goes below zero', async () => {
    await stock(1);
    const { at, user, more } = await scene();
    await done(call('AddResellerLicenseSubPurchase', { ...at, ...pro, quantity: 1 }));
    const licenseTypeId = hub.licenseTypeId('UnityDesktop', 'Pro');
    const scope = { channelId: hub.channelId(), withinId: null };
    const located = await hub.persistence.readers.hierarchy.locate(scope, {
      provider: providerHost,
      reseller: at.resellerId,
    });
    await hub.model((tx) =>
      setPoolQuantity(tx, { tenantId: located!.reseller!, licenseTypeId, quantity: 1, oversell: true }),
    );
    await done(call('AddUserLicense', { ...user, ...pro }));
    await done(call('AddUserLicense', { ...(await more()), ...pro }));
    await done(call('AddGroupLicenseSubPurchase', { ...at, ...pro, quantity: 1 }));
    expect(await ofReseller(at)).toEqual({
      purchased: '1',
      subPurchased: '1',
      assigned: '2',
      free: '-2',
      oversell: 'true',
    });
  });

  it('of other things the hub sells are neither shown nor taken away', async () => {
    const { user, at } = await scene();
    const scope = { channelId: hub.channelId(), withinId: null };
    const key = { provider: providerHost, user: user.broadworksUserId };
    const located = await hub.persistence.readers.hierarchy.locate(scope, key);
    const { assignLicense } = await import('../../../src/core/licensing/index.js');
    const { userId, tenantId } = located!.user!;
    const mail = { userId, tenantId, licenseTypeId: hub.licenseTypeId('Mail', 'Standard') };
    const seat = await hub.model((tx) => assignLicense(tx, mail));
    expect(await held(user)).toEqual([]);
    await done(call('DeleteUserLicenses', user));
    expect((await hub.persistence.lookups.licenses.find(seat.id))?.releasedAt).toBeNull();
    expect(await done(call('GetGroupLicenses', at))).toEqual([]);
    await done(call('DeleteUser', user));
    expect((await hub.persistence.lookups.licenses.find(seat.id))?.releasedAt).not.toBeNull();
  });

  it('for one user at once take one seat, the last one goes once, and those of deleted users come back', async () => {
    await stock(1);
    const { user, more } = await scene();
    const many = await Promise.all(Array.from({ length: 6 }, () => call('AddUserLicense', { ...user, ...pro })));
    expect(tally(many)).toEqual({ done: 6 });
    expect(await held(user)).toEqual(['UnityDesktop Pro']);
    await stock(2);
    const users = [];
    for (let at = 0; at < 6; at += 1) users.push(await more());
    const storm = tally(await Promise.all(users.map((one) => call('AddUserLicense', { ...one, ...pro }))));
    const none = `The license pool of system provider '${providerHost}' has no free UnityDesktop Pro license`;
    expect(storm).toEqual({ done: 2, [none]: 4 });
    const gone = await Promise.all(users.map((one) => call('DeleteUser', one)));
    expect(tally(gone)).toEqual({ done: 6 });
    await done(call('AddUserLicense', { ...(await more()), ...pro }));
  });
});
