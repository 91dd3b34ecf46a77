import { onEveryDialect } from '../support/databases.js';
import { type NecHub, startNecHub } from './support/hub.js';

onEveryDialect('purchase to removal', (dialect) => {
  let hub: NecHub;
  beforeAll(async () => {
    hub = await startNecHub(dialect);
  }, 60_000);
  afterAll(() => hub.close());

  it.each(['carrier', 'carrier-old'] as const)('runs on %s in the words of its version', async (channel) => {
    const call = hub.as(channel);
    const realm = { realmId: `R-${channel}` };
    const modern = channel === 'carrier';
    const setUser = (userId: string, status: number) =>
      modern
        ? call('UpdateUserStatus', { ...realm, userId, status })
        : call(status === 7 ? 'DisableUser' : 'EnableUser', { ...realm, userId });
    const setRealm = (status: number) =>
      modern
        ? call('UpdateRealmStatus', { ...realm, status })
        : call(status === 7 ? 'DisableRealm' : 'EnableRealm', realm);

    const created = await call('CreateRealm', {
      requestId: 'r-1',
      ...realm,
      customerId: 'C1',
      customerName: 'Sunrise Dental',
      applicationId: 'crm',
      offerCode: 'crm-month',
      licences: [{ licenceCode: 'Standard', quantity: 2 }],
    });
    expect(created).toMatchObject({ resultCode: 0, requestId: 'r-1', ...realm });
    expect(created.accessInfo.accessUrl).toBe('https://crm.example/');
    expect(await call('SetupRealm', { ...realm, parameters: [{ name: 'zone', value: 'eu' }] })).toMatchObject({
      resultCode: 0,
    });
    for (const userId of ['U1', 'U2']) {
      expect(await call('CreateUser', { ...realm, user: { userId, email: `${userId}@c1.example` } })).toMatchObject({
        resultCode: 0,
        userId,
      });
    }
    expect(await call('CreateUser', { ...realm, user: { userId: 'U3' } })).toMatchObject({ resultCode: 8 });
    expect(await call('ModifyRealm', { ...realm, licences: [{ licenceCode: 'Standard', quantity: 3 }] })).toMatchObject(
      {
        resultCode: 0,
        licences: [{ licenceCode: 'Standard', quantity: 3 }],
      },
    );
    expect(await call('CreateUser', { ...realm, user: { userId: 'U3' } })).toMatchObject({ resultCode: 0 });
    expect(await call('GetLicenceUsage', realm)).toMatchObject({
      usage: [
        { licenceCode: 'Standard', purchased: 3, assigned: 3, billable: 3 },
        { licenceCode: 'Premium', purchased: 0, assigned: 0, billable: 0 },
      ],
    });

    expect(await setRealm(7)).toMatchObject({ resultCode: 0, status: 7 });
    expect(await setRealm(1)).toMatchObject({ resultCode: 7 });
    expect(await setUser('U1', 1)).toMatchObject({ resultCode: 7 });
    expect(await call('GetRealmStatus', realm)).toMatchObject({ resultCode: 0, status: 7 });
    for (const userId of ['U1', 'U2', 'U3']) expect(await setUser(userId, 7)).toMatchObject({ resultCode: 0 });
    expect(await call('GetLicenceUsage', realm)).toMatchObject({ usage: [{ assigned: 3, billable: 0 }, {}] });
    expect(await call('Login', { ...realm, userId: 'U1' })).toMatchObject({ resultCode: 7 });
    expect(await setRealm(1)).toMatchObject({ resultCode: 0, status: 1 });
    expect(await call('GetUserStatus', { ...realm, userId: 'U1' })).toMatchObject({ status: 7, ownStatus: 7 });
    for (const userId of ['U3', 'U1', 'U2']) expect(await setUser(userId, 1)).toMatchObject({ resultCode: 0 });
    expect(await call('GetUserStatus', { ...realm, userId: 'U1' })).toMatchObject({ status: 1, ownStatus: 1 });

    expect(await call('DeleteUser', { ...realm, userId: 'U1' })).toMatchObject({ resultCode: 0 });
    expect(await call('DeleteRealm', realm)).toMatchObject({ resultCode: 0 });
    expect(await call('GetRealmStatus', realm)).toMatchObject({ resultCode: 0, status: 9 });
    expect(await call('GetRealm', realm)).toMatchObject({ resultCode: 5 });
    expect(hub.logged()).not.toContain('"level":50');
  });
});
