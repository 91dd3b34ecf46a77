import { signedAssertion } from '../../../src/adapters/rest/maestrano/saml/verify/assertion.js';
import { parseTree } from '../../../src/adapters/rest/maestrano/saml/verify/xml-tree.js';
import { assertionOf, ds, responseXml, sign, signatureOf } from './responses.js';
import { idp, judge, reasonFor } from './support.js';

const original = {
  assertion: sign(responseXml(), { identity: idp }),
  response: sign(responseXml(), { identity: idp, element: 'Response' }),
};
const bare = responseXml();
const evilAssertion = assertionOf(bare)
  .replaceAll('"_a"', '"_evil"')
  .replaceAll('usr-1', 'usr-admin')
  .replace('ada@', 'eve@');
const evilResponse = bare.replace(assertionOf(bare), evilAssertion).replace('ID="_r"', 'ID="_evil_r"');
const signedOne = assertionOf(original.assertion);
const signature = signatureOf(original.assertion);
const outerSignature = signatureOf(original.response);
const unsigned = assertionOf(bare);
const withObject = (content: string, of: string): string =>
  of.replace('</ds:Signature>', `<ds:Object>${content}</ds:Object></ds:Signature>`);
const intoEvil = (content: string): string => evilAssertion.replace('<Subject>', `${content}<Subject>`);
const around = (assertions: string): string => original.assertion.replace(signedOne, assertions);

describe('the published ways to wrap', () => {
  const shapes: Record<string, string> = {
    // the Response is signed
    XSW1: evilResponse.replace('<samlp:Status>', `${withObject(bare, outerSignature)}<samlp:Status>`),
    XSW2: evilResponse.replace('<samlp:Status>', `${bare}${outerSignature}<samlp:Status>`),
    // the Assertion is signed
    XSW3: around(`${evilAssertion}${signedOne}`),
    XSW4: around(evilAssertion.replace('</Assertion>', `${signedOne}</Assertion>`)),
    XSW5: around(`${intoEvil(signature)}${unsigned}`),
    XSW6: around(intoEvil(signature.replace('</ds:Signature>', `${unsigned}</ds:Signature>`))),
    XSW7: around(`<samlp:Extensions>${evilAssertion}</samlp:Extensions>${signedOne}`),
    XSW8: around(intoEvil(withObject(unsigned, signature))),
    XSW9: around(intoEvil(`<Advice>${signedOne}</Advice>`)),
  };
  test.each(Object.entries(shapes))('%s', async (_name, xml) => {
    expect(xml).toContain('usr-admin');
    expect(['responses', 'assertions']).toContain(await reasonFor(xml));
  });
});

describe('others', () => {
  test('a signature somewhere else', async () => {
    const moved = (to: string, put: (signature: string) => string): string =>
      original.assertion.replace(signature, '').replace(to, put(signature));
    const places = [
      moved('<samlp:Status>', (one) => `<samlp:Extensions>${one}</samlp:Extensions><samlp:Status>`),
      moved('<Subject>', (one) => `<Subject>${one}`),
      moved('<Subject>', (one) => `<x>${one}</x><Subject>`),
      original.assertion.replace(
        '<Subject>',
        `${signature.replace(/<ds:SignatureValue>..../, '<ds:SignatureValue>AAAA')}<Subject>`,
      ),
    ];
    for (const xml of places) expect(await reasonFor(xml)).toBe('signature_place');
  });

  test('the signature of the assertion in the Response', async () => {
    const xml = original.assertion.replace(signature, '').replace('<samlp:Status>', `${signature}<samlp:Status>`);
    expect(await reasonFor(xml)).toBe('reference_target');
  });

  test('an unsigned assertion beside a signature over nothing but a header', async () => {
    const header = responseXml().replace(
      '<samlp:Status>',
      '<samlp:Extensions ID="_x"><x/></samlp:Extensions><samlp:Status>',
    );
    const xml = sign(header, { identity: idp, xpath: "//*[local-name()='Extensions']" });
    expect(await reasonFor(xml)).toBe('reference_target');
  });

  test('what was signed must be the element that was looked for', () => {
    const root = parseTree(responseXml());
    const inner = root.children.at(-1)!;
    expect(signedAssertion(root, 'Response', '_r')).toBe(inner);
    expect(signedAssertion(inner, 'Assertion', '_a')).toBe(inner);
    const wrong = expect.objectContaining({ reason: 'signed_element' });
    for (const [node, local, id] of [
      [root, 'Response', '_a'],
      [root, 'Assertion', '_r'],
      [inner, 'Response', '_a'],
      [inner, 'Assertion', '_b'],
      [parseTree('<Assertion ID="_a"/>'), 'Assertion', '_a'],
      [parseTree(responseXml().replace(assertionOf(bare), '')), 'Response', '_r'],
      [parseTree(bare.replace(assertionOf(bare), `${assertionOf(bare)}${evilAssertion}`)), 'Response', '_r'],
    ] as const) {
      expect(() => signedAssertion(node, local, id)).toThrow(wrong);
    }
  });
});

describe('comments', () => {
  test.each(['Assertion', 'Response'] as const)('do not cut a value: signed %s', async (element) => {
    for (const method of [`${ds}rsa-sha256`, 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256']) {
      const said = {
        nameId: 'usr-1.evil',
        attributes: { email: 'root@example.com.evil.example', uid: 'usr-admin-not' },
      };
      const xml = sign(responseXml(said), { identity: idp, element, method })
        .replace('usr-1.evil', 'usr-1<!-- -->.evil')
        .replace('root@example.com.evil', 'root@example.com<!---->.evil')
        .replace('usr-admin-not', 'usr-<!--x--><!--y-->admin<!---->-not');
      const { assertion } = await judge(xml);
      expect(assertion.nameId).toBe('usr-1.evil');
      expect(assertion.attributes.get('email')).toBe('root@example.com.evil.example');
      expect(assertion.attributes.get('uid')).toBe('usr-admin-not');
    }
  });

  test('in names of algorithms or of the reference they change nothing either', async () => {
    const xml = original.assertion.replace('<ds:DigestValue>', '<ds:DigestValue><!-- -->');
    expect(['believed', 'signature']).toContain(await reasonFor(xml));
  });

  test('an element in a value is no text', async () => {
    const said = { attributes: { uid: 'usr-<b>admin</b>' } };
    const xml = sign(responseXml(said), { identity: idp });
    expect((await judge(xml)).assertion.attributes.get('uid')).toBe('');
  });
});

describe('the second reader', () => {
  test('must find the same person', async () => {
    const honest = async () => ({
      nameId: 'usr-1',
      attributes: Object.fromEntries((await judge(original.assertion)).assertion.attributes),
    });
    const { attributes } = await honest();
    const read = (answer: object) => ({ read: async () => ({ nameId: 'usr-1', attributes, ...answer }) });
    expect(await reasonFor(original.assertion, read({}))).toBe('believed');
    expect(await reasonFor(original.assertion, read({ nameId: 'usr-2' }))).toBe('second_reading');
    expect(await reasonFor(original.assertion, read({ attributes: { ...attributes, uid: 'usr-2' } }))).toBe(
      'second_reading',
    );
    expect(await reasonFor(original.assertion, read({ attributes: {} }))).toBe('second_reading');
    const failing = { read: async () => Promise.reject(new Error('no')) };
    expect(await reasonFor(original.assertion, failing)).toBe('second_reading');
  });
});
