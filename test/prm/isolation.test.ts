import { ingestAlarms } from '../../src/core/alarms/index.js';
import { bindExternalRef, registerServiceAccount } from '../../src/core/marketplace/index.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { ingestUsageRecords } from '../../src/core/usage/index.js';
import { passwords } from '../cli/support.js';
import { onEveryDialect } from '../support/databases.js';
import type { Bean } from './support/caller.js';
import { type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import { messageAbout } from './support/message-about.js';
import { operationNamed, operations } from './support/operations.js';
import { done, type Entity, type Names, stage } from './support/stage.js';

const own = { sp: 'orchid', app: 'app', inst: 'inst' };
const tulip = { sp: 'tulip', app: 'app', inst: 'inst' };
const onlyTulips = { sp: 'tulip', app: 'app-of-tulip', inst: 'inst-of-tulip' };
const channels = { gatekeeper: {}, second: {} };

onEveryDialect('providers and channels are apart', (dialect) => {
  let hub: PrmHub;
  let scene: ReturnType<typeof stage>;
  beforeAll(async () => {
    hub = await startPrmHub(dialect, channels);
    scene = stage(hub);
    await makeProvider(own, 'of-orchid');
    await makeProvider(tulip, 'of-tulip');
    const ids = scene.ids(onlyTulips, 'AppAccount', 'op');
    await op('registerAppAccountReq', { ...ids, appAccount: { name: 'of-tulip' } });
  });
  afterAll(() => hub.close());

  const op = (operation: string, input: Bean = {}, channel?: string) =>
    done(hub.op('admin', channel)('OpService', operation, input));

  /** Puts `mark` wherever a provider has a text of its own. */
  async function makeProvider(names: Names, mark: string): Promise<void> {
    await scene.bring('AppInstGroup', 'ACTIVE', names);
    const [spGroupId, appGroupId] = [`sp-${mark}`, `app-${mark}`];
    await op('createSpGroup', { spGroupId, spGroup: { sla: `<Sla of="${mark}"/>` } });
    await op('createAppGroup', { appGroupId, appGroup: { sla: `<Sla of="${mark}"/>` } });
    await op('moveSpToGroup', { spAccountId: names.sp, SpGroupId: spGroupId });
    await op('moveAppAccountToGroup', { ...scene.ids(names, 'AppAccount', 'op'), appGroupId });
    const bean = { name: mark, properties: [{ name: 'of', value: mark }] };
    await op('updateSpAccount', { ...scene.ids(names, 'SpAccount', 'op'), spAccount: bean });
    await op('updateAppAccount', { ...scene.ids(names, 'AppAccount', 'op'), appAccount: bean });
    await op('updateAppInstGroup', { ...scene.ids(names, 'AppInstGroup', 'op'), appInstGroup: bean });
    const record = {
      providerExternalId: names.sp,
      applicationExternalId: names.app,
      serviceName: 'SendSms',
      occurredAt: hub.clock.now(),
      completionStatus: 'COMPLETED',
      info: mark,
    };
    const records = [
      { ...record, transactionId: 1n },
      { ...record, transactionId: 2n },
    ];
    await hub.model((tx) => ingestUsageRecords(tx, { channelId: hub.channelId(), records }));
  }

  /** Everything the operator can see of a provider, and what nobody sees: its passwords. */
  async function look(names: Names): Promise<string> {
    const texts: string[] = [];
    for (const entity of ['SpAccount', 'AppAccount', 'AppInstGroup'] as const) {
      const ids = scene.ids(names, entity, 'op');
      texts.push((await op(`get${entity}`, ids)).text, (await op(`get${entity}State`, ids)).text);
    }
    texts.push((await op('listAppInstGroups', { spAccountId: names.sp })).text);
    texts.push((await op('listAppAccounts', { spAccountId: names.sp })).text);
    const instance = await hub.persistence.readers.registry.instance(hub.channelId(), names.sp, names.app, names.inst);
    const [traffic, account] = await hub.model(async (tx) => [
      await tx.trafficCredentials.findOne({ instanceId: instance!.id }),
      await tx.serviceAccounts.findOne({ username: names.sp, channelId: hub.channelId() }),
    ]);
    return JSON.stringify([texts, traffic, account]);
  }

  it('records and statistics are the caller’s own, also under an application only the other one has', async () => {
    for (const [username, count] of [
      ['orchid', '2'],
      ['tulip', '2'],
    ] as const) {
      const sp = hub.sp(username);
      const { text } = await done(sp('SpCdrUtil', 'listCdrs', { startIndex: 0, maxEntries: 10 }));
      expect([...new Set(text.match(/of-\w+/g))]).toEqual([`of-${username}`]);
      expect((await done(sp('SpCdrUtil', 'countCdrs', { appAccountId: 'app' }))).value).toBe(count);
      expect((await done(sp('SpCdrUtil', 'countCdrs', { appAccountId: 'app-of-tulip' }))).value).toBe('0');
      const statistics = await done(sp('SpStatisticsUtil', 'getStatistics'));
      expect(statistics.text.match(/(?<=<spAccountID[^>]*>)\w+/g)).toEqual([username]);
    }
  });

  it('an account named like another provider is still its own provider’s', async () => {
    const channelId = hub.channelId();
    const passwordHash = await passwords.hash(providerPassword);
    await hub.model(async (tx) => {
      const named = await createTenant(tx, { kind: 'reseller', name: 'Named', parentId: '', channelId });
      await bindExternalRef(tx, { channelId, kind: 'tenant', parentId: '', externalId: 'rose', targetId: named.id });
      const orchid = await tx.externalRefs.findOne({ channelId, kind: 'tenant', externalId: 'orchid', liveKey: '0' });
      await registerServiceAccount(tx, { channelId, username: 'rose', passwordHash, tenantId: orchid!.targetId });
    });
    const app = { spAccountId: 'rose', appAccountId: 'app' };
    await op('registerAppAccountReq', { ...app, appAccount: { name: 'of-rose' } });
    const rose = hub.sp('rose');
    expect((await done(rose('SpService', 'getSpAccount'))).text).toContain('of-orchid');
    expect((await done(rose('SpService', 'getAppAccount', { appAccountId: 'app' }))).text).toContain('of-orchid');
    const update = { appAccountId: 'only-here', app: { Name: 'of-orchid' } };
    await done(rose('SpService', 'registerAppAccountReq', update));
    expect((await op('listAppAccounts', { spAccountId: 'rose' })).text).not.toContain('only-here');
    expect((await op('listAppAccounts', { spAccountId: 'orchid' })).text).toContain('only-here');
    const ids = scene.ids({ ...own, app: 'only-here' }, 'AppAccount', 'op');
    await op('registerAppAccountRes', { ...ids, ...registration.AppAccount, response: 'DISAPPROVE' });
  });

  it('equal ids on two channels are two of everything', async () => {
    const sp = { spAccountId: 'lily' };
    const account = { ...sp, spAccount: {}, password: providerPassword };
    for (const channel of Object.keys(channels)) {
      await op('createSpGroup', { spGroupId: 'twin', spGroup: { sla: `<Sla of="${channel}"/>` } }, channel);
      const renamed = { ...account, spAccount: { name: channel }, password: `${channel}-1` };
      await op('registerSpAccountReq', renamed, channel);
    }
    const answer = { ...sp, spGroupId: 'twin', spAccountRef: 'R', response: 'APPROVE' };
    const state = async (channel: string) => (await op('getSpAccountState', sp, channel)).value;
    await op('registerSpAccountRes', answer, 'second');
    expect([await state('gatekeeper'), await state('second')]).toEqual(['REGISTERED', 'ACTIVE']);
    const lily = (channel: string, password: string) => hub.sp('lily', password, channel)('SpService', 'getSpAccount');
    expect((await lily('gatekeeper', 'second-1')).fault).toBe('ACCESS_DENIED');
    expect((await lily('gatekeeper', 'gatekeeper-1')).fault).toBe('ACCESS_DENIED');
    expect((await done(lily('second', 'second-1'))).returns[0]!.children[0]!.text).toBe('second');
    await op('registerSpAccountRes', { ...answer, response: 'DISAPPROVE' });
    expect(await state('second')).toBe('ACTIVE');
    expect((await op('listSpAccounts', {}, 'second')).values).toEqual(['lily']);
    expect((await op('getSpGroup', { spGroupId: 'twin' }, 'second')).text).toContain('second');
  });

  it('what is registered, reported and recorded on one channel is not there on the other', async () => {
    const elsewhere = hub.op('admin', 'second');
    for (const [operation, input] of [
      ['getSpAccount', { spAccountId: 'orchid' }],
      ['activateSpAccount', { spAccountId: 'orchid' }],
      ['setSpAccountPassword', { spAccountId: 'orchid', newPassword: 'taken-1' }],
      ['getAppInstGroup', { spAccountId: 'orchid', appAccountId: 'app', appInstGroupId: 'inst' }],
      ['deleteSpGroup', { spGroupId: 'gold' }],
      ['moveSpToGroup', { spAccountId: 'lily', SpGroupId: 'gold' }],
    ] as const) {
      expect([operation, (await elsewhere('OpService', operation, input)).fault]).toEqual([
        operation,
        'CommonException',
      ]);
    }
    expect((await done(elsewhere('OpCdrUtil', 'countCdrs', { spAccountId: 'orchid' }))).value).toBe('0');
    expect((await done(elsewhere('OpStatisticsUtil', 'getStatistics', { statisticType: 1 }))).returns).toEqual([]);
    const alarms = [{ typeNumber: 5001, source: 'gw-1', info: 'x' }];
    await hub.model((tx) => ingestAlarms(tx, { channelId: hub.channelId(), alarms }));
    expect((await done(elsewhere('OpAlarmUtil', 'countAlarms', { alarmId: 5001 }))).value).toBe('0');
    expect((await done(hub.op()('OpAlarmUtil', 'countAlarms', { alarmId: 5001 }))).value).toBe('1');
  });

  it('a provider neither reads nor changes anything of another one, whatever ids they share', async () => {
    const orchid = hub.sp('orchid');
    const send = (name: string, about: Names) => {
      const operation = operationNamed(`SpService.${name}`);
      return orchid('SpService', name, messageAbout({ ...about, spGroup: '', appGroup: '' }, operation) as Bean);
    };
    const before = await look(tulip);
    for (const name of lifeOfAProvider) {
      if (name !== 'registerAppAccountReq' && takesApplication(name)) {
        expect([name, (await send(name, onlyTulips)).fault]).toEqual([name, 'CommonException']);
      }
      const { text } = await done(send(name, own));
      expect([name, text]).not.toEqual([name, expect.stringContaining('of-tulip')]);
      const answered = /^(register|update|delete)(\w+)Req$/.exec(name);
      if (answered === null) continue;
      const [, what, entity] = answered;
      const ids = scene.ids(own, entity as Entity, 'op');
      const response = what === 'register' || entity === 'SpAccount' ? 'DISAPPROVE' : 'APPROVE';
      const further: Bean = what === 'register' ? registration[entity!]! : {};
      await op(`${what}${entity}Res`, { ...ids, ...further, response });
    }
    expect(await look(tulip)).toBe(before);
    const all = operations.filter(({ service }) => service.name === 'SpService').map(({ name }) => name);
    expect([...new Set(lifeOfAProvider)].sort()).toEqual(all.sort());
  });
});

const registration: Readonly<Record<string, Bean>> = {
  AppAccount: { appGroupId: 'silver', appAccountRef: 'R' },
  AppInstGroup: { appInstGroupRef: 'R' },
};

const takesApplication = (name: string): boolean =>
  operationNamed(`SpService.${name}`).inputs.some((input) => input.name === 'appAccountId');

/** Every operation of SpService, in an order in which all of them go through; what waits for an answer gets it. */
const lifeOfAProvider = [
  ...['getSpAccount', 'getSpAccountState', 'getSpAccountSla', 'getSpAccountSlaByType', 'listAppAccounts'],
  ...['getAppAccount', 'getAppAccountState', 'getAppAccountSla', 'getAppAccountSlaByType', 'listAppInstGroups'],
  ...['getAppInstGroup', 'getAppInstGroupState', 'setAppInstGroupPassword', 'changeSpAccountPassword'],
  ...['updateSpAccountReq', 'updateAppAccountReq', 'updateAppInstGroupReq'],
  ...['deactivateSpAccount', 'activateSpAccount', 'deactivateAppAccount', 'activateAppAccount'],
  ...['deactivateAppInstGroup', 'activateAppInstGroup', 'deactivateAppInstGroup', 'deleteAppInstGroupReq'],
  ...['registerAppInstGroupReq', 'deactivateAppAccount', 'deleteAppAccountReq', 'registerAppAccountReq'],
  ...['deactivateSpAccount', 'deleteSpAccountReq'],
];
