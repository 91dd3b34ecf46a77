import { parse } from 'yaml';
import { addGroup, type LocalMaestrano } from '../../../src/adapters/cli/simulate/maestrano/local/index.js';
import { maestranoSettings } from '../../../src/adapters/rest/maestrano/config.js';
import { serveHttp } from './hub-stub.js';
import { api, ask, begin, responseIn, signIn, startWithPeople } from './support.js';

let local: LocalMaestrano;
let hub: Awaited<ReturnType<typeof serveHttp>>;
beforeAll(async () => {
  hub = await serveHttp();
  ({ local } = await startWithPeople({ hubUrl: hub.url, marketplaces: [{ name: 'acme' }, { name: 'globex' }] }));
});
afterAll(async () => {
  await local.close();
  await hub.close();
});

const see = async (path: string, cookie = '', init: RequestInit = {}) => {
  const response = await fetch(`${local.url}${path}`, {
    ...init,
    headers: { cookie, ...init.headers },
    redirect: 'manual',
  });
  return { status: response.status, location: response.headers.get('location') ?? '', html: await response.text() };
};
const press = (path: string, cookie: string, headers: Record<string, string> = {}) =>
  see(path, cookie, { method: 'POST', body: new URLSearchParams(), headers });

describe('the dashboard', () => {
  it('asks who somebody is, and shows their companies with what may be done there', async () => {
    const { html } = await see('/dashboard/acme');
    expect(html).toContain('Sign in as Ada');
    const cookie = await signIn(local, 'usr-1', 'acme');
    const mine = await see('/dashboard/acme', cookie);
    expect(mine.html).toContain('Größe &lt;GmbH&gt;');
    expect(mine.html).toContain('Löwe &amp; Söhne');
    expect(mine.html).toContain('/launch/acme.cld-1');
    for (const page of ['bills', 'records']) expect((await see(`/groups/acme.cld-1/${page}`, cookie)).status).toBe(200);
  });

  it('launches at the hub of that marketplace', async () => {
    const { status, location } = await see('/launch/globex.cld-1');
    expect([status, location]).toEqual([302, `${hub.url}/maestrano/auth/saml/init/globex?group_id=cld-1`]);
    expect((await see('/launch/globex.cld-2')).status).toBe(404);
  });

  it('takes people out and cancels, in one marketplace and not the other', async () => {
    const cookie = await signIn(local, 'usr-1', 'acme');
    expect((await press('/groups/acme.cld-1/people/usr-2/cancel', cookie)).location).toBe(
      '/dashboard/acme?notice=person&status=200',
    );
    expect(local.marketplace('acme').groups.get('cld-1')!.members.has('usr-2')).toBe(false);
    expect(local.marketplace('globex').groups.get('cld-1')!.members.has('usr-2')).toBe(true);
    expect(hub.heard.at(-1)).toMatchObject({ path: '/maestrano/account/groups/cld-1/users/usr-2/acme' });
    hub.statuses.push(500);
    await press('/groups/acme.cld-1/cancel', cookie);
    const told = await see('/dashboard/acme?notice=group&status=500', cookie);
    expect(told.html).toContain('but it answered 500');
    expect(local.marketplace('globex').groups.get('cld-1')!.status).toBe('running');
  });

  it('shows the bills of a company that canceled, which may buy again with its people', async () => {
    const marketplace = local.marketplace('globex');
    const group = addGroup(
      marketplace,
      { uid: 'cld-2', name: 'Old', freeTrialEndAt: '2026-03-01T00:00:00.000Z' },
      begin,
    );
    group.members.set('usr-1', 'Admin').set('usr-2', 'Member');
    const bill = { group_id: 'cld-2', price_cents: 1500, units: 2.5, description: 'SMS', currency: 'EUR' };
    const { body } = await api(local, 'globex')('POST', '/api/v1/account/bills', bill);
    await api(local, 'globex')('DELETE', `/api/v1/account/bills/${body.data.id}`);
    const cookie = await signIn(local, 'usr-1', 'globex');
    await press('/groups/globex.cld-2/cancel', cookie);
    const { html } = await see('/dashboard/globex', cookie);
    expect(html).toMatch(/trial ended <span class="date">2026-03-01/);
    expect(html).toContain('/groups/globex.cld-2/bills');
    expect(html).not.toContain('/launch/globex.cld-2');
    const bills = await see('/groups/globex.cld-2/bills', cookie);
    for (const text of ['15.00 EUR', '>2.5<', '37.50 EUR', '>canceled<']) expect(bills.html).toContain(text);
    expect((await press('/groups/globex.cld-2/buy', cookie)).location).toBe(
      '/dashboard/globex?notice=bought&status=200',
    );
    expect([group.status, group.members.size]).toEqual(['running', 2]);
    expect((await see('/dashboard/globex', cookie)).html).toContain('/launch/globex.cld-2');
  });

  it('gives every element an id of its own', async () => {
    const cookie = await signIn(local, 'usr-1', 'globex');
    const { html } = await see('/dashboard/globex', cookie);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.filter((id) => id?.startsWith('remove-')).length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('adds no person without a name, and names an invoice by what it has', async () => {
    const cookie = await signIn(local, 'usr-1', 'globex');
    const purchase = {
      marketplace: local.marketplace('globex'),
      group: local.marketplace('globex').groups.get('cld-1')!,
    };
    local.desk.addRecord(purchase, 'invoices', { transaction_number: 'INV-7' });
    const { location } = await see('/groups/globex.cld-1/records', cookie, {
      method: 'POST',
      body: new URLSearchParams({ first_name: ' ', email: 'x@example.org' }),
    });
    const { html } = await see(location, cookie);
    expect(html).toContain('nothing was added');
    expect(html).not.toContain('x@example.org');
    expect(html).toContain('<h2>Invoice INV-7</h2>');
    expect(html).toContain('name="transaction_number" value="INV-7"');
  });

  it('says how to connect a marketplace that has no channel yet', async () => {
    expect((await see('/')).html).not.toContain('apiSecret');
    await local.list({ name: 'yours', offer: { application: 'desk', plan: 'desk-month' } });
    const seed = parse(local.channelYaml('yours'));
    const { environment, apiKey, apiSecret } = local.platform;
    const developerPlatform = {
      host: local.url,
      apiPath: '/api/config/v1/marketplaces',
      environment,
      apiKey,
      apiSecret,
    };
    const settings = { marketplace: 'yours', application: 'desk', plan: 'desk-month', developerPlatform };
    expect(seed).toEqual({ channels: [{ name: 'yours', protocol: 'maestrano', settings }] });
    expect(maestranoSettings.safeParse(seed.channels[0].settings).success).toBe(true);
    expect((await see('/')).html).toContain(`apiSecret: &quot;${apiSecret}&quot;`);
    local.unlist('yours');
  });

  it('changes nothing for a form on another page, or for nobody', async () => {
    const cookie = await signIn(local, 'usr-1', 'globex');
    const foreign = await press('/groups/globex.cld-1/cancel', cookie, { origin: 'https://elsewhere.example' });
    expect(foreign.status).toBe(403);
    expect((await press('/groups/globex.cld-1/cancel', '')).location).toBe('/dashboard/globex');
    expect(local.marketplace('globex').groups.get('cld-1')!.status).toBe('running');
  });

  it('goes back only to a path of its own after signing in', async () => {
    for (const back of ['https://elsewhere.example/', '//elsewhere.example/', '/\\elsewhere.example', '']) {
      const { location } = await see('/dashboard/globex/sign-in', '', {
        method: 'POST',
        body: new URLSearchParams({ person: 'usr-1', return: back }),
      });
      expect(location).toBe('/dashboard/globex');
    }
  });
});

describe('several marketplaces', () => {
  it('with equal uids have credentials, keys and sign-ins of their own', async () => {
    const [acme, globex] = [local.marketplace('acme'), local.marketplace('globex')];
    expect(acme.identity.fingerprint).not.toBe(globex.identity.fingerprint);
    const cookie = await signIn(local, 'usr-1', 'globex');
    const consume = `${hub.url}/maestrano/auth/saml/consume/globex`;
    const there = await ask(local, cookie, { issuer: globex.api.id, acs: consume });
    expect(responseIn(await there.text()).xml).toContain('Größe');
    const elsewhere = await ask(local, cookie, { issuer: acme.api.id, acs: consume });
    expect(elsewhere.headers.get('location')).toMatch(/^\/dashboard\/acme/);
  });

  it('are on the developer platform’s list, for whoever has its key', async () => {
    const { apiKey, apiSecret } = local.platform;
    const authorization = (secret: string) => `Basic ${Buffer.from(`${apiKey}:${secret}`).toString('base64')}`;
    const get = (secret: string) =>
      api(local)('GET', '/api/config/v1/marketplaces', undefined, { authorization: authorization(secret) });
    const { body } = await get(apiSecret);
    const [acme] = body.marketplaces;
    expect(acme).toMatchObject({
      marketplace: 'acme',
      app: { host: hub.url },
      api: { id: local.marketplace('acme').api.id, host: local.url, base: '/api/v1/' },
      sso: {
        init_path: '/maestrano/auth/saml/init/acme',
        x509_fingerprint: local.marketplace('acme').identity.fingerprint,
      },
      connec: { host: local.url, base_path: '/api/v2' },
    });
    expect((await get('wrong')).status).toBe(401);
    local.unlist('acme');
    expect((await get(apiSecret)).body.marketplaces.map((one: { marketplace: string }) => one.marketplace)).toEqual([
      'globex',
    ]);
  });
});
