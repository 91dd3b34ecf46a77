import { onEveryDialect } from '../../support/databases.js';
import { encodeForm } from '../support/forms.js';
import { interfaceUser, type KakapoHub, openKakapoHub, providerHost } from '../support/hub.js';
import { envelopes, soapMessage } from '../support/soap.js';

const secret = interfaceUser.loginPassword;
const other = 'n3w-Pässword+1';

onEveryDialect('passwords', (dialect) => {
  let hub: KakapoHub;
  beforeAll(async () => {
    hub = await openKakapoHub(dialect, { channels: { closed: { getBinding: false } } });
  });
  afterAll(() => hub.close());

  const portalUser = (name: string) => ({
    ...interfaceUser,
    serverHostName: providerHost,
    newUserName: name,
    newUserEmail: `${name}@op.example`,
    newUserPassword: other,
  });
  const post = (url: string, body: string, type = 'application/x-www-form-urlencoded') =>
    fetch(url, { method: 'POST', headers: { 'content-type': type }, body });

  it('are in no log and no record, however they were sent', async () => {
    const base = hub.url();
    const form = encodeForm(portalUser('one'));
    const misspelled = form.replace('loginPassword', 'loginPasword').replace('newUserPassword', 'newUserPasswrd');
    const calls = [
      post(base, soapMessage('AddPortalUser', portalUser('two')), 'text/xml'),
      post(base, soapMessage('AddPortalUser', portalUser('three'), '1.2'), 'application/soap+xml'),
      post(base, soapMessage('AddPortalUser', portalUser('x')).slice(0, -40), 'text/xml'),
      post(`${base}/AddPortalUser`, form),
      post(`${base}/AddPortalUser`, misspelled),
      post(`${base}/AddPortalUser`, JSON.stringify(portalUser('y'))),
      post(`${base}/AddPortalUser`, JSON.stringify(portalUser('y')), 'application/json'),
      post(`${base}/Nope`, form),
      fetch(`${base}/AddPortalUser?${encodeForm(portalUser('four'))}`),
      fetch(`${base}/AddPortalUser?${misspelled}`),
      fetch(`${base}/Nope?${form}`),
      fetch(`${base}/AddPortalUser&${form}`),
      fetch(`${base}?${form}`),
      fetch(`${hub.url('closed')}/AddPortalUser?${form}`),
    ];
    for (const call of calls) await (await call).arrayBuffer();
    await new Promise((resolve) => setImmediate(resolve));
    const kept = JSON.stringify(hub.records) + hub.logged();
    for (const word of [secret, other, encodeURIComponent(secret), encodeURIComponent(other)]) {
      expect(kept).not.toContain(word);
    }
  });

  it('are masked where a call is recorded, and the rest is not', async () => {
    const before = hub.records.length;
    await hub.form()('GetResellers', { serverHostName: providerHost, extra: 'x', another: 'y' });
    await hub.form({ method: 'GET' })('GetResellers', { serverHostName: providerHost });
    await hub.soap()('GetResellers', { serverHostName: providerHost });
    await new Promise((resolve) => setImmediate(resolve));
    const [byPost, byGet, bySoap] = hub.records.slice(before);
    const common = { direction: 'in', protocol: 'kakapo', channelId: hub.channelId(), operation: 'GetResellers' };
    for (const record of [byPost, byGet, bySoap]) {
      expect(record).toMatchObject({ ...common, status: 200, requestId: expect.stringMatching(/^req_/) });
      expect(record!.response).toContain('<success>true</success>');
    }
    const shown = `loginUserName=${interfaceUser.loginUserName}\nloginPassword=***\nserverHostName=${providerHost}`;
    const path = '/KakapoProvision/ProvisionV3.asmx/GetResellers';
    expect(byPost!.request).toBe(`POST ${path}\n\n${shown}\n(2 more)`);
    expect(byGet!.request).toBe(`GET ${path}\n\n${shown}`);
    expect(bySoap!.request).toContain('<loginPassword>***</loginPassword>');
  });

  it.each([
    ['SOAP 1.1', () => hub.soap({ login: null })],
    ['SOAP 1.2', () => hub.soap({ login: null, version: '1.2' as const })],
    ['HTTP POST', () => hub.form({ login: null })],
    ['HTTP GET', () => hub.form({ login: null, method: 'GET' as const })],
  ])('are refused in the same words by %s', async (_, caller) => {
    const call = caller();
    const attempt = async (loginUserName: string, loginPassword: string | null): Promise<string | undefined> => {
      const got = await call('GetResellers', { loginUserName, loginPassword, serverHostName: providerHost });
      return got.status === 200 ? got.errorMessage : got.text;
    };
    const history = 'Please refer to the login history for further information';
    const { loginUserName, loginPassword } = interfaceUser;
    expect(await attempt('nobody', 'x')).toBe(`The login attempt failed. ${history}`);
    const blank = 'Parameter loginPassword is mandatory and must not be blank';
    expect(await attempt(loginUserName, ' ')).toBe(blank);
    expect([blank, 'Missing parameter: loginPassword.\r\n']).toContain(await attempt(loginUserName, null));
    expect(await attempt(loginUserName, loginPassword)).toBeUndefined();
    expect(await attempt(loginUserName, 'wrong')).toBe(
      `The login attempt has failed and the account has been locked. ${history}`,
    );
    expect(await attempt(loginUserName, loginPassword)).toBe(
      `The login attempt failed because the account is locked. ${history}`,
    );
    await hub.unlock();
    expect(await attempt(loginUserName, loginPassword)).toBeUndefined();
  });

  it('never reach an account through a form or message that cannot be read', async () => {
    const wrong = { loginUserName: interfaceUser.loginUserName, loginPassword: 'wrong', serverHostName: providerHost };
    const action = { soapaction: '"http://kakaposystems.com/GetResellers"', 'content-type': 'text/xml' };
    const cut = `<s:Envelope xmlns:s="${envelopes['1.1']}"><s:Body><GetResellers`;
    await fetch(hub.url(), { method: 'POST', headers: action, body: cut });
    await post(`${hub.url()}/GetResellers`, `${encodeForm(wrong)}&x=%ff`);
    await post(`${hub.url()}/GetResellers`, encodeForm({ ...wrong, serverHostName: null }));
    await post(`${hub.url()}/GetResellers`, encodeForm(wrong), 'application/json');
    expect(await hub.form()('GetResellers', { serverHostName: providerHost })).toMatchObject({ success: true });
  });
});
