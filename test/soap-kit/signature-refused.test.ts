import { shift } from '../../src/core/shared/clock.js';
import {
  authority,
  codeOf,
  dsUri,
  exclusive,
  oasis,
  type SignedService,
  serveSigned,
  sign,
  someDay,
  timestamp,
  unsigned,
} from './signature-support.js';
import { echoHandlers, necUri, ping, serve, texts } from './support.js';

/** Messages that were changed after they were signed, and signatures that were not made of what is acted on. */
const make = authority();
const alice = make({ subject: '/CN=alice' });
const loner = make({ subject: '/CN=loner' });
const now = someDay;

let served: SignedService;
beforeAll(async () => {
  served = await serveSigned({}, [alice], { now: () => now });
});
beforeEach(() => served.calls.splice(0));

const bodyPath = '/e:Envelope/e:Body';
const stampPath = '//u:Timestamp';
const by = { by: alice };
const stamp = timestamp(now);
/** Every case says something else, or it would be a replay. */
let count = 0;
const body = (inner = ''): string => {
  count += 1;
  return ping(`signed ${count}`, inner);
};

async function accepted(message: string): Promise<void> {
  expect(codeOf(await served.send(message))).toBe('200');
}

async function refused(message: string, code: string): Promise<void> {
  expect(codeOf(await served.send(message))).toBe(code);
  expect(served.calls).toHaveLength(0);
  expect(served.problems).toEqual([]);
}

describe('tampered', () => {
  const message = (): string => sign(unsigned(stamp, body()), { ...by, targets: [bodyPath, stampPath] });

  test.each<[string, string, (text: string) => string]>([
    ['text of the Body', 'FailedCheck', (text) => text.replace('>signed', '>forged')],
    ['a blank more', 'FailedCheck', (text) => text.replace('>signed', '> signed')],
    ['an element more', 'FailedCheck', (text) => text.replace('</e:Body>', '<!-- --> </e:Body>')],
    ['an attribute more', 'FailedCheck', (text) => text.replace('u:Id="body"', 'u:Id="body" a="b"')],
    ['the operation', 'FailedCheck', (text) => text.replaceAll(/(<\/?)Ping/g, '$1DeleteRealm')],
    ['a namespace bound to another', 'FailedCheck', (text) => text.replace('<text>', '<text xmlns="urn:evil">')],
    ['Created', 'FailedCheck', (text) => text.replace(/<u:Created>[^<]*/, `<u:Created>${shift(now, 1000)}`)],
    ['SignatureValue', 'FailedCheck', (text) => text.replace(/(<d:SignatureValue>)../, '$1AA')],
    ['SignatureValue too short', 'FailedCheck', (text) => text.replace(/(<d:SignatureValue>)[^<]*/, '$1AAAA')],
    ['DigestValue', 'FailedCheck', (text) => text.replace(/(<d:DigestValue>)../, '$1AA')],
    ['a comment in DigestValue', 'FailedCheck', (text) => text.replace(/(<d:DigestValue>)/, '$1<!--x-->AAAA')],
    ['the Timestamp taken away', 'InvalidSecurity', (text) => text.replace(/<u:Timestamp.*<\/u:Timestamp>/, '')],
    ['the Body without its id', 'InvalidSecurity', (text) => text.replace(' u:Id="body"', '')],
    ['SignedInfo twice', 'InvalidSecurity', (text) => text.replace(/<d:SignedInfo.*<\/d:SignedInfo>/, '$&$&')],
    ['no SignedInfo', 'InvalidSecurity', (text) => text.replace(/<d:SignedInfo.*<\/d:SignedInfo>/, '')],
    ['SignatureValue of nothing', 'InvalidSecurity', (text) => text.replace(/(<d:SignatureValue>)[^<]*/, '$1')],
    ['an element in SignatureValue', 'InvalidSecurity', (text) => text.replace('<d:SignatureValue>', '$&<d:x/>')],
    ['an Object', 'InvalidSecurity', (text) => text.replace('</d:Signature>', '<d:Object/></d:Signature>')],
    ['two signatures', 'InvalidSecurity', (text) => text.replace(/<d:Signature .*<\/d:Signature>/, '$&$&')],
    [
      'two tokens',
      'InvalidSecurity',
      (text) => text.replace(/<w:Binary.*SecurityToken>/, (it) => it + it.replace('cert', 'two')),
    ],
    [
      'two Timestamps',
      'InvalidSecurity',
      (text) => text.replace('<w:Security>', `<w:Security>${timestamp(now, 0, 9, 'more')}`),
    ],
    ['two Security headers', 'InvalidSecurity', (text) => text.replace('</e:Header>', '<w:Security/></e:Header>')],
    [
      'a certificate in KeyInfo',
      'InvalidSecurity',
      (text) =>
        text.replace(
          '<d:KeyInfo>',
          `$&<d:X509Data><d:X509Certificate>${loner.base64}</d:X509Certificate></d:X509Data>`,
        ),
    ],
    [
      'a key in KeyInfo',
      'InvalidSecurity',
      (text) => text.replace(/(<d:KeyInfo>).*(<\/d:KeyInfo>)/, '$1<d:KeyValue/>$2'),
    ],
    [
      'a key by its name',
      'InvalidSecurity',
      (text) => text.replace(/<w:Reference [^>]*>/, '<w:KeyIdentifier>x</w:KeyIdentifier>'),
    ],
    ['a token elsewhere', 'InvalidSecurity', (text) => text.replace('URI="#cert"', 'URI="http://127.0.0.1:9/cert"')],
    ['a reference to no token', 'InvalidSecurity', (text) => text.replace('URI="#cert"', 'URI="#body"')],
    [
      'a token of another kind',
      'InvalidSecurity',
      (text) => text.replace(/(SecurityToken [^>]*)#X509v3/, '$1#X509PKIPathv1'),
    ],
    [
      'a reference to another kind of token',
      'InvalidSecurity',
      (text) => text.replace(/(w:Reference [^>]*)#X509v3/, '$1#X509PKIPathv1'),
    ],
    ['a token in hex', 'InvalidSecurity', (text) => text.replace('#Base64Binary', '#HexBinary')],
  ])('%s: %s', async (_, code, change) => {
    const original = message();
    const changed = change(original);
    expect(changed).not.toBe(original);
    await refused(changed, `wsse:${code}`);
  });

  test('a DOCTYPE, an entity and a processing instruction never get that far', async () => {
    for (const change of ['<!DOCTYPE a [<!ENTITY x "y">]>', '<?x y?>']) {
      await refused(message().replace('?>', `?>${change}`), 'soap:Client');
    }
    await refused(message().replace('>signed', '>&x;signed'), 'soap:Client');
  });
});

describe('what is signed in the first place', () => {
  const info = (change: (text: string) => string): string => sign(unsigned('', body()), { ...by, signedInfo: change });

  test.each<[string, () => string]>([
    ['only the Timestamp', () => sign(unsigned(stamp, body()), { ...by, targets: [stampPath] })],
    ['the Body without its Timestamp', () => sign(unsigned(stamp, body()), by)],
    [
      'only the element in the Body',
      () => sign(unsigned('', body().replace('<Ping', '<Ping u:Id="op"')), { ...by, targets: [`${bodyPath}/*`] }),
    ],
    ['the Body twice', () => sign(unsigned('', body()), { ...by, targets: [bodyPath, bodyPath] })],
    [
      'the Security header itself',
      () =>
        sign(unsigned('', body()).replace('<w:Security>', '<w:Security u:Id="s">'), {
          ...by,
          targets: [bodyPath, '//w:Security'],
        }),
    ],
    ['the whole document', () => info((text) => text.replace('URI="#body"', 'URI=""'))],
    ['no URI', () => info((text) => text.replace('URI="#body"', ''))],
    ['an XPointer', () => info((text) => text.replace('#body', "#xpointer(id('body'))"))],
    ['an XPointer to everything', () => info((text) => text.replace('#body', '#xpointer(/)'))],
    ['a file', () => info((text) => text.replace('#body', 'file:///etc/hostname'))],
    ['an address', () => info((text) => text.replace('#body', 'http://127.0.0.1:9/body'))],
    ['an attachment', () => info((text) => text.replace('#body', 'cid:body'))],
    ['the name alone', () => info((text) => text.replace('#body', 'body'))],
    ['no transform', () => info((text) => text.replace(/<d:Transform .*<\/d:Transform>/, ''))],
    ['no Transforms', () => info((text) => text.replace(/<d:Transforms>.*<\/d:Transforms>/, ''))],
    ['two transforms', () => info((text) => text.replace(/<d:Transform .*<\/d:Transform>/, '$&$&'))],
    ['XPath', () => transform('http://www.w3.org/TR/1999/REC-xpath-19991116')],
    ['XPath Filter 2', () => transform('http://www.w3.org/2002/06/xmldsig-filter2')],
    ['XSLT', () => transform('http://www.w3.org/TR/1999/REC-xslt-19991116')],
    ['enveloped signature', () => transform(`${dsUri}enveloped-signature`)],
    ['Base64', () => transform(`${dsUri}base64`)],
    ['STR transform', () => transform(`${oasis}-soap-message-security-1.0#STR-Transform`)],
    ['comments kept', () => transform(`${exclusive}WithComments`)],
    ['inclusive canonicalization', () => transform('http://www.w3.org/TR/2001/REC-xml-c14n-20010315')],
    ['SignedInfo with comments', () => info((text) => text.replace(exclusive, `${exclusive}WithComments`))],
    ['SignedInfo inclusive', () => info((text) => text.replace(exclusive, 'http://www.w3.org/2006/12/xml-c14n11'))],
    [
      'an XPath in the transform',
      () => info((text) => text.replace('</d:Transform>', '<d:XPath>true()</d:XPath></d:Transform>')),
    ],
    [
      'an output length',
      () =>
        info((text) =>
          text.replace(
            /(<d:SignatureMethod [^>]*)\/>/,
            '$1><d:HMACOutputLength>8</d:HMACOutputLength></d:SignatureMethod>',
          ),
        ),
    ],
    ['MD5', () => info((text) => text.replace('xmlenc#sha256', 'xmldsig-more#md5'))],
    ['no references', () => info((text) => text.replace(/<d:Reference.*<\/d:Reference>/, ''))],
    ['a manifest', () => info((text) => text.replace('</d:SignedInfo>', '<d:Manifest/></d:SignedInfo>'))],
    ['seventeen references', () => sign(manyBlocks(16), { ...by, targets: [bodyPath, ...blocks(16)] })],
    [
      'a digest method with something in it',
      () => info((text) => text.replace(/(<d:DigestMethod [^>]*)\/>/, '$1><d:x/></d:DigestMethod>')),
    ],
    ['a reference by another name', () => info((text) => text.replaceAll(/(<\/?)d:Reference/g, '$1d:Other'))],
    ['a signature method by another name', () => info((text) => text.replace('<d:SignatureMethod', '<d:Other'))],
    [
      'a hundred prefixes',
      () => sign(unsigned('', body()), { ...by, prefixes: Array.from({ length: 100 }, (_, i) => `p${i}`).join(' ') }),
    ],
  ])('%s', async (_, make) => {
    await refused(make(), 'wsse:InvalidSecurity');
  });

  const blocks = (count: number): string[] => Array.from({ length: count }, (_, i) => `//*[@u:Id="block${i}"]`);
  const manyBlocks = (count: number): string => {
    const list = Array.from({ length: count }, (_, i) => `<b xmlns="urn:b" u:Id="block${i}"/>`).join('');
    return unsigned('', body()).replace('<e:Header>', `<e:Header>${list}`);
  };

  test('sixteen references are taken', async () => {
    await accepted(sign(manyBlocks(15), { ...by, targets: [bodyPath, ...blocks(15)] }));
  });

  test('the innermost of two bindings of a prefix counts', async () => {
    const block = '<b xmlns="urn:b" u:Id="block0" x:a=""/>';
    const envelope = unsigned('', body())
      .replace('<e:Envelope', '<e:Envelope xmlns:x="urn:outer"')
      .replace('<e:Header>', `<e:Header xmlns:x="urn:inner">${block}`);
    await accepted(sign(envelope, { ...by, targets: [bodyPath, ...blocks(1)] }));
  });

  const transform = (algorithm: string): string =>
    info((text) => text.replace(`<d:Transform Algorithm="${exclusive}"`, `<d:Transform Algorithm="${algorithm}"`));

  test('nothing in the Body: no operation was signed', async () => {
    await refused(sign(unsigned('', ''), by), 'soap:Client');
  });

  test('a value that cannot be read is shown where its Body begins in the message as sent', async () => {
    const lenient = await serve({
      operations: echoHandlers(),
      clock: { now: () => now },
      signatures: {},
      authenticate: async () => 'x',
    });
    const wrong = `<UpdateRealmStatus xmlns="${necUri}"><status>x</status></UpdateRealmStatus>`;
    const message = sign(unsigned('', wrong), by).replace('<e:Body', '\n <e:Body');
    expect((await lenient.send(message)).text).toContain('There is an error in XML document (2, 2).');
  });

  test('a SOAPAction may not choose another operation than the Body that was signed', async () => {
    const byAction = await serve({
      operations: echoHandlers(),
      dispatch: 'action',
      clock: { now: () => now },
      signatures: {},
      authenticate: async (credentials) => credentials.kind,
    });
    const message = sign(unsigned('', body()), by);
    const reply = await byAction.send(message, { 'content-type': texts.plain, soapaction: `"${necUri}/DeleteRealm"` });
    expect(reply.text).toContain('Authentication failed');
    expect(byAction.calls).toHaveLength(0);
    await byAction.send(message, { 'content-type': texts.plain, soapaction: `"${necUri}/Ping"` });
    expect(byAction.calls).toEqual([expect.objectContaining({ operation: 'Ping', actor: 'signature' })]);
  });
});
