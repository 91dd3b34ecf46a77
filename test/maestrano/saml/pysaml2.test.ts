import { authnRequest, encodeRequest } from '../../../src/adapters/rest/maestrano/saml/authn-request.js';
import { readResponseField } from '../../../src/adapters/rest/maestrano/saml/read-form.js';
import { askPysaml2 } from './pysaml2.js';
import { consumeUrl, provider, usualAttributes } from './responses.js';
import { idp, judge, reasonFor } from './support.js';

const id = '_0123456789abcdef';
const request = encodeRequest(authnRequest({ id, issuedAt: new Date().toISOString(), consumeUrl, issuer: 'app-1' }));
const asked = {
  request,
  issuer: `${provider}/metadata`,
  consume: consumeUrl,
  identity: idp,
  attributes: { ...usualAttributes, surname: 'Größe & 東京 \u2028 😀' },
};

function field(base64: string): string {
  return readResponseField(
    'application/x-www-form-urlencoded',
    Buffer.from(String(new URLSearchParams({ SAMLResponse: base64 }))),
  );
}

test.each([
  ['assertion', 'app-1'],
  ['response', 'https://hub.example/'],
  ['both', 'app-1'],
] as const)('pysaml2 reads our request and signs the %s of its response', async (sign, audience) => {
  const answer = await askPysaml2({ ...asked, audience, sign });
  expect(answer.request).toEqual({ id, issuer: 'app-1', consume: consumeUrl });
  const xml = field(answer.response);
  const at = new Date().toISOString();
  const { assertion, inResponseTo } = await judge(xml, { at });
  expect(inResponseTo).toBe(id);
  expect(assertion.nameId).toBe('usr-1');
  expect(Object.fromEntries(assertion.attributes)).toEqual(asked.attributes);
  // the same by the fingerprint of the certificate that came along
  const known = { certificate: '', fingerprint: idp.fingerprint, at };
  expect(await reasonFor(xml, known)).toBe('believed');
  // and one byte of it changed
  expect(await reasonFor(xml.replace('Lovelace', 'X').replace('ada@', 'eve@'), { at })).toBe('signature');
});
