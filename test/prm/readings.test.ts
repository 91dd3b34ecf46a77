import { applySeed } from '../../src/adapters/cli/seed/apply.js';
import { parseSeed } from '../../src/adapters/cli/seed/parse.js';
import { removeAgreement, setAgreement } from '../../src/core/servicelevels/index.js';
import { findXmlFault } from '../../src/platform/xml.js';
import { channelSettings, passwords } from '../cli/support.js';
import { onEveryDialect } from '../support/databases.js';
import { type Bean, message, passwordText, pathOf, post } from './support/caller.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import { expectRefusal } from './support/refusals.js';
import { done, type Names, stage } from './support/stage.js';

/** Readings of what the guides leave open, by their numbers in docs/protocols/prm.md. */
onEveryDialect('the settled readings', (dialect) => {
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

  const op = (operation: string, input: Bean = {}) => hub.op()('OpService', operation, input);
  const sp = (operation: string, input: Bean = {}) => hub.sp(names.sp)('SpService', operation, input);

  describe('1: a message that breaks the schema', () => {
    const list = { startIndex: 0, maxEntries: 1 };

    it.each<[string, string, string, Bean]>([
      ['a missing field', 'OpService', 'createSpGroup', { spGroupId: 'g1' }],
      ['an unknown field', 'OpService', 'createSpGroup', { spGroupId: 'g1', spGroup: {}, more: 'x' }],
      ['fields in another order', 'OpService', 'createSpGroup', { spGroup: {}, spGroupId: 'g1' }],
      ['nil where it may not be', 'OpService', 'createSpGroup', { spGroupId: null, spGroup: {} }],
      ['an unknown field of a bean', 'OpService', 'createSpGroup', { spGroupId: 'g1', spGroup: { SLA: 'x' } }],
      ['no value of an enumeration', 'OpService', 'listSpAccounts', { state: 'BANANA' }],
      ['no number', 'OpCdrUtil', 'listCdrs', { ...list, startIndex: 'first' }],
      ['a long beyond 64 bits', 'OpCdrUtil', 'listCdrs', { ...list, startIndex: 2n ** 63n }],
      ['an int beyond 32 bits', 'OpCdrUtil', 'listCdrs', { ...list, maxEntries: 2n ** 31n }],
      ['no instant', 'OpCdrUtil', 'countCdrs', { fromDate: 'yesterday' }],
      ['an instant nobody can store', 'OpCdrUtil', 'countCdrs', { fromDate: '12026-01-01T00:00:00Z' }],
    ])('is refused for %s', async (_, service, operation, input) => {
      const reply = await expectRefusal(hub, 'CommonException', () => hub.op()(service, operation, input));
      expect(reply).toMatchObject({ status: 500, faultCode: 'soap:Client' });
    });

    it('is refused for a field twice', async () => {
      const header = passwordText({ username: 'op-admin', password: operatorPassword });
      const text = message('OpService', 'createSpGroup', { spGroupId: 'g1', spGroup: {} }, header);
      const doubled = text.replace(/<m:spGroupId>.*<\/m:spGroupId>/, '$&$&');
      const url = `${hub.base()}${pathOf('OpService')}`;
      const reply = await expectRefusal(hub, 'CommonException', () => post(url, doubled));
      expect(reply).toMatchObject({ status: 500, faultCode: 'soap:Client' });
    });
  });

  describe('3: unlockAppInstGroup', () => {
    const credentialVersion = () =>
      hub.model(async (tx) => {
        const instance = await hub.persistence.readers.registry.instance(
          hub.channelId(),
          names.sp,
          names.app,
          names.inst,
        );
        return (await tx.trafficCredentials.findOne({ instanceId: instance!.id }))!.credentialVersion;
      });
    const ids = () => scene.ids(names, 'AppInstGroup', 'op');

    it('goes back to ACTIVE and keeps the traffic password', async () => {
      await scene.bring('AppInstGroup', 'LOCKED', names);
      const before = await credentialVersion();
      await done(op('unlockAppInstGroup', ids()));
      expect([await scene.stateOf('AppInstGroup', names), await credentialVersion()]).toEqual(['ACTIVE', before]);
    });

    it('goes back to UPDATE_PENDING with its pending data, and sets the password it is given', async () => {
      await scene.bring('AppInstGroup', 'UPDATE_PENDING', names);
      await scene.lock(names);
      expect(await scene.stateOf('AppInstGroup', names)).toBe('LOCKED');
      await expectRefusal(hub, 'INVALID_STATE', () => op('getUpdatePendingAppInstGroup', ids()));
      await expectRefusal(
        hub,
        'CommonException',
        () => op('unlockAppInstGroup', { ...ids(), newPassword: '' }),
        /newPassword/,
      );
      const before = await credentialVersion();
      await done(op('unlockAppInstGroup', { ...ids(), newPassword: 'traffic-2' }));
      expect([await scene.stateOf('AppInstGroup', names), await credentialVersion()]).toEqual([
        'UPDATE_PENDING',
        before + 1,
      ]);
      const pending = await done(op('getUpdatePendingAppInstGroup', ids()));
      expect(pending.returns[0]!.children[0]!.text).toBe('Second');
      await done(op('updateAppInstGroupRes', { ...ids(), response: 'APPROVE' }));
      expect(await scene.nameOf('AppInstGroup', names)).toBe('Second');
    });
  });

  describe('5: ids are unique under their parent', () => {
    it('the same ids under two providers are two applications and two instances', async () => {
      const other = { ...scene.names(), app: names.app, inst: names.inst };
      for (const each of [names, other]) await scene.bring('AppInstGroup', 'ACTIVE', each);
      await done(op('deactivateAppInstGroup', scene.ids(other, 'AppInstGroup', 'op')));
      await done(op('updateAppAccount', { ...scene.ids(other, 'AppAccount', 'op'), appAccount: { name: 'Other' } }));
      expect([
        await scene.stateOf('AppInstGroup', names),
        await scene.stateOf('AppInstGroup', other),
        await scene.nameOf('AppAccount', names),
        await scene.nameOf('AppAccount', other),
      ]).toEqual(['ACTIVE', 'INACTIVE', 'First', 'Other']);
      const listed = await done(op('listAppInstGroups', { appAccountId: names.app }));
      expect(listed.returns.map(({ children }) => children.map(({ text }) => text))).toEqual(
        [names, other].map(({ sp: provider, app, inst }) => [provider, app, inst]),
      );
    });

    it('and so are the same ids under two applications', async () => {
      const other = { ...names, app: `${names.app}-2` };
      await scene.bring('AppInstGroup', 'ACTIVE', names);
      await done(sp('registerAppAccountReq', { appAccountId: other.app, app: {} }));
      await done(
        op('registerAppAccountRes', {
          ...scene.ids(other, 'AppAccount', 'op'),
          appGroupId: 'silver',
          appAccountRef: 'R',
          response: 'APPROVE',
        }),
      );
      const instance = { appInstGroup: { Name: 'Other' }, password: 'traffic-1' };
      await done(sp('registerAppInstGroupReq', { ...scene.ids(other, 'AppInstGroup', 'sp'), ...instance }));
      expect(await scene.stateOf('AppInstGroup', other)).toBe('REGISTERED');
      expect(await scene.nameOf('AppInstGroup', names)).toBe('First');
      await expectRefusal(hub, 'CommonException', () =>
        sp('registerAppInstGroupReq', { ...scene.ids(names, 'AppInstGroup', 'sp'), ...instance }),
      );
    });
  });

  it('5: ids are what they are, letter by letter', async () => {
    await scene.bring('SpAccount', null, names);
    const accounts = ['Größe', 'größe', 'GRÖSSE', 'grosse', 'a/b c%20', '花-😀', `x${'y'.repeat(199)}`];
    for (const [at, spAccountId] of accounts.entries()) {
      const input = { spAccountId, spAccount: { name: `Number ${at}` }, password: `secret-${at}` };
      await done(op('registerSpAccountReq', input));
      const answer = { spAccountId, spGroupId: 'gold', spAccountRef: 'R', response: 'APPROVE' };
      await done(op('registerSpAccountRes', answer));
    }
    for (const [at, spAccountId] of accounts.entries()) {
      const own = await done(hub.sp(spAccountId, `secret-${at}`)('SpService', 'getSpAccount'));
      const seen = await done(op('getSpAccount', { spAccountId }));
      expect([own, seen].map(({ returns }) => returns[0]!.children[0]!.text)).toEqual([`Number ${at}`, `Number ${at}`]);
    }
    expect((await done(op('listSpAccounts'))).values).toEqual(expect.arrayContaining(accounts));
    for (const spAccountId of ['Größe ', ' Größe', 'GrÖße', 'A/b c%20']) {
      for (const operation of ['getSpAccount', 'getSpAccountState', 'activateSpAccount', 'listAppAccounts']) {
        await expectRefusal(hub, 'CommonException', () => op(operation, { spAccountId }));
      }
      expect((await done(hub.op()('OpCdrUtil', 'countCdrs', { spAccountId }))).value).toBe('0');
    }
  });

  describe('8: groups of what is REGISTERED', () => {
    it.each([
      ['SpAccount', { spGroupId: 'gold', spAccountRef: 'R' }, 'spGroupId', 'getSpGroupId'],
      ['AppAccount', { appGroupId: 'silver', appAccountRef: 'R' }, 'appGroupId', 'getAppGroupId'],
    ] as const)('%s has none, and is not admitted to one nobody knows', async (entity, answer, field, read) => {
      await scene.bring(entity, 'REGISTERED', names);
      const ids = scene.ids(names, entity, 'op');
      await expectRefusal(hub, 'CommonException', () => op(read, ids), /group not found/);
      const unknown = { ...ids, ...answer, [field]: 'nobody-knows', response: 'APPROVE' };
      await expectRefusal(hub, 'CommonException', () => op(`register${entity}Res`, unknown), /group not found/);
      expect(await scene.stateOf(entity, names)).toBe('REGISTERED');
      await done(op(`register${entity}Res`, { ...ids, ...answer, response: 'APPROVE' }));
      expect((await done(op(read, ids))).value).toBe(Object.values(answer)[0]);
    });

    it('a disapproval asks for no group that exists', async () => {
      await scene.bring('SpAccount', 'REGISTERED', names);
      const answer = { spGroupId: 'nobody-knows', spAccountRef: 'R', response: 'DISAPPROVE' };
      await done(op('registerSpAccountRes', { spAccountId: names.sp, ...answer }));
      expect(await scene.stateOf('SpAccount', names)).toBeNull();
    });
  });

  describe('9: what still has something in it', () => {
    it.each([
      ['SpAccount', 'AppAccount'],
      ['AppAccount', 'AppInstGroup'],
    ] as const)('%s: the state is asked first, then whether it is empty', async (parent, child) => {
      await scene.bring(child, 'ACTIVE', names);
      const [byOp, bySp] = [scene.ids(names, parent, 'op'), scene.ids(names, parent, 'sp')];
      for (const [fault, reason] of [
        ['INVALID_STATE', /is ACTIVE/],
        ['CommonException', /in use/],
      ] as const) {
        await expectRefusal(hub, fault, () => op(`delete${parent}Req`, byOp), reason);
        await expectRefusal(hub, fault, () => sp(`delete${parent}Req`, bySp), reason);
        if (fault === 'INVALID_STATE') await done(op(`deactivate${parent}`, byOp));
      }
      expect(await scene.stateOf(parent, names)).toBe('INACTIVE');
    });

    it('an instance with an agreement of its own is not asked away', async () => {
      await scene.bring('AppInstGroup', 'INACTIVE', names);
      const { registry } = hub.persistence.readers;
      const instance = await registry.instance(hub.channelId(), names.sp, names.app, names.inst);
      const own = { targetId: instance!.id, type: 'own', document: '<Own/>' };
      const { id } = await hub.model((tx) => setAgreement(tx, own, findXmlFault));
      const [byOp, bySp] = [scene.ids(names, 'AppInstGroup', 'op'), scene.ids(names, 'AppInstGroup', 'sp')];
      await expectRefusal(hub, 'CommonException', () => op('deleteAppInstGroupReq', byOp), /in use/);
      await expectRefusal(hub, 'CommonException', () => sp('deleteAppInstGroupReq', bySp), /in use/);
      await hub.model((tx) => removeAgreement(tx, { id }));
      await done(sp('deleteAppInstGroupReq', bySp));
      await hub.model((tx) => setAgreement(tx, own, findXmlFault));
      await expectRefusal(
        hub,
        'CommonException',
        () => op('deleteAppInstGroupRes', { ...byOp, response: 'APPROVE' }),
        /in use/,
      );
      expect(await scene.stateOf('AppInstGroup', names)).toBe('DELETE_PENDING');
    });

    it('a group with members is not deleted', async () => {
      await scene.bring('AppAccount', 'ACTIVE', names);
      await expectRefusal(hub, 'CommonException', () => op('deleteSpGroup', { spGroupId: 'gold' }), /in use/);
      await expectRefusal(hub, 'CommonException', () => op('deleteAppGroup', { appGroupId: 'silver' }), /in use/);
    });
  });

  it('12: an account of a seed file with its tenant is a registered, active provider', async () => {
    const text = [
      'channels: [{ name: gatekeeper, protocol: prm }]',
      `tenants: [{ key: ${names.sp}, name: Orchid, kind: reseller, channel: gatekeeper, externalId: ${names.sp} }]`,
      `serviceAccounts: [{ channel: gatekeeper, username: ${names.sp}, password: ${providerPassword}, tenant: ${names.sp} }]`,
    ].join('\n');
    const seed = parseSeed(text, 'hub.yaml', channelSettings);
    const clientSecrets = { hash: (secret: string) => secret, matches: () => false };
    await applySeed({ uow: hub.persistence.uow, passwords, clientSecrets }, seed, 'test');
    expect((await done(op('listSpAccounts', { state: 'ACTIVE' }))).values).toContain(names.sp);
    expect(await scene.nameOf('SpAccount', names)).toBe('Orchid');
    expect((await done(sp('getSpAccountState'))).value).toBe('ACTIVE');
    await done(sp('registerAppAccountReq', { appAccountId: names.app, app: {} }));
    expect(await scene.stateOf('AppAccount', names)).toBe('REGISTERED');
    await done(op('setSpAccountPassword', { spAccountId: names.sp, newPassword: 'reset-1' }));
    await done(hub.sp(names.sp, 'reset-1')('SpService', 'deactivateSpAccount'));
    expect(await scene.stateOf('SpAccount', names)).toBe('INACTIVE');
  });
});
