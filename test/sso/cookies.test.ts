import { afterEach, describe, expect, test } from '@jest/globals';
import { password, startWorld, type World } from './support/world.js';

describe('cookies', () => {
  let world: World;
  afterEach(() => world.close());

  /** Signs Mina in as a proxy would pass it on, and collects every cookie the hub sets on the way. */
  async function cookiesOf(headers: Record<string, string>): Promise<string[]> {
    const seen: string[] = [];
    const jar = new Map<string, string>();
    async function ask(path: string, init: RequestInit = {}): Promise<Response> {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(`${world.origin}${path}`, {
        ...init,
        redirect: 'manual',
        headers: { ...headers, ...(cookie && { cookie }) },
      });
      for (const line of response.headers.getSetCookie()) {
        seen.push(line);
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
        jar.set(name, value);
      }
      return response;
    }
    const query = new URLSearchParams({
      client_id: 'orchid-crm',
      response_type: 'code',
      redirect_uri: 'http://localhost:4100/callback',
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      state: 'abc',
    });
    const begun = await ask(`/oidc/auth?${query}`);
    const at = new URL(begun.headers.get('location') ?? '', world.publicUrl);
    expect(at.origin).toBe(world.publicUrl);
    const page = await (await ask(`${at.pathname}${at.search}&lang=ja`)).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const to = at.searchParams.get('to') ?? '';
    const body = new URLSearchParams({ csrf, to, instance: '', name: 'mina@sunrise.example', password });
    const entered = await ask('/signin/password', { method: 'POST', body });
    expect(entered.status).toBe(303);
    const back = await ask(entered.headers.get('location') ?? '');
    expect(back.headers.get('location')).toContain('code=');
    await ask('/signin/sign-out', { method: 'POST', body: new URLSearchParams({ csrf }) });
    return seen;
  }

  test.each([
    ['the proxy says https', { 'x-forwarded-proto': 'https' }],
    ['the proxy says nothing', {}],
    ['somebody says http', { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example' }],
  ])('behind https all are bound to the host, secure and out of reach of scripts: %s', async (_what, headers) => {
    world = await startWorld({ publicUrl: 'https://hub.example' });
    const cookies = await cookiesOf(headers as Record<string, string>);
    expect(cookies.length).toBeGreaterThan(4);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; *secure/i);
      expect(cookie).toMatch(/; *httponly/i);
      expect(cookie).toMatch(/; *samesite=lax/i);
      expect(cookie).not.toMatch(/domain=/i);
      if (!cookie.startsWith('mercator_language=')) expect(cookie).toMatch(/^__(Host|Secure)-mercator_/);
      if (cookie.startsWith('__Host-')) expect(cookie).toMatch(/; *path=\/(;|$)/i);
    }
    expect(cookies.some((cookie) => cookie.startsWith('__Host-mercator_session='))).toBe(true);
  });

  test('on plain loopback they go without the prefix, otherwise alike', async () => {
    world = await startWorld();
    const cookies = await cookiesOf({});
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^mercator_/);
      expect(cookie).not.toMatch(/; *secure|domain=/i);
      expect(cookie).toMatch(/; *httponly/i);
      expect(cookie).toMatch(/; *samesite=lax/i);
    }
  });

  test('over https a session cookie without its prefix, as a neighbouring site could set it, is nobody', async () => {
    world = await startWorld({ publicUrl: 'https://hub.example' });
    const cookies = await cookiesOf({});
    const line = cookies.find((cookie) => cookie.startsWith('__Host-mercator_session=')) ?? '';
    const value = line.split(';')[0]?.split('=')[1] ?? '';
    const page = await fetch(`${world.origin}/signin`, { headers: { cookie: `mercator_session=${value}` } });
    expect(await page.text()).toContain('id="password"');
  });
});
