import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openPasswordSession, setPassword } from '../../src/core/identity/index.js';
import { testDialects } from '../support/mysql.js';
import { openBrowser, type Visit } from './support/browser.js';
import { beginSignIn, crmClient, redirectUri } from './support/flows.js';
import { password, startWorld, type World } from './support/world.js';

const temporary = 'given by the carrier';
const own = { password: 'my very own password', repeat: 'my very own password' };

describe.each(await testDialects())('on %s', (dialect) => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ dialect });
    const passwordHash = await world.passwords.hash(temporary);
    const authority = { kind: 'channel', channelId: 'chn_1' } as const;
    await world.run((tx) => setPassword(tx, { userId: world.mina.id, authority, passwordHash, mustChange: true }));
  });
  afterEach(() => world.close());

  async function typed(browser = openBrowser(), at = `${world.publicUrl}/signin`): Promise<Visit> {
    return browser.submit(await browser.open(at), { name: 'mina@sunrise.example', password: temporary });
  }

  const sessions = () => world.run((tx) => tx.sessions.findMany({ userId: world.mina.id }));

  test('with the right temporary password there is a page for a new one, and no session', async () => {
    const browser = openBrowser();
    const page = await typed(browser);
    expect(page.status).toBe(200);
    expect(page.body).toContain('Choose a new password');
    expect(page.body).not.toMatch(/<script/i);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(browser.cookie(world.publicUrl, 'mercator_session')).toBeUndefined();
    expect(await sessions()).toEqual([]);
  });

  test('the new password opens the session and leads on to the application', async () => {
    const browser = openBrowser();
    const { url } = await beginSignIn(world, crmClient);
    const page = await typed(browser, url);
    const back = await browser.follow(await browser.submit(page, own), redirectUri);
    expect(new URL(back.location).searchParams.has('code')).toBe(true);
    expect(await world.run((tx) => tx.users.find(world.mina.id))).toMatchObject({ mustChangePassword: false });
    const old = await typed();
    expect(old.status).toBe(401);
  });

  test.each([
    ['too short', { password: 'short', repeat: 'short' }],
    ['not the same twice', { password: 'my very own password', repeat: 'my very own passwort' }],
    ['the temporary one again', { password: temporary, repeat: temporary }],
  ])('a password that is %s is refused and the page stays', async (_what, fields) => {
    const browser = openBrowser();
    const refused = await browser.submit(await typed(browser), fields);
    expect(refused.status).toBe(400);
    expect(await sessions()).toEqual([]);
    expect((await browser.submit(refused, own)).status).toBe(303);
    expect(await sessions()).toHaveLength(1);
  });

  test('the page is good in its own browser, once, for ten minutes', async () => {
    const browser = openBrowser();
    const page = await typed(browser);
    const ticket = /name="ticket" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const thief = openBrowser();
    const foreign = await thief.get(`${world.publicUrl}/signin`);
    const csrf = /name="csrf" value="([^"]+)"/.exec(foreign.body)?.[1] ?? '';
    const stolen = await thief.post(`${world.publicUrl}/signin/change-password`, { ...own, csrf, ticket });
    expect(stolen.location).toBe(`${world.publicUrl}/signin`);
    expect(await sessions()).toEqual([]);

    world.clock.advance(10 * 60_000 + 1);
    await browser.submit(page, own);
    expect(await sessions()).toEqual([]);

    const fresh = await typed(browser);
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.submit(fresh, own)));
    const cookies = answers.filter((answer) => answer.headers.getSetCookie().some((c) => c.includes('_session=')));
    expect(cookies).toHaveLength(1);
    expect(await sessions()).toHaveLength(1);
  });

  test('a ticket for somebody else, or of a password that was changed meanwhile, is worth nothing', async () => {
    const browser = openBrowser();
    const page = await typed(browser);
    const ticket = /name="ticket" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    await browser.submit(page, { ...own, ticket: ticket.replace(world.mina.id, world.chief.id) });
    const passwordHash = await world.passwords.hash('given a second time');
    const authority = { kind: 'operator' } as const;
    await world.run((tx) => setPassword(tx, { userId: world.mina.id, authority, passwordHash, mustChange: true }));
    await browser.submit(page, own);
    expect(await sessions()).toEqual([]);
    expect(await world.run((tx) => tx.sessions.findMany({ userId: world.chief.id }))).toEqual([]);
  });

  test('a person stopped between the two pages stays out', async () => {
    const browser = openBrowser();
    const page = await typed(browser);
    await world.run(async (tx) => {
      const hold = { authority: 'operator', channelId: '', by: 'x', at: world.clock.now() } as const;
      await tx.users.save((await tx.users.find(world.mina.id))!, { holds: [hold] });
    });
    await browser.submit(page, own);
    expect(await sessions()).toEqual([]);
  });

  test('a password that changes while it is being checked opens no session', async () => {
    const browser = openBrowser();
    const page = await browser.get(`${world.publicUrl}/signin`);
    const { verify } = world.passwords;
    world.passwords.verify = async (hash, text) => {
      const right = await verify(hash, text);
      const passwordHash = await world.passwords.hash('changed in between');
      await world.run((tx) =>
        setPassword(tx, { userId: world.theo.id, authority: { kind: 'self' }, passwordHash, mustChange: false }),
      );
      return right;
    };
    const visit = await browser.submit(page, { name: 'theo@sunrise.example', password });
    expect(visit.status).toBe(401);
    expect(await world.run((tx) => tx.sessions.findMany({ userId: world.theo.id }))).toEqual([]);
  });

  test('no session opens beside a temporary password', async () => {
    const user = await world.run((tx) => tx.users.find(world.mina.id));
    const input = { userId: world.mina.id, cookieHash: 'x', ttlMs: 1_000 };
    const { credentialVersion } = user!;
    expect(await world.run((tx) => openPasswordSession(tx, { ...input, credentialVersion }))).toBeUndefined();
  });
});
