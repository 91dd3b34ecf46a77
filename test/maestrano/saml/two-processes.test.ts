import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHub, type Hub } from '../../../src/bootstrap/container.js';
import { readConfig } from '../../../src/platform/config.js';
import { generateSecretKey } from '../../../src/platform/keyring.js';
import { freePort } from '../../support/http.js';
import { isMysqlReachable } from '../../support/mysql.js';
import { type MaestranoHub, openMaestranoHub, usualSettings } from '../support/hub.js';
import { responseNow, TestBrowser } from './browser.js';
import { idp } from './support.js';

const reachable = await isMysqlReachable();
const secretKey = generateSecretKey();

// the embedded database is one process's
(reachable ? describe : describe.skip)('two processes of a hub', () => {
  let world: MaestranoHub;
  let second: Hub;
  let url: string;
  let folder: string;
  beforeAll(async () => {
    const channels = { acme: usualSettings('acme', { sso: { x509Certificate: idp.certificate } }) };
    world = await openMaestranoHub('mysql', { channels, env: { SECRET_KEY: secretKey } });
    folder = await mkdtemp(join(tmpdir(), 'mercator-second-'));
    const port = await freePort();
    url = `http://localhost:${port}`;
    const config = readConfig({
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: world.url,
      DATABASE_URL: world.databaseUrl,
      DATA_DIR: folder,
      LOG_LEVEL: 'silent',
      ROLES: 'web',
      SECRET_KEY: secretKey,
    });
    second = await createHub(config, { clock: world.clock });
    await second.listen();
  });
  afterAll(async () => {
    await second.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('one begins, the other ends', async () => {
    const browser = new TestBrowser(world, '198.51.100.1');
    const consumed = await browser.consume(responseNow(world, await browser.begin()), { url });
    expect(consumed.status).toBe(303);
    const entered = await browser.get(consumed.headers.get('location')!);
    expect(entered.headers.get('location')).toBe('http://localhost:4100/');
  });

  it('a response signs in once, whichever takes it', async () => {
    const browser = new TestBrowser(world, '198.51.100.2');
    const xml = responseNow(world, await browser.begin());
    const places = [world.url, url, world.url, url, world.url, url];
    const all = await Promise.all(places.map((place) => browser.consume(xml, { url: place })));
    expect(all.map(({ status }) => status).sort()).toEqual([302, 302, 302, 302, 302, 303]);
  });
});
