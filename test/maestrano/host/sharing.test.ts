import { testDialects } from '../../support/mysql.js';
import { type AccountApiServer, startAccountApi } from '../support/account-api.js';
import { keysOf, type MaestranoHub, openMaestranoHub, usualSettings } from '../support/hub.js';
import { signOn } from '../support/launch.js';

const json = { 'content-type': 'application/json' };

describe.each(await testDialects())('data sharing as the marketplace steers it (spec Maestrano 1.8), %s', (dialect) => {
  let api: AccountApiServer;
  let world: MaestranoHub;
  beforeAll(async () => {
    api = await startAccountApi();
    world = await openMaestranoHub(dialect, {
      channels: {
        acme: usualSettings('acme', { api: { ...api.credentials, host: api.url } }),
        beta: usualSettings('beta'),
      },
    });
    await signOn(world, 'acme', { groupUid: 'cld-1' });
    await signOn(world, 'beta', { groupUid: 'cld-2' });
  });
  afterAll(async () => {
    await world.close();
    await api.close();
  });

  const acme = () => api.credentials;
  const notify = (body: string | Buffer, as = acme(), path = '/maestrano/connec/notifications/acme') =>
    world.call(path, { method: 'POST', body, as, headers: json });
  const steer = (method: string, path: string, body: object | undefined = undefined, as = acme()) =>
    world.call(`/maestrano/acme/synchronizations${path}`, {
      method,
      as,
      headers: json,
      ...(body && { body: JSON.stringify(body) }),
    });
  const queued = async () =>
    (await world.ask('{ channelTasks { nodes { kind channel { name } } } }')).channelTasks.nodes as { kind: string }[];

  it('stores a notification before it says so, whichever way its path is spelled', async () => {
    const before = (await queued()).length;
    const entity = { id: 'uuid-1', group_id: 'cld-1', first_name: 'Ada', updated_at: '2026-01-05T10:00:00Z' };
    const response = await notify(JSON.stringify({ people: [entity] }));
    expect([response.status, await response.json()]).toEqual([200, { success: true }]);
    expect((await queued()).length).toBe(before + 1);
    const other = JSON.stringify({ people: [{ ...entity, id: 'uuid-2' }] });
    expect((await notify(other, acme(), '/maestrano/connec/notifications')).status).toBe(200);
    expect((await queued()).length).toBe(before + 2);
  });

  it.each([
    ['an unknown collection', { starships: [{ id: 'x', group_id: 'cld-1' }] }],
    ['an unknown group', { people: [{ id: 'x', group_id: 'cld-nobody' }] }],
    ['a group of another marketplace', { people: [{ id: 'x', group_id: 'cld-2' }] }],
    ['what is no array', { people: 'nobody' }],
    ['nothing', {}],
  ])('skips %s and is content', async (_what, body) => {
    const before = await queued();
    expect((await notify(JSON.stringify(body))).status).toBe(200);
    expect(await queued()).toEqual(before);
  });

  it('refuses what is no JSON, what is too large, and whoever is not the marketplace', async () => {
    expect((await notify('{"people":')).status).toBe(400);
    expect((await notify('[]')).status).toBe(400);
    expect((await notify(Buffer.alloc(5 * 1_048_576 + 1, ' '))).status).toBe(413);
    const filled = Buffer.alloc(5 * 1_048_576, ' ');
    filled.write('{}');
    expect((await notify(filled)).status).toBe(200);
    expect((await notify('{}', keysOf('beta'))).status).toBe(401);
    expect((await world.call('/maestrano/connec/notifications', { method: 'GET' })).headers.get('allow')).toBe('POST');
  });

  it('tells how sharing stands, starts it, switches it off and on', async () => {
    const status = async () => (await steer('GET', '/cld-1')).json();
    const started = await steer('POST', '', { group_id: 'cld-1' });
    const running = { group_id: 'cld-1', sync_enabled: true, status: 'RUNNING' };
    expect([started.status, await started.json()]).toMatchObject([201, running]);
    expect(await status()).toEqual({ ...running, message: '', updated_at: expect.any(String) });
    const off = await steer('PUT', '/toggle_sync', { group_id: 'cld-1' });
    expect([off.status, await off.json()]).toMatchObject([200, { sync_enabled: false, status: 'DISABLED' }]);
    expect(await status()).toMatchObject({ sync_enabled: false });
    const on = await steer('PUT', '/toggle_sync', { group_id: 'cld-1' });
    expect(await on.json()).toMatchObject({ sync_enabled: true });
  });

  it('takes the group from a form as well', async () => {
    const response = await world.call('/maestrano/acme/synchronizations', {
      method: 'POST',
      as: acme(),
      body: new URLSearchParams({ group_id: 'cld-1', 'opts[full_sync]': 'true' }),
    });
    expect([response.status, await response.json()]).toMatchObject([201, { group_id: 'cld-1' }]);
  });

  it('asks the marketplace what it allows, and says so when it cannot be asked', async () => {
    api.groups.set('cld-1', { uid: 'cld-1', status: 'running' });
    expect((await steer('PUT', '/update_metadata', { group_id: 'cld-1' })).status).toBe(200);
    api.disturb(() => 'failBefore');
    const response = await steer('PUT', '/update_metadata', { group_id: 'cld-1' });
    expect([response.status, await response.json()]).toEqual([
      502,
      { errors: [{ message: expect.any(String), code: 502 }] },
    ]);
    api.disturb(() => 'ok');
  });

  it('knows only groups of the marketplace that asks', async () => {
    const missing = [404, { errors: [{ message: 'Organization not found', code: 404 }] }];
    for (const response of [
      await steer('GET', '/cld-nobody'),
      await steer('GET', '/cld-2'),
      await steer('POST', '', { group_id: 'cld-2' }),
      await steer('POST', '', {}),
      await steer('POST', '', { group_id: { $gt: '' } }),
      await steer('PUT', '/toggle_sync', { group_id: 'cld-nobody' }),
    ]) {
      expect([response.status, await response.json()]).toEqual(missing);
    }
    expect((await steer('GET', '/cld-1', undefined, keysOf('beta'))).status).toBe(401);
    expect((await steer('GET', '/toggle_sync')).headers.get('allow')).toBe('PUT');
  });

  it('tells what it is made for', async () => {
    const response = await world.call('/maestrano/dependancies', { as: acme() });
    expect([response.status, await response.json()]).toEqual([
      200,
      { connec: '1.0', impac: '1.0', maestrano_hub: '1.0' },
    ]);
    expect((await world.call('/maestrano/dependancies')).status).toBe(401);
  });
});
