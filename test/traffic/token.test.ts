import { decodeJwt, decodeProtectedHeader } from 'jose';
import {
  activateObject,
  deactivateObject,
  disableObject,
  enableObject,
  setTrafficPassword,
  terminateObject,
} from '../../src/core/provisioning/index.js';
import { stateOf } from '../../src/core/shared/lifecycle.js';
import { onEveryDialect } from '../support/databases.js';
import { clientIdOf, password, startWorld, type World } from './support/world.js';

onEveryDialect('the token of an application instance', (dialect) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(dialect);
  });
  afterAll(() => world.close());

  async function ready() {
    const names = world.names();
    const ids = await world.chain(names);
    const clientId = clientIdOf(names);
    const answer = await world.token(clientId, password);
    expect(answer.status).toBe(200);
    return { names, ...ids, clientId, token: answer.body.access_token as string, answer };
  }

  const ask = async (token: string) => (await world.check({ token })).body;

  it('is signed, short-lived, for traffic alone, and says whose it is in both languages', async () => {
    const { names, tenantId, applicationId, instanceId, clientId, token, answer } = await ready();
    expect(answer.body).toMatchObject({ token_type: 'Bearer', scope: 'traffic' });
    expect(answer.body.expires_in).toBeLessThanOrEqual(300);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(decodeJwt(token)).toMatchObject({
      iss: `${world.publicUrl}/oidc`,
      aud: `${world.publicUrl}/traffic`,
      sub: clientId,
      client_id: clientId,
      scope: 'traffic',
      tenant_id: tenantId,
      application_id: applicationId,
      instance_id: instanceId,
      channel: 'gatekeeper',
      sp_account_id: names.sp,
      app_account_id: names.app,
      app_inst_group_id: names.inst,
    });
    expect(await ask(token)).toEqual({
      allowed: true,
      tenantId,
      applicationId,
      instanceId,
      channel: 'gatekeeper',
      spAccountId: names.sp,
      appAccountId: names.app,
      appInstGroupId: names.inst,
      spGroupId: null,
      appGroupId: null,
    });
  });

  it('opens no other door of the hub', async () => {
    const { clientId, token } = await ready();
    const authorization = `Bearer ${token}`;
    const graphql = await world.post('/graphql', { headers: { authorization }, body: { query: '{ __typename }' } });
    expect(graphql.status).toBe(401);
    const asGateway = await world.post('/traffic/check', { headers: { authorization }, body: { token } });
    expect(asGateway.status).toBe(401);
    const userinfo = await fetch(`${world.publicUrl}/oidc/me`, { headers: { authorization } });
    expect(userinfo.status).toBe(401);
    for (const scope of ['hub.read', 'hub.admin traffic', 'openid']) {
      expect((await world.token(clientId, password, { scope })).body.error).toBe('invalid_scope');
    }
    const resource = `${world.publicUrl}/graphql`;
    expect((await world.token(clientId, password, { resource })).body.error).toBe('invalid_target');
    expect((await world.token('gateway', 'gateway-secret-0123456789abcdef', { scope: 'traffic' })).body.error).toBe(
      'invalid_scope',
    );
    const traffic = { resource: `${world.publicUrl}/traffic` };
    expect((await world.token('gateway', 'gateway-secret-0123456789abcdef', traffic)).body.error).toBe(
      'invalid_target',
    );
  });

  it('asked for with another scope, it is good for nothing', async () => {
    const { clientId } = await ready();
    const { body } = await world.token(clientId, password, { scope: 'something' });
    expect(body.scope).toBeUndefined();
    expect(await ask(body.access_token)).toEqual({ allowed: false, reason: 'credentials' });
  });

  it('a name of an instance is no client anywhere but at the token endpoint', async () => {
    const { clientId } = await ready();
    const auth = new URL(`${world.publicUrl}/oidc/auth`);
    auth.search = new URLSearchParams({ client_id: clientId, response_type: 'code' }).toString();
    const page = await (await fetch(auth, { headers: { accept: 'application/json' } })).text();
    const unknown = new URL(auth);
    unknown.searchParams.set('client_id', 'nobody');
    expect(page).toContain('invalid_client');
    expect(await (await fetch(unknown, { headers: { accept: 'application/json' } })).text()).toContain(
      'invalid_client',
    );
    for (const path of ['/oidc/token/introspection', '/oidc/token/revocation']) {
      const body = new URLSearchParams({ client_id: clientId, client_secret: password, token: 'x' });
      expect((await world.post(path, { body })).status).toBe(401);
    }
  });

  it.each(['tenant', 'application', 'instance'] as const)(
    'a stopped %s: refused at once, children untouched; reactivated, it counts again',
    async (kind) => {
      const { tenantId, applicationId, instanceId, clientId, token } = await ready();
      const id = { tenant: tenantId, application: applicationId, instance: instanceId }[kind];
      const reason = { tenant: 'ownerTenant', application: 'application', instance: 'instance' }[kind];
      const childrenBefore = await world.run(async (tx) => [
        await tx.applications.find(applicationId),
        await tx.instances.find(instanceId),
      ]);

      const begun = performance.now();
      await world.run((tx) => deactivateObject(tx, { kind, id }));
      expect(await ask(token)).toEqual({ allowed: false, reason });
      expect(performance.now() - begun).toBeLessThan(1_000);
      const refused = await world.token(clientId, password);
      expect(refused.status).toBe(400);
      expect(refused.body).toMatchObject({ error: 'unauthorized_client' });
      expect((await world.check({ clientId, password })).body).toEqual({ allowed: false, reason });

      if (kind === 'tenant') {
        const after = await world.run(async (tx) => [
          await tx.applications.find(applicationId),
          await tx.instances.find(instanceId),
        ]);
        expect(after).toEqual(childrenBefore);
        expect(after.map((child) => stateOf(child!))).toEqual(['ACTIVE', 'ACTIVE']);
      }
      await world.run((tx) => activateObject(tx, { kind, id }));
      expect((await ask(token)).allowed).toBe(true);
      expect((await world.token(clientId, password)).status).toBe(200);
    },
  );

  it('of two stopped links the outer one is the reason', async () => {
    const { tenantId, applicationId, instanceId, token } = await ready();
    const stop = (kind: 'tenant' | 'application' | 'instance', id: string) =>
      world.run((tx) => disableObject(tx, { kind, id }));
    await stop('instance', instanceId);
    expect((await ask(token)).reason).toBe('instance');
    await stop('application', applicationId);
    expect((await ask(token)).reason).toBe('application');
    await stop('tenant', tenantId);
    expect((await ask(token)).reason).toBe('ownerTenant');
    await world.run((tx) => enableObject(tx, { kind: 'tenant', id: tenantId }));
    expect((await ask(token)).reason).toBe('application');
  });

  it('a changed password: the old one and its tokens end on the next call', async () => {
    const { instanceId, clientId, token } = await ready();
    expect((await world.check({ clientId, password })).body.allowed).toBe(true);
    const passwordHash = await world.passwords.hash('traffic-Pass-2');
    await world.run((tx) => setTrafficPassword(tx, { instanceId, passwordHash }));
    expect(await ask(token)).toEqual({ allowed: false, reason: 'credentials' });
    expect((await world.check({ clientId, password })).body).toEqual({ allowed: false, reason: 'credentials' });
    expect((await world.token(clientId, password)).status).toBe(401);
    const fresh = await world.token(clientId, 'traffic-Pass-2');
    expect((await ask(fresh.body.access_token)).allowed).toBe(true);
  });

  it('a deleted instance: refused; one registered later under the same name does not inherit the token', async () => {
    const { names, instanceId, token, clientId } = await ready();
    await world.run(async (tx) => {
      await terminateObject(tx, { kind: 'instance', id: instanceId });
      const [ref] = await tx.externalRefs.findMany({ targetId: instanceId });
      await tx.externalRefs.save(ref!, { liveKey: ref!.id });
    });
    expect(await ask(token)).toEqual({ allowed: false, reason: 'credentials' });
    expect((await world.token(clientId, password)).status).toBe(401);
    const again = await world.again(names);
    expect(await ask(token)).toEqual({ allowed: false, reason: 'credentials' });
    const { body } = await world.token(clientId, password);
    expect((await ask(body.access_token)).instanceId).toBe(again);
  });

  it('expires, and is nothing when somebody else signed it or it was made for something else', async () => {
    const { token } = await ready();
    const machine = await world.token('gateway', 'gateway-secret-0123456789abcdef');
    const forged = `${token.slice(0, -4)}AAAA`;
    for (const other of [machine.body.access_token, forged, 'x.y.z', '', 'a'.repeat(40_000)]) {
      expect(await ask(other)).toEqual({ allowed: false, reason: 'credentials' });
    }
    expect((await ask(token)).allowed).toBe(true);
    world.clock.advance(301_000);
    expect(await ask(token)).toEqual({ allowed: false, reason: 'credentials' });
  });
});
