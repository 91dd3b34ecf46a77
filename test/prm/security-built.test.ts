import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { authority } from '../soap-kit/signature-support.js';
import { onEveryDialect } from '../support/databases.js';
import { type Hub, type HubProcess, startHub } from '../support/hub.js';
import { type Bean, message, passwordDigest, passwordText, pathOf, post } from './support/caller.js';

const run = promisify(execFile);
const client = join(dirname(fileURLToPath(import.meta.url)), 'clients/prm_signed.py');
const python = process.env.ZEEP_PYTHON ?? '/usr/bin/python3';

const make = authority();
const desk = make({ subject: '/CN=desk' });
const stranger = make({ subject: '/CN=desk' });

const other = { username: 'op-other', password: 'change-me-Op-2' };
const operator = { username: 'op-desk', password: 'change-me-Op-1' };
const digested = { username: 'op-desk', password: 'change-me-Digest-1' };

/** The whole hub as it is built and started: its own front, its own configuration. */
onEveryDialect('the built hub', (dialect) => {
  let hub: Hub;
  let behindProxy: HubProcess;
  beforeAll(async () => {
    hub = await startHub({
      dialect,
      seed(seed) {
        seed.channels!.push({ name: 'lax', protocol: 'prm', settings: { allowRsaSha1: true } });
        const certificates = [`sha256:${desk.fingerprint}`];
        Object.assign(
          seed.serviceAccounts!.find(({ username }) => username === 'op-desk'),
          { certificates },
        );
        seed.serviceAccounts!.push(
          { channel: 'gatekeeper', ...other, level: 'ADMINISTRATOR' },
          { channel: 'lax', ...operator, level: 'READ_ONLY', certificates },
        );
      },
    });
    behindProxy = await hub.join({
      PUBLIC_URL: 'https://hub.example',
      TRUSTED_PROXIES: '127.0.0.0/8,::1/128',
      ROLES: 'web',
    });
  }, 180_000);
  afterAll(() => hub.close());

  const send = (base: string, call: string, input: Bean, header: string, headers: Readonly<Record<string, string>>) => {
    const [service, operation] = call.split('.') as [string, string];
    return post(`${base}${pathOf(service)}`, message(service, operation, input, header), headers);
  };

  it('takes what zeep signs, and nothing that was meddled with', async () => {
    const lax = `${hub.publicUrl}/channels/lax`;
    const keys = [desk.keyFile, desk.certFile, stranger.keyFile, stranger.certFile];
    const { stdout } = await run(python, [client, hub.publicUrl, lax, ...keys, other.username, other.password]);
    expect(JSON.parse(stdout)).toEqual({
      signed: 'READ_WRITE',
      'signed again': 'READ_WRITE',
      'soap 1.2': 'READ_WRITE',
      'with its token': 'READ_WRITE',
      'with its digest': 'READ_WRITE',
      'sha1 where it is taken': 'READ_ONLY',
      'as zeep does by itself, where it is taken': 'READ_ONLY',
      'as zeep does by itself': 'wsse:InvalidSecurity ACCESS_DENIED',
      'soap 1.2 and sha1': 'soap:Sender:InvalidSecurity ACCESS_DENIED',
      'of another account': 'wsse:FailedAuthentication ACCESS_DENIED',
      foreign: 'wsse:FailedAuthentication ACCESS_DENIED',
      tampered: 'wsse:FailedCheck ACCESS_DENIED',
      wrapped: 'wsse:InvalidSecurity ACCESS_DENIED',
      twice: 'wsse:FailedAuthentication ACCESS_DENIED',
    });
  }, 120_000);

  it('behind a proxy it takes a password only off a line nobody reads', async () => {
    const level = (header: string, headers: Readonly<Record<string, string>>) =>
      send(behindProxy.url, 'OpService.getUserLevel', {}, header, headers);
    const text = passwordText(operator);
    const digest = () => passwordDigest(digested);
    expect((await level(text, { 'x-forwarded-proto': 'https' })).value).toBe('READ_WRITE');
    expect((await level(text, {})).value).toBe('READ_WRITE');
    for (const proto of ['http', 'https, http', 'ws']) {
      const refused = { fault: 'ACCESS_DENIED', faultCode: 'wsse:FailedAuthentication' };
      expect(await level(text, { 'x-forwarded-proto': proto })).toMatchObject(refused);
      const login = { operatorId: operator.username, password: operator.password };
      expect(await send(behindProxy.url, 'OpLogin.login', login, '', { 'x-forwarded-proto': proto })).toMatchObject(
        refused,
      );
      const stranger = { spAccountId: 'open-line', spAccount: {}, password: 'x' };
      const applied = send(behindProxy.url, 'SpLogin.registerSpAccountReq', stranger, '', {
        'x-forwarded-proto': proto,
      });
      expect(await applied).toMatchObject(refused);
      expect((await level(digest(), { 'x-forwarded-proto': proto })).value).toBe('READ_WRITE');
    }
    // without a proxy that is trusted the header is anybody's
    const direct = send(hub.publicUrl, 'OpService.getUserLevel', {}, text, { 'x-forwarded-proto': 'http' });
    expect((await direct).value).toBe('READ_WRITE');
  });

  it.each([
    ['nobody’s word is taken', () => hub.publicUrl, (at: number) => `203.0.113.${at}`],
    [
      'only the last hop before the proxy counts',
      () => behindProxy.url,
      (at: number) => `198.51.100.${at}, 203.0.113.77`,
    ],
  ])('X-Forwarded-For buys no more applications: %s', async (what, url, forged) => {
    const apply = (at: number) => {
      const input = { spAccountId: `${what.length}-${at}`, spAccount: {}, password: 'secret-1' };
      return send(url(), 'SpLogin.registerSpAccountReq', input, '', { 'x-forwarded-for': forged(at) });
    };
    for (let at = 0; at < 10; at += 1) expect((await apply(at)).fault).toBeUndefined();
    const refused = await apply(10);
    expect(refused.fault).toBe('CommonException');
    expect(refused.faultText).toMatch(/too many attempts/);
  });
});
