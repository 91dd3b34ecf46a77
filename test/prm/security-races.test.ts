import { decideApproval } from '../../src/core/provisioning/index.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import { onEveryDialect } from '../support/databases.js';
import { freshAddress, shoot } from './support/attack.js';
import { type Bean, passwordText, type Reply } from './support/caller.js';
import { operatorPassword, type PrmHub, providerPassword, startPrmHub } from './support/hub.js';
import type { PrmProcess } from './support/process.js';
import { done, type Names, stage } from './support/stage.js';

onEveryDialect('at the same moment, on two processes', (dialect) => {
  let hub: PrmHub;
  let other: PrmProcess;
  let scene: ReturnType<typeof stage>;
  let names: Names;
  beforeAll(async () => {
    hub = await startPrmHub(dialect, { gatekeeper: {}, second: {} });
    other = await hub.join();
    scene = stage(hub);
  });
  afterAll(() => hub.close());
  beforeEach(() => {
    names = scene.names();
  });
  afterEach(() => expect(hub.logged()).not.toContain('internal error'));

  let turn = 0;
  const by = (username: string, password: string, service: string) => (operation: string, input: Bean) => {
    turn += 1;
    const base = turn % 2 === 0 ? hub.base() : other.base('gatekeeper');
    const header = passwordText({ username, password });
    return shoot(hub, { call: `${service}.${operation}`, input, header, base, address: freshAddress() });
  };
  const op = by('op-admin', operatorPassword, 'OpService');
  const sp = (operation: string, input: Bean = {}) => by(names.sp, providerPassword, 'SpService')(operation, input);
  const many = (count: number, one: (at: number) => Promise<Reply>) =>
    Promise.all(Array.from({ length: count }, (_, at) => one(at)));
  const tally = (replies: readonly Reply[]) => {
    const counts: Record<string, number> = {};
    for (const { fault = 'done' } of replies) counts[fault] = (counts[fault] ?? 0) + 1;
    return counts;
  };
  const rows = async (query: string): Promise<number> => {
    const database = await openDatabase(hub.databaseUrl, 1);
    try {
      const [row] = await database.read.all<{ total: number }>(query, []);
      return row!.total;
    } finally {
      await database.close();
    }
  };
  const yes = { response: 'APPROVE' };

  it('one id is registered once: provider, application and instance', async () => {
    await scene.bring('AppInstGroup', null, names);
    const fresh = { spAccountId: `${names.sp}-2`, spAccount: {}, password: providerPassword };
    const registrations = [
      () => op('registerSpAccountReq', fresh),
      () => sp('registerAppAccountReq', { appAccountId: 'twice', app: {} }),
      () =>
        sp('registerAppInstGroupReq', {
          appAccountId: names.app,
          appInstGroupId: 'twice',
          appInstGroup: {},
          password: 'x',
        }),
    ];
    for (const register of registrations) {
      expect(tally(await many(8, register))).toEqual({ done: 1, CommonException: 7 });
    }
  });

  it('a request is answered once, whichever way', async () => {
    for (let round = 0; round < 3; round += 1) {
      const own = scene.names();
      await scene.bring('SpAccount', 'REGISTERED', own);
      const answer = { spAccountId: own.sp, spGroupId: 'gold', spAccountRef: 'R' };
      const replies = await many(8, (at) =>
        op('registerSpAccountRes', { ...answer, response: at % 2 === 0 ? 'APPROVE' : 'DISAPPROVE' }),
      );
      const counts = tally(replies);
      expect(counts.done).toBe(1);
      expect((counts.INVALID_STATE ?? 0) + (counts.CommonException ?? 0)).toBe(7);
    }
  });

  it('an application is approved while its provider stops: both are what was said', async () => {
    await scene.bring('AppAccount', 'REGISTERED', names);
    const ids = scene.ids(names, 'AppAccount', 'op');
    const replies = await Promise.all([
      op('registerAppAccountRes', { ...ids, appGroupId: 'silver', appAccountRef: 'R', ...yes }),
      sp('deactivateSpAccount'),
      ...Array.from({ length: 4 }, () => sp('updateSpAccountReq', { spAccount: { Name: 'Late' } })),
    ]);
    expect(replies[0].fault).toBeUndefined();
    expect(await scene.stateOf('AppAccount', names)).toBe('ACTIVE');
    const state = await scene.stateOf('SpAccount', names);
    const updates = replies.slice(2).filter(({ fault }) => fault === undefined).length;
    expect([state, updates]).toEqual(replies[1].fault === undefined ? ['INACTIVE', 0] : ['UPDATE_PENDING', 1]);
  });

  it('nothing is registered below what ends', async () => {
    for (let round = 0; round < 3; round += 1) {
      names = scene.names();
      await scene.bring('SpAccount', 'ACTIVE', names);
      const own = { spAccountId: names.sp };
      const end = async (): Promise<void> => {
        for (const step of ['deactivateSpAccount', 'deleteSpAccountReq']) await op(step, own);
        await op('deleteSpAccountRes', { ...own, ...yes });
      };
      const children = many(8, (at) => sp('registerAppAccountReq', { appAccountId: `late-${at}`, app: {} }));
      await Promise.all([children, end()]);
    }
    const orphans =
      'SELECT COUNT(*) AS total FROM applications a JOIN tenants t ON t.id = a.owner_tenant_id ' +
      'WHERE a.terminated_at IS NULL AND t.terminated_at IS NOT NULL';
    expect(await rows(orphans)).toBe(0);
    names = scene.names();
    await scene.bring('AppAccount', 'ACTIVE', names);
    const ids = scene.ids(names, 'AppAccount', 'op');
    const end = async (): Promise<void> => {
      for (const step of ['deactivateAppAccount', 'deleteAppAccountReq']) await op(step, ids);
      await op('deleteAppAccountRes', { ...ids, ...yes });
    };
    const below = { ...scene.ids(names, 'AppAccount', 'sp'), appInstGroup: {}, password: 'x' };
    await Promise.all([
      many(8, (at) => sp('registerAppInstGroupReq', { ...below, appInstGroupId: `late-${at}` })),
      end(),
    ]);
    const lost =
      'SELECT COUNT(*) AS total FROM instances i JOIN applications a ON a.id = i.application_id ' +
      'WHERE i.terminated_at IS NULL AND a.terminated_at IS NOT NULL';
    expect(await rows(lost)).toBe(0);
  });

  it('one provider asks for one thing, and a group is left or ended, not both', async () => {
    await scene.bring('SpAccount', 'ACTIVE', names);
    const asked = await many(8, (at) =>
      at % 2 === 0 ? sp('updateSpAccountReq', { spAccount: { Name: `N${at}` } }) : sp('deactivateSpAccount'),
    );
    expect(tally(asked)).toEqual({ done: 1, INVALID_STATE: 7 });
    await op('createSpGroup', { spGroupId: `of-${names.sp}`, spGroup: {} });
    const [moved, ended] = await Promise.all([
      op('moveSpToGroup', { spAccountId: names.sp, SpGroupId: `of-${names.sp}` }),
      op('deleteSpGroup', { spGroupId: `of-${names.sp}` }),
    ]);
    expect([moved.fault, ended.fault].filter((fault) => fault === undefined)).toHaveLength(1);
  });

  it('an answer is the operator’s of that channel with that level, and to what they saw', async () => {
    await scene.bring('SpAccount', 'REGISTERED', names);
    const neighbour = scene.names();
    await scene.bring('SpAccount', 'ACTIVE', neighbour);
    const approval = await hub.model(async (tx) => {
      const [ref] = await tx.externalRefs.findMany({ channelId: hub.channelId(), externalId: names.sp, liveKey: '0' });
      return (await tx.approvals.findOne({ openKey: ref!.targetId }))!;
    });
    const actor = (username: string, channel: string, change: object = {}) =>
      hub.model(async (tx): Promise<Actor> => {
        const channelId = hub.channelId(channel);
        const { id, tenantId, level } = (await tx.serviceAccounts.findOne({ channelId, username, liveKey: '0' }))!;
        return { kind: 'serviceAccount', serviceAccountId: id, username, channelId, tenantId, level, ...change };
      });
    const decide = (who: Actor, expectedVersion: number | null = null) =>
      hub.model((tx) => decideApproval(tx, { id: approval.id, approve: true, expectedVersion }), who);
    const refused = [
      [await actor('op-admin', 'second'), 'not_found'],
      [await actor(neighbour.sp, 'gatekeeper'), 'not_found'],
      [await actor(names.sp, 'gatekeeper'), 'forbidden'],
      [await actor(names.sp, 'gatekeeper', { level: 1_000 }), 'forbidden'],
      [await actor('op-reader', 'gatekeeper'), 'forbidden'],
      [await actor('op-unset', 'gatekeeper'), 'forbidden'],
      [await actor('op-none', 'gatekeeper'), 'not_found'],
      [{ kind: 'anonymous' }, 'not_found'],
    ] as const;
    for (const [who, code] of refused) await expect(decide(who)).rejects.toMatchObject({ code });
    const writer = await actor('op-writer', 'gatekeeper');
    await expect(decide(writer, approval.version + 1)).rejects.toMatchObject({ code: 'version_conflict' });
    expect((await decide(writer, approval.version)).status).toBe('APPROVED');
    await expect(decide(writer)).rejects.toMatchObject({ code: 'wrong_state' });
    const late = { spAccountId: names.sp, spGroupId: 'gold', spAccountRef: 'R', ...yes };
    expect((await op('registerSpAccountRes', late)).fault).toBe('INVALID_STATE');
    await done(sp('getSpAccountState'));
  });
});
