import { onEveryDialect } from '../support/databases.js';
import { type Answer, type Caller, operationNames } from './support/caller.js';
import { type NecHub, startNecHub } from './support/hub.js';
import { newRealm, ok, purchase } from './support/world.js';

onEveryDialect('the operations', (dialect) => {
  let hub: NecHub;
  let call: Caller;
  beforeAll(async () => {
    hub = await startNecHub(dialect);
    call = hub.as('carrier');
  }, 60_000);
  afterAll(() => hub.close());
  afterEach(() => expect(hub.logged()).not.toContain('"level":50'));

  it('are the thirty of the spec', () => {
    expect(operationNames).toHaveLength(30);
  });

  describe('what is missing is named with code 1', () => {
    const user = { userId: 'U1' };
    it.each([
      ['CreateRealm', {}, 'applicationId'],
      ['CreateRealm', { ...purchase('new'), customerId: '' }, 'customerId'],
      ['CreateRealm', { ...purchase('new'), customerName: undefined }, 'customerName'],
      ['CreateRealm', { ...purchase('new'), offerCode: undefined }, 'offerCode'],
      ['CreateRealm', { ...purchase('new'), licences: [] }, 'licences'],
      ['CreateRealm', { ...purchase('new'), licences: [{ quantity: 1 }] }, 'licenceCode'],
      ['CreateRealm', { ...purchase('new'), licences: [{ licenceCode: 'Standard' }] }, 'quantity'],
      ['CreateRealm', { ...purchase('new'), licences: [{ licenceCode: 'Standard', quantity: -1 }] }, 'quantity'],
      ['CreateRealm', { ...purchase('new'), applicationId: 'nothing' }, 'applicationId'],
      ['CreateRealm', { ...purchase('new'), offerCode: 'wiki-trial' }, 'offerCode'],
      ['CreateRealm', { ...purchase('new'), licences: [{ licenceCode: 'Seat', quantity: 1 }] }, 'licenceCode'],
      ['CreateRealm', { ...purchase('new'), country: 'Spain' }, 'country'],
      ['CreateRealm', { ...purchase(' new') }, 'realmId'],
      ['CreateRealm', { ...purchase('new'), parameters: [{ value: 'x' }] }, 'parameters'],
      ['CreateRealm', { ...purchase('new'), adminUser: {} }, 'userId'],
      ['SetupRealm', {}, 'realmId'],
      ['SetupRealm', { realmId: '*' }, 'parameters'],
      ['CreateUser', { user }, 'realmId'],
      ['CreateUser', { realmId: '*' }, 'user'],
      ['CreateUser', { realmId: '*', user: {} }, 'userId'],
      ['CreateUser', { realmId: '*', user: { userId: 'x', email: 'nonsense' } }, 'email'],
      ['CreateUser', { realmId: '*', user: { userId: 'x', locale: '???' } }, 'locale'],
      ['CreateUser', { realmId: '*', user: { userId: 'x', licenceCodes: ['nothing'] } }, 'licenceCode'],
      ['CreateUsers', { realmId: '*' }, 'users'],
      ['CreateUsers', { users: [user] }, 'realmId'],
      ['ModifyRealm', { realmId: '*' }, 'licences'],
      ['ModifyRealm', { realmId: '*', offerCode: 'nothing' }, 'offerCode'],
      ['ReplaceUsers', { realmId: '*' }, 'remove'],
      ['ReplaceUsers', { add: [user] }, 'realmId'],
      ['UpdateRealm', {}, 'realmId'],
      ['UpdateRealm', { realmId: '*', customerName: '' }, 'customerName'],
      ['UpdateUser', { realmId: '*' }, 'userId'],
      ['UpdateUser', { realmId: '*', userId: 'U1', loginName: '' }, 'loginName'],
      ['UpdateUserStatus', { realmId: '*', userId: 'U1' }, 'status'],
      ['UpdateUserStatus', { realmId: '*', status: 7 }, 'userId'],
      ['UpdateUserStatus', { userId: 'U1', status: 7 }, 'realmId'],
      ['UpdateRealmStatus', { realmId: '*' }, 'status'],
      ['UpdateRealmStatus', { status: 7 }, 'realmId'],
      ['DisableUser', { realmId: '*' }, 'userId'],
      ['EnableUser', { realmId: '*' }, 'userId'],
      ['DisableRealm', {}, 'realmId'],
      ['EnableRealm', {}, 'realmId'],
      ['DeleteUser', { realmId: '*' }, 'userId'],
      ['DeleteRealm', {}, 'realmId'],
      ['GetRealm', {}, 'realmId'],
      ['GetRealmStatus', {}, 'realmId'],
      ['ListRealms', { startIndex: -1 }, 'startIndex'],
      ['ListRealms', { maxEntries: 0 }, 'maxEntries'],
      ['GetUser', { realmId: '*' }, 'userId'],
      ['GetUserStatus', { realmId: '*' }, 'userId'],
      ['GetUsers', {}, 'realmId'],
      ['GetLicenceUsage', {}, 'realmId'],
      ['ChangeUserPassword', { realmId: '*', userId: 'U1' }, 'oldPassword'],
      ['ChangeUserPassword', { realmId: '*', oldPassword: 'x', newPassword: 'y' }, 'userId'],
      ['ResetUserPassword', { realmId: '*' }, 'userId'],
      ['Login', { realmId: '*' }, 'userId'],
      ['Login', { userId: 'U1' }, 'realmId'],
      ['Logout', {}, 'sessionId'],
      ['Logout', { realmId: '*' }, 'userId'],
      ['ValidateSession', {}, 'sessionId'],
      ['Authenticate', { realmId: '*', password: 'x' }, 'loginName'],
      ['Authenticate', { realmId: '*', loginName: 'x' }, 'password'],
      ['Ping', { requestId: 'x'.repeat(65) }, 'requestId'],
    ] as const)('%s %j', async (operation, input, named) => {
      const realmId = await realm();
      const sent = 'realmId' in input && input.realmId === '*' ? { ...input, realmId } : input;
      const answer = await call(operation, sent);
      expect(answer.resultCode).toBe(1);
      expect(answer.resultMessage).toContain(named);
    });

    let known: Promise<string> | undefined;
    const realm = () => {
      known ??= newRealm(call, { users: ['U1'] });
      return known;
    };
  });

  describe('what is unknown or deleted', () => {
    const ofRealm = operationNames.filter(
      (name) => !['CreateRealm', 'ListRealms', 'Ping', 'ValidateSession'].includes(name),
    );
    const ofUser = [
      'UpdateUser',
      'UpdateUserStatus',
      'DisableUser',
      'EnableUser',
      'DeleteUser',
      'GetUser',
      'GetUserStatus',
      'ChangeUserPassword',
      'ResetUserPassword',
      'Login',
      'Logout',
    ];
    const filled = (realmId: string, userId: string) => ({
      realmId,
      userId,
      status: 7,
      user: { userId },
      users: [{ userId }],
      remove: [userId],
      licences: [{ licenceCode: 'Standard', quantity: 1 }],
      parameters: [{ name: 'a', value: 'b' }],
      oldPassword: 'old-password',
      newPassword: 'new-password',
      loginName: userId,
      password: 'a password',
    });

    it.each(ofRealm)('%s: 2 for a realm nobody has, another customer, 5 for a deleted one', async (operation) => {
      const realmId = await newRealm(call, { users: ['U1'] });
      expect(await call(operation, filled('nowhere', 'U1'))).toMatchObject({ resultCode: 2 });
      expect(await call(operation, { ...filled(realmId, 'U1'), customerId: 'other' })).toMatchObject({ resultCode: 2 });
      await ok(call('DeleteRealm', { realmId }));
      const expected = ['GetRealmStatus', 'DeleteRealm'].includes(operation) ? 0 : 5;
      expect(await call(operation, filled(realmId, 'U1'))).toMatchObject({ resultCode: expected });
    });

    it.each(ofUser)('%s: 3 for a user nobody has, 5 for a deleted one', async (operation) => {
      const realmId = await newRealm(call, { users: ['U1'] });
      expect(await call(operation, filled(realmId, 'nobody'))).toMatchObject({ resultCode: 3 });
      await ok(call('DeleteUser', { realmId, userId: 'U1' }));
      const expected = ['GetUserStatus', 'DeleteUser', 'Logout'].includes(operation) ? 0 : 5;
      expect(await call(operation, filled(realmId, 'U1'))).toMatchObject({ resultCode: expected });
    });

    it('keeps the ids of what was deleted', async () => {
      const realmId = await newRealm(call, { users: ['U1'] });
      await ok(call('DeleteUser', { realmId, userId: 'U1' }));
      expect(await call('CreateUser', { realmId, user: { userId: 'U1' } })).toMatchObject({ resultCode: 5 });
      expect(await call('GetUserStatus', { realmId, userId: 'U1' })).toMatchObject({ status: 9, ownStatus: 9 });
      await ok(call('DeleteRealm', { realmId }));
      expect(await call('CreateRealm', purchase(realmId))).toMatchObject({ resultCode: 5 });
    });
  });

  describe('text where something else belongs is a fault', () => {
    it.each([
      ['UpdateUserStatus', '<realmId>R</realmId><userId>U</userId><status>seven</status>'],
      ['UpdateRealmStatus', '<realmId>R</realmId><status>7.5</status>'],
      ['DeleteRealm', '<realmId>R</realmId><purge>perhaps</purge>'],
      ['GetLicenceUsage', '<realmId>R</realmId><at>yesterday</at>'],
      ['ListRealms', '<maxEntries>many</maxEntries>'],
      ['ModifyRealm', '<licences><LicenceItem><quantity>99999999999</quantity></LicenceItem></licences>'],
    ])('%s %s', async (operation, content) => {
      const reply = await call.raw(`<${operation} xmlns="urn:hub:ncbs:isv:v1">${content}</${operation}>`);
      expect(reply.status).toBe(500);
      expect(reply.text).toContain('<faultcode>soap:Client</faultcode>');
      expect(reply.text).toContain('Server was unable to read request. ---&gt; There is an error in XML document');
    });
  });

  it('ignores unknown and misordered elements', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    const reply = await call.raw(
      `<UpdateUserStatus xmlns="urn:hub:ncbs:isv:v1"><status>7</status><extra><x/></extra><userId>U1</userId>` +
        `<realmId>${realmId}</realmId><requestId>out-of-order</requestId></UpdateUserStatus>`,
    );
    expect(reply.text).toContain(
      '<UpdateUserStatusResponse xmlns="urn:hub:ncbs:isv:v1"><UpdateUserStatusResult><resultCode>0</resultCode>' +
        '<resultMessage>OK</resultMessage><requestId>out-of-order</requestId><status>7</status></UpdateUserStatusResult>',
    );
  });

  it('refuses status values that mean nothing with code 6, 9 too', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    for (const status of [0, 2, 9, -7]) {
      expect(await call('UpdateRealmStatus', { realmId, status })).toMatchObject({ resultCode: 6 });
      expect(await call('UpdateUserStatus', { realmId, userId: 'U1', status })).toMatchObject({ resultCode: 6 });
    }
  });

  describe('CreateRealm', () => {
    it('gives a realm id when none is sent', async () => {
      const { realmId: _, ...input } = purchase('', 'C-own-id');
      const created = await ok(call('CreateRealm', input));
      expect(created.realmId).toMatch(/^ins_/);
      expect(await call('GetRealm', { realmId: created.realmId })).toMatchObject({
        realm: {
          realmId: created.realmId,
          customerId: 'C-own-id',
          customerName: 'Sunrise Dental',
          applicationId: 'crm',
          status: 1,
          licences: [{ licenceCode: 'Standard', quantity: 5 }],
          createdOn: hub.clock.now(),
        },
      });
    });

    it('answers the same again as before, and 4 for anything else under the same id', async () => {
      const input = { ...purchase('again'), parameters: [{ name: 'a', value: '1' }], adminUser: { userId: 'boss' } };
      const first = await ok(call('CreateRealm', input));
      expect(await call('CreateRealm', input)).toEqual(first);
      await ok(call('ModifyRealm', { realmId: 'again', licences: [{ licenceCode: 'Standard', quantity: 9 }] }));
      expect(await call('CreateRealm', input)).toEqual(first);
      for (const change of [
        { customerId: 'other' },
        { customerName: 'Other' },
        { offerCode: 'crm-year' },
        { licences: [{ licenceCode: 'Standard', quantity: 6 }] },
        { parameters: [] },
        { adminUser: { userId: 'other' } },
      ]) {
        expect(await call('CreateRealm', { ...input, ...change })).toMatchObject({ resultCode: 4 });
      }
      expect(await call('GetUser', { realmId: 'again', userId: 'boss' })).toMatchObject({
        user: { role: 'admin', licenceCodes: ['Standard'] },
      });
    });

    it('makes the administrator without a seat when none is free, and nothing at all when a named one is not', async () => {
      const licences = [{ licenceCode: 'Standard', quantity: 0 }];
      await ok(call('CreateRealm', { ...purchase('seatless'), licences, adminUser: { userId: 'boss' } }));
      expect((await ok(call('GetUser', { realmId: 'seatless', userId: 'boss' }))).user.licenceCodes ?? []).toEqual([]);
      const adminUser = { userId: 'boss', licenceCodes: ['Standard'] };
      expect(await call('CreateRealm', { ...purchase('refused'), licences, adminUser })).toMatchObject({
        resultCode: 8,
      });
      expect(await call('GetRealm', { realmId: 'refused' })).toMatchObject({ resultCode: 2 });
    });

    it('honours the trial of the message before the offer’s own', async () => {
      const wiki = { applicationId: 'wiki', offerCode: 'wiki-trial', licences: [{ licenceCode: 'Seat', quantity: 1 }] };
      const trialEnd = '2026-01-20T00:00:00.000Z';
      await ok(call('CreateRealm', { ...purchase('trial'), ...wiki, trialEnd, adminUser: { userId: 'boss' } }));
      const usage = async (): Promise<unknown> => (await ok(call('GetLicenceUsage', { realmId: 'trial' }))).usage;
      expect(await usage()).toEqual([{ licenceCode: 'Seat', purchased: 1, assigned: 1, billable: 0 }]);
      hub.clock.set('2026-01-20T00:00:00.000Z');
      expect(await usage()).toEqual([{ licenceCode: 'Seat', purchased: 1, assigned: 1, billable: 1 }]);
    });
  });

  describe('realms', () => {
    it('merge their parameters and change their profile', async () => {
      const realmId = await newRealm(call);
      await ok(call('SetupRealm', { realmId, parameters: [{ name: 'a', value: '1' }] }));
      await ok(
        call('UpdateRealm', {
          realmId,
          customerName: 'Sunset Dental',
          country: 'ES',
          contact: 'desk@sunset.example',
          parameters: [{ name: 'b' }],
        }),
      );
      const { realm } = await ok(call('GetRealm', { realmId }));
      expect(realm.parameters).toEqual([
        { name: 'a', value: '1' },
        { name: 'b', value: '' },
      ]);
      expect(realm.customerName).toBe('Sunset Dental');
      const tenant = await hub.model(async (tx) => (await tx.tenants.findMany({ name: 'Sunset Dental' }))[0]);
      expect(tenant).toMatchObject({ country: 'ES', contact: { email: 'desk@sunset.example' } });
    });

    it('are listed page by page, of one customer too, without the deleted ones', async () => {
      const rival = hub.as('rival');
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) ids.push(await newRealm(rival, { customerId: n < 3 ? 'many' : 'few' }));
      await ok(rival('DeleteRealm', { realmId: ids[1] }));
      const list = async (input: object) => {
        const { realms = [], total } = await ok(rival('ListRealms', input));
        return [total, ...realms.map((realm: { realmId: string }) => realm.realmId)];
      };
      expect(await list({})).toEqual([4, ids[0], ids[2], ids[3], ids[4]]);
      expect(await list({ startIndex: 1, maxEntries: 2 })).toEqual([4, ids[2], ids[3]]);
      expect(await list({ customerId: 'many' })).toEqual([2, ids[0], ids[2]]);
      expect(await list({ customerId: 'nobody' })).toEqual([0]);
      expect(await list({ startIndex: 10, maxEntries: 5_000 })).toEqual([4]);
    });

    it('change quantities all or nothing, and the offer', async () => {
      const realmId = await newRealm(call, { quantity: 2, users: ['U1', 'U2'] });
      const modify = (input: object): Promise<Answer> => call('ModifyRealm', { realmId, ...input });
      const standard = (quantity: number) => ({ licenceCode: 'Standard', quantity });
      const premium = (quantity: number) => ({ licenceCode: 'Premium', quantity });
      expect(await modify({ licences: [premium(3), standard(1)] })).toMatchObject({ resultCode: 8 });
      expect((await ok(call('GetRealm', { realmId }))).realm.licences).toEqual([standard(2)]);
      expect((await ok(modify({ licences: [premium(3)], offerCode: 'crm-year' }))).licences).toEqual([
        standard(2),
        premium(3),
      ]);
      await ok(modify({ offerCode: 'crm-month' }));
      expect(await modify({ licences: [standard(3), standard(4)] })).toMatchObject({ resultCode: 1 });
    });
  });

  describe('users', () => {
    it('take the seats named, or the first declared type with a free one', async () => {
      const realmId = await newRealm(call, { quantity: 1, premium: 2 });
      const seats = async (userId: string, licenceCodes?: string[]) => {
        await ok(call('CreateUser', { realmId, user: { userId, licenceCodes } }));
        return (await ok(call('GetUser', { realmId, userId }))).user.licenceCodes;
      };
      expect(await seats('U1')).toEqual(['Standard']);
      expect(await seats('U2')).toEqual(['Premium']);
      expect(await call('CreateUser', { realmId, user: { userId: 'U3', licenceCodes: ['Standard'] } })).toMatchObject({
        resultCode: 8,
      });
      expect(await call('GetUser', { realmId, userId: 'U3' })).toMatchObject({ resultCode: 3 });
      expect(await seats('U3', ['Premium'])).toEqual(['Premium']);
    });

    it('are the same with the same data, and 4 with other data', async () => {
      const realmId = await newRealm(call);
      const user = { userId: 'U1', loginName: 'mina', email: 'mina@c.example', firstName: 'Mina', locale: 'es_ES' };
      await ok(call('CreateUser', { realmId, user }));
      await ok(call('CreateUser', { realmId, user }));
      await ok(call('CreateUser', { realmId, user: { ...user, licenceCodes: ['Standard'] } }));
      for (const change of [
        { loginName: 'x' },
        { email: '' },
        { firstName: 'x' },
        { lastName: 'x' },
        { locale: 'en' },
        { role: 'admin' },
        { licenceCodes: ['Premium'] },
      ]) {
        expect(await call('CreateUser', { realmId, user: { ...user, ...change } })).toMatchObject({ resultCode: 4 });
      }
      expect(await call('GetUsers', { realmId })).toMatchObject({ total: 1 });
    });

    it('change field by field; seats are given back before they are taken', async () => {
      const realmId = await newRealm(call, { quantity: 1, premium: 1, users: ['U1', 'U2'] });
      const update = (userId: string, input: object): Promise<Answer> =>
        call('UpdateUser', { realmId, userId, ...input });
      await ok(update('U1', { firstName: 'Mina', lastName: 'Sato', role: 'Owner', locale: 'ja', email: '' }));
      expect((await ok(call('GetUser', { realmId, userId: 'U1' }))).user).toMatchObject({
        userId: 'U1',
        loginName: 'U1',
        email: '',
        firstName: 'Mina',
        lastName: 'Sato',
        locale: 'ja',
        role: 'admin',
        licenceCodes: ['Standard'],
        status: 1,
        ownStatus: 1,
      });
      expect(await update('U1', { licenceCodes: ['Premium'], firstName: 'No' })).toMatchObject({ resultCode: 8 });
      expect((await ok(call('GetUser', { realmId, userId: 'U1' }))).user.firstName).toBe('Mina');
      await ok(update('U2', { licenceCodes: [] }));
      await ok(update('U1', { licenceCodes: ['Premium'] }));
      await ok(update('U2', { licenceCodes: ['Standard'] }));
      await ok(update('U2', {}));
    });

    it('are created many at once, each on its own', async () => {
      const realmId = await newRealm(call, { quantity: 2, users: ['U1'] });
      const users = [
        { userId: 'U2' },
        { userId: 'U1', email: 'U1@c.example' },
        {},
        { userId: 'U3' },
        { userId: 'U1', email: 'other@c.example' },
      ];
      const { results, resultCode } = await call('CreateUsers', { realmId, users });
      expect(resultCode).toBe(0);
      expect(results.map((result: Answer) => result.resultCode)).toEqual([0, 0, 1, 8, 4]);
      expect(results.map((result: { userId?: string }) => result.userId)).toEqual(['U2', 'U1', undefined, 'U3', 'U1']);
    });

    it('are replaced when every seat is in use, or not at all', async () => {
      const realmId = await newRealm(call, { quantity: 2, users: ['U1', 'U2'] });
      const replace = (input: object): Promise<Answer> => call('ReplaceUsers', { realmId, ...input });
      const refused = await replace({ remove: ['U1'], add: [{ userId: 'U3' }, { userId: 'U4' }] });
      expect(refused).toMatchObject({ resultCode: 8, results: [{ userId: 'U4', resultCode: 8 }] });
      expect(await replace({ remove: ['U1', 'nobody'] })).toMatchObject({
        resultCode: 3,
        results: [{ userId: 'nobody', resultCode: 3 }],
      });
      expect(await call('GetUsers', { realmId })).toMatchObject({
        total: 2,
        users: [{ userId: 'U1' }, { userId: 'U2' }],
      });
      expect(
        await replace({ remove: ['U1', 'U2'], add: [{ userId: 'U3' }, { userId: 'U4' }], licenceCode: 'Standard' }),
      ).toMatchObject({
        resultCode: 0,
        results: [{ userId: 'U1' }, { userId: 'U2' }, { userId: 'U3' }, { userId: 'U4' }],
      });
      expect(await call('GetUsers', { realmId })).toMatchObject({
        total: 2,
        users: [{ userId: 'U3' }, { userId: 'U4' }],
      });
      expect(await replace({ add: [{ userId: 'U1' }], remove: ['U3'] })).toMatchObject({ resultCode: 5 });
    });

    it('are read page by page', async () => {
      const realmId = await newRealm(call, { users: ['U1', 'U2', 'U3'] });
      await ok(call('DeleteUser', { realmId, userId: 'U2' }));
      expect(await call('GetUsers', { realmId, startIndex: 1, maxEntries: 1 })).toMatchObject({
        total: 2,
        users: [{ userId: 'U3' }],
      });
    });

    it('free their seat when deleted', async () => {
      const realmId = await newRealm(call, { quantity: 1, users: ['U1'] });
      await ok(call('DeleteUser', { realmId, userId: 'U1' }));
      await ok(call('CreateUser', { realmId, user: { userId: 'U2' } }));
      expect(await call('GetLicenceUsage', { realmId })).toMatchObject({ usage: [{ assigned: 1 }, {}] });
    });
  });

  it('tells the usage of a past instant', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    const before = hub.clock.now();
    hub.clock.advance(60_000);
    await ok(call('CreateUser', { realmId, user: { userId: 'U2' } }));
    await ok(call('UpdateUserStatus', { realmId, userId: 'U1', status: 7 }));
    expect(await call('GetLicenceUsage', { realmId, at: before })).toMatchObject({
      usage: [{ purchased: 5, assigned: 1, billable: 1 }, {}],
    });
    expect(await call('GetLicenceUsage', { realmId })).toMatchObject({ usage: [{ assigned: 2, billable: 1 }, {}] });
    expect(await call('GetLicenceUsage', { realmId, at: '2030-01-01T00:00:00.000Z' })).toMatchObject({
      usage: [{ assigned: 2, billable: 1 }, {}],
    });
  });

  it('Ping keeps no state and gives text and version back', async () => {
    expect(await call('Ping', { text: 'grüße', requestId: 'p-1' })).toMatchObject({
      resultCode: 0,
      requestId: 'p-1',
      text: 'grüße',
      version: '4.3',
    });
    expect(await call('Ping', { text: 'other', requestId: 'p-1' })).toMatchObject({ text: 'other' });
    expect(await hub.as('carrier-old')('Ping')).toMatchObject({ version: '4.2' });
  });
});
