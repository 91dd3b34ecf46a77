import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { minute, shift } from '../../../src/core/shared/clock.js';
import { testDialects } from '../../support/mysql.js';
import { type MaestranoHub, openMaestranoHub, usualSettings } from '../support/hub.js';
import { responseNow, TestBrowser } from './browser.js';
import { idp } from './support.js';

describe.each(await testDialects())('sessions a marketplace vouches for (spec Maestrano 1.4), %s', (dialect) => {
  let world: MaestranoHub;
  let marketplace: Server;
  let valid = true;
  const asked: string[] = [];
  beforeAll(async () => {
    marketplace = createServer((request, response) => {
      asked.push(request.url!);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(valid ? { valid, recheck: shift(world.clock.now(), 3 * minute) } : { valid }));
    });
    await new Promise<void>((resolve) => marketplace.listen(0, '127.0.0.1', resolve));
    const host = `http://127.0.0.1:${(marketplace.address() as AddressInfo).port}`;
    const api = { id: 'app-acme', key: 'key', host, base: '/api/v1/' };
    const sso = { idp: 'https://api.acme.example', x509Certificate: idp.certificate };
    world = await openMaestranoHub(dialect, { channels: { acme: usualSettings('acme', { api, sso }) } });
  });
  afterAll(async () => {
    await world.close();
    await new Promise((resolve) => marketplace.close(resolve));
  });

  it('last as long as it says so', async () => {
    const browser = new TestBrowser(world, '198.51.100.1');
    const consumed = await browser.consume(responseNow(world, await browser.begin()));
    await browser.get(consumed.headers.get('location')!);
    const session = async () => (await world.run((tx) => tx.sessions.findMany({ channelId: world.channelId() })))[0]!;
    const use = () => browser.get('/signin');

    await use();
    expect([asked, (await session()).state]).toEqual([[], 'ACTIVE']);
    world.clock.advance(4 * minute);
    await Promise.all([use(), use(), use()]);
    expect([asked, (await session()).state]).toEqual([['/api/v1/auth/saml/usr-1?session=session-token-1'], 'ACTIVE']);
    world.clock.advance(2 * minute);
    await use();
    expect(asked).toHaveLength(1);
    valid = false;
    world.clock.advance(2 * minute);
    await use();
    expect([asked.length, (await session()).state]).toEqual([2, 'ENDED']);
    await use();
    expect(asked).toHaveLength(2);
    expect(world.logged()).not.toContain('session-token-1');
  });
});
