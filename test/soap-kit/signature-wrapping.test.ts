import { day, shift } from '../../src/core/shared/clock.js';
import {
  authority,
  codeOf,
  type SignedService,
  serveSigned,
  sign,
  someDay,
  timestamp,
  unsigned,
} from './signature-support.js';
import { echoHandlers, ping, serve, soap11, until } from './support.js';

/** Signature wrapping: everything a signature covers is there and untouched, but what would be acted on is something else. */
const partner = authority()({ subject: '/CN=partner' });
const now = someDay;
const bodyPath = '/e:Envelope/e:Body';
const stampPath = '//u:Timestamp';

let served: SignedService;
beforeAll(async () => {
  served = await serveSigned({}, [partner], { now: () => now });
});
beforeEach(() => served.calls.splice(0));

let count = 0;
/** A message as the partner sent it. */
const honest = (): string => {
  count += 1;
  const envelope = unsigned(timestamp(now), ping(`honest ${count}`));
  return sign(envelope, { by: partner, targets: [bodyPath, stampPath] });
};
const bodyOf = (message: string): string => /<e:Body .*<\/e:Body>/.exec(message)![0];
const evil = (attributes = ''): string => `<e:Body${attributes}>${ping('evil')}</e:Body>`;
/** The evil Body in place of the honest one, which goes where `place` puts it. */
const moved = (place: (message: string, body: string) => string, attributes = ''): string => {
  const message = honest();
  const original = bodyOf(message);
  return place(
    message.replace(original, () => evil(attributes)),
    original,
  );
};
const into =
  (mark: string, before = false) =>
  (message: string, body: string): string =>
    message.replace(mark, (found) => (before ? body + found : found + body));

const places: readonly (readonly [string, (message: string, body: string) => string])[] = [
  ['a header block', (message, body) => into('<e:Header>')(message, `<wrapper xmlns="urn:w">${body}</wrapper>`)],
  ['the Header itself', into('<e:Header>')],
  ['the Security header', into('<w:Security>')],
  [
    'a wrapper in the Security header',
    (message, body) => into('<w:Security>')(message, `<w:wrapper>${body}</w:wrapper>`),
  ],
  [
    'the Security header of somebody else',
    (message, body) => into('<e:Header>')(message, `<w:Security e:actor="urn:x">${body}</w:Security>`),
  ],
  ['the Timestamp', into('<u:Timestamp u:Id="stamp">')],
  [
    'a second Header of another namespace',
    (message, body) => into('</e:Envelope>', true)(message, `<Header xmlns="urn:w">${body}</Header>`),
  ],
  ['the Signature', into('</d:Signature>', true)],
  ['an Object', (message, body) => into('</d:Signature>', true)(message, `<d:Object>${body}</d:Object>`)],
  ['the KeyInfo', into('<d:KeyInfo>')],
  ['the SignedInfo', into('</d:SignedInfo>', true)],
  ['the SignatureValue', into('</d:SignatureValue>', true)],
  ['the token', into('</w:BinarySecurityToken>', true)],
  [
    'a sibling wrapper behind the Body',
    (message, body) => into('</e:Envelope>', true)(message, `<x:w xmlns:x="urn:x">${body}</x:w>`),
  ],
  ['the evil Body', into('</e:Body>', true)],
  ['the evil operation', into('</Ping>', true)],
  [
    'a whole envelope in the evil Body',
    (message, body) => into('</Ping>', true)(message, `<e:Envelope>${body}</e:Envelope>`),
  ],
];
const ids = [
  '',
  ' u:Id="other"',
  ' u:Id="body"',
  ' Id="body"',
  ' ID="body"',
  ' id="body"',
  ' xml:id="body"',
  ' x:Id="body" xmlns:x="urn:x"',
];

describe.each(places)('the signed Body moved into %s', (_, place) => {
  test.each(ids)('the evil one called [%s]', async (attributes) => {
    const reply = await served.send(moved(place, attributes));
    expect(codeOf(reply)).toMatch(/^(?:wsse:(?:InvalidSecurity|FailedCheck)|soap:Client)$/);
    expect(served.calls).toHaveLength(0);
    expect(served.problems).toEqual([]);
  });

  test('is InvalidSecurity where the frame is still that of a message', async () => {
    const reply = await served.send(moved(place));
    if (codeOf(reply) !== 'soap:Client') expect(codeOf(reply)).toBe('wsse:InvalidSecurity');
  });
});

describe('two Bodies', () => {
  test.each([
    ['before', (message: string) => message.replace('<e:Body', `${evil()}<e:Body`)],
    ['behind', (message: string) => message.replace('</e:Envelope>', `${evil()}</e:Envelope>`)],
    ['two operations in one', (message: string) => message.replace('</e:Body>', `${ping('evil')}</e:Body>`)],
  ])('the evil one %s the honest', async (_, change) => {
    expect(codeOf(await served.send(change(honest())))).toBe('soap:Client');
    expect(served.calls).toHaveLength(0);
  });

  test('one of the other version of SOAP is none', async () => {
    const other = evil()
      .replaceAll('e:Body', 'f:Body')
      .replace('<f:Body', '<f:Body xmlns:f="http://www.w3.org/2003/05/soap-envelope"');
    await served.send(honest().replace('<e:Body', `${other}<e:Body`));
    expect(served.calls.map((call) => call.input)).toEqual([{ text: `honest ${count}` }]);
  });
});

describe('ids with two meanings, the Body where it was', () => {
  test.each([
    ['wsu:Id in the header', '<x xmlns="urn:x" u:Id="body"/>'],
    ['Id', '<x xmlns="urn:x" Id="body"/>'],
    ['ID', '<x xmlns="urn:x" ID="body"/>'],
    ['xml:id', '<x xmlns="urn:x" xml:id="body"/>'],
    ['id', '<x xmlns="urn:x" id="body"/>'],
    ['Id of a foreign namespace', '<x xmlns="urn:x" xmlns:y="urn:y" y:Id="body"/>'],
    ['an id that nothing refers to, twice', '<x xmlns="urn:x" Id="a"/><x xmlns="urn:x" ID="a"/>'],
    ['a second id on one element', '<x xmlns="urn:x" u:Id="a" Id="a"/>'],
    ['the id of the token', '<x xmlns="urn:x" u:Id="cert"/>'],
    ['the id of the Timestamp', '<x xmlns="urn:x" xml:id="stamp"/>'],
  ])('%s', async (_, block) => {
    expect(codeOf(await served.send(honest().replace('<e:Header>', `<e:Header>${block}`)))).toBe(
      'wsse:InvalidSecurity',
    );
    expect(served.calls).toHaveLength(0);
  });

  test('other ids may be what they like', async () => {
    const block = '<x xmlns="urn:x" id="1"/><x xmlns="urn:x" id="1" Id="b" u:Id="c"/>';
    expect(codeOf(await served.send(honest().replace('<e:Header>', `<e:Header>${block}`)))).toBe('200');
  });
});

describe('an old Timestamp put out of the way', () => {
  const stampOf = (message: string): string => /<u:Timestamp.*<\/u:Timestamp>/.exec(message)![0];
  const old = (): string => {
    count += 1;
    const envelope = unsigned(timestamp(shift(now, -day)), ping(`honest ${count}`));
    return sign(envelope, { by: partner, targets: [bodyPath, stampPath] });
  };
  const place = (message: string, mark: string, wrap = (text: string) => text): string => {
    const stamp = stampOf(message);
    return message.replace(stamp, '').replace(mark, (found) => found + wrap(stamp));
  };

  test.each<[string, () => string]>([
    ['among the header blocks', () => place(old(), '<e:Header>')],
    ['in a header block', () => place(old(), '<e:Header>', (it) => `<x xmlns="urn:x">${it}</x>`)],
    [
      'in the Security header of somebody else',
      () => place(old(), '<e:Header>', (it) => `<w:Security e:actor="urn:x">${it}</w:Security>`),
    ],
    ['in a wrapper of the Security header', () => place(old(), '<w:Security>', (it) => `<w:x>${it}</w:x>`)],
    ['beside a new one', () => old().replace('<w:Security>', `<w:Security>${timestamp(now, 0, 300, 'new')}`)],
    [
      'for a new one',
      () => place(old(), '<e:Header>').replace('<w:Security>', `<w:Security>${timestamp(now, 0, 300, 'new')}`),
    ],
  ])('%s', async (_, message) => {
    expect(codeOf(await served.send(message()))).toBe('wsse:InvalidSecurity');
    expect(served.calls).toHaveLength(0);
  });

  test('in its place it is old', async () => {
    expect(codeOf(await served.send(old()))).toBe('wsse:MessageExpired');
  });
});

describe('header blocks', () => {
  test('those a signature covers reach the handler as they were signed, others do not', async () => {
    const seen: unknown[] = [];
    const service = await serve({
      operations: {
        ...echoHandlers(),
        ...Object.fromEntries([
          [
            'Ping',
            async (_: unknown, call: { headers: readonly { local: string; text: string }[] }) => {
              seen.push(call.headers.map(({ local, text }) => `${local} ${text}`));
              return { resultCode: 0 };
            },
          ],
        ]),
      },
      dispatch: 'body',
      clock: { now: () => now },
      signatures: {},
      understoodHeaders: ['{urn:x}a'],
      authenticate: async (credentials, request) => {
        seen.push(request.message.headers.map(({ local }) => local));
        return credentials.kind;
      },
    });
    const blocks =
      '<x:a xmlns:x="urn:x" u:Id="block" e:mustUnderstand="1">one<!-- --> two</x:a><x:b xmlns:x="urn:x">three</x:b>';
    const envelope = unsigned('', ping()).replace('<e:Header>', `<e:Header>${blocks}`);
    await service.send(sign(envelope, { by: partner, targets: [bodyPath, '//*[@u:Id="block"]'] }));
    expect(seen).toEqual([['a'], ['a one two']]);
    expect(service.calls).toHaveLength(1);
  });
});

describe('text with two readings', () => {
  test.each([
    ['a comment', 'hon<!-- x -->est'],
    ['CDATA', 'hon<![CDATA[est]]>'],
    ['references', '&#104;onest'],
  ])('%s in the text that is signed is read as it was signed', async (_, text) => {
    await served.send(sign(unsigned('', ping(`${text} ${count++}`)), { by: partner }));
    expect(served.calls.at(-1)?.input).toEqual({ text: `honest ${count - 1}` });
  });

  test.each([
    ['a comment', '<!-- x -->', 200],
    ['an empty CDATA section', '<![CDATA[]]>', 200],
    ['markup in CDATA', '<![CDATA[<evil/>]]>', 500],
    ['a character reference', '&#101;', 500],
  ])('%s put in later', async (_, inserted, status) => {
    const reply = await served.send(honest().replace('honest', `hon${inserted}est`));
    expect([reply.status, codeOf(reply)]).toEqual([status, status === 200 ? '200' : 'wsse:FailedCheck']);
    // where it changes nothing that is signed, it changes nothing that is read
    expect(served.calls.map((call) => call.input)).toEqual(status === 200 ? [{ text: `honest ${count}` }] : []);
  });

  test('prefixes bound to other namespaces around the Body', async () => {
    const message = honest().replace('<e:Envelope', '<q:Envelope').replace('</e:Envelope>', '</q:Envelope>');
    const rebound = message.replace(`xmlns:e="${soap11}"`, `xmlns:q="${soap11}" xmlns:e="urn:evil"`);
    expect(codeOf(await served.send(rebound))).toBe('soap:Client');
    const inner = honest().replace('<text>', '<text xmlns:u="urn:evil">');
    // a declaration nobody uses is not part of the canonical form, and not of what is decoded either
    expect(codeOf(await served.send(inner))).toBe('200');
    const used = honest().replace('<e:Body u:Id="body">', '<e:Body u:Id="body" xmlns:u="urn:evil">');
    expect(codeOf(await served.send(used))).toBe('wsse:InvalidSecurity');
  });
});

describe('what a stranger may cost us', () => {
  const within = async (message: string, code: string): Promise<void> => {
    const start = performance.now();
    expect(codeOf(await served.send(message))).toBe(code);
    expect(performance.now() - start).toBeLessThan(1_500);
  };
  const stuffed = (inner: string, around = ''): string =>
    honest().replace('</Ping>', `${inner}</Ping>`).replace('<e:Envelope', `<e:Envelope ${around}`);

  test('a declaration that canonicalization would write again and again', async () => {
    await within(stuffed('<p:x/>'.repeat(40_000), `xmlns:p="urn:${'p'.repeat(100_000)}"`), 'wsse:InvalidSecurity');
    await within(stuffed('<p:x/>'.repeat(40_000), `xmlns:p="urn:${'p'.repeat(500)}"`), 'wsse:InvalidSecurity');
  });

  test('a long namespace, used or not', async () => {
    await within(stuffed('', `xmlns:p="urn:${'p'.repeat(508)}"`), '200');
    await within(stuffed('', `xmlns:p="urn:${'p'.repeat(509)}"`), 'wsse:InvalidSecurity');
  });

  test('very many namespaces in force', async () => {
    const many = (count: number): string => Array.from({ length: count }, (_, i) => `xmlns:p${i}="urn:${i}"`).join(' ');
    await within(stuffed('', many(60)), '200');
    const nested = `<a ${many(60)}><b ${many(60)}><c ${many(60)}/></b></a>`;
    await within(stuffed(nested), 'wsse:InvalidSecurity');
    const used = Array.from({ length: 60 }, (_, i) => `p${i}:a=""`).join(' ');
    await within(stuffed(`<a ${used}/>`.repeat(800), many(60)), 'wsse:FailedCheck');
  });

  test('a big message', async () => {
    await within(stuffed(Array.from({ length: 40_000 }, (_, i) => `<a b="">${i}</a>`).join('')), 'wsse:FailedCheck');
  });
});

test('the inspector shows a signed message as it was sent', async () => {
  const message = honest();
  await served.send(message);
  await until(() => served.records.some((record) => record.request.includes(`honest ${count}`)));
  expect(served.records.at(-1)?.request).toBe(message);
});
