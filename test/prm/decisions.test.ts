import { onEveryDialect } from '../support/databases.js';
import { type Bean, message, passwordText, pathOf, post, type Reply } from './support/caller.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import { operations } from './support/operations.js';
import { expectRefusal } from './support/refusals.js';
import { done, type Names, stage } from './support/stage.js';

const site = { OpService: 'http://acme.example/prm', 'OpService:types': 'http://acme.example/beans' };

/** Where the guides contradict themselves, by the numbers of docs/protocols/prm.md: what a caller meets. */
onEveryDialect('decisions on misprints of the guides', (dialect) => {
  let hub: PrmHub;
  let scene: ReturnType<typeof stage>;
  let names: Names;
  beforeAll(async () => {
    hub = await startPrmHub(dialect, {
      gatekeeper: {},
      lenient: { lenientFieldNames: true },
      site: { namespaces: site },
    });
    scene = stage(hub);
    names = scene.names();
    await scene.bring('AppInstGroup', 'ACTIVE', names);
  });
  afterAll(() => hub.close());

  const op = (operation: string, input: Bean = {}, channel?: string) =>
    hub.op('admin', channel)('OpService', operation, input);
  const sp = (operation: string, input: Bean = {}) => hub.sp(names.sp)('SpService', operation, input);
  const returned = async (reply: Promise<Reply>) => (await done(reply)).returns.map(({ local }) => local);
  const fieldsOf = async (reply: Promise<Reply>) => (await done(reply)).returns[0]!.children.map(({ local }) => local);

  it('2, 3: what is returned has the name of its operation, and nothing is an empty element', async () => {
    expect([
      ...(await returned(op('listSpAccounts'))),
      ...(await returned(op('listAppGroups'))),
      ...(await returned(op('getAppGroup', { appGroupId: 'silver' }))),
      ...(await returned(sp('getSpAccountSlaByType', { slaType: 'service_provider' }))),
      ...(await returned(sp('getAppAccountSlaByType', { slaType: 'application', appAccountId: names.app }))),
    ]).toEqual([
      'listSpAccountsReturn',
      'listAppGroupsReturn',
      'getAppGroupReturn',
      'getSpAccountSlaByTypeReturn',
      'getAppAccountSlaByTypeReturn',
    ]);
    const reply = await done(op('updateSpAccount', { spAccountId: names.sp, spAccount: {} }));
    expect(reply.text).toMatch(/<soap:Body><updateSpAccountResponse xmlns="urn:prm:4.0:OpService" \/><\/soap:Body>/);
  });

  it('5: a provider names itself by who it is, and by nothing else', async () => {
    const named = { spAccountId: names.sp };
    await expectRefusal(hub, 'CommonException', () => sp('updateSpAccountReq', { ...named, spAccount: { Name: 'X' } }));
    await expectRefusal(hub, 'CommonException', () =>
      hub.sp(names.sp)('SpStatisticsUtil', 'getStatistics', { ...named, appAccountId: names.app }),
    );
  });

  it('7: the answer to a deletion of an application says which it is', async () => {
    const other = { ...names, app: 'for-7' };
    const ids = scene.ids(other, 'AppAccount', 'op');
    await done(op('registerAppAccountReq', { ...ids, appAccount: {} }));
    const answer = { appGroupId: 'silver', appAccountRef: 'R', response: 'APPROVE' };
    await done(op('registerAppAccountRes', { ...ids, ...answer }));
    await done(op('deactivateAppAccount', ids));
    await done(op('deleteAppAccountReq', ids));
    await expectRefusal(hub, 'CommonException', () => op('deleteAppAccountRes', ids));
    await done(op('deleteAppAccountRes', { ...ids, response: 'DISAPPROVE' }));
    expect(await scene.stateOf('AppAccount', other)).toBe('INACTIVE');
  });

  it('8: an account and an instance are beans, not text', async () => {
    const account = (spAccount: string | Bean) => ({ spAccountId: 'for-8', spAccount, password: providerPassword });
    await expectRefusal(hub, 'CommonException', () => op('registerSpAccountReq', account('Orchid')));
    await done(op('registerSpAccountReq', account({ name: 'Orchid' })));
    expect(await scene.nameOf('SpAccount', { ...names, sp: 'for-8' })).toBe('Orchid');
    const instance = (appInstGroup: string | Bean) => ({
      ...scene.ids({ ...names, inst: 'for-8' }, 'AppInstGroup', 'op'),
      appInstGroup,
      password: 'traffic-1',
    });
    await expectRefusal(hub, 'CommonException', () => op('registerAppInstGroupReq', instance('Orchid')));
    await done(op('registerAppInstGroupReq', instance({ name: 'Orchid' })));
  });

  it('9: SpGroupId as printed, or spGroupId, but one of them', async () => {
    await done(op('createSpGroup', { spGroupId: 'bronze', spGroup: {} }));
    const move = (input: Bean) => op('moveSpToGroup', { spAccountId: names.sp, ...input });
    const group = async () => (await done(op('getSpGroupId', { spAccountId: names.sp }))).value;
    await done(move({ SpGroupId: 'bronze' }));
    expect(await group()).toBe('bronze');
    await done(move({ spGroupId: 'gold' }));
    expect(await group()).toBe('gold');
    await expectRefusal(hub, 'CommonException', () => move({ SpGroupId: 'bronze', spGroupId: 'bronze' }));
    await expectRefusal(hub, 'CommonException', () => move({}));
  });

  describe('11: each chapter’s own spelling', () => {
    it('is what is written, and the only one read', async () => {
      expect(await fieldsOf(sp('getAppInstGroup', scene.ids(names, 'AppInstGroup', 'sp')))).toEqual(['Name', 'SLA']);
      expect(await fieldsOf(op('getAppInstGroup', scene.ids(names, 'AppInstGroup', 'op')))).toEqual(['name', 'sla']);
      await expectRefusal(hub, 'CommonException', () => sp('updateSpAccountReq', { spAccount: { name: 'X' } }));
      await expectRefusal(hub, 'CommonException', () =>
        op('updateSpAccount', { spAccountId: names.sp, spAccount: { Name: 'X' } }),
      );
    });

    it('where a channel is lenient, the others’ is read too, and never written', async () => {
      const stranger = hub.stranger('lenient');
      const account = { spAccountId: 'orchid', spAccount: { name: 'Orchid' }, password: providerPassword };
      await done(stranger('SpLogin', 'registerSpAccountReq', account));
      await done(op('createSpGroup', { spGroupId: 'gold', spGroup: { SLA: '<Sla/>' } }, 'lenient'));
      const answer = { spAccountId: 'orchid', spGroupId: 'gold', spAccountRef: 'R', response: 'APPROVE' };
      await done(op('registerSpAccountRes', answer, 'lenient'));
      const properties = [{ name: 'tier', value: 'gold' }];
      const own = hub.sp('orchid', providerPassword, 'lenient');
      await done(own('SpService', 'updateSpAccountReq', { spAccount: { eMailAddress: 'a@b.example', properties } }));
      await done(op('updateSpAccountRes', { spAccountId: 'orchid', response: 'APPROVE' }, 'lenient'));
      expect(await fieldsOf(own('SpService', 'getSpAccount'))).toEqual(['Name', 'EMailAddress', 'Properties']);
      expect(await fieldsOf(op('getSpAccount', { spAccountId: 'orchid' }, 'lenient'))).toEqual([
        'name',
        'eMailAddress',
        'properties',
      ]);
      await expectRefusal(hub, 'CommonException', () =>
        own('SpService', 'updateSpAccountReq', { spAccount: { Nome: 'X' } }),
      );
    });
  });

  it('17: what may be null may be left out, and means the same', async () => {
    const asked = operations.filter(({ inputs }) => inputs.some(({ nillable }) => nillable));
    for (const { service, name, inputs, fullName } of asked) {
      const needed: Bean = { appAccountId: names.app, startIndex: 0, maxEntries: 10, statisticType: 1 };
      const given = inputs.filter((input) => !input.nillable).map((input) => [input.name, needed[input.name]] as const);
      if (fullName === 'OpService.unlockAppInstGroup') continue;
      const call = service.side === 'op' ? hub.op() : hub.sp(names.sp);
      const withNil = inputs.map((input) => [input.name, input.nillable ? null : needed[input.name]] as const);
      const absent = await done(call(service.name, name, Object.fromEntries(given)));
      const nil = await done(call(service.name, name, Object.fromEntries(withNil)));
      expect({ fullName, text: nil.text }).toEqual({ fullName, text: absent.text });
    }
    expect(asked).toHaveLength(14);
    const statistics = (statisticType?: null) => () => hub.op()('OpStatisticsUtil', 'getStatistics', { statisticType });
    await expectRefusal(hub, 'CommonException', statistics());
    await expectRefusal(hub, 'CommonException', statistics(null));
  });

  it('19: operations without a type are those with the default one, which names the type first', async () => {
    await done(op('updateSpGroup', { spGroupId: 'gold', spGroup: { sla: '<Gold/>' } }));
    const app = { appAccountId: names.app };
    expect((await done(sp('getSpAccountSla'))).value).toBe('<Gold/>');
    expect((await done(sp('getSpAccountSlaByType', { slaType: 'service_provider' }))).value).toBe('<Gold/>');
    expect((await done(sp('getAppAccountSla', app))).value).toBe('<Sla/>');
    expect((await done(sp('getAppAccountSlaByType', { slaType: 'application', ...app }))).value).toBe('<Sla/>');
    await expectRefusal(hub, 'CommonException', () => sp('getAppAccountSlaByType', { ...app, slaType: 'application' }));
  });

  it('a site’s own namespaces are in its WSDL, and in the messages it takes and gives', async () => {
    const url = `${hub.base('site')}${pathOf('OpService')}`;
    const wsdl = await (await fetch(`${url}?wsdl`)).text();
    expect(wsdl).toContain(`targetNamespace="${site.OpService}"`);
    expect(wsdl).toContain(`targetNamespace="${site['OpService:types']}"`);
    expect(wsdl).not.toContain('urn:prm:4.0:OpService');
    const header = passwordText({ username: 'op-admin', password: operatorPassword });
    const send = (operation: string, input: Bean) =>
      post(
        url,
        message('OpService', operation, input, header)
          .replace('urn:prm:4.0:OpService:types', site['OpService:types'])
          .replace('urn:prm:4.0:OpService', site.OpService),
      );
    await done(send('createSpGroup', { spGroupId: 'gold', spGroup: { sla: '<Sla/>' } }));
    const [bean] = (await done(send('getSpGroup', { spGroupId: 'gold' }))).returns;
    expect([bean!.uri, bean!.children[0]!.uri]).toEqual([site.OpService, site['OpService:types']]);
    const refused = await send('getSpGroup', { spGroupId: 'none' });
    expect(refused.text).toContain(`<CommonException xmlns="${site['OpService:types']}">`);
    expect(await op('getSpGroup', { spGroupId: 'gold' }, 'site')).toMatchObject({ faultCode: 'soap:Client' });
    expect((await done(hub.op('admin', 'site')('OpCdrUtil', 'countCdrs'))).value).toBe('0');
  });
});
