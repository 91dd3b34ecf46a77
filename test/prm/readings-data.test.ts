import { ingestAlarms } from '../../src/core/alarms/index.js';
import { setAgreement } from '../../src/core/servicelevels/index.js';
import { shift } from '../../src/core/shared/clock.js';
import { ingestUsageRecords, statisticTypes, type UsageInput } from '../../src/core/usage/index.js';
import { findXmlFault } from '../../src/platform/xml.js';
import { onEveryDialect } from '../support/databases.js';
import { type Bean, message, passwordText, pathOf } from './support/caller.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import { expectRefusal } from './support/refusals.js';
import { done, type Names, stage } from './support/stage.js';

/** Readings of what the guides leave open, by their numbers in docs/protocols/prm.md: agreements, records, ids that come back. */
onEveryDialect('the settled readings of data', (dialect) => {
  let hub: PrmHub;
  let scene: ReturnType<typeof stage>;
  let names: Names;
  beforeAll(async () => {
    hub = await startPrmHub(dialect);
    scene = stage(hub);
  });
  afterAll(() => hub.close());
  beforeEach(() => {
    hub.clock.advance(3_700_000); // neither refusals nor applications of other tests count
    names = scene.names();
  });

  const op = (operation: string, input: Bean = {}, service = 'OpService') => hub.op()(service, operation, input);
  const sp = (operation: string, input: Bean = {}, service = 'SpService') =>
    hub.sp(names.sp)(service, operation, input);
  const record = (transactionId: bigint, more: Partial<UsageInput> = {}): UsageInput => ({
    transactionId,
    providerExternalId: names.sp,
    serviceName: 'SendSms',
    occurredAt: hub.clock.now(),
    completionStatus: 'COMPLETED',
    ...more,
  });
  const ingest = (...records: UsageInput[]) =>
    hub.model((tx) => ingestUsageRecords(tx, { channelId: hub.channelId(), records }));
  const cdrsOf = async (service: 'SpCdrUtil' | 'OpCdrUtil', spAccountId = names.sp) =>
    service === 'SpCdrUtil'
      ? (await done(sp('countCdrs', {}, service))).value
      : (await done(op('countCdrs', { spAccountId }, service))).value;

  describe('6: types of agreements', () => {
    it('known ones without a document are nil, unknown ones and those of the other kind are refused', async () => {
      await scene.bring('AppAccount', 'ACTIVE', names);
      const ofApp = (slaType: string) => sp('getAppAccountSlaByType', { slaType, appAccountId: names.app });
      const ofSp = (slaType: string) => sp('getSpAccountSlaByType', { slaType });
      expect((await done(ofSp('service_provider'))).value).toBe('<Sla/>');
      expect((await done(ofApp('application'))).value).toBe('<Sla/>');
      for (const call of [
        () => ofSp('system:geo_service_provider'),
        () => ofSp('service_provider_node'),
        () => ofApp('system:geo_application'),
      ]) {
        expect((await done(call())).text).toMatch(/Return[^>]* xsi:nil="true"/);
      }
      for (const slaType of ['nonsense', 'application']) {
        await expectRefusal(hub, 'CommonException', () => ofSp(slaType), /not known/);
      }
      await expectRefusal(hub, 'CommonException', () => ofApp('service_provider'), /not known/);
    });

    it('a document that is no well-formed XML is refused, and the one before holds', async () => {
      await scene.bring('AppInstGroup', 'ACTIVE', names);
      const inst = scene.ids(names, 'AppInstGroup', 'op');
      for (const sla of [
        '<Sla>',
        'plain',
        '',
        '<a:Sla/>',
        '<Sla/><Sla/>',
        '<!DOCTYPE x [<!ENTITY e "e">]><Sla>&e;</Sla>',
      ]) {
        for (const call of [
          () => op('createSpGroup', { spGroupId: 'faulty', spGroup: { sla } }),
          () => op('updateSpGroup', { spGroupId: 'gold', spGroup: { sla } }),
          () => op('updateAppGroup', { appGroupId: 'silver', appGroup: { sla } }),
        ]) {
          await expectRefusal(hub, 'CommonException', call);
        }
        const appInstGroup = { sla };
        // an empty one is how some clients leave it out
        if (sla !== '')
          await expectRefusal(hub, 'CommonException', () => op('updateAppInstGroup', { ...inst, appInstGroup }));
      }
      expect((await done(sp('getSpAccountSla'))).value).toBe('<Sla/>');
    });

    it('a type of the operator’s own is known once a group has a document of it', async () => {
      await scene.bring('SpAccount', 'ACTIVE', names);
      const own = { spGroupId: `own-${names.sp}` };
      const byType = () => sp('getSpAccountSlaByType', { slaType: `night-${names.sp}` });
      await done(op('createSpGroup', { ...own, spGroup: {} }));
      await expectRefusal(hub, 'CommonException', byType, /not known/);
      await hub.model(async (tx) => {
        const group = await tx.serviceLevelGroups.findOne({ key: own.spGroupId, liveKey: '0' });
        await setAgreement(tx, { targetId: group!.id, type: `night-${names.sp}`, document: '<Night/>' }, findXmlFault);
      });
      expect((await done(byType())).value).toBeUndefined();
      await done(op('moveSpToGroup', { spAccountId: names.sp, SpGroupId: own.spGroupId }));
      expect((await done(byType())).value).toBe('<Night/>');
    });
  });

  describe('7: bounds', () => {
    const twice = (field: 'name' | 'Name') => [{ [field]: 'tier' }, { [field]: 'tier' }];

    it('a property named twice is refused wherever properties are written', async () => {
      await scene.bring('AppInstGroup', 'ACTIVE', names);
      const [properties, Properties] = [twice('name'), twice('Name')];
      const account = { spAccountId: `${names.sp}-2`, password: providerPassword };
      const [bySp, byOp] = (['sp', 'op'] as const).map((side) => scene.ids(names, 'AppInstGroup', side));
      const calls = [
        () => hub.stranger()('SpLogin', 'registerSpAccountReq', { ...ordered(account, { Properties }) }),
        () => sp('updateSpAccountReq', { spAccount: { Properties } }),
        () => sp('registerAppAccountReq', { appAccountId: 'new', app: { Properties } }),
        () => sp('updateAppInstGroupReq', { ...bySp, appInstGroup: { Properties } }),
        () => op('updateAppInstGroup', { ...byOp, appInstGroup: { properties } }),
        () => op('createAppGroup', { appGroupId: 'new', appGroup: { properties } }),
        () => op('updateSpGroup', { spGroupId: 'gold', spGroup: { properties } }),
      ];
      for (const call of calls) await expectRefusal(hub, 'CommonException', call, /given twice/);
    });

    const ordered = ({ spAccountId, password }: { spAccountId: string; password: string }, spAccount: Bean) => ({
      spAccountId,
      spAccount,
      password,
    });

    it.each([
      ['SpCdrUtil', 'listCdrs'],
      ['OpCdrUtil', 'listCdrs'],
      ['OpAlarmUtil', 'listAlarms'],
    ])('%s takes positions from 0 and at least one entry', async (service, operation) => {
      await scene.bring('SpAccount', 'ACTIVE', names);
      const call = service === 'SpCdrUtil' ? sp : op;
      for (const window of [
        { startIndex: -1, maxEntries: 10 },
        { startIndex: 0, maxEntries: 0 },
        { startIndex: 0, maxEntries: -10 },
      ]) {
        await expectRefusal(hub, 'CommonException', () => call(operation, window, service), /startIndex|maxEntries/);
      }
      const beyond = { startIndex: 2n ** 63n - 1n, maxEntries: 2_147_483_647 };
      expect((await done(call(operation, beyond, service))).returns).toEqual([]);
    });

    it('hands out 10,000 records at most, and counts all of them', async () => {
      await scene.bring('SpAccount', 'ACTIVE', names);
      await ingest(...Array.from({ length: 10_000 }, (_, at) => record(BigInt(at))));
      hub.clock.advance(1_000);
      await ingest(record(10_000n));
      expect(await cdrsOf('SpCdrUtil')).toBe('10001');
      const input = { spAccountId: names.sp, startIndex: 0, maxEntries: 20_000 };
      const header = passwordText({ username: 'op-admin', password: operatorPassword });
      const response = await fetch(`${hub.base()}${pathOf('OpCdrUtil')}`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body: message('OpCdrUtil', 'listCdrs', input, header),
      });
      expect((await response.text()).match(/<listCdrsReturn/g)).toHaveLength(10_000);
      const last = await done(sp('listCdrs', { startIndex: 10_000, maxEntries: 20_000 }, 'SpCdrUtil'));
      expect(last.returns.map(({ children }) => children[0]!.text)).toEqual(['10000']);
    });
  });

  describe('11: numbers that do not change', () => {
    it('statistic types are those of the catalogue; others are refused', async () => {
      await scene.bring('SpAccount', 'ACTIVE', names);
      const listed = await done(sp('listStatisticTypes', {}, 'SpStatisticsUtil'));
      expect(listed.returns.map(({ children }) => children.map(({ text }) => text))).toEqual(
        statisticTypes.map(({ id, name }) => [name, String(id)]),
      );
      for (const statisticType of [0, 1001]) {
        for (const call of [
          () => sp('getStatistics', { statisticType }, 'SpStatisticsUtil'),
          () => op('getStatistics', { statisticType }, 'OpStatisticsUtil'),
        ]) {
          await expectRefusal(hub, 'CommonException', call, /catalogue/);
        }
      }
    });

    it('alarms are found by their number and severity', async () => {
      const fromDate = hub.clock.now();
      const alarm = { source: 'gw-1', info: 'x' };
      await hub.model((tx) =>
        ingestAlarms(tx, {
          channelId: hub.channelId(),
          alarms: [
            { ...alarm, typeNumber: 5001, severity: 'CRITICAL' },
            { ...alarm, typeNumber: 5002 },
          ],
        }),
      );
      const count = async (filter: Bean) => (await done(op('countAlarms', filter, 'OpAlarmUtil'))).value;
      expect([
        await count({ fromDate }),
        await count({ alarmId: 5001, fromDate }),
        await count({ alarmId: 5001, severity: 'MINOR', fromDate }),
        await count({ alarmId: null, severity: 'CRITICAL', fromDate }),
      ]).toEqual(['2', '1', '0', '1']);
    });

    it('filters are what they are, letter by letter', async () => {
      await scene.bring('AppAccount', 'ACTIVE', names);
      await ingest(record(1n, { applicationExternalId: names.app }));
      const count = async (filter: Bean) => (await done(sp('countCdrs', filter, 'SpCdrUtil'))).value;
      const counted = [];
      for (const serviceName of ['SendSms', 'SendSms ', 'sendsms']) counted.push(await count({ serviceName }));
      for (const appAccountId of [names.app, `${names.app} `, '']) counted.push(await count({ appAccountId }));
      expect(counted).toEqual(['1', '0', '0', '1', '0', '0']);
    });

    it('a transaction id is one of its provider', async () => {
      const other = scene.names();
      for (const each of [names, other]) await scene.bring('SpAccount', 'ACTIVE', each);
      const id = -(2n ** 63n);
      await ingest(record(id), record(id, { providerExternalId: other.sp }), record(id));
      for (const each of [names, other]) {
        const listed = await done(op('listCdrs', { spAccountId: each.sp, startIndex: 0, maxEntries: 9 }, 'OpCdrUtil'));
        expect(listed.returns.map(({ children }) => children[0]!.text)).toEqual([String(id)]);
      }
    });
  });

  describe('ids that are registered again', () => {
    const tenantId = async () => (await hub.persistence.readers.registry.provider(hub.channelId(), names.sp))!.id;
    const again = { spAccount: { name: 'Again' }, password: 'again-1' };

    it('after a disapproval it is a new account', async () => {
      await scene.bring('SpAccount', 'REGISTERED', names);
      const before = await tenantId();
      const answer = { spGroupId: 'gold', spAccountRef: 'R', response: 'DISAPPROVE' };
      await done(op('registerSpAccountRes', { spAccountId: names.sp, ...answer }));
      await done(op('registerSpAccountReq', { spAccountId: names.sp, ...again }));
      expect(await tenantId()).not.toBe(before);
      expect([await scene.stateOf('SpAccount', names), await scene.nameOf('SpAccount', names)]).toEqual([
        'REGISTERED',
        'Again',
      ]);
    });

    it('after a deletion it has nothing of the former one, whose records stay with the operator', async () => {
      await scene.bring('SpAccount', 'ACTIVE', names);
      const before = await tenantId();
      await ingest(record(1n), record(2n));
      expect([await cdrsOf('SpCdrUtil'), await cdrsOf('OpCdrUtil')]).toEqual(['2', '2']);
      await done(sp('deactivateSpAccount'));
      await done(sp('deleteSpAccountReq'));
      await done(op('deleteSpAccountRes', { spAccountId: names.sp, response: 'APPROVE' }));
      expect(await cdrsOf('OpCdrUtil')).toBe('2');
      hub.clock.advance(1_000);
      await done(op('registerSpAccountReq', { spAccountId: names.sp, ...again }));
      const answer = { spGroupId: 'gold', spAccountRef: 'R', response: 'APPROVE' };
      await done(op('registerSpAccountRes', { spAccountId: names.sp, ...answer }));
      expect(await tenantId()).not.toBe(before);
      await expectRefusal(hub, 'ACCESS_DENIED', () => sp('getSpAccount'));

      const late = record(4n, { occurredAt: shift(hub.clock.now(), -2_000) });
      await ingest(record(3n), late);
      const successor = hub.sp(names.sp, again.password);
      const window = { startIndex: 0, maxEntries: 10 };
      const listed = await done(successor('SpCdrUtil', 'listCdrs', window));
      expect(listed.returns.map(({ children }) => children[0]!.text)).toEqual(['3']);
      expect((await done(successor('SpCdrUtil', 'countCdrs'))).value).toBe('1');
      const statistics = await done(successor('SpStatisticsUtil', 'getStatistics'));
      expect(
        statistics.returns.map(({ children }) => children.find(({ local }) => local === 'numberOfTransactions')?.text),
      ).toEqual(['1']);
      expect(await cdrsOf('OpCdrUtil')).toBe('4');
    });

    it('an application and an instance are new ones too', async () => {
      await scene.bring('AppInstGroup', 'DELETE_PENDING', names);
      const inst = scene.ids(names, 'AppInstGroup', 'op');
      await done(op('deleteAppInstGroupRes', { ...inst, response: 'APPROVE' }));
      const app = scene.ids(names, 'AppAccount', 'op');
      await done(op('deactivateAppAccount', app));
      await done(op('deleteAppAccountReq', app));
      await done(op('deleteAppAccountRes', { ...app, response: 'APPROVE' }));
      await done(sp('registerAppAccountReq', { appAccountId: names.app, app: { Name: 'Again' } }));
      expect(await scene.stateOf('AppAccount', names)).toBe('REGISTERED');
      expect(await scene.nameOf('AppAccount', names)).toBe('Again');
      expect(await scene.stateOf('AppInstGroup', names)).toBeNull();
    });
  });
});
