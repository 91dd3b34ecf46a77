import { hour, minute } from '../../src/core/shared/clock.js';
import { onEveryDialect } from '../support/databases.js';
import type { Bean } from './support/caller.js';
import { operators, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import { messageAbout, type Subject } from './support/message-about.js';
import { type NamedOperation, operations } from './support/operations.js';
import { expectRefusal, journalEntries } from './support/refusals.js';
import { done, stage } from './support/stage.js';

type Account = keyof typeof operators;
const levelOf = (account: Account): number => operators[account] ?? 0;
const accounts = Object.keys(operators) as Account[];

onEveryDialect('who may call which side', (dialect) => {
  let hub: PrmHub;
  let subject: Subject;
  beforeAll(async () => {
    hub = await startPrmHub(dialect, {
      gatekeeper: {},
      strict: { selfRegistration: false, spMayReactivate: false },
    });
    const scene = stage(hub);
    const names = scene.names();
    await scene.bring('AppInstGroup', 'ACTIVE', names);
    subject = { ...names, spGroup: 'gold', appGroup: 'silver' };
  });
  afterAll(() => hub.close());

  const about = (operation: NamedOperation): Bean => messageAbout(subject, operation) as Bean;

  it.each(['op', 'sp'] as const)(
    'accounts of the other side are refused at every operation of the %s side',
    async (side) => {
      const before = await journalEntries(hub);
      const foreigner = side === 'op' ? hub.sp(subject.sp) : hub.op('admin');
      const asked = operations.filter(({ service, anonymous }) => service.side === side && !anonymous);
      for (const operation of asked) {
        hub.clock.advance(minute); // so many refusals would make the address wait
        const { fault } = await foreigner(operation.service.name, operation.name, about(operation));
        expect([operation.fullName, fault]).toEqual([operation.fullName, 'ACCESS_DENIED']);
        const { fault: unknown } = await hub.stranger()(operation.service.name, operation.name, about(operation));
        expect([operation.fullName, unknown]).toEqual([operation.fullName, 'ACCESS_DENIED']);
      }
      expect(asked).toHaveLength(side === 'op' ? 61 : 32);
      expect(await journalEntries(hub)).toBe(before);
    },
  );

  const levelled = operations.filter(({ service, anonymous }) => service.side === 'op' && !anonymous);

  it('every operation of the operator but getUserLevel asks for a level', () => {
    expect(levelled.filter(({ minUserLevel = 0 }) => minUserLevel === 0).map(({ name }) => name)).toEqual([
      'getUserLevel',
    ]);
    expect(levelled.filter(({ minUserLevel }) => minUserLevel === 333)).toHaveLength(25);
    expect(levelled.filter(({ minUserLevel }) => minUserLevel === 666)).toHaveLength(35);
  });

  it.each(levelled.map((operation) => [operation.fullName, operation.minUserLevel ?? 0, operation] as const))(
    '%s is for level %i and above',
    async (_, level, operation) => {
      const call = (account: Account) => hub.op(account)(operation.service.name, operation.name, about(operation));
      for (const account of accounts.filter((name) => levelOf(name) < level)) {
        await expectRefusal(hub, 'ACCESS_DENIED', () => call(account), /needs the right/);
      }
      for (const account of accounts.filter((name) => levelOf(name) >= level)) {
        expect([account, (await call(account)).fault]).not.toEqual([account, 'ACCESS_DENIED']);
      }
    },
  );

  it('getUserLevel names the level, and none for an account of which nobody said one', async () => {
    const named = [];
    for (const account of accounts) named.push((await done(hub.op(account)('OpService', 'getUserLevel'))).value);
    expect(named).toEqual(['UNAUTHORIZED', 'READ_ONLY', 'READ_WRITE', 'ADMINISTRATOR', 'UNAUTHORIZED']);
  });

  describe('settings of a channel', () => {
    const account = (spAccountId: string) => ({ spAccountId, spAccount: {}, password: providerPassword });
    const apply = (spAccountId: string, channel?: string) =>
      hub.stranger(channel)('SpLogin', 'registerSpAccountReq', account(spAccountId));

    it('strangers apply ten times an hour, the operator as often as it likes', async () => {
      for (let at = 0; at < 10; at += 1) await done(apply(`applicant-${at}`));
      await expectRefusal(hub, 'CommonException', () => apply('applicant-10'), /too many attempts/);
      await done(hub.op('writer')('OpService', 'registerSpAccountReq', account('applicant-10')));
      hub.clock.advance(hour + 1);
      await done(apply('applicant-11'));
    });

    it('strangers may not apply where that is switched off', async () => {
      await expectRefusal(hub, 'CommonException', () => apply('applicant', 'strict'), /switched off/);
      await done(hub.op('writer', 'strict')('OpService', 'registerSpAccountReq', account('applicant')));
    });

    it('what the operator stopped is the operator’s to start, where a channel says so', async () => {
      for (const [channel, fault] of [
        ['gatekeeper', undefined],
        ['strict', 'ACCESS_DENIED'],
      ] as const) {
        const spAccountId = `stopped-${channel}`;
        const call = (operation: string, input: Bean = {}) =>
          done(hub.op('writer', channel)('OpService', operation, { spAccountId, ...input }));
        await done(hub.op('writer', channel)('OpService', 'registerSpAccountReq', account(spAccountId)));
        if (channel === 'strict')
          await done(hub.op('writer', channel)('OpService', 'createSpGroup', { spGroupId: 'gold', spGroup: {} }));
        await call('registerSpAccountRes', { spGroupId: 'gold', spAccountRef: 'R', response: 'APPROVE' });
        const own = hub.sp(spAccountId, providerPassword, channel);
        await done(own('SpService', 'deactivateSpAccount'));
        await done(own('SpService', 'activateSpAccount'));
        await call('deactivateSpAccount');
        expect((await own('SpService', 'activateSpAccount')).fault).toBe(fault);
        expect((await call('getSpAccountState')).value).toBe(fault === undefined ? 'ACTIVE' : 'INACTIVE');
      }
    });
  });
});
