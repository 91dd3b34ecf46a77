import { registerServiceAccount } from '../../src/core/marketplace/index.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { second, shift } from '../../src/core/shared/clock.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { type CommandServer, startCommands } from '../graphql/support/commands.js';
import { countedReaders, member, startMercator } from '../graphql/support/mercator.js';
import { onEveryDatabase } from '../support/databases.js';
import { accepted, makeScene, operator, rightPassword, type Scene, stranger } from './support/interface-users.js';

const fields = `username lockedAt lastSuccessfulLogin lastFailedLogin
  loginHistory(first: 2) { totalCount nodes { outcome address by firstAt lastAt times } pageInfo { hasNextPage endCursor } }`;

onEveryDatabase('login histories in GraphQL', (db) => {
  let server: CommandServer;
  let scene: Scene;
  let tenantId: string;
  beforeAll(async () => {
    server = await startCommands(db);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    scene = await makeScene(db);
    tenantId = await scene.run(async (tx) => {
      return (await createTenant(tx, { kind: 'provider', name: 'Op', channelId: scene.channelId })).id;
    });
    await scene.change({ tenantId });
  });
  const read = async (actor: Actor, query: string) => {
    const { data, errors } = await server.ask(actor, query, { id: scene.accountId });
    expect(errors).toBeUndefined();
    return data;
  };
  const account = async (actor: Actor, selection = fields) =>
    (await read(actor, `query ($id: ID!) { serviceAccount(id: $id) { ${selection} } }`)).serviceAccount;

  it('show the last log-ins and the newest lines first, page by page', async () => {
    const start = db.clock.now();
    expect(await account(operator)).toMatchObject({ lastSuccessfulLogin: null, lastFailedLogin: null });
    const desk = scene.desk();
    await desk.login(rightPassword);
    db.clock.advance(second);
    await desk.login('guess', { address: stranger });
    db.clock.advance(second);
    await desk.login('wrong');
    const shown = await account(operator);
    expect(shown).toMatchObject({
      lockedAt: db.clock.now(),
      lastSuccessfulLogin: start,
      lastFailedLogin: db.clock.now(),
      loginHistory: {
        totalCount: 3,
        nodes: [
          { outcome: 'WRONG_PASSWORD', address: '192.0.2.7', by: '', times: 1, lastAt: db.clock.now() },
          { outcome: 'ADDRESS_NOT_LISTED', address: stranger, firstAt: shift(start, second) },
        ],
        pageInfo: { hasNextPage: true },
      },
    });
    const after = shown.loginHistory.pageInfo.endCursor as string;
    const rest = await account(operator, `loginHistory(after: "${after}") { nodes { outcome } }`);
    expect(rest.loginHistory.nodes).toEqual([{ outcome: 'SUCCEEDED' }]);
    const failed = await account(
      operator,
      'loginHistory(filter: { outcome: { in: [WRONG_PASSWORD] } }) { totalCount }',
    );
    expect(failed.loginHistory.totalCount).toBe(1);
  });

  it('are for those who may see the account', async () => {
    await scene.desk().login('wrong');
    const admin = member('usr_admin', tenantId, ['ADMIN']);
    expect(await account(admin)).toMatchObject({ loginHistory: { totalCount: 1 } });
    const stranger_ = await scene.run((tx) => createTenant(tx, { kind: 'provider', name: 'Other' }));
    for (const actor of [
      member('usr_member', tenantId, ['MEMBER']),
      member('usr_other', stranger_.id, ['OWNER']),
      { kind: 'anonymous' } as const,
    ]) {
      expect(await account(actor)).toBeNull();
      expect(await db.persistence.readers.accountLogins.count(actor)).toBe(0);
    }
  });

  it('unlockServiceAccount lets it call again at once, clears the alarm, and is in the history and the journal', async () => {
    const other = scene.desk(await db.open());
    await scene.desk().login('wrong');
    const { errors } = await server.mutate(
      operator,
      'unlockServiceAccount',
      { id: scene.accountId, reason: 'they mended it' },
      '{ serviceAccount { lockedAt } }',
    );
    expect(errors).toBeUndefined();
    expect(await other.login(rightPassword)).toEqual(accepted);
    const shown = await account(
      operator,
      'lockedAt alarms { nodes { clearedAt } } loginHistory(filter: { outcome: { eq: UNLOCKED } }) { nodes { by address times } } ' +
        'journal(orderBy: { field: id, direction: DESC }, first: 1) { nodes { command reason } }',
    );
    expect(shown).toMatchObject({
      lockedAt: null,
      alarms: { nodes: [{ clearedAt: db.clock.now() }] },
      loginHistory: { nodes: [{ by: 'Olga', address: '127.0.0.1', times: 1 }] },
    });
    expect(shown.journal.nodes[0].reason).toBe('they mended it');
    const refused = await server.mutate(
      member('usr_admin', tenantId, ['ADMIN']),
      'unlockServiceAccount',
      { id: scene.accountId },
      '{ serviceAccount { id } }',
    );
    expect(refused.errors![0]!.extensions.code).toBe('FORBIDDEN');
  });

  it('cost as many statements for ten accounts as for one', async () => {
    await scene.desk().login(rightPassword);
    const counted = countedReaders(db);
    const reading = await startMercator(counted.readers, db.clock);
    const query = `{ serviceAccounts(first: 50) { nodes { ${fields} } } }`;
    try {
      counted.taken();
      await reading.read(operator, query);
      const one = counted.taken().length;
      await scene.run(async (tx) => {
        for (let at = 0; at < 9; at += 1) {
          const made = { channelId: scene.channelId, username: `api-${at}`, passwordHash: 'x' };
          const { id } = await registerServiceAccount(tx, made);
          await tx.accountLogins.add({ serviceAccountId: id, outcome: 'wrongPassword', address: stranger });
        }
      });
      const data = await reading.read(operator, query);
      expect(counted.taken().length).toBe(one);
      expect(data.serviceAccounts.nodes).toHaveLength(10);
      const failed = (data.serviceAccounts.nodes as { lastFailedLogin: string | null }[]).map((n) => n.lastFailedLogin);
      expect(failed.filter((at) => at !== null)).toHaveLength(9);
    } finally {
      await reading.close();
    }
  });
});
