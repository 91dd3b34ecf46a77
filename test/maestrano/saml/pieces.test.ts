import { deflateRawSync } from 'node:zlib';
import type { MaestranoChannel } from '../../../src/adapters/rest/maestrano/connection.js';
import { authnRequest, encodeRequest, fitsRequest } from '../../../src/adapters/rest/maestrano/saml/authn-request.js';
import { readLaunch } from '../../../src/adapters/rest/maestrano/saml/launch-facts.js';
import { encodeParameters, passedParameters } from '../../../src/adapters/rest/maestrano/saml/passed-parameters.js';
import { readResponseField } from '../../../src/adapters/rest/maestrano/saml/read-form.js';
import { readAnswer } from '../../../src/adapters/rest/maestrano/saml/recheck-question.js';
import { knownRequest, requestIdFor } from '../../../src/adapters/rest/maestrano/saml/request-id.js';
import { readDateTime } from '../../../src/adapters/rest/maestrano/saml/verify/date-time.js';
import { hasKey } from '../../../src/adapters/rest/maestrano/saml/verify/keys.js';
import { createKeyring, generateSecretKey } from '../../../src/platform/keyring.js';
import { hashToken } from '../../../src/platform/secrets.js';
import { usualAttributes } from './responses.js';
import { idp } from './support.js';

const now = '2026-01-05T10:00:00.123Z';

describe('the id of a request', () => {
  const ring = (text: string) => {
    const keyring = createKeyring(text);
    return {
      make: (purpose: string, of: string) => keyring.hmac(purpose, of),
      verify: (purpose: string, of: string, code: Uint8Array) => keyring.verifyHmac(purpose, of, code),
    };
  };
  const [old, young] = [generateSecretKey('k1'), generateSecretKey('k2')];
  const codes = ring(old);
  const browserHash = hashToken('cookie');
  const id = requestIdFor(codes, 'chn_1', now, browserHash);

  test('says when and for which browser it was made, and for which channel', () => {
    expect(id).toMatch(/^_[0-9a-f]{140}$/);
    expect(knownRequest(codes, 'chn_1', id)).toEqual({ begunAt: now, browserHash });
    expect(knownRequest(codes, 'chn_2', id)).toBeUndefined();
  });

  test('is known after the key was replaced, and not with another key', () => {
    expect(knownRequest(ring(`${young},${old}`), 'chn_1', id)).toBeDefined();
    expect(knownRequest(ring(young), 'chn_1', id)).toBeUndefined();
  });

  test.each([0, 1, 5, 13, 40, 76, 77, 100, 140])('is not known with its character %i changed', (at) => {
    const other = id[at] === 'a' ? 'b' : 'a';
    expect(knownRequest(codes, 'chn_1', id.slice(0, at) + other + id.slice(at + 1))).toBeUndefined();
  });

  test.each(['', '_', `${id}0`, ` ${id}`, id.toUpperCase(), `${id}\n`])('is not %j', (text) => {
    expect(knownRequest(codes, 'chn_1', text)).toBeUndefined();
  });
});

describe('the request', () => {
  const request = { id: '_1', issuedAt: now, consumeUrl: 'https://hub.example/c', issuer: 'app-<&"' };

  test('has one line, whole seconds and nothing that ends in ID before the id', () => {
    const xml = authnRequest(request);
    expect(xml).not.toMatch(/[\r\n]/);
    expect(xml).toContain('IssueInstant="2026-01-05T10:00:00Z"');
    expect(/[^"]*ID=/.exec(xml)![0]).toMatch(/ ID=$/);
    expect(xml).toContain('>app-&lt;&amp;&quot;</saml:Issuer>');
    expect(encodeRequest(xml)).toBe(deflateRawSync(xml).toString('base64'));
  });

  test.each([
    'https://hub.example/c?a=1&b=2',
    'https://hub.example/"',
    "https://hub.example/'",
    'hub',
    'https://hub.example/ x',
  ])('cannot name %s', (address) => expect(fitsRequest(address)).toBe(false));
});

test('parameters go on as they came', () => {
  const passed = passedParameters(new URLSearchParams('a=1&b=%C3%A9%20%2B%26%3D%23&a=2&c'));
  expect(encodeParameters(passed)).toBe('a=1&b=%C3%A9%20%2B%26%3D%23&a=2&c=');
});

describe('the field', () => {
  const form = 'application/x-www-form-urlencoded; charset=UTF-8';
  test.each([
    ['line breaks and no padding', 'SAMLResponse=w6n%0D%0ADqQ'],
    ['other fields', 'utf8=%E2%9C%93&SAMLResponse=w6nDqQ%3D%3D&commit=Go'],
    ['a plus sign nobody escaped', 'SAMLResponse=fn5+fg=='],
  ])('may have %s', (_name, body) => {
    expect(readResponseField(form, Buffer.from(body))).toMatch(/^(éé|~~~~)$/);
  });

  test.each([undefined, '', 'text/xml', 'multipart/form-data'])('does not come as %s', (type) => {
    expect(() => readResponseField(type, Buffer.from('SAMLResponse=YQ'))).toThrow('form');
  });
});

test.each([
  ['2026-01-05T10:00:00Z', '2026-01-05T10:00:00.000Z'],
  ['2026-01-05T10:00:00.1234567Z', '2026-01-05T10:00:00.123Z'],
  ['2026-01-05T12:00:00+02:00', '2026-01-05T10:00:00.000Z'],
  ['2026-01-05 05:30:00 -0430', '2026-01-05T10:00:00.000Z'],
  ['2026-01-05 10:00:00 UTC', '2026-01-05T10:00:00.000Z'],
  ['2026-01-05T10:00:00', '2026-01-05T10:00:00.000Z'],
  ['2026-02-30T10:00:00Z', null],
  ['2026-01-05T24:00:00Z', null],
  ['2026-01-05', null],
  ['1767607200', null],
  ['', null],
])('the instant %s', (text, instant) => {
  expect(readDateTime(text)).toBe(instant);
});

test.each([
  [200, '{"valid":true,"recheck":"2026-01-01T00:03:00Z"}', true],
  [200, '{"valid":"true","recheck":"2026-01-01T00:03:00Z"}', true],
  [200, '{"valid":false,"recheck":"2026-01-01T00:03:00Z"}', false],
  [200, '{"valid":"false","recheck":"2026-01-01T00:03:00Z"}', false],
  [200, '{"valid":1,"recheck":"2026-01-01T00:03:00Z"}', false],
  [200, '{"valid":true}', false],
  [200, '{"valid":true,"recheck":"soon"}', false],
  [200, '{}', false],
  [200, '[]', undefined],
  [200, '<html>', undefined],
  [200, '', undefined],
  [404, '<html>', false],
  [401, '{"valid":true,"recheck":"2026-01-01T00:03:00Z"}', false],
  [302, '', undefined],
  [429, '{}', undefined],
  [500, '{"valid":true,"recheck":"2026-01-01T00:03:00Z"}', undefined],
  [0, '', undefined],
])('the answer %i %s', (status, text, valid) => {
  expect(readAnswer(status, text)?.valid).toBe(valid);
});

test.each([
  [{ certificate: '', fingerprint: '' }, false],
  [{ certificate: 'nonsense', fingerprint: 'ab:cd' }, false],
  [{ certificate: idp.certificate, fingerprint: '' }, true],
  [{ certificate: '', fingerprint: idp.fingerprint }, true],
])('a key is there: %#', (material, there) => {
  expect(hasKey(material)).toBe(there);
});

test('attributes nobody knows are kept, but for what sounds like a secret', () => {
  const others = {
    app_owner: 'true',
    api_token: 'a',
    client_SECRET: 'b',
    u_session_key: 'c',
    Password: 'd',
    ['__proto__']: 'e',
  };
  const attributes = new Map([...Object.entries(usualAttributes), ...Object.entries(others)]);
  const { facts } = readLaunch(attributes, { id: 'chn_1', settings: { creationMode: 'real' } } as MaestranoChannel);
  const kept = Object.keys(facts.attributes);
  expect(kept).toEqual(['mno_uid', 'app_owner', 'organizations', '__proto__']);
});
