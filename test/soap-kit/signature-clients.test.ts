import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as soap from 'soap';
import { day, shift } from '../../src/core/shared/clock.js';
import { authority, caExtensions, exclusive, rsaSha256, serveSigned, signing, someDay } from './signature-support.js';

const run = promisify(execFile);
const client = join(dirname(fileURLToPath(import.meta.url)), 'clients/signed.py');
const text = 'Größe & 東京 \u2028 😀';

const make = authority();
const ca = make({ subject: '/O=Hub CA/CN=root', extensions: caExtensions });
const partner = make({ subject: '/C=DE/O=Partner/CN=alice', issuer: ca, extensions: signing });
const curved = make({
  subject: '/CN=curved',
  issuer: ca,
  extensions: signing,
  key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
});
const stranger = make({ subject: '/C=DE/O=Partner/CN=alice' });
const old = make({ subject: '/CN=old', issuer: ca, extensions: signing, days: 1 });

test('zeep', async () => {
  const now = shift(someDay, day);
  const clock = { now: () => now };
  const strict = await serveSigned({ trustAnchors: [ca.pem] }, [], clock);
  const lax = await serveSigned({ trustAnchors: [ca.pem], allowRsaSha1: true }, [], clock);
  const files = [partner, curved, stranger, old].flatMap((identity) => [identity.keyFile, identity.certFile]);
  const python = process.env.ZEEP_PYTHON ?? '/usr/bin/python3';
  const { stdout } = await run(python, [client, strict.url, lax.url, now, ...files]);
  expect(JSON.parse(stdout)).toEqual({
    rsa: text,
    'rsa again': text,
    'soap 1.2': text,
    ec: text,
    'with a token': text,
    'token in clear': text,
    'signature first': text,
    'with a token and a timestamp': text,
    'token alone': text,
    'sha1 switched on': text,
    'as zeep does by default, switched on': text,
    sha1: 'wsse:InvalidSecurity',
    'sha1 soap 1.2': 'soap:Sender:InvalidSecurity',
    'wrong password': 'wsse:FailedAuthentication',
    'old timestamp': 'wsse:MessageExpired',
    'unsigned timestamp': 'wsse:InvalidSecurity',
    'foreign certificate': 'wsse:FailedAuthentication',
    'expired certificate': 'wsse:FailedAuthentication',
    tampered: 'wsse:FailedCheck',
    wrapped: 'wsse:InvalidSecurity',
  });
  expect([...strict.calls, ...lax.calls].map((call) => call.input)).toEqual(Array(11).fill({ text }));
  expect(strict.seen[0]).toMatchObject({ chained: true, created: null, usernameToken: null });
  expect(strict.seen.filter(({ username }) => username === 'mkp').map(({ created }) => created)).toEqual([
    null,
    null,
    null,
    now,
  ]);
});

test('npm soap: token first, with a Timestamp, to be understood', async () => {
  // this client stamps its messages with the real time
  const served = await serveSigned({ trustAnchors: [ca.pem] }, [], { now: () => new Date().toISOString() });
  const caller = await soap.createClientAsync(`${served.url}?wsdl`);
  const ping = caller.PingAsync as (input: unknown) => Promise<[{ PingResult: { text: string } }]>;
  caller.setSecurity(
    new soap.WSSecurityCert(partner.key, partner.pem, '', {
      signatureAlgorithm: rsaSha256,
      signatureTransformations: [exclusive],
      signerOptions: { idMode: 'wssecurity' },
    }),
  );
  // it turns U+2028 into a line end before it signs
  const sent = text.replace('\u2028', '');
  const [answer] = await ping.call(caller, { text: sent });
  expect(answer.PingResult.text).toBe(sent);
  expect(caller.lastRequest).toContain('mustUnderstand="1"');
  expect(served.seen[0]).toMatchObject({ chained: true, created: expect.any(String), usernameToken: null });
});
