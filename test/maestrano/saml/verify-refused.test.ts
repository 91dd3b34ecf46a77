import { makeIdentity } from './identities.js';
import {
  assertionOf,
  consumeUrl,
  ds,
  enveloped,
  exclusive,
  more,
  responseXml,
  rsaSha256,
  type Said,
  type Signing,
  sha256,
  sign,
} from './responses.js';
import { idp, reasonFor, stranger } from './support.js';

const signed = (said: Said = {}, signing: Partial<Signing> = {}): string =>
  sign(responseXml(said), { identity: idp, ...signing });

test('what the refusals below change is believed before', async () => {
  expect(await reasonFor(signed())).toBe('believed');
});

describe('no parser is asked', () => {
  test.each([
    ['<!DOCTYPE x [<!ENTITY a "b">]>', 'dtd'],
    ['<!doctype x>', 'dtd'],
    ['<!-- <!ENTITY x "y"> -->', 'dtd'],
  ])('%s', async (prefix, reason) => {
    expect(await reasonFor(`${prefix}${signed()}`)).toBe(reason);
  });
});

describe('not a response', () => {
  test.each([
    ['', 'xml'],
    ['not XML', 'xml'],
    ['<a/>', 'root'],
    ['<Response/>', 'root'],
    [`${signed()}<more/>`, 'xml'],
    [signed().replace('</samlp:Response>', ''), 'xml'],
    [signed().replace('<Subject>', '<Subject><?php x?>'), 'xml'],
    [signed().replace('<Subject>', '<Subject \u{1f600}="">'), 'xml'],
    [signed().replace('<Subject>', '<Subject><\u00fc/>'), 'xml'],
    [signed().replace('>usr-1</NameID>', '><![CDATA[usr-1]]></NameID>'), 'xml'],
    [signed().replace('>usr-1</NameID>', '>&usr;</NameID>'), 'xml'],
    [signed().replace('<Subject>', `<Subject>${'<a>'.repeat(60)}${'</a>'.repeat(60)}`), 'too_complex'],
    [signed().replace('<Subject>', `<Subject>${'<a/>'.repeat(700)}`), 'too_complex'],
    [
      signed().replace(
        '<Subject>',
        `<Subject>${`<a ${Array.from({ length: 30 }, (_, n) => `a${n}=""`).join(' ')}/>`.repeat(50)}`,
      ),
      'too_complex',
    ],
    [signed().replace('<Subject>', `<Subject>${'<!---->'.repeat(60)}`), 'too_complex'],
  ])('%#', async (xml, reason) => {
    expect(await reasonFor(xml)).toBe(reason);
  });
});

describe('the parts', () => {
  test('no assertion, two, one in another place, one in another namespace', async () => {
    const assertion = assertionOf(signed());
    const second = assertion.replaceAll('"_a"', '"_b"').replaceAll('"#_a"', '"#_b"');
    expect(await reasonFor(signed().replace(assertion, ''))).toBe('assertions');
    expect(await reasonFor(signed().replace(assertion, `${assertion}${second}`))).toBe('assertions');
    expect(await reasonFor(signed().replace(assertion, `<x>${assertion}</x>`))).toBe('assertions');
    expect(await reasonFor(signed().replace('<Subject>', '<Advice><Assertion ID="_c"/></Advice><Subject>'))).toBe(
      'assertions',
    );
    const foreign = responseXml().replace(
      '<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"',
      '<Assertion xmlns="urn:x"',
    );
    expect(await reasonFor(foreign)).toBe('assertions');
  });

  test('an encrypted one', async () => {
    const xml = signed().replace('<Subject>', '<EncryptedAssertion/><Subject>');
    expect(await reasonFor(xml)).toBe('encrypted');
  });

  test('a response in the response', async () => {
    const xml = signed().replace(
      '<samlp:Status>',
      '<samlp:Extensions><samlp:Response/></samlp:Extensions><samlp:Status>',
    );
    expect(await reasonFor(xml)).toBe('responses');
  });

  test.each(['ID="_a"', 'Id="_a"', 'id="_a"', 'xml:id="_a"'])('an id for two: %s', async (attribute) => {
    expect(await reasonFor(signed().replace('<samlp:Status>', `<samlp:Status ${attribute}>`))).toBe('duplicate_id');
  });

  test('another status, none, two', async () => {
    const failed = 'urn:oasis:names:tc:SAML:2.0:status:Responder';
    expect(await reasonFor(signed({ status: failed }))).toBe('status');
    expect(await reasonFor(signed({ status: failed }, { element: 'Response' }))).toBe('status');
    expect(await reasonFor(signed().replace(/<samlp:Status>.*<\/samlp:Status>/, ''))).toBe('status');
    expect(await reasonFor(signed().replace(/(<samlp:Status>.*<\/samlp:Status>)/, '$1$1'))).toBe('status');
    expect(await reasonFor(signed().replace(/(<samlp:StatusCode [^>]*>)/, '$1$1'))).toBe('status');
  });

  test('another version', async () => {
    const old = responseXml().replace('IssueInstant="2026-01-05T10:00:00Z" Version="2.0">', 'Version="1.1">');
    expect(await reasonFor(sign(old, { identity: idp }))).toBe('version');
  });
});

describe('the signature', () => {
  test('none', async () => {
    expect(await reasonFor(responseXml())).toBe('unsigned');
  });

  test.each([
    ['the person', (xml: string) => xml.replace('>usr-1</NameID>', '>usr-2</NameID>')],
    ['an attribute', (xml: string) => xml.replace('>ada@example.com<', '>eve@example.com<')],
    ['the request', (xml: string) => xml.replace('Data InResponseTo="_request"', 'Data InResponseTo="_other"')],
    ['the digest', (xml: string) => xml.replace(/<ds:DigestValue>./, '<ds:DigestValue>!')],
    ['the value', (xml: string) => xml.replace(/<ds:SignatureValue>..../, '<ds:SignatureValue>AAAA')],
    [
      'an attribute more',
      (xml: string) => xml.replace('</AttributeStatement>', '<Attribute Name="x"/></AttributeStatement>'),
    ],
  ])('%s changed after signing', async (_name, change) => {
    const xml = signed();
    expect(change(xml)).not.toBe(xml);
    expect(await reasonFor(change(xml))).toBe('signature');
    const whole = signed({}, { element: 'Response' });
    expect(await reasonFor(change(whole))).toBe('signature');
  });

  test('of two, the inner one wrong or the outer one', async () => {
    const inner = sign(signed({}, { identity: stranger }), { identity: idp, element: 'Response' });
    expect(await reasonFor(inner)).toBe('signature');
    const outer = sign(signed(), { identity: stranger, element: 'Response' });
    expect(await reasonFor(outer)).toBe('signature');
  });

  test('by somebody else, whose certificate came along', async () => {
    const xml = signed({}, { identity: stranger, embed: true });
    expect(await reasonFor(xml)).toBe('signature');
    expect(await reasonFor(xml, { certificate: '', fingerprint: idp.fingerprint })).toBe('no_key');
    expect(await reasonFor(xml, { certificate: '', fingerprint: '' })).toBe('no_key');
    expect(await reasonFor(xml, { certificate: 'not a certificate' })).toBe('no_key');
    // the right certificate beside the wrong one does not help
    const both = xml.replace(
      /(<ds:X509Certificate>)/,
      `$1${idp.certificate.replace(/-----[^-]+-----|\s/g, '')}</ds:X509Certificate>$1`,
    );
    expect(await reasonFor(both, { certificate: '', fingerprint: idp.fingerprint })).toBe('signature');
  });

  test('SHA-1 while it is not allowed', async () => {
    expect(await reasonFor(signed({}, { method: `${ds}rsa-sha1` }))).toBe('sha1');
    expect(await reasonFor(signed({}, { digest: `${ds}sha1` }))).toBe('sha1');
    expect(await reasonFor(signed({}, { method: `${ds}rsa-sha1` }), { allowSha1: true })).toBe('believed');
  });

  test.each([
    [{ method: `${more}rsa-md5` }],
    [{ digest: `${more}md5` }],
    [{ method: `${ds}hmac-sha1` }],
    [{ method: `${more}hmac-sha256` }],
    [{ method: `${ds}dsa-sha1` }],
    [{ method: 'urn:x#rsa-sha256' }],
    [{ method: 'http://www.w3.org.evil/#rsa-sha256' }],
    [{ method: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1' }],
    [{ digest: 'constructor' }],
  ])('algorithm %j', async (signing) => {
    expect(await reasonFor(signed({}, signing), { allowSha1: true })).toBe('algorithm');
  });

  test('HMAC whose secret is the public certificate', async () => {
    const xml = signed({}, { method: `${ds}hmac-sha256`, identity: { ...idp, key: idp.certificate } });
    expect(await reasonFor(xml, { allowSha1: true })).toBe('algorithm');
  });

  test('a short key, and one of another kind', async () => {
    const short = makeIdentity('short', ['rsa:1024']);
    const tiny = makeIdentity('tiny', ['rsa:768']);
    const xml = signed({}, { identity: short });
    expect(await reasonFor(xml, { certificate: short.certificate })).toBe('key_size');
    expect(await reasonFor(xml, { certificate: tiny.certificate, allowSha1: true })).toBe('key_size');
    const curved = makeIdentity('curved', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']);
    expect(await reasonFor(xml, { certificate: curved.certificate })).toBe('key_type');
  });

  test('over another element', async () => {
    expect(await reasonFor(signed({}, { xpath: "//*[local-name()='Response']" }))).toBe('reference_target');
    expect(await reasonFor(signed({}, { xpath: "//*[local-name()='Subject']" }))).toBe('reference_target');
    expect(await reasonFor(signed({}, { element: 'Response', xpath: "//*[local-name()='Assertion']" }))).toBe(
      'reference_target',
    );
    expect(await reasonFor(signed({}, { emptyUri: true, xpath: '/*' }))).toBe('reference_target');
    expect(await reasonFor(signed({ id: "a' or '1" }, {}))).toBe('reference_target');
  });

  test('with two references', async () => {
    const xml = signed().replace(/(<ds:Reference[\s\S]*<\/ds:Reference>)/, '$1$1');
    expect(await reasonFor(xml)).toBe('references');
    expect(await reasonFor(signed().replace(/<ds:Reference[\s\S]*<\/ds:Reference>/, ''))).toBe('references');
  });

  test.each([
    [[enveloped, 'http://www.w3.org/TR/1999/REC-xpath-19991116']],
    [[enveloped, 'http://www.w3.org/TR/1999/REC-xslt-19991116']],
    [[enveloped, 'http://www.w3.org/2000/09/xmldsig#base64']],
    [[enveloped, `${exclusive}WithComments`]],
    [[exclusive]],
    [[exclusive, enveloped]],
    [[enveloped, exclusive, exclusive]],
  ])('transforms %j', async (transforms) => {
    expect(await reasonFor(signed({}, { transforms }))).toBe('transforms');
  });

  test('something in a transform, another canonicalization', async () => {
    const xml = signed().replace(
      `<ds:Transform Algorithm="${exclusive}"/>`,
      `<ds:Transform Algorithm="${exclusive}"><x/></ds:Transform>`,
    );
    expect(await reasonFor(xml)).toBe('transforms');
    expect(await reasonFor(signed({}, { canonicalization: `${exclusive}WithComments` }))).toBe('transforms');
  });

  test.each([
    ['', 'transforms'],
    [' xs', 'transforms'],
    ['xs  xsi', 'transforms'],
    ['p '.repeat(60_000), 'transforms'],
    // read, and it is another signature then
    ['xs xsi', 'signature'],
  ])('prefixes for exclusive canonicalization: "%.9s"', async (list, reason) => {
    const prefixes = `<InclusiveNamespaces xmlns="${exclusive}" PrefixList="${list}"/>`;
    for (const name of ['Transform', 'CanonicalizationMethod']) {
      const [plain, full] = [`<ds:${name} Algorithm="${exclusive}"/>`, `<ds:${name} Algorithm="${exclusive}">`];
      expect(await reasonFor(signed().replace(plain, `${full}${prefixes}</ds:${name}>`))).toBe(reason);
    }
  });

  test('with parts nobody needs', async () => {
    const object = signed().replace('</ds:Signature>', '<ds:Object><x/></ds:Object></ds:Signature>');
    expect(await reasonFor(object)).toBe('signature_form');
    const length = signed().replace(
      `<ds:SignatureMethod Algorithm="${rsaSha256}"/>`,
      `<ds:SignatureMethod Algorithm="${rsaSha256}"><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>`,
    );
    expect(await reasonFor(length)).toBe('signature_form');
    const twice = signed().replace(/(<ds:SignedInfo>[\s\S]*<\/ds:SignedInfo>)/, '$1$1');
    expect(await reasonFor(twice)).toBe('signature_form');
    const digests = signed().replace(/(<ds:DigestValue>.*<\/ds:DigestValue>)/, '$1$1');
    expect(await reasonFor(digests)).toBe('signature_form');
    const method = signed().replace(
      `<ds:DigestMethod Algorithm="${sha256}"/>`,
      `<ds:DigestMethod Algorithm="${sha256}"><x/></ds:DigestMethod>`,
    );
    expect(await reasonFor(method)).toBe('signature_form');
  });
});

describe('what it was made for', () => {
  const second =
    '2026-01-05T09:59:55Z" NotOnOrAfter="2026-01-05T11:00:00Z"><AudienceRestriction><Audience>https://evil.example/</Audience></AudienceRestriction>';
  test.each<[string, Said | string, string]>([
    [
      'another request outside',
      responseXml().replace('InResponseTo="_request" Consent', 'InResponseTo="_other" Consent'),
      'request_mismatch',
    ],
    ['no request', responseXml().replaceAll('InResponseTo="_request"', ''), 'request_mismatch'],
    ['no confirmation', responseXml().replace('cm:bearer', 'cm:sender-vouches'), 'confirmation'],
    [
      'a confirmation without an end',
      responseXml().replace('NotOnOrAfter="2026-01-05T10:03:00Z" ', ''),
      'confirmation',
    ],
    [
      'two confirmations for two requests',
      responseXml().replace(
        /(<SubjectConfirmation [\s\S]*<\/SubjectConfirmation>)/,
        (one) => one + one.replace('"_request"', '"_b"'),
      ),
      'request_mismatch',
    ],
    ['another destination', { destination: `${consumeUrl}/x` }, 'destination'],
    ['another recipient', { recipient: 'https://hub.example/maestrano/auth/saml/consume/other' }, 'recipient'],
    ['not yet', { notBefore: '2026-01-05T10:01:01Z' }, 'not_yet_valid'],
    ['expired', { notOnOrAfter: '2026-01-05T09:59:00Z' }, 'expired'],
    ['confirmed too long ago', { confirmedUntil: '2026-01-05T09:59:00Z' }, 'expired'],
    ['a time nobody can read', { notOnOrAfter: 'tomorrow' }, 'time'],
    ['the 31st of February', { notOnOrAfter: '2027-02-31T00:00:00Z' }, 'time'],
    ['another audience', { audience: 'https://other.example/' }, 'audience'],
    ['an audience that begins like ours', { audience: 'https://hub.example/x' }, 'audience'],
    [
      'two restrictions, one for somebody else',
      responseXml().replace('2026-01-05T09:59:55Z" NotOnOrAfter="2026-01-05T11:00:00Z">', `${second}`),
      'audience',
    ],
    ['no audience', responseXml().replace(/<AudienceRestriction>.*<\/AudienceRestriction>/, ''), 'audience'],
    ['another issuer', { issuer: 'https://other.example/' }, 'issuer'],
    ['an issuer that begins like the right one', { issuer: 'https://idp.example.evil/api/v1/auth/saml' }, 'issuer'],
    ['an issuer with the right one as its user', { issuer: 'https://idp.example@evil.example/' }, 'issuer'],
    ['an issuer on another port', { issuer: 'https://idp.example:8443/' }, 'issuer'],
    ['an issuer in clear', { issuer: 'http://idp.example/' }, 'issuer'],
    ['no issuer', { issuer: '' }, 'issuer'],
    ['two conditions', responseXml().replace(/(<Conditions [\s\S]*<\/Conditions>)/, '$1$1'), 'signed_element'],
    [
      'an attribute twice',
      responseXml().replace(/(<Attribute Name="uid">.*?<\/Attribute>)/, '$1$1'),
      'attribute_twice',
    ],
    [
      'two values',
      responseXml().replace('>usr-1</AttributeValue>', '>usr-1</AttributeValue><AttributeValue>usr-2</AttributeValue>'),
      'attribute_twice',
    ],
  ])('%s', async (_name, what, reason) => {
    const xml = typeof what === 'string' ? what : responseXml(what);
    expect(xml).not.toBe(responseXml());
    for (const element of ['Assertion', 'Response'] as const) {
      // under a name the second reader does not know, so that each guard stands alone
      const signing = { identity: idp, element, method: `${ds}rsa-sha256` };
      expect(await reasonFor(sign(xml, signing))).toBe(reason);
    }
  });

  test('around a signed assertion the other issuer and destination still refuse', async () => {
    const issuer = signed().replace(
      '<Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://idp',
      '<Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://evil',
    );
    expect(await reasonFor(issuer)).toBe('issuer');
    expect(
      await reasonFor(signed().replace(`Destination="${consumeUrl}"`, 'Destination="https://evil.example/"')),
    ).toBe('destination');
    expect(await reasonFor(signed().replace(`Destination="${consumeUrl}"`, ''))).toBe('believed');
  });
});
