import { createCaller, passwordText, type Reply } from '../prm/support/caller.js';
import { graphqlClient } from '../support/graphql-call.js';
import { type Hub, startHub } from '../support/hub.js';
import { credentials } from '../support/hub-seed.js';
import { testDialects } from '../support/mysql.js';
import { basic } from '../support/soap-call.js';

const desk = { username: 'op-desk', password: 'change-me-Op-1' };
const ids = { spAccountId: 'acme', appAccountId: 'sms-gateway', appInstGroupId: 'node-1' };
const trafficId = 'acme/sms-gateway/node-1';
const traffic = 'traffic-secret-1';

/** A provider from its first request to traffic, through SOAP, GraphQL, the token endpoint and the gateway check of a built hub. */
describe.each(await testDialects())('a provider of a PRM channel on %s', (dialect) => {
  let hub: Hub;
  let op: ReturnType<typeof createCaller>;
  let sp: ReturnType<typeof createCaller>;

  beforeAll(async () => {
    hub = await startHub({ dialect });
    op = createCaller(hub.publicUrl, passwordText(desk));
    sp = createCaller(hub.publicUrl, passwordText({ username: ids.spAccountId, password: 'acme-secret-1' }));
  });
  afterAll(() => hub?.close());

  it('applies, is approved in SOAP and GraphQL, and sends traffic until somebody stops it', async () => {
    const stranger = createCaller(hub.publicUrl);
    const graphql = graphqlClient(hub.publicUrl);
    const { spAccountId, appAccountId } = ids;
    const account = { spAccountId, spAccount: { Name: 'Acme', EMailAddress: 'desk@acme.example' } };
    await done(stranger('SpLogin', 'registerSpAccountReq', { ...account, password: 'acme-secret-1' }));
    expect((await sp('SpService', 'getSpAccountState')).fault).toBe('ACCESS_DENIED');
    expect((await op('OpService', 'listSpAccounts', { state: 'REGISTERED' })).values).toEqual([spAccountId]);

    await done(op('OpService', 'createSpGroup', { spGroupId: 'gold', spGroup: { sla: '<Sla/>' } }));
    await done(op('OpService', 'createAppGroup', { appGroupId: 'silver', appGroup: { sla: '<Sla/>' } }));
    const asSp = { spAccountId, spGroupId: 'gold', spAccountRef: 'CRM-1' };
    await done(op('OpService', 'registerSpAccountRes', { ...asSp, response: 'APPROVE' }));
    await done(sp('SpService', 'registerAppAccountReq', { appAccountId, app: { Name: 'SMS gateway' } }));
    const asApp = { spAccountId, appAccountId, appGroupId: 'silver', appAccountRef: 'CRM-2' };
    await done(op('OpService', 'registerAppAccountRes', { ...asApp, response: 'APPROVE' }));
    const { appInstGroupId } = ids;
    const node = { appAccountId, appInstGroupId, appInstGroup: { Name: 'Node 1', SLA: '1' }, password: traffic };
    await done(sp('SpService', 'registerAppInstGroupReq', node));
    expect(await token()).toBeUndefined();

    // asked for over SOAP, answered in GraphQL
    const inbox = await graphql.ok(
      '{ approvals(first: 5, filter: { status: { eq: OPEN } }) { nodes { id objectKind } } }',
    );
    expect(inbox.approvals.nodes).toHaveLength(1);
    const answer = `mutation($input: DecideApprovalInput!) { decideApproval(input: $input) { approval { status } } }`;
    await graphql.ok(answer, { input: { id: inbox.approvals.nodes[0].id, approve: true, reason: 'welcome' } });
    expect(await states()).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);

    const first = await token();
    expect(first).toEqual(expect.any(String));
    expect(await ask({ token: first })).toMatchObject({ allowed: true, ...ids });
    expect(await ask({ ...ids, password: traffic })).toMatchObject({
      allowed: true,
      spGroupId: 'gold',
      appGroupId: 'silver',
    });

    await done(op('OpService', 'deactivateSpAccount', { spAccountId }));
    expect(await ask({ token: first })).toEqual({ allowed: false, reason: 'ownerTenant' });
    expect(await ask({ ...ids, password: traffic })).toEqual({ allowed: false, reason: 'ownerTenant' });
    expect(await token()).toBeUndefined();
    expect(await states()).toEqual(['INACTIVE', 'ACTIVE', 'ACTIVE']);

    await done(sp('SpService', 'activateSpAccount'));
    expect(await ask({ token: await token() })).toMatchObject({ allowed: true });

    const { journal } = await graphql.ok('{ journal(first: 100) { nodes { command actorName } } }');
    const commands = journal.nodes.map((entry: { command: string; actorName: string }) => [
      entry.command,
      entry.actorName,
    ]);
    expect(commands).toEqual(
      expect.arrayContaining([
        ['prm.SpLogin.registerSpAccountReq', 'anonymous'],
        ['prm.OpService.deactivateSpAccount', 'op-desk'],
        ['prm.SpService.activateSpAccount', 'acme'],
      ]),
    );
  });

  it('asks in GraphQL and is answered over SOAP', async () => {
    const graphql = graphqlClient(hub.publicUrl);
    const { tenants } = await graphql.ok('{ tenants(first: 1, filter: { name: { eq: "Acme" } }) { nodes { id } } }');
    const request = `mutation($input: RequestApprovalInput!) { requestApproval(input: $input) { approval { id } } }`;
    const proposal = { id: tenants.nodes[0].id, objectKind: 'TENANT', kind: 'UPDATE', name: 'Acme Messaging' };
    await graphql.ok(request, { input: proposal });
    const { spAccountId } = ids;
    expect((await op('OpService', 'getSpAccountState', { spAccountId })).value).toBe('UPDATE_PENDING');
    expect((await op('OpService', 'getUpdatePendingSpAccount', { spAccountId })).text).toContain('Acme Messaging');
    await done(op('OpService', 'updateSpAccountRes', { spAccountId, response: 'APPROVE' }));
    expect((await sp('SpService', 'getSpAccount')).text).toContain('Acme Messaging');
  });

  async function states(): Promise<(string | undefined)[]> {
    const { spAccountId, appAccountId } = ids;
    return [
      (await op('OpService', 'getSpAccountState', { spAccountId })).value,
      (await op('OpService', 'getAppAccountState', { spAccountId, appAccountId })).value,
      (await op('OpService', 'getAppInstGroupState', ids)).value,
    ];
  }

  /** Undefined when the hub refuses one. */
  async function token(): Promise<string | undefined> {
    const response = await fetch(`${hub.publicUrl}/oidc/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: trafficId, client_secret: traffic }),
    });
    const answer = (await response.json()) as { access_token?: string };
    return answer.access_token;
  }

  async function ask(question: object): Promise<object> {
    const { clientId, clientSecret } = credentials.backoffice;
    const response = await fetch(`${hub.publicUrl}/traffic/check`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: basic({ username: clientId, password: clientSecret }),
      },
      body: JSON.stringify(question),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as object;
  }
});

async function done(reply: Promise<Reply>): Promise<void> {
  const { fault, faultText } = await reply;
  expect([fault, faultText]).toEqual([undefined, undefined]);
}
