import { execFile } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSigningIdentity } from '../../../src/adapters/cli/simulate/maestrano/local/certificate.js';
import type { LocalMaestrano } from '../../../src/adapters/cli/simulate/maestrano/local/index.js';
import type { TestClock } from '../../support/clock.js';
import { ask, begin, hubUrl, responseIn, signIn, startWithPeople } from './support.js';

const run = promisify(execFile);
const assertion = 'urn:oasis:names:tc:SAML:2.0:assertion';
const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol';

let local: LocalMaestrano;
let clock: TestClock;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-maestrano-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  ({ local, clock } = await startWithPeople());
});
afterEach(() => local.close());

async function answerFor(person: string) {
  const page = await ask(local, await signIn(local, person));
  return { page, html: await page.text() };
}

/** Another implementation of XML signatures. */
async function verify(xml: string, pem: string): Promise<boolean> {
  const [file, certificate] = [join(folder, 'response.xml'), join(folder, 'certificate.pem')];
  await writeFile(file, xml);
  await writeFile(certificate, pem);
  const ids = ['--id-attr:ID', `${assertion}:Assertion`, '--id-attr:ID', `${protocol}:Response`];
  return run('xmlsec1', [
    '--verify',
    '--trusted-pem',
    certificate,
    '--verification-time',
    '2026-03-02 09:00:00',
    ...ids,
    file,
  ]).then(
    () => true,
    () => false,
  );
}

const attribute = (xml: string, name: string): string | undefined =>
  new RegExp(`<Attribute Name="${name}"><AttributeValue>([^<]*)<`).exec(xml)?.[1];

describe('the certificate', () => {
  it('is one everybody can read, of the key that signs', async () => {
    const { certificate, privateKey, fingerprint } = await createSigningIdentity('Größe', begin);
    const read = new X509Certificate(certificate);
    expect(read.fingerprint).toBe(fingerprint);
    expect(read.subject).toBe('CN=Größe');
    expect(read.verify(createPublicKey(privateKey))).toBe(true);
    expect([new Date(read.validFrom).toISOString(), new Date(read.validTo).toISOString()]).toEqual([
      '2026-03-01T08:00:00.000Z',
      '2027-03-02T08:00:00.000Z',
    ]);
    await writeFile(join(folder, 'one.pem'), certificate);
    const { stdout } = await run('openssl', [
      'x509',
      '-in',
      join(folder, 'one.pem'),
      '-noout',
      '-fingerprint',
      '-sha1',
    ]);
    expect(stdout.trim().split('=')[1]).toBe(fingerprint);
  });
});

describe('the identity provider', () => {
  it('answers with a response another stack verifies, and refuses to verify once it is changed', async () => {
    const { html } = await answerFor('usr-1');
    const { xml } = responseIn(html);
    const { certificate } = local.marketplace().identity;
    expect(await verify(xml, certificate)).toBe(true);
    expect(await verify(xml.replace('>usr-1<', '>usr-2<'), certificate)).toBe(false);
  });

  it('says who it is, in the shape the public one has', async () => {
    const { page, html } = await answerFor('usr-1');
    const { encoded, xml } = responseIn(html);
    expect(page.status).toBe(200);
    expect(Math.max(...encoded.split('\n').map((line) => line.length))).toBe(60);
    expect(xml).toMatch(/^<samlp:Response ID="_\w+" Version="2.0" IssueInstant="2026-03-02T08:00:00Z" Destination="/);
    expect(xml).toContain('InResponseTo="_req-1"');
    expect(xml).toContain(`Recipient="${hubUrl}/maestrano/auth/saml/consume/local"`);
    expect(xml).toContain(`<Audience>${hubUrl}/</Audience>`);
    expect(xml).toContain('Conditions NotBefore="2026-03-02T07:59:55Z" NotOnOrAfter="2026-03-02T09:00:00Z"');
    expect(new RegExp(`<Issuer[^>]*>${local.url}/api/v1/auth/saml\\?SAMLRequest=`).test(xml)).toBe(true);
    expect(attribute(xml, 'uid')).toBe('usr-1');
    expect(attribute(xml, 'virtual_uid')).toBe('usr-1.cld-1');
    expect(attribute(xml, 'surname')).toBe('Löwe &amp; Söhne');
    expect(attribute(xml, 'group_name')).toBe('Größe &lt;GmbH&gt;');
    expect(attribute(xml, 'group_role')).toBe('Admin');
    expect(attribute(xml, 'mno_session_recheck')).toBe('2026-03-02T08:03:00Z');
    expect(attribute(xml, 'group_end_free_trial')).toBe('2026-03-16T08:00:00Z');
  });

  it('sends an empty surname, and leaves other blanks out', async () => {
    const { xml } = responseIn((await answerFor('usr-2')).html);
    expect(xml).toContain('<Attribute Name="surname"><AttributeValue/></Attribute>');
    expect(attribute(xml, 'reseller_id')).toBeUndefined();
  });

  it('has a button where no script runs, and a policy for its one script', async () => {
    const { page, html } = await answerFor('usr-1');
    expect(html).toContain('<button name="commit" value="Continue">');
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'sha256-/);
    expect(html).not.toContain('Größe <GmbH>');
  });

  it.each([
    ['sha1', true, 'assertion', 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'],
    ['sha512', true, 'assertion', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512'],
    ['sha256', true, 'response', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'],
  ] as const)('signs with %s (standard names: %s) the %s', async (digest, standardAlgorithmNames, signed, name) => {
    Object.assign(local.control, { digest, standardAlgorithmNames, signed });
    const { xml } = responseIn((await answerFor('usr-1')).html);
    expect(xml).toContain(`<ds:SignatureMethod Algorithm="${name}"`);
    const signedId = new RegExp(`<${signed === 'response' ? 'samlp:Response' : 'Assertion'}[^>]* ID="(\\w+)"`).exec(
      xml,
    )![1];
    expect(xml).toContain(`<ds:Reference URI="#${signedId}">`);
    expect(await verify(xml, local.marketplace().identity.certificate)).toBe(true);
  });

  it('can name algorithms as the public code does, which no standard has', async () => {
    Object.assign(local.control, { standardAlgorithmNames: false });
    const { xml } = responseIn((await answerFor('usr-1')).html);
    expect(xml).toContain('Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha256"');
    expect(xml).toContain('Algorithm="http://www.w3.org/2000/09/xmldsig#sha256"');
  });

  it('asks who somebody is first, and goes on where they were', async () => {
    const page = await ask(local, '');
    expect(page.status).toBe(302);
    const dashboard = new URL(page.headers.get('location')!, local.url);
    expect(dashboard.pathname).toBe('/dashboard/local');
    expect(dashboard.searchParams.get('return')).toMatch(/^\/api\/v1\/auth\/saml\?SAMLRequest=/);
  });

  it('answers no other address, issuer or document', async () => {
    const cookie = await signIn(local, 'usr-1');
    const statuses = [
      await ask(local, cookie, { acs: 'https://hub.example.evil.example/consume' }),
      await ask(local, cookie, { issuer: 'app-unknown' }),
      await fetch(`${local.url}/api/v1/auth/saml?SAMLRequest=%00`, { headers: { cookie } }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([400, 400, 400]);
  });

  it('lets nobody into a group they are not in, unless guests are welcome', async () => {
    local.marketplace().groups.get('cld-1')!.members.delete('usr-1');
    const cookie = await signIn(local, 'usr-1');
    expect((await ask(local, cookie)).headers.get('location')).toBe('/app_access_unauthorized?err=group');
    local.control.guests = true;
    expect(attribute(responseIn(await (await ask(local, cookie)).text()).xml, 'group_role')).toBe('Guest');
  });
});

describe('the re-check', () => {
  async function session(): Promise<string> {
    return attribute(responseIn((await answerFor('usr-1')).html).xml, 'mno_session')!;
  }
  async function isValid(uid: string, token: string) {
    return (await fetch(`${local.url}/api/v1/auth/saml/${uid}?${new URLSearchParams({ session: token })}`)).json();
  }

  it('takes the uid, the virtual one and the virtual address, and says when to ask again', async () => {
    const token = await session();
    clock.advance(60_000);
    for (const uid of ['usr-1', 'usr-1.cld-1', 'usr-1.cld-1@mail.maestrano.example']) {
      expect(await isValid(uid, token)).toEqual({ valid: true, recheck: '2026-03-02T08:04:00Z' });
    }
    expect(await isValid('usr-2', token)).toEqual({ valid: false });
    expect(await isValid('usr-1.cld-2', token)).toEqual({ valid: false });
    expect(await isValid('usr-1', 'another')).toEqual({ valid: false });
  });

  it('says no once the person signed out, at either side', async () => {
    const cookie = await signIn(local, 'usr-1');
    const token = attribute(responseIn(await (await ask(local, cookie)).text()).xml, 'mno_session')!;
    const out = await fetch(`${local.url}/app_logout?user_uid=usr-1`, { headers: { cookie }, redirect: 'manual' });
    expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0');
    expect(await isValid('usr-1', token)).toEqual({ valid: false });
  });

  it('says no once the person is in no company any more', async () => {
    const token = await session();
    local.marketplace().groups.get('cld-1')!.status = 'terminated';
    expect(await isValid('usr-1', token)).toEqual({ valid: false });
  });
});
