import { createPasswords } from '../../src/platform/passwords.js';
import { onEveryDatabase } from '../support/databases.js';
import { type CommandServer, refusal, startCommands } from './support/commands.js';
import { member, operator } from './support/mercator.js';
import { makeRegistry, password, type Registry } from './support/registry.js';

const other = 'other unmistakable words';
const fingerprint = 'AB:'.repeat(31).concat('AB');

onEveryDatabase('secrets of registrations', (db) => {
  let server: CommandServer;
  let registry: Registry;
  const passwords = createPasswords({ strength: { memoryCost: 8, timeCost: 1, parallelism: 1 } });
  beforeAll(async () => {
    server = await startCommands(db);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    registry = await makeRegistry(db, server);
  });

  const accountOf = (tenantId: string) =>
    registry.stage.unit(async (tx) => (await tx.serviceAccounts.findMany({ tenantId }))[0]!);
  const everythingIn = async (...tables: string[]) =>
    JSON.stringify(await Promise.all(tables.map((table) => db.raw.read.all(`SELECT * FROM ${table}`))));

  it('passwords are hashed, and in clear nowhere: not in the journal, the inbox, events or requests', async () => {
    const { mutate, registered, approve, channelId, tenantId } = registry;
    const asked = { channelId, externalId: 'sp-iris', password, idempotencyKey: `iris ${registry.stage.mark}` };
    const first = await mutate('registerProvider', asked, 'tenant { id } approval { id }');
    expect((await mutate('registerProvider', asked, 'tenant { id } approval { id }')).data).toEqual(first.data);
    expect(refusal(await mutate('registerProvider', { ...asked, password: other }))).toBe(
      'CONFLICT idempotency_conflict',
    );
    const iris = first.data.registerProvider.tenant.id as string;
    expect(await passwords.verify((await accountOf(iris)).passwordHash, password)).toBe(true);

    const application = await registered('registerApplication', { tenantId, externalId: 'mail' });
    await approve(application.approvalId);
    const below = { applicationId: application.id, externalId: 'mail-1', password, idempotencyKey: 'i' };
    const instance = await registered('registerInstance', below);
    const { stage } = registry;
    const credential = () => stage.unit((tx) => tx.trafficCredentials.findOne({ instanceId: instance.id }));
    expect(await passwords.verify((await credential())!.passwordHash, password)).toBe(true);
    await mutate('setTrafficPassword', { instanceId: instance.id, password: other, idempotencyKey: 's' });
    expect(await passwords.verify((await credential())!.passwordHash, other)).toBe(true);
    expect((await credential())!.credentialVersion).toBe(2);
    await mutate('setProviderPassword', { tenantId: iris, password: other, idempotencyKey: 'p' }, undefined);

    const kept = await everythingIn(
      'journal_entries',
      'journal_payloads',
      'inbox',
      'outbox_events',
      'approvals',
      'service_accounts',
      'traffic_credentials',
    );
    expect(kept).not.toContain('unmistakable');
    expect(await everythingIn('journal_payloads', 'outbox_events')).not.toMatch(/argon2/);
  });

  it('short passwords are refused', async () => {
    const { mutate, channelId, tenantId, stage } = registry;
    const answers = await Promise.all([
      mutate('registerProvider', { channelId, externalId: 'x', password: 'short' }),
      mutate('setProviderPassword', { tenantId, password: 'short' }),
      mutate('setTrafficPassword', { instanceId: stage.instance.id, password: 'short' }),
    ]);
    expect(answers.map(refusal)).toEqual(Array(3).fill('INVALID invalid_value'));
  });

  it('another password of a provider ends its sessions and is its secret for digests too', async () => {
    const { mutate, tenantId, stage, channelId } = registry;
    const account = await accountOf(tenantId);
    await mutate('updateServiceAccount', { id: account.id, soapSecret: 'digest words' });
    await stage.unit((tx) =>
      tx.loginTickets.insert({
        id: tx.ids.next('loginTicket'),
        createdAt: tx.now,
        channelId,
        serviceAccountId: account.id,
        ticketHash: stage.mark,
        lastUsedAt: tx.now,
        expiresAt: '2999-01-01T00:00:00.000Z',
        endedAt: null,
      }),
    );
    const late = { tenantId, password: other, expectedVersion: account.version };
    expect(refusal(await mutate('setProviderPassword', late))).toBe('CONFLICT version_conflict');
    const done = await mutate('setProviderPassword', { tenantId, password: other }, 'serviceAccount { username }');
    expect(done.data.setProviderPassword.serviceAccount).toEqual({ username: 'sp-lotus' });
    const after = await accountOf(tenantId);
    expect(after).toMatchObject({ soapSecret: other, credentialVersion: account.credentialVersion + 1 });
    expect(await stage.unit((tx) => tx.loginTickets.count({ serviceAccountId: account.id, endedAt: null }))).toBe(0);
    expect(await passwords.verify(after.passwordHash, other)).toBe(true);
    expect(refusal(await mutate('setProviderPassword', { tenantId: stage.tenant.id, password: other }))).toBe(
      'NOT_FOUND not_found',
    );
  });

  it('the operator’s reference is for operators, in the journal too', async () => {
    const { registered, approve, tenantId, admin, read } = registry;
    const made = await registered('registerApplication', { tenantId, externalId: 'mail' });
    await approve(made.approvalId, { operatorReference: 'crm-4711' });
    const query = `{ application(id: "${made.id}") { operatorReference journal { nodes { before after } } } tenant(id: "${tenantId}") { operatorReference } }`;
    const seen = await read(query);
    expect([seen.application.operatorReference, seen.tenant.operatorReference]).toEqual(['crm-4711', '']);
    expect(JSON.stringify(seen.application.journal)).toContain('crm-4711');
    for (const caller of [admin, member('usr_00000000000000000000000008', tenantId, ['VIEWER'])]) {
      const shown = await read(query, caller);
      expect([shown.application.operatorReference, shown.tenant.operatorReference]).toEqual([null, null]);
      expect(shown.application.journal.nodes.length).toBeGreaterThan(1);
      expect(JSON.stringify(shown)).not.toContain('crm-4711');
    }
    const filtered = '{ applications(filter: { operatorReference: { eq: "crm-4711" } }) { totalCount } }';
    expect((await server.ask(operator(), filtered)).errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('certificates: one account each on a channel, free again once unbound', async () => {
    const { mutate, tenantId, stage, admin, read } = registry;
    const [account, channelId] = [await accountOf(tenantId), registry.channelId];
    const made = await mutate('registerServiceAccount', { channelId, username: 'op-desk' }, 'serviceAccount { id }');
    const desk = made.data.registerServiceAccount.serviceAccount.id as string;
    const bind = (serviceAccountId: string, name = fingerprint, kind = 'FINGERPRINT') =>
      mutate('bindCertificate', { serviceAccountId, kind, name }, 'accountCertificate { id name }');
    const bound = await bind(account.id);
    expect(bound.data.bindCertificate.accountCertificate.name).toBe('ab'.repeat(32));
    expect((await bind(account.id)).data).toEqual(bound.data);
    expect(refusal(await bind(desk))).toBe('CONFLICT already_exists');
    expect(refusal(await bind(desk, 'ab'))).toBe('INVALID invalid_value');
    expect(refusal(await bind(desk, 'CN=desk,O=Hub', 'SUBJECT'))).toBeUndefined();

    const query = `{ accountCertificates { nodes { name serviceAccount { username } } } tenant(id: "${tenantId}") { serviceAccounts { nodes { certificates { nodes { kind } } } } } }`;
    expect(await read(query, admin)).toEqual({
      accountCertificates: { nodes: [{ name: 'ab'.repeat(32), serviceAccount: { username: 'sp-lotus' } }] },
      tenant: { serviceAccounts: { nodes: [{ certificates: { nodes: [{ kind: 'FINGERPRINT' }] } }] } },
    });
    const { id } = bound.data.bindCertificate.accountCertificate;
    expect(refusal(await mutate('unbindCertificate', { id, expectedVersion: 9 }))).toBe('CONFLICT version_conflict');
    expect(refusal(await mutate('unbindCertificate', { id }))).toBeUndefined();
    expect((await read(query, admin)).accountCertificates.nodes).toEqual([]);
    expect(refusal(await bind(desk))).toBeUndefined();
    expect(await stage.unit((tx) => tx.accountCertificates.count({ serviceAccountId: desk }))).toBe(2);
  });

  it('accounts end with their provider: listed as such, changed no more, their names free', async () => {
    const { mutate, tenantId, channelId, read } = registry;
    const account = await accountOf(tenantId);
    await mutate('terminateTenant', { id: tenantId });
    const list = async (filter: string) =>
      (
        await read(
          `{ serviceAccounts(filter: { channelId: { eq: "${channelId}" } ${filter} }) { totalCount nodes { username ended } } }`,
        )
      ).serviceAccounts;
    const ended = { totalCount: 1, nodes: [{ username: 'sp-lotus', ended: true }] };
    expect(await list('')).toEqual(ended);
    expect(await list('ended: { eq: true }')).toEqual(ended);
    expect((await list('ended: { eq: false }')).totalCount).toBe(0);
    const target = { id: account.id };
    const answers = await Promise.all([
      mutate('enableServiceAccount', target),
      mutate('unlockServiceAccount', target),
      mutate('updateServiceAccount', { ...target, password: other }),
      mutate('bindCertificate', { serviceAccountId: account.id, kind: 'SUBJECT', name: 'CN=x' }),
      mutate('setProviderPassword', { tenantId, password: other }),
    ]);
    expect(answers.map(refusal)).toEqual(Array(5).fill('WRONG_STATE terminated'));
    const again = await mutate('registerServiceAccount', { channelId, username: 'sp-lotus' }, 'serviceAccount { id }');
    expect(refusal(again)).toBeUndefined();
    for (const mutation of ['disableServiceAccount', 'enableServiceAccount', 'unlockServiceAccount']) {
      expect(refusal(await mutate(mutation, again.data.registerServiceAccount.serviceAccount))).toBeUndefined();
    }
  });
});
