import { minute } from '../../../src/core/shared/clock.js';
import { eventually } from '../../support/eventually.js';
import { testDialects } from '../../support/mysql.js';
import { type MaestranoHub, openMaestranoHub, usualSettings } from '../support/hub.js';
import { readRequest, responseNow, TestBrowser } from './browser.js';
import { askPysaml2 } from './pysaml2.js';
import { ds, responseXml, usualAttributes } from './responses.js';
import { idp, stranger } from './support.js';

const sso = { x509Certificate: idp.certificate };
const refused = 'https://api.acme.example/app_access_unauthorized?err=internal';

describe.each(await testDialects())('signing in through a marketplace (spec Maestrano 1.4), %s', (dialect) => {
  let world: MaestranoHub;
  beforeAll(async () => {
    world = await openMaestranoHub(dialect, {
      channels: {
        acme: usualSettings('acme', { sso }),
        beta: usualSettings('beta', { sso }),
        keyless: usualSettings('keyless', { sso: undefined }),
        virtual: usualSettings('virtual', {
          sso: { ...sso, idp: 'https://api.acme.example' },
          creationMode: 'virtual',
        }),
        old: usualSettings('old', { sso: { ...sso, idp: 'https://api.acme.example' }, allowSha1: true }),
      },
    });
  });
  afterAll(() => world.close());

  let tests = 0;
  beforeEach(() => {
    tests += 1;
  });
  const browser = (): TestBrowser => new TestBrowser(world, `198.51.100.${tests}`);
  const sessions = () => world.run((tx) => tx.sessions.findMany({}));
  const locationOf = (response: Response): string => response.headers.get('location') ?? '';

  /** The reason of the latest refusal, from the log. */
  const reasonLogged = (): string => {
    const lines = world
      .logged()
      .split('\n')
      .filter((line) => line.includes('a SAML response was refused'));
    return (JSON.parse(lines.at(-1) ?? '{}') as { reason?: string }).reason ?? '';
  };
  const journal = async () => {
    const filter = 'filter: { command: { eq: "maestrano.signInRefused" } }';
    const order = 'orderBy: { field: id, direction: DESC }';
    return (await world.ask(`{ journal(first: 1, ${filter}, ${order}) { totalCount nodes { reason objectId } } }`))
      .journal;
  };

  describe('init', () => {
    it('sends the browser to the identity provider with what it came with', async () => {
      const one = browser();
      const response = await one.get('/maestrano/auth/saml/init/acme?group_id=cld-1&lang=es&x=a%20%26%2Bb&x=');
      expect(response.status).toBe(302);
      const [address, query] = locationOf(response).split('?');
      expect(address).toBe('https://api.acme.example/api/v1/auth/saml');
      expect(query).toMatch(/^SAMLRequest=[A-Za-z0-9%]+&group_id=cld-1&lang=es&x=a%20%26%2Bb&x=$/);
      const { xml, ...read } = readRequest(locationOf(response));
      expect(read).toMatchObject({ issuer: 'app-acme', consumeUrl: `${world.url}/maestrano/auth/saml/consume/acme` });
      expect(xml).toMatch(
        /^<samlp:AuthnRequest xmlns:samlp="[^"]+" ID="_[0-9a-f]+" Version="2.0" IssueInstant="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" AssertionConsumerServiceURL="[^"&]+"><saml:Issuer xmlns:saml="[^"]+">app-acme<\/saml:Issuer><samlp:NameIDPolicy AllowCreate="true" Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"\/><\/samlp:AuthnRequest>$/,
      );
      expect(one.names).toEqual(['mercator_launch']);
      expect(response.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
      expect(response.headers.get('cache-control')).toBe('no-store');
    });

    it('leaves hostile parameters out', async () => {
      const long = 'x'.repeat(1_001);
      const hostile = `SAMLRequest=a&samlrequest=b&SigAlg=c&Signature=d&RelayState=e&SAMLResponse=f&g=a%0d%0aSet-Cookie:x&h%00=1&i=${long}&${long}=1&ok=1`;
      const many = Array.from({ length: 40 }, (_, index) => `p${index}=1`).join('&');
      const query = new URL(locationOf(await browser().get(`/maestrano/auth/saml/init/acme?${hostile}&${many}`)))
        .searchParams;
      const names = [...query.keys()];
      expect(query.getAll('SAMLRequest')).toHaveLength(1);
      expect(query.get('SAMLRequest')).not.toBe('a');
      expect(names.slice(1, 3)).toEqual(['ok', 'p0']);
      expect(names).toHaveLength(21);
    });

    it('does nothing for a browser that only looks ahead', async () => {
      const one = browser();
      const response = await one.get('/maestrano/auth/saml/init/acme', {
        headers: { 'sec-purpose': 'prefetch;prerender' },
      });
      expect([response.status, locationOf(response), one.names]).toEqual([204, '', []]);
    });

    it('says so where no key is known, and for a marketplace nobody knows', async () => {
      const keyless = await openMaestranoPage('keyless');
      expect([keyless.status, locationOf(keyless)]).toEqual([503, '']);
      const unknown = await openMaestranoPage('nobody');
      expect([unknown.status, locationOf(unknown)]).toEqual([404, '']);
    });
    const openMaestranoPage = (name: string) => browser().get(`/maestrano/auth/saml/init/${name}`);
  });

  it('what is refused is in the journal of the channel', async () => {
    const before = await journal();
    expect(locationOf(await browser().post('SAMLResponse=YWJj'))).toBe(refused);
    const after = await journal();
    expect(after.totalCount).toBe(before.totalCount + 1);
    expect(after.nodes[0]).toEqual({ reason: 'xml', objectId: world.channelId('acme') });
  });

  it('from the marketplace into the application, and again by the remembered group', async () => {
    const one = browser();
    const request = await one.begin();
    const consumed = await one.consume(responseNow(world, request));
    expect([consumed.status, consumed.headers.getSetCookie()]).toEqual([303, []]);
    expect(locationOf(consumed)).toMatch(new RegExp(`^${world.url}/sso/launch/enter\\?t=`));
    const entered = await one.get(locationOf(consumed));
    expect([entered.status, locationOf(entered)]).toEqual([303, 'http://localhost:4100/']);
    const [session] = await world.run((tx) => tx.sessions.findMany({ channelId: world.channelId('acme') }));
    expect(session).toMatchObject({
      state: 'ACTIVE',
      method: 'marketplace',
      voucher: { uid: 'usr-1', session: 'session-token-1', groupUid: 'cld-1' },
    });
    expect(await world.run((tx) => tx.users.find(session!.userId))).toMatchObject({ displayName: 'Ada Lovelace' });
    // the group is remembered for the marketplace it belongs to, and an own one counts more
    const groups = async (path: string) => new URL(locationOf(await one.get(path))).searchParams.getAll('group_id');
    expect(await groups('/maestrano/auth/saml/init/acme')).toEqual(['cld-1']);
    expect(await groups('/maestrano/auth/saml/init/acme?group_id=')).toEqual(['cld-1']);
    expect(await groups('/maestrano/auth/saml/init/acme?group_id=cld-2')).toEqual(['cld-2']);
    expect(await groups('/maestrano/auth/saml/init/beta')).toEqual([]);
  });

  it('signs in nobody in another browser', async () => {
    const request = await browser().begin();
    const consumed = await browser().consume(
      responseNow(world, request, { attributes: { uid: 'usr-o', email: 'o@example.com' } }),
    );
    const thief = browser();
    await thief.begin();
    expect((await thief.get(locationOf(consumed))).status).toBe(403);
    expect((await browser().get(locationOf(consumed))).status).toBe(403);
    expect(
      (await sessions()).filter(({ state }) => state === 'ACTIVE').map(({ voucher }) => voucher?.uid),
    ).not.toContain('usr-o');
  });

  it('signs in nobody who takes more than a minute for the last step', async () => {
    const late = browser();
    const consumed = await late.consume(responseNow(world, await late.begin()));
    expect(consumed.status).toBe(303);
    world.clock.advance(minute);
    expect((await late.get(locationOf(consumed))).status).toBe(403);
  });

  it('in virtual mode people are known by their virtual ids', async () => {
    const one = browser();
    const consumed = await one.consume(responseNow(world, await one.begin('virtual')), { channel: 'virtual' });
    expect(consumed.status).toBe(303);
    const refs = await world.run((tx) =>
      tx.externalRefs.findMany({ channelId: world.channelId('virtual'), kind: 'user' }),
    );
    expect(refs.map(({ externalId }) => externalId)).toEqual(['usr-1.cld-1']);
  });

  it('takes SHA-1 where the channel says so', async () => {
    const one = browser();
    const said = {
      attributes: {
        group_has_credit_card: 'perhaps',
        group_role: 'Emperor',
        country: undefined,
        company_name: undefined,
      },
    };
    const old = { method: `${ds}rsa-sha1`, digest: `${ds}sha1`, embed: true };
    const consumed = await one.consume(responseNow(world, await one.begin('old'), said, old), { channel: 'old' });
    expect(consumed.status).toBe(303);
  });

  it('takes a response of pysaml2, and none that was changed', async () => {
    const one = browser();
    const location = locationOf(await one.get('/maestrano/auth/saml/init/acme?group_id=cld-1'));
    const asked = {
      request: new URL(location).searchParams.get('SAMLRequest')!,
      issuer: 'https://api.acme.example/metadata',
      audience: `${world.url}/`,
      consume: `${world.url}/maestrano/auth/saml/consume/acme`,
      identity: idp,
      sign: 'assertion',
      attributes: { ...usualAttributes, mno_session_recheck: world.clock.now() },
    } as const;
    const { response } = await askPysaml2(asked);
    const xml = Buffer.from(response, 'base64').toString();
    expect(locationOf(await one.consume(xml.replaceAll('usr-1', 'usr-9')))).toBe(refused);
    const consumed = await one.consume(xml);
    expect(consumed.status).toBe(303);
    expect(locationOf(await one.get(locationOf(consumed)))).toBe('http://localhost:4100/');
  });

  describe('no session for', () => {
    const refusal = async (response: Response): Promise<string> => {
      expect(await response.text()).toBe('');
      expect([response.status, locationOf(response), response.headers.getSetCookie()]).toEqual([302, refused, []]);
      return reasonLogged();
    };
    const begun = async () => {
      const one = browser();
      return { one, request: await one.begin() };
    };
    let before: number;
    beforeEach(async () => {
      before = (await sessions()).length;
    });
    afterEach(async () => {
      expect((await sessions()).length).toBe(before);
    });

    it.each([
      ['no field', '', 'form'],
      ['two fields', 'SAMLResponse=YQ&SAMLResponse=YQ', 'form'],
      ['no base64', 'SAMLResponse=%3Cxml%3E', 'base64'],
      ['base64 of nothing', 'SAMLResponse=%3D%3D', 'base64'],
      ['no text', 'SAMLResponse=/////w', 'encoding'],
      ['no XML', 'SAMLResponse=YWJj', 'xml'],
      ['too much', `SAMLResponse=${'A'.repeat(360_000)}`, 'too_large'],
      ['too many characters', `SAMLResponse=${'A'.repeat(396_000)}`, 'too_large'],
    ])('%s', async (_name, body, reason) => {
      expect(await refusal(await browser().post(body))).toBe(reason);
    });

    it('another content type', async () => {
      const { one, request } = await begun();
      const field = encodeURIComponent(Buffer.from(responseNow(world, request)).toString('base64'));
      expect(await refusal(await one.post(`SAMLResponse=${field}`, { type: 'text/plain' }))).toBe('form');
    });

    it('another content encoding', async () => {
      const { one, request } = await begun();
      const field = encodeURIComponent(Buffer.from(responseNow(world, request)).toString('base64'));
      const headers = { 'content-encoding': 'gzip' };
      expect(await refusal(await one.post(`SAMLResponse=${field}`, { headers }))).toBe('form');
    });

    it('a response nobody or somebody else signed', async () => {
      const { one, request } = await begun();
      expect(await refusal(await one.consume(responseXml({ requestId: request.id })))).toBe('unsigned');
      const forged = responseNow(world, request, {}, { identity: stranger, embed: true });
      expect(await refusal(await one.consume(forged))).toBe('signature');
      const old = responseNow(world, request, {}, { method: `${ds}rsa-sha1` });
      expect(await refusal(await one.consume(old))).toBe('sha1');
    });

    it('a request of nobody, of another marketplace, or changed', async () => {
      const { one, request } = await begun();
      const { consumeUrl } = request;
      for (const id of [
        '_request',
        `${request.id.slice(0, -1)}${request.id.endsWith('0') ? '1' : '0'}`,
        `_0${request.id.slice(2)}`,
      ]) {
        if (id === request.id) continue;
        expect(await refusal(await one.consume(responseNow(world, { id, consumeUrl })))).toBe('request_unknown');
      }
      const other = await one.begin('beta');
      expect(await refusal(await one.consume(responseNow(world, { id: other.id, consumeUrl })))).toBe(
        'request_unknown',
      );
    });

    it('a request older than ten minutes', async () => {
      const { one, request } = await begun();
      world.clock.advance(11 * minute);
      expect(await refusal(await one.consume(responseNow(world, request)))).toBe('request_expired');
      world.clock.advance(-11 * minute);
    });

    it('a response that is not for us, or not for now', async () => {
      const { one } = await begun();
      const reasonOf = async (said: Parameters<typeof responseNow>[2]): Promise<string> =>
        refusal(await one.consume(responseNow(world, await one.begin(), said)));
      expect(await reasonOf({ audience: 'https://other.example/' })).toBe('audience');
      expect(await reasonOf({ recipient: `${world.url}/maestrano/auth/saml/consume/beta` })).toBe('recipient');
      expect(await reasonOf({ destination: 'https://other.example/' })).toBe('destination');
      expect(await reasonOf({ issuer: 'https://api.acme.example.evil/' })).toBe('issuer');
      expect(await reasonOf({ confirmedUntil: '2020-01-01T00:00:00Z' })).toBe('expired');
      expect(await reasonOf({ notBefore: '2099-01-01T00:00:00Z' })).toBe('not_yet_valid');
      expect(await reasonOf({ status: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed' })).toBe('status');
    });

    it.each([
      'mno_session',
      'mno_session_recheck',
      'uid',
      'email',
      'name',
      'surname',
      'group_uid',
      'group_role',
      'group_end_free_trial',
    ])('a response without %s', async (name) => {
      const { one, request } = await begun();
      const said = { attributes: { [name]: undefined } };
      expect(await refusal(await one.consume(responseNow(world, request, said)))).toBe('attribute_missing');
    });

    it.each(['mno_session_recheck', 'group_end_free_trial'])('a %s that is no instant', async (name) => {
      const { one, request } = await begun();
      const said = { attributes: { [name]: 'soon' } };
      expect(await refusal(await one.consume(responseNow(world, request, said)))).toBe('attribute_value');
    });

    it('what was found wrong leaves the request used', async () => {
      const { one, request } = await begun();
      expect(await refusal(await one.consume(responseNow(world, request, { audience: 'https://x.example/' })))).toBe(
        'audience',
      );
      expect(await refusal(await one.consume(responseNow(world, request)))).toBe('request_used');
    });

    it('a suspended marketplace, at the beginning and at the end', async () => {
      const { one, request } = await begun();
      const suspend = (suspendedAt: string | null) =>
        world.run(async (tx) => tx.channels.save((await tx.channels.lock(world.channelId('acme')))!, { suspendedAt }));
      await suspend(world.clock.now());
      try {
        // processes look at their channels every now and then
        await eventually(async () => (await one.get('/maestrano/auth/saml/init/acme')).status === 403, {
          within: 30_000,
        });
        expect(locationOf(await one.get('/maestrano/auth/saml/init/acme'))).toBe('');
        expect(await refusal(await one.consume(responseNow(world, request)))).toBe('suspended');
      } finally {
        await suspend(null);
        await eventually(async () => (await one.get('/maestrano/auth/saml/init/acme')).status === 302, {
          within: 30_000,
        });
      }
    });
  });

  it('each response signs in once', async () => {
    const one = browser();
    const request = await one.begin();
    const xml = responseNow(world, request, { id: '_once' });
    const both = await Promise.all([one.consume(xml), one.consume(xml)]);
    expect(both.map(({ status }) => status).sort()).toEqual([302, 303]);
    const count = (await sessions()).length;
    expect(locationOf(await one.consume(xml))).toBe(refused);
    // the same assertion for another request, which an identity provider in order never makes
    expect(locationOf(await one.consume(responseNow(world, await one.begin(), { id: '_once' })))).toBe(refused);
    expect(reasonLogged()).toBe('assertion_used');
    await world.restart();
    await fetch(world.url).catch(() => undefined); // a connection to the process that is gone
    expect(locationOf(await one.consume(xml))).toBe(refused);
    expect((await sessions()).length).toBe(count);
    expect(reasonLogged()).toBe('request_used');
  });

  it('a flood is not written down and then not looked at', async () => {
    const [one, other] = [browser(), new TestBrowser(world, '203.0.113.9')];
    const request = await one.begin();
    const before = (await journal()).totalCount;
    for (let sent = 0; sent < 250; sent += 50) {
      await Promise.all(Array.from({ length: 50 }, () => one.post('SAMLResponse=YWJj')));
    }
    expect((await journal()).totalCount - before).toBe(20);
    expect(locationOf(await one.consume(responseNow(world, request)))).toBe(refused);
    const elsewhere = await other.begin();
    expect((await other.consume(responseNow(world, elsewhere))).status).toBe(303);
    world.clock.advance(2 * minute);
    expect((await one.consume(responseNow(world, await one.begin()))).status).toBe(303);
    world.clock.advance(-2 * minute);
  });

  it('says the reason to nobody but the journal and the log', () => {
    expect(world.logged()).toContain('"reason":"audience"');
    expect(world.logged()).not.toContain('session-token-1');
  });
});
