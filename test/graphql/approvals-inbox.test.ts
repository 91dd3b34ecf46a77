import { provisionInstance } from '../../src/core/provisioning/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { type CommandServer, refusal, startCommands } from './support/commands.js';
import { countedReaders, member, operator, startMercator } from './support/mercator.js';
import { makeRegistry, password, type Registry } from './support/registry.js';

onEveryDatabase('the inbox of approvals', (db) => {
  let server: CommandServer;
  let registry: Registry;
  beforeAll(async () => {
    server = await startCommands(db);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    registry = await makeRegistry(db, server);
  });

  const ask = (input: object, actor = registry.admin) =>
    registry.mutate(
      'requestApproval',
      input,
      'approval { id proposed proposal { name description country contact { name email address } accessUrl properties { name value } parameters { name value } } changes { field from to } }',
      actor,
    );

  it('an update of a tenant: what is proposed, what it would change, and nothing written before the answer', async () => {
    const { mutate, tenantId: id, read, approve } = registry;
    const properties = [{ name: 'region', value: 'eu' }, { name: 'trial' }];
    const contact = { name: 'Ute', phone: '1', address: '1 Quay' };
    await mutate('updateTenant', { id, country: 'JP', properties, contact });
    const proposal = {
      name: 'Lotus Works',
      country: null,
      contact: { email: 'ute@lotus.example', address: '2 Quay\nHarbor' },
      properties: [{ name: 'region', value: 'jp' }],
    };
    const asked = await ask({ id, objectKind: 'TENANT', kind: 'UPDATE', ...proposal });
    const { id: approvalId, ...shown } = asked.data.requestApproval.approval;
    expect(JSON.parse(shown.proposed)).toMatchObject({ name: 'Lotus Works', country: '' });
    expect(shown.proposal).toEqual({
      name: 'Lotus Works',
      description: null,
      country: '',
      contact: { name: 'Ute', email: 'ute@lotus.example', address: '2 Quay\nHarbor' },
      accessUrl: null,
      properties: [{ name: 'region', value: 'jp' }],
      parameters: null,
    });
    expect(shown.changes).toEqual([
      { field: 'name', from: 'sp-lotus', to: 'Lotus Works' },
      { field: 'country', from: 'JP', to: '' },
      { field: 'contact.address', from: '1 Quay', to: '2 Quay\nHarbor' },
      { field: 'contact.email', from: null, to: 'ute@lotus.example' },
      { field: 'properties.region', from: 'eu', to: 'jp' },
      { field: 'properties.trial', from: '', to: null },
    ]);
    const profile = `{ tenant(id: "${id}") { state name contact { name email phone address } properties { name value } openApproval { id changes { field } } } }`;
    expect((await read(profile)).tenant).toMatchObject({
      state: 'UPDATE_PENDING',
      name: 'sp-lotus',
      contact: { ...contact, email: null },
      openApproval: { id: approvalId },
    });
    expect(refusal(await mutate('updateTenant', { id, name: 'Other' }))).toBe('WRONG_STATE wrong_state');
    expect(refusal(await ask({ id, objectKind: 'TENANT', kind: 'DELETE' }))).toBe('WRONG_STATE approval_open');
    await approve(approvalId);
    expect((await read(profile)).tenant).toEqual({
      state: 'ACTIVE',
      name: 'Lotus Works',
      contact: { ...contact, ...proposal.contact },
      properties: proposal.properties,
      openApproval: null,
    });
    const answered = `{ approval(id: "${approvalId}") { status proposal { name } changes { field } } }`;
    expect((await read(answered)).approval).toEqual({
      status: 'APPROVED',
      proposal: { name: 'Lotus Works' },
      changes: [],
    });
  });

  it('updates of applications and instances, with description and properties', async () => {
    const { registered, approve, tenantId, read } = registry;
    const application = await registered('registerApplication', { tenantId, externalId: 'mail' });
    await approve(application.approvalId);
    const below = { applicationId: application.id, externalId: 'mail-1', password };
    const instance = await registered('registerInstance', below);
    await approve(instance.approvalId);
    const properties = [{ name: 'tier', value: '2' }];
    for (const [kind, { id }] of Object.entries({ application, instance })) {
      const proposal = { objectKind: kind.toUpperCase(), kind: 'UPDATE', description: 'Letters', properties };
      const asked = await ask({ id, ...proposal });
      expect(asked.data.requestApproval.approval.changes).toEqual([
        { field: 'description', from: '', to: 'Letters' },
        { field: 'properties.tier', from: null, to: '2' },
      ]);
      await approve(asked.data.requestApproval.approval.id);
      const seen = await read(`{ ${kind}(id: "${id}") { description properties { name value } } }`);
      expect(seen[kind]).toEqual({ description: 'Letters', properties });
    }
    const bad = { id: tenantId, objectKind: 'TENANT', kind: 'UPDATE', description: 'no such thing' };
    expect(refusal(await ask(bad))).toBe('INVALID invalid_value');
  });

  it('the end is asked for of what is stopped and empty', async () => {
    const { mutate, tenantId: id, registered, approve, admin } = registry;
    const end = { id, objectKind: 'TENANT', kind: 'DELETE' };
    expect(refusal(await ask(end))).toBe('WRONG_STATE wrong_state');
    const application = await registered('registerApplication', { tenantId: id, externalId: 'mail' });
    await approve(application.approvalId);
    await mutate('disableTenant', { id }, undefined, admin);
    expect(refusal(await ask(end))).toBe('WRONG_STATE in_use');
    await mutate('terminateApplication', { id: application.id });
    const asked = await ask(end);
    expect(asked.data.requestApproval.approval).toMatchObject({ proposed: '{}', proposal: null, changes: [] });
    await approve(asked.data.requestApproval.approval.id);
    const seen = await registry.read(`{ tenant(id: "${id}") { state openApproval { id } } }`);
    expect(seen.tenant).toEqual({ state: 'TERMINATED', openApproval: null });
    const register = { id, objectKind: 'TENANT', kind: 'REGISTER' };
    expect((await ask(register)).errors?.[0]?.message).toMatch(/ApprovalRequestKind/);
  });

  it('is filtered and ordered as a console does, and leads to its channel and object', async () => {
    const { registered, tenantId, channelId, read, mutate } = registry;
    const first = await registered('registerApplication', { tenantId, externalId: 'mail' });
    db.clock.advance(1_000);
    const second = await registered('registerApplication', { tenantId, externalId: 'chat' });
    await mutate('decideApproval', { id: first.approvalId, approve: true });
    const list = async (filter: string, order = '') => {
      const given = `filter: { channelId: { eq: "${channelId}" } ${filter} } ${order}`;
      return (await read(`{ approvals(${given}) { totalCount nodes { id } } }`)).approvals;
    };
    expect(await list('status: { eq: OPEN }')).toEqual({ totalCount: 1, nodes: [{ id: second.approvalId }] });
    const ofApplications = await list(
      `objectKind: { in: [APPLICATION] } kind: { eq: REGISTER } tenantId: { eq: "${tenantId}" }`,
      'orderBy: { field: createdAt, direction: DESC }',
    );
    expect(ofApplications.nodes).toEqual([{ id: second.approvalId }, { id: first.approvalId }]);
    expect((await list('objectKind: { eq: TENANT }')).totalCount).toBe(1);
    const query = `{ approval(id: "${second.approvalId}") { requestedBy createdAt channel { id } tenant { id } object { ... on Application { key state } } }
      channel(id: "${channelId}") { approvals(filter: { status: { eq: OPEN } }) { nodes { id } } applications { nodes { key } } } }`;
    expect(await read(query)).toEqual({
      approval: {
        requestedBy: 'Ute',
        createdAt: db.clock.now(),
        channel: { id: channelId },
        tenant: { id: tenantId },
        object: { key: 'chat', state: 'REGISTERED' },
      },
      channel: {
        approvals: { nodes: [{ id: second.approvalId }] },
        applications: { nodes: [{ key: 'mail' }, { key: 'chat' }] },
      },
    });
    const filtered = await read(`{ applications(filter: { channelId: { eq: "${channelId}" } }) { totalCount } }`);
    expect(filtered.applications.totalCount).toBe(2);
  });

  it('costs as many statements for many as for one', async () => {
    const { stage } = registry;
    const make = (count: number) =>
      stage.unit(async (tx) => {
        const { askApproval } = await import('../../src/core/provisioning/index.js');
        const place = { tenantId: stage.tenant.id, applicationId: stage.application.id };
        for (let n = 0; n < count; n += 1) {
          const { instance } = await provisionInstance(tx, place);
          await askApproval(tx, { kind: 'instance', id: instance.id, approval: 'update', proposed: { name: `N${n}` } });
        }
      });
    const counted = countedReaders(db);
    const mercator = await startMercator(counted.readers, db.clock);
    const query = `{ approvals(first: 100, filter: { tenantId: { eq: "${stage.tenant.id}" }, status: { eq: OPEN } }) { nodes {
      requestedBy changes { field from to } proposal { name } channel { name } tenant { name openApproval { id } }
      object { id ... on Instance { name hasTrafficPassword operatorReference openApproval { id } } }
    } } }`;
    const statements = async () => {
      counted.taken();
      const answer = await mercator.read(operator(), query);
      return [answer.approvals.nodes.length, counted.taken().length];
    };
    try {
      const [few, cost] = await statements();
      await make(20);
      expect(await statements()).toEqual([few! + 20, cost]);
    } finally {
      await mercator.close();
    }
  });

  it('members see neither requests nor what is asked', async () => {
    const { tenantId, registered } = registry;
    const { id } = await registered('registerApplication', { tenantId, externalId: 'mail' });
    const someone = member('usr_00000000000000000000000008', tenantId, ['MEMBER']);
    const query = `{ approvals { totalCount } application(id: "${id}") { openApproval { id } } tenant(id: "${tenantId}") { openApproval { id } } }`;
    const seen = await registry.read(query, someone);
    expect(seen).toMatchObject({ approvals: { totalCount: 0 }, tenant: { openApproval: null } });
  });
});
