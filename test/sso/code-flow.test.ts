import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as openid from 'openid-client';
import { testDialects } from '../support/mysql.js';
import { openBrowser } from './support/browser.js';
import { beginSignIn, configure, redirectUri, signIn } from './support/flows.js';
import { password, startWorld, type World } from './support/world.js';

describe.each(await testDialects())('on %s', (dialect) => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ dialect });
  });
  afterEach(() => world.close());

  describe('authorization code with PKCE', () => {
    test('signs a person in and tells the application who and what', async () => {
      const { tokens } = await signIn(world, 'mina@sunrise.example');
      const claims = tokens.claims();
      expect(claims).toMatchObject({
        iss: world.issuer,
        aud: 'orchid-crm',
        sub: world.mina.id,
        name: 'Mina Sato',
        email: 'mina@sunrise.example',
        email_verified: true,
        tenant: { id: world.tenant.id, name: 'Sunrise Dental' },
        roles: ['MEMBER'],
        entitlements: [
          { application: 'crm', plan: 'crm-month', licenseTypes: ['Standard'], instance: world.instance.id },
        ],
      });
      expect(claims?.sid).toMatch(/^cls_/);
      const config = await configure(world);
      const userinfo = await openid.fetchUserInfo(config, tokens.access_token, world.mina.id);
      expect(userinfo).toMatchObject({ sub: world.mina.id, entitlements: [{ application: 'crm' }] });
    });

    test('a wrong password shows the form again and signs nobody in', async () => {
      const browser = openBrowser();
      const { url } = await beginSignIn(world);
      const page = await browser.open(url);
      const answer = await browser.submit(page, { name: 'mina@sunrise.example', password: 'wrong' });
      expect(answer.status).toBe(401);
      expect(answer.body).toContain('do not go together');
      expect(browser.cookie(world.publicUrl, 'mercator_session')).toBeUndefined();
    });

    test('a second application is entered without asking again', async () => {
      const { browser } = await signIn(world, 'mina@sunrise.example');
      const { url } = await beginSignIn(world);
      const visit = await browser.open(url, redirectUri);
      expect(visit.location).toContain('code=');
    });

    test('without a seat the page says why and no code is given', async () => {
      await world.run(async (tx) => {
        const [license] = await tx.licenses.findMany({ userId: world.mina.id });
        await tx.licenses.save(license!, { releasedAt: world.clock.now(), liveKey: license!.id });
      });
      const browser = openBrowser();
      const { url } = await beginSignIn(world);
      const page = await browser.open(url);
      const last = await browser.follow(
        await browser.submit(page, { name: 'mina@sunrise.example', password }),
        redirectUri,
      );
      expect(last.status).toBe(403);
      expect(last.body).toContain('No license of this application is assigned to you');
    });
  });
});
