import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { createHub, type Hub } from '../../src/bootstrap/container.js';
import { disableUser } from '../../src/core/identity/index.js';
import { disableObject } from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { systemActor } from '../../src/core/shared/actor.js';
import { readConfig } from '../../src/platform/config.js';
import { generateSecretKey } from '../../src/platform/keyring.js';
import { createPasswords } from '../../src/platform/passwords.js';
import { createEmptyDatabase, type EmptyDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/http.js';
import { testDialects } from '../support/mysql.js';
import { type Browser, openBrowser } from './support/browser.js';
import { configure, signIn } from './support/flows.js';
import { type Seeded, seedWorld, type World } from './support/world.js';

/** Two hubs that share nothing but the database; the second is reached at its own port, as through another proxy path. */
describe.each(await testDialects())('two processes on one database, %s', (dialect) => {
  let hubs: Hub[];
  let urls: string[];
  let people: Seeded;
  let world: World;
  let folder: string;
  let database: EmptyDatabase;
  let application: ReturnType<typeof createServer>;
  const told: string[] = [];

  beforeEach(async () => {
    told.length = 0;
    application = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      told.push(new URLSearchParams(body).get('logout_token') ?? '');
      response.end();
    }).listen(0, '127.0.0.1');
    await once(application, 'listening');
    folder = await mkdtemp(join(tmpdir(), 'mercator-two-'));
    database = await createEmptyDatabase(dialect);
    const ports = [await freePort(), await freePort()];
    const publicUrl = `http://localhost:${ports[0]}`;
    const secretKey = generateSecretKey();
    hubs = [];
    urls = ports.map((port) => `http://localhost:${port}`);
    for (const port of ports) {
      const config = readConfig({
        PORT: String(port),
        HOST: '127.0.0.1',
        PUBLIC_URL: publicUrl,
        DATABASE_URL: database.url,
        DATA_DIR: folder,
        SECRET_KEY: secretKey,
        LOG_LEVEL: 'silent',
        OUTBOUND_ALLOW: 'localhost,127.0.0.0/8',
      });
      const passwords = createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 } });
      const hub = await createHub(config, { passwords });
      hubs.push(hub);
      await hub.listen();
    }
    const [first] = hubs as [Hub, Hub];
    people = await run((tx) =>
      seedWorld(tx, first.ids.next, first.clock.now(), first.passwords.hash, first.clientSecrets.hash),
    );
    await run(async (tx) => {
      const backchannelLogoutUri = `http://127.0.0.1:${(application.address() as AddressInfo).port}/logout`;
      await tx.clients.save((await tx.clients.find(people.crm.id))!, { backchannelLogoutUri });
      const { id: _, version: _version, ...backoffice } = (await tx.clients.findOne({ clientId: 'backoffice' }))!;
      const instanceId = people.instance.id;
      await tx.clients.insert({ ...backoffice, id: first.ids.next('client'), clientId: 'of-instance', instanceId });
    });
    world = { publicUrl, issuer: `${publicUrl}/oidc` } as World;
  });

  afterEach(async () => {
    await Promise.all(hubs.map((hub) => hub.close()));
    application.closeAllConnections();
    application.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const run = <T>(work: (tx: Unit) => Promise<T>): Promise<T> =>
    hubs[0]!.uow.run(systemActor('test'), { name: 'test', requestId: 'test' }, work);

  const refused = (hub: Hub, token: string): Promise<boolean> =>
    hub.sso.authenticateBearer(token).then(
      () => false,
      () => true,
    );

  async function signedInAt(url: string, browser: Browser): Promise<boolean> {
    const cookie = `mercator_session=${browser.cookie(world.publicUrl, 'mercator_session')}`;
    return (await (await fetch(`${url}/signin`, { headers: { cookie } })).text()).includes('Mina Sato');
  }

  test('what is stopped in one is refused by both within a second; the application is told within five', async () => {
    const browser = openBrowser();
    await signIn(world, 'mina@sunrise.example', { browser });
    const change = { redirect_uri: 'http://localhost:4200/', scope: 'openid hub.read' };
    const { tokens } = await signIn(world, 'mina@sunrise.example', {
      browser,
      client: { clientId: 'console' },
      change,
    });
    const machine = await configure(world, { clientId: 'of-instance', secret: 'backoffice-secret' });
    const jwt = (await openid.clientCredentialsGrant(machine)).access_token;
    for (const [at, hub] of hubs.entries()) {
      expect(await refused(hub, tokens.access_token)).toBe(false);
      expect(await refused(hub, jwt)).toBe(false);
      expect(await signedInAt(urls[at]!, browser)).toBe(true);
    }

    const begun = performance.now();
    await run(async (tx) => {
      await disableUser(tx, { id: people.mina.id });
      await disableObject(tx, { kind: 'instance', id: people.instance.id });
    });
    for (const [at, hub] of hubs.entries()) {
      const within = 1_000 - (performance.now() - begun);
      const gone = async () =>
        (await refused(hub, tokens.access_token)) &&
        (await refused(hub, jwt)) &&
        !(await signedInAt(urls[at]!, browser));
      await eventually(gone, { within, what: `the refusal in process ${at + 1}` });
    }
    await eventually(() => told.length > 0, {
      within: 5_000 - (performance.now() - begun),
      what: 'the application hearing of it',
    });
    expect(decodeJwt(told[0]!)).toMatchObject({ aud: 'orchid-crm', sub: people.mina.id });
    expect(told).toHaveLength(1);
    await expect(openid.clientCredentialsGrant(machine)).rejects.toMatchObject({ error: 'unauthorized_client' });
  });

  test('a key made in one verifies in the other, and of a refresh token used in both at most one use counts', async () => {
    const machine = await configure(world, { clientId: 'backoffice', secret: 'backoffice-secret' });
    const { access_token } = await openid.clientCredentialsGrant(machine);
    expect(await refused(hubs[1]!, access_token)).toBe(false);

    const { tokens } = await signIn(world, 'theo@sunrise.example');
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token! });
    const headers = { authorization: `Basic ${btoa('orchid-crm:orchid-secret')}` };
    const answers = await Promise.all(
      urls.map((url) => fetch(`${url}/oidc/token`, { method: 'POST', headers, body: form })),
    );
    expect(answers.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1);
    expect(answers.some((answer) => answer.status === 400)).toBe(true);
  });
});
