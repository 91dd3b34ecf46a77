import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as openid from 'openid-client';
import { registerClient } from '../../../src/core/identity/index.js';
import { minute, shift } from '../../../src/core/shared/clock.js';
import { openBrowser } from '../../sso/support/browser.js';
import { eventually } from '../../support/eventually.js';
import { testDialects } from '../../support/mysql.js';
import { keysOf, type MaestranoHub, openMaestranoHub, usualSettings } from '../support/hub.js';
import { readRequest, responseNow, TestBrowser } from './browser.js';
import { idp } from './support.js';

const callback = 'http://localhost:4100/callback';

describe.each(await testDialects())('an open stream of a session a marketplace vouches for, %s', (dialect) => {
  let world: MaestranoHub;
  let marketplace: Server;
  let valid = true;
  beforeAll(async () => {
    marketplace = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(valid ? { valid, recheck: shift(world.clock.now(), 3 * minute) } : { valid }));
    });
    await new Promise<void>((resolve) => marketplace.listen(0, '127.0.0.1', resolve));
    const host = `http://127.0.0.1:${(marketplace.address() as AddressInfo).port}`;
    const sso = { idp: 'https://api.acme.example', x509Certificate: idp.certificate };
    const settings = usualSettings('acme', { api: { ...keysOf('acme'), host }, sso });
    world = await openMaestranoHub(dialect, { channels: { acme: settings } });
    await world.run((tx) =>
      registerClient(tx, {
        clientId: 'orchid-crm',
        applicationId: world.applicationId,
        secretHash: world.hub.clientSecrets.hash('orchid-secret'),
        grantTypes: ['authorization_code'],
        redirectUris: [callback],
        scopes: ['openid', 'hub.read'],
      }),
    );
  });
  afterAll(async () => {
    await world.close();
    await new Promise((resolve) => marketplace.close(resolve));
  });

  /** Launched, and from there to the application with a token for the API. */
  async function signOn() {
    const browser = openBrowser();
    const begun = await browser.get(`${world.url}/maestrano/auth/saml/init/acme?group_id=cld-1`);
    const response = responseNow(world, readRequest(begun.location));
    const consumed = await new TestBrowser(world, '198.51.100.1').consume(response);
    await browser.get(consumed.headers.get('location')!);
    const config = await openid.discovery(
      new URL(`${world.url}/oidc`),
      'orchid-crm',
      {},
      openid.ClientSecretBasic('orchid-secret'),
      { execute: [openid.allowInsecureRequests] },
    );
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid hub.read',
      resource: `${world.url}/graphql`,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const { location } = await browser.open(url.href, callback);
    const { access_token: token } = await openid.authorizationCodeGrant(config, new URL(location), {
      pkceCodeVerifier,
    });
    return { browser, token };
  }

  it('ends as soon as the marketplace says no, not when it is looked at anyway', async () => {
    const { browser, token } = await signOn();
    const query = encodeURIComponent('subscription { journal { sequence } }');
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` };
    const stream = await fetch(`${world.url}/graphql?query=${query}`, { headers });
    expect(stream.status).toBe(200);
    let open = true;
    const ended = stream.text().finally(() => {
      open = false;
    });
    valid = false;
    world.clock.advance(4 * minute);
    await browser.get(`${world.url}/signin`);
    await eventually(() => !open, { what: 'the end of the stream' });
    await ended.catch(() => undefined);
  });
});
