import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as openid from 'openid-client';
import { testDialects } from '../support/mysql.js';
import { configure } from './support/flows.js';
import { startWorld, type World } from './support/world.js';

describe.each(await testDialects())("an instance's own credentials on %s", (dialect) => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ dialect });
    await world.run(async (tx) => {
      await tx.tenants.insert({
        ...world.tenant,
        id: 'ten_owner',
        key: 'orchid',
        kind: 'provider',
        liveKey: '0',
      } as never);
      await tx.applications.save((await tx.applications.find(world.application.id))!, { ownerTenantId: 'ten_owner' });
      for (const clientId of ['of-instance', 'of-application']) {
        const { id: _, version: _version, ...backoffice } = (await tx.clients.findOne({ clientId: 'backoffice' }))!;
        const bound =
          clientId === 'of-instance' ? { instanceId: world.instance.id } : { applicationId: world.application.id };
        await tx.clients.insert({ ...backoffice, id: world.ids.next('client'), clientId, ...bound });
      }
    });
  });
  afterEach(() => world.close());

  const tokenOf = async (clientId: string, scope?: string) =>
    openid.clientCredentialsGrant(
      await configure(world, { clientId, secret: 'backoffice-secret' }),
      scope === undefined ? {} : { scope },
    );
  const stopped = () => [{ authority: 'operator', channelId: '', by: 'x', at: world.clock.now() } as const];

  test.each(['of-instance', 'of-application'])('%s: given while the chain is usable', async (clientId) => {
    const { access_token } = await tokenOf(clientId);
    expect(await world.sso.authenticateBearer(access_token)).toMatchObject({ kind: 'client', clientId });
  });

  test.each([
    ['ownerTenant', 'of-instance'],
    ['application', 'of-instance'],
    ['instance', 'of-instance'],
    ['ownerTenant', 'of-application'],
    ['application', 'of-application'],
  ] as const)('a stopped %s: no token for %s, and one given before is refused', async (link, clientId) => {
    const { access_token } = await tokenOf(clientId);
    await world.run(async (tx) => {
      const holds = stopped();
      if (link === 'ownerTenant') await tx.tenants.save((await tx.tenants.find('ten_owner'))!, { holds });
      if (link === 'application')
        await tx.applications.save((await tx.applications.find(world.application.id))!, { holds });
      if (link === 'instance') await tx.instances.save((await tx.instances.find(world.instance.id))!, { holds });
    });
    await expect(tokenOf(clientId)).rejects.toMatchObject({
      error: 'unauthorized_client',
      error_description: `not usable: ${link}`,
    });
    await expect(tokenOf(clientId, 'hub.read')).rejects.toMatchObject({ error: 'unauthorized_client' });
    await expect(world.sso.authenticateBearer(access_token)).rejects.toMatchObject({ code: 'token_invalid' });
    expect((await tokenOf('backoffice')).access_token).toBeDefined();
  });
});
