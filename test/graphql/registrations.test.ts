import { createGroup } from '../../src/core/servicelevels/index.js';
import { findXmlFault } from '../../src/platform/xml.js';
import { onEveryDatabase } from '../support/databases.js';
import { type CommandServer, refusal, startCommands } from './support/commands.js';
import { prmChannel } from './support/registration-cases.js';
import { desk, makeRegistry, password, type Registry } from './support/registry.js';
import { makeStage } from './support/stage.js';

onEveryDatabase('registrations', (db) => {
  let server: CommandServer;
  let registry: Registry;
  beforeAll(async () => {
    server = await startCommands(db);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    registry = await makeRegistry(db, server);
  });

  const waiting = 'state openApproval { kind status requestedBy }';
  const stateOf = async (kind: string, id: string) => (await registry.read(`{ ${kind}(id: "${id}") { state } }`))[kind];

  it('a provider, its application and its instance, each let in by an operator', async () => {
    const { mutate, approve, registered, read, channelId, stage } = registry;
    const group = await stage.unit((tx) =>
      createGroup(tx, { channelId, memberKind: 'tenant', key: 'gold', document: '<Sla/>' }, findXmlFault),
    );
    const asked = { channelId, externalId: 'sp-iris', password };
    const made = await mutate('registerProvider', asked, `tenant { id ${waiting} } approval { id object { id } }`);
    const { tenant, approval } = made.data.registerProvider;
    expect(tenant).toMatchObject({
      state: 'REGISTERED',
      openApproval: { kind: 'REGISTER', status: 'OPEN', requestedBy: 'Olga' },
    });
    expect(approval.object).toEqual({ id: tenant.id });
    expect(refusal(await mutate('registerProvider', asked))).toBe('CONFLICT external_id_taken');

    const place = { tenantId: tenant.id, externalId: 'mail' };
    expect(refusal(await mutate('registerApplication', place))).toBe('WRONG_STATE wrong_state');
    const answer = { operatorReference: 'crm-7', serviceLevelGroupId: group.id, reason: 'known to us' };
    expect((await approve(approval.id, answer)).data.decideApproval.approval).toEqual({ status: 'APPROVED' });
    expect(
      await read(
        `{ tenant(id: "${tenant.id}") { name state operatorReference openApproval { id } serviceLevelGroup { key } approvals { nodes { decisionReason decidedBy } } } }`,
      ),
    ).toEqual({
      tenant: {
        name: 'sp-iris',
        state: 'ACTIVE',
        operatorReference: 'crm-7',
        openApproval: null,
        serviceLevelGroup: { key: 'gold' },
        approvals: { nodes: [{ decisionReason: 'known to us', decidedBy: 'Olga' }] },
      },
    });

    const application = await registered('registerApplication', { tenantId: registry.tenantId, externalId: 'mail' });
    const below = { applicationId: application.id, externalId: 'mail-1', password };
    expect(refusal(await mutate('registerInstance', below, undefined, registry.admin))).toBe('WRONG_STATE wrong_state');
    await approve(application.approvalId);
    const instance = await registered('registerInstance', below);
    expect(await stateOf('instance', instance.id)).toEqual({ state: 'REGISTERED' });
    await approve(instance.approvalId);
    expect(
      await read(
        `{ instance(id: "${instance.id}") { state hasTrafficPassword tenant { id } application { id channel { id } } } }`,
      ),
    ).toEqual({
      instance: {
        state: 'ACTIVE',
        hasTrafficPassword: true,
        tenant: { id: registry.tenantId },
        application: { id: application.id, channel: { id: channelId } },
      },
    });
  });

  it('a disapproved registration ends and frees its id', async () => {
    const { mutate, channelId } = registry;
    const asked = { channelId, externalId: 'sp-rose', password };
    const first = await mutate('registerProvider', asked, 'tenant { id } approval { id }');
    const { tenant, approval } = first.data.registerProvider;
    const no = { id: approval.id, approve: false, reason: 'unknown to us' };
    const answer = await mutate('decideApproval', no, 'approval { status decisionReason }');
    expect(answer.data.decideApproval.approval).toEqual({ status: 'DISAPPROVED', decisionReason: 'unknown to us' });
    expect(refusal(await mutate('decideApproval', { ...no, approve: true }))).toBe('WRONG_STATE wrong_state');
    expect(await stateOf('tenant', tenant.id)).toEqual({ state: 'TERMINATED' });
    expect(refusal(await mutate('registerProvider', asked))).toBeUndefined();
  });

  it('providers register below themselves and decide nothing', async () => {
    const { mutate, registered, approve, admin, tenantId, channelId } = registry;
    const application = await registered('registerApplication', { tenantId, externalId: 'mail' });
    await approve(application.approvalId);
    const below = { applicationId: application.id, externalId: 'mail-1', password };
    const instance = await registered('registerInstance', below);
    const answers = await Promise.all([
      mutate('decideApproval', { id: instance.approvalId, approve: true, operatorReference: 'own' }, undefined, admin),
      mutate('unlockInstance', { id: instance.id }, undefined, admin),
      mutate('setProviderPassword', { tenantId, password }, undefined, admin),
      mutate('registerProvider', { channelId, externalId: 'sp-second', password }, undefined, admin),
    ]);
    expect(answers.map(refusal)).toEqual(Array(4).fill('FORBIDDEN forbidden'));
    const { stranger, mark } = registry.stage;
    const others = await Promise.all([
      mutate('registerApplication', { tenantId: stranger.id, externalId: mark }, undefined, admin),
      mutate('setTrafficPassword', { instanceId: registry.stage.instance.id, password }, undefined, admin),
    ]);
    expect(others.map(refusal)).toEqual(Array(2).fill('NOT_FOUND not_found'));
    expect(refusal(await mutate('setTrafficPassword', { instanceId: instance.id, password }, undefined, admin))).toBe(
      undefined,
    );
    expect(await stateOf('instance', instance.id)).toEqual({ state: 'REGISTERED' });
  });

  it('strangers register by their protocol, never here', async () => {
    const { channelId, stage } = registry;
    const asked = { channelId, externalId: 'sp-nobody', password };
    const answer = await server.mutate(undefined, 'registerProvider', asked, '{ __typename }');
    expect(refusal(answer)).toBe('FORBIDDEN forbidden');
    expect(await stage.unit((tx) => tx.externalRefs.count({ channelId, externalId: 'sp-nobody' }))).toBe(0);
  });

  it('the operator’s account on a channel sees and answers what waits there, and nothing elsewhere', async () => {
    const { registered, approve, tenantId, channelId } = registry;
    const application = await registered('registerApplication', { tenantId, externalId: 'mail' });
    const inbox = '{ approvals(filter: { status: { eq: OPEN } }) { nodes { id object { id } } } }';
    const query = `{ application(id: "${application.id}") { key operatorReference openApproval { id } } }`;
    const at = (actor: ReturnType<typeof desk>) =>
      Promise.all([registry.read(inbox, actor), registry.read(query, actor)]);
    const seen = { key: 'mail', operatorReference: '', openApproval: { id: application.approvalId } };
    expect(await at(desk(channelId))).toEqual([
      { approvals: { nodes: [{ id: application.approvalId, object: { id: application.id } }] } },
      { application: seen },
    ]);
    const elsewhere = await prmChannel(await makeStage(db));
    expect(await at(desk(elsewhere))).toEqual([{ approvals: { nodes: [] } }, { application: null }]);
    const decide = (actor: ReturnType<typeof desk>) =>
      registry.mutate('decideApproval', { id: application.approvalId, approve: true }, undefined, actor);
    expect(refusal(await decide(desk(elsewhere)))).toBe('NOT_FOUND not_found');
    expect(refusal(await decide(desk(channelId, 333)))).toBe('FORBIDDEN forbidden');
    expect(refusal(await decide(desk(channelId, null)))).toBe('FORBIDDEN forbidden');
    expect(refusal(await decide(desk(channelId)))).toBeUndefined();
    expect(refusal(await approve(application.approvalId))).toBe('WRONG_STATE wrong_state');
  });

  it('a locked instance is let go on as what it was, with or without another password', async () => {
    const { mutate, stage } = registry;
    const { lockOutInstance } = await import('../../src/core/provisioning/index.js');
    const { id } = stage.asked; // an update of it waits
    expect(refusal(await mutate('unlockInstance', { id }))).toBe('WRONG_STATE wrong_state');
    await stage.unit((tx) => lockOutInstance(tx, { id }));
    const unlocked = await mutate('unlockInstance', { id }, 'instance { state hasTrafficPassword }');
    expect(unlocked.data.unlockInstance.instance).toEqual({ state: 'UPDATE_PENDING', hasTrafficPassword: false });
    const late = { instanceId: id, password, expectedVersion: 1 };
    expect(refusal(await mutate('setTrafficPassword', late))).toBe('CONFLICT version_conflict');
  });
});
