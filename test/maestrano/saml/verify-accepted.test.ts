import { createHash } from 'node:crypto';
import { makeIdentity } from './identities.js';
import {
  ds,
  enveloped,
  exclusive,
  inclusive,
  more,
  now,
  responseXml,
  rsaSha256,
  sha256,
  sign,
  usualAttributes,
} from './responses.js';
import { idp, judge, stranger } from './support.js';

const sha1 = `${ds}sha1`;

describe('what honest identity providers send', () => {
  test('the published shape, signed with SHA-1 where that is allowed', async () => {
    const xml = sign(responseXml(), { identity: idp, method: `${ds}rsa-sha1`, digest: sha1, embed: true });
    const { assertion, inResponseTo } = await judge(xml, { allowSha1: true });
    expect(inResponseTo).toBe('_request');
    expect(assertion).toMatchObject({ id: '_a', nameId: 'usr-1', audiences: [['https://hub.example/']] });
    expect(Object.fromEntries(assertion.attributes)).toEqual(usualAttributes);
  });

  test('a 1,024-bit key, where SHA-1 is allowed', async () => {
    const short = makeIdentity('short', ['rsa:1024']);
    const xml = sign(responseXml(), { identity: short });
    await expect(judge(xml, { certificate: short.certificate, allowSha1: true })).resolves.toBeDefined();
  });

  test.each(['Assertion', 'Response'] as const)('a signed %s', async (element) => {
    const xml = sign(responseXml(), { identity: idp, element });
    expect((await judge(xml)).assertion.attributes.get('surname')).toBe('Lovelace');
  });

  test('both signed', async () => {
    const xml = sign(sign(responseXml(), { identity: idp }), { identity: idp, element: 'Response' });
    expect((await judge(xml)).assertion.nameId).toBe('usr-1');
  });

  test.each([
    [`${ds}rsa-sha256`, `${ds}sha256`],
    [`${ds}rsa-sha384`, `${ds}sha384`],
    [`${ds}rsa-sha512`, `${ds}sha512`],
    [`${more}rsa-sha384`, `${more}sha384`],
    [`${more}rsa-sha512`, 'http://www.w3.org/2001/04/xmlenc#sha512'],
    [rsaSha256, `${ds}sha256`],
  ])('algorithms called %s and %s', async (method, digest) => {
    const xml = sign(responseXml(), { identity: idp, method, digest });
    expect((await judge(xml)).assertion.nameId).toBe('usr-1');
  });

  test.each([
    ['inclusive canonicalization', { transforms: [enveloped, inclusive], canonicalization: inclusive }],
    ['no canonicalization named', { transforms: [enveloped] }],
    ['a default namespace for the signature', { prefix: '' }],
  ])('%s', async (_name, signing) => {
    const xml = sign(responseXml(), { identity: idp, ...signing });
    expect((await judge(xml)).assertion.nameId).toBe('usr-1');
  });

  test('an embedded certificate, by its fingerprint in any spelling', async () => {
    const xml = sign(responseXml(), { identity: idp, embed: true });
    const plain = createHash('sha1').update(Buffer.from(idp.certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
    const spellings = [idp.fingerprint, idp.fingerprint.toLowerCase().replaceAll(':', ' '), plain.digest('hex')];
    for (const fingerprint of spellings) {
      await expect(judge(xml, { certificate: '', fingerprint })).resolves.toBeDefined();
    }
  });

  test('the second of two configured certificates; one without armor', async () => {
    const xml = sign(responseXml(), { identity: idp });
    await expect(judge(xml, { certificate: stranger.certificate + idp.certificate })).resolves.toBeDefined();
    const bare = idp.certificate.replace(/-----[^-]+-----|\s/g, '');
    await expect(judge(xml, { certificate: bare })).resolves.toBeDefined();
  });

  test('texts of every kind arrive as they were sent', async () => {
    const odd = 'Größe & 東京 😀 \u0085 \u2028 مرحبا';
    // as references: whoever signs here would take the characters themselves for line ends
    const surname = odd.replace('&', '&amp;').replace('\u0085', '&#133;').replace('\u2028', '&#8232;');
    const attributes = { surname, name: '', company_name: 'a &amp; b &lt;c&gt; &#x41;&quot;' };
    for (const signing of [{}, { method: `${ds}rsa-sha256` }]) {
      const xml = sign(responseXml({ attributes }), { identity: idp, ...signing });
      expect(xml).toContain('\u0085 \u2028');
      const said = (await judge(xml)).assertion.attributes;
      expect([said.get('surname'), said.get('name'), said.get('company_name')]).toEqual([odd, '', 'a & b <c> A"']);
    }
  });

  test.each(['https://hub.example/', 'app-1'])('audience %s', async (audience) => {
    await expect(judge(sign(responseXml({ audience }), { identity: idp }))).resolves.toBeDefined();
  });

  test('a minute of tolerance, and not a second more', async () => {
    const xml = sign(responseXml(), { identity: idp });
    for (const at of ['2026-01-05T09:58:56.000Z', '2026-01-05T10:03:59.000Z']) {
      await expect(judge(xml, { at })).resolves.toBeDefined();
    }
    await expect(judge(xml, { at: '2026-01-05T09:58:54.000Z' })).rejects.toMatchObject({ reason: 'not_yet_valid' });
    await expect(judge(xml, { at: '2026-01-05T10:04:00.000Z' })).rejects.toMatchObject({ reason: 'expired' });
  });

  test('the XML may begin with a declaration and have line ends of Windows', async () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${sign(responseXml(), { identity: idp })}`;
    await expect(judge(xml.replaceAll('\n', '\r\n'), { at: now })).resolves.toBeDefined();
  });

  test('digests are over exclusive canonical form', () => {
    // what the builder signs by default, so that the tests above say something about it
    const xml = sign(responseXml(), { identity: idp });
    expect(xml).toContain(`<ds:Transform Algorithm="${exclusive}"/>`);
    expect(xml).toContain(`<ds:DigestMethod Algorithm="${sha256}"/>`);
  });
});
