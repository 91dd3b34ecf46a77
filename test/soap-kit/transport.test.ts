import {
  echoHandlers,
  envelope,
  fault11,
  fault12,
  head11,
  head12,
  necUri,
  ping,
  type Served,
  serve,
  soap11,
  soap12,
  texts,
} from './support.js';

const action = (name: string): string => `"${necUri}/${name}"`;
const result = (text: string): string =>
  `<soap:Body><PingResponse xmlns="${necUri}"><PingResult><resultCode>0</resultCode><resultMessage>OK</resultMessage>` +
  `<text>${text}</text><version>4.3</version></PingResult></PingResponse></soap:Body></soap:Envelope>`;
const malformedText = (line: number, column: number): string =>
  `Server was unable to process request. ---&gt; The XML is not well-formed. Line ${line}, position ${column}.`;
const understandMe = `<e:Header><h:Strange xmlns:h="urn:h" e:mustUnderstand="1"/></e:Header>`;

describe('the .asmx host (dispatch by action)', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve({ dispatch: 'action', operations: echoHandlers() });
  });
  afterAll(() => served.close());
  beforeEach(() => served.calls.splice(0));

  const soapAction = (value: string, type = texts.plain) => ({ 'content-type': type, soapaction: value });

  test('SOAP 1.1 by SOAPAction: the exact answer, its headers', async () => {
    const reply = await served.send(envelope(ping()), soapAction(action('Ping')));
    expect(reply.text).toBe(head11 + result('hello'));
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('text/xml; charset=utf-8');
    expect(reply.headers['cache-control']).toBe('private, max-age=0');
    expect(reply.headers['content-length']).toBe(String(Buffer.byteLength(reply.text)));
  });

  test.each([
    ['without quotes', `${necUri}/Ping`],
    ['URL-encoded', `"${encodeURIComponent(`${necUri}/Ping`)}"`],
  ])('SOAPAction %s', async (_, value) => {
    expect((await served.send(envelope(ping()), soapAction(value))).text).toBe(head11 + result('hello'));
  });

  test('SOAP 1.1 without the header is routed by the Body', async () => {
    expect((await served.send(envelope(ping()))).text).toBe(head11 + result('hello'));
  });

  test('SOAP 1.2 by action parameter, by Body, and with an unknown action but a known Body', async () => {
    const body = envelope(ping(), soap12);
    for (const type of [
      `${texts.soap12}; action=${action('Ping')}`,
      texts.soap12,
      `application/soap+xml; action="urn:nothing"`,
    ]) {
      const reply = await served.send(body, { 'content-type': type });
      expect(reply.text).toBe(head12 + result('hello'));
      expect(reply.headers['content-type']).toBe('application/soap+xml; charset=utf-8');
    }
  });

  test('a right header with a wrong wrapper or namespace leaves every parameter null', async () => {
    for (const body of [
      `<Pong xmlns="${necUri}"><text>x</text></Pong>`,
      '<Ping xmlns="urn:other"><text>x</text></Ping>',
      '',
    ]) {
      const reply = await served.send(envelope(body), soapAction(action('Ping')));
      expect(reply.status).toBe(200);
      expect(reply.text).not.toContain('<text>');
    }
    expect(served.calls).toHaveLength(3);
  });

  test.each([
    ['unknown', '"urn:nope"', 'urn:nope'],
    ['empty', '""', ''],
    ['of another case', action('ping'), `${necUri}/ping`],
    ['hostile', '"<b>&"', '&lt;b&gt;&amp;'],
  ])('SOAPAction %s', async (_, value, shown) => {
    const reply = await served.send(envelope(ping()), soapAction(value));
    expect(reply.status).toBe(500);
    expect(reply.text).toBe(
      fault11('Client', `Server did not recognize the value of HTTP Header SOAPAction: ${shown}.`),
    );
    expect(served.calls).toHaveLength(0);
  });

  test('no action and an unknown Body element: the fault has the version of the Envelope', async () => {
    const text = 'Unable to handle request without a valid action parameter. Please supply a valid soap action.';
    const first = await served.send(envelope('<Nope xmlns="urn:x"/>'));
    expect([first.status, first.text]).toEqual([500, fault11('Client', text)]);
    const second = await served.send(envelope('<Nope xmlns="urn:x"/>', soap12), { 'content-type': texts.soap12 });
    expect([second.status, second.text]).toEqual([500, fault12('Sender', text)]);
  });

  test('SOAP 1.2 with action and Body unknown', async () => {
    const reply = await served.send(envelope('<Nope/>', soap12), {
      'content-type': 'application/soap+xml; action="urn:x"',
    });
    expect(reply.status).toBe(500);
    expect(reply.text).toBe(fault12('Sender', "Unable to handle request. The action 'urn:x' was not recognized."));
  });

  test('a SOAP 1.2 Envelope as text/xml with a good SOAPAction is answered in SOAP 1.2', async () => {
    const reply = await served.send(envelope(ping(), soap12), soapAction(action('Ping')));
    expect([reply.status, reply.text]).toEqual([200, head12 + result('hello')]);
    expect(reply.headers['content-type']).toBe(texts.soap12);
  });

  test.each(['application/json', 'text/plain', 'multipart/related; type="text/xml"', ''])(
    'content type %p with a good SOAPAction: 415, empty',
    async (type) => {
      const reply = await served.send(envelope(ping()), soapAction(action('Ping'), type));
      expect([reply.status, reply.text]).toEqual([415, '']);
      expect(served.calls).toHaveLength(0);
    },
  );

  test('a SOAP 1.1 Envelope as application/soap+xml: 415, empty', async () => {
    const reply = await served.send(envelope(ping()), { 'content-type': texts.soap12 });
    expect([reply.status, reply.text]).toEqual([415, '']);
  });

  test('not well-formed, routed by SOAPAction: 400, empty, text/xml', async () => {
    const reply = await served.send('<a><b></a>', soapAction(action('Ping')));
    expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([400, '', texts.plain]);
  });

  test('not well-formed, no SOAPAction: Receiver, or Server once a SOAP 1.1 Envelope was read', async () => {
    const silent = await served.send('<');
    expect([silent.status, silent.text]).toEqual([500, fault12('Receiver', malformedText(1, 2))]);
    const begun = await served.send(`<e:Envelope xmlns:e="${soap11}">\n<e:Body></e:Envelope>`);
    expect([begun.status, begun.text]).toEqual([500, fault11('Server', malformedText(2, 22))]);
    const begun12 = await served.send(`<e:Envelope xmlns:e="${soap12}"><`, { 'content-type': texts.soap12 });
    expect(begun12.text).toContain('<soap:Value>soap:Receiver</soap:Value>');
  });

  test.each([
    ['text in a number', '<status>seven</status>', 'Input string was not in a correct format.'],
    ['an empty number', '<status/>', 'Input string was not in a correct format.'],
    ['a number too large', '<status>2147483648</status>', 'Value was either too large or too small for an Int32.'],
  ])('a value that cannot be converted: %s', async (_, element, reason) => {
    const body = `<UpdateRealmStatus xmlns="${necUri}">${element}</UpdateRealmStatus>`;
    const message = envelope(body);
    const column = message.indexOf(element) + element.length + 1;
    const text = `Server was unable to read request. ---&gt; There is an error in XML document (1, ${column}). ---&gt; ${reason}`;
    const reply = await served.send(message);
    expect([reply.status, reply.text]).toEqual([500, fault11('Client', text)]);
    const in12 = await served.send(envelope(body, soap12), { 'content-type': texts.soap12 });
    expect(in12.text).toContain('<soap:Value>soap:Sender</soap:Value>');
    expect(served.calls).toHaveLength(0);
  });

  test('an unknown Envelope namespace: VersionMismatch with the Upgrade header', async () => {
    const reply = await served.send(envelope(ping(), 'urn:soap9'), soapAction(action('Ping')));
    const text = `Possible SOAP version mismatch: Envelope namespace urn:soap9 was unexpected. Expecting ${soap11}.`;
    const header =
      `<soap:Header><soap12:Upgrade xmlns:soap12="${soap12}"><soap12:SupportedEnvelope qname="soap:Envelope" />` +
      '<soap12:SupportedEnvelope qname="soap12:Envelope" /></soap12:Upgrade></soap:Header>';
    expect([reply.status, reply.text]).toEqual([500, fault11('VersionMismatch', text, '<detail />', header)]);
  });

  test.each([
    ['Body missing', `<e:Envelope xmlns:e="${soap11}"/>`, 'Missing required soap:Body element.'],
    ['Envelope missing', '<hello/>', 'Missing required soap:Envelope element.'],
    [
      'two Bodies',
      `<e:Envelope xmlns:e="${soap11}"><e:Body>${ping()}</e:Body><e:Body>${ping('2')}</e:Body></e:Envelope>`,
      'Only one soap:Body element is allowed.',
    ],
    ['two Headers', envelope(ping(), soap11, '<e:Header/><e:Header/>'), 'Only one soap:Header element is allowed.'],
    ['two elements in the Body', envelope(ping() + ping('2')), 'Only one element is allowed in soap:Body.'],
  ])('%s', async (_, body, reason) => {
    const reply = await served.send(body, soapAction(action('Ping')));
    const text = `Server was unable to read request. ---&gt; Request format is invalid: ${reason}`;
    expect([reply.status, reply.text]).toEqual([500, fault11('Client', text)]);
    expect(served.calls).toHaveLength(0);
  });

  test('a header that must be understood is refused after the method ran', async () => {
    const reply = await served.send(envelope(ping(), soap11, understandMe), soapAction(action('Ping')));
    expect([reply.status, reply.text]).toEqual([
      500,
      fault11('MustUnderstand', 'SOAP header Strange was not understood.'),
    ]);
    expect(served.calls).toHaveLength(1);
  });

  test('a header for somebody else, or without the flag, is ignored', async () => {
    for (const attributes of [
      '',
      'e:mustUnderstand="0"',
      'e:mustUnderstand="1" e:actor="urn:someone"',
      'mustUnderstand="1"',
    ]) {
      const header = `<e:Header><h:Strange xmlns:h="urn:h" ${attributes}/></e:Header>`;
      expect((await served.send(envelope(ping(), soap11, header), soapAction(action('Ping')))).status).toBe(200);
    }
  });

  test('PUT, DELETE, HEAD: 405 with Allow', async () => {
    for (const method of ['PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
      const reply = await served.send('', {}, method);
      expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, POST']);
    }
  });

  test('GET: the WSDL in any case of the query, else a hint', async () => {
    for (const query of ['?wsdl', '?WSDL', '?WsDl', '?wsdl=']) {
      const reply = await served.send('', {}, 'GET', query);
      expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/xml; charset=utf-8']);
      expect(reply.text.match(new RegExp(`location="${served.url}"`, 'g'))).toHaveLength(2);
      expect(reply.text).not.toContain('localhost');
    }
    const hint = await served.send('', {}, 'GET', '?wsdlx');
    expect([hint.status, hint.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
  });
});

describe('the NEC variant (action, else Body)', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve({ operations: echoHandlers() });
  });
  afterAll(() => served.close());

  test.each(['"urn:nope"', '""', '"Ping"'])('SOAPAction %s falls back to the Body', async (soapaction) => {
    const reply = await served.send(envelope(ping()), { 'content-type': texts.plain, soapaction });
    expect(reply.text).toBe(head11 + result('hello'));
  });

  test('nothing known: the action in the fault; names compare exactly', async () => {
    const body = envelope(`<ping xmlns="${necUri}"/>`);
    const named = await served.send(body, { 'content-type': texts.plain, soapaction: '"urn:nope"' });
    expect(named.text).toBe(
      fault11('Client', 'Server did not recognize the value of HTTP Header SOAPAction: urn:nope.'),
    );
    const empty = await served.send(body, { 'content-type': texts.plain, soapaction: '""' });
    expect(empty.text).toContain('Unable to handle request without a valid action parameter.');
  });

  test('not well-formed: 400 under a known SOAPAction, else a fault', async () => {
    const known = await served.send('<', { 'content-type': texts.plain, soapaction: action('Ping') });
    expect([known.status, known.text]).toEqual([400, '']);
    const unknown = await served.send('<', { 'content-type': texts.plain, soapaction: '"x"' });
    expect([unknown.status, unknown.text]).toEqual([500, fault11('Server', malformedText(1, 2))]);
  });
});

describe('dispatch by Body (PRM)', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve({ dispatch: 'body', operations: echoHandlers() });
  });
  afterAll(() => served.close());

  test('SOAPAction is ignored: the Body decides', async () => {
    const reply = await served.send(envelope(ping()), {
      'content-type': texts.plain,
      soapaction: action('DeleteRealm'),
    });
    expect(reply.text).toBe(head11 + result('hello'));
    expect(served.calls.at(-1)?.operation).toBe('Ping');
  });

  test('an unknown Body, a wrong namespace, broken XML: Client', async () => {
    const unknown = 'The operation is not known to this service';
    const texts11 = {
      '<Ping xmlns="urn:other"/>': `${unknown}: {urn:other}Ping. It has {${necUri}}Ping.`,
      '<Nope/>': `${unknown}: {}Nope.`,
      '': `${unknown}.`,
    };
    for (const [body, text] of Object.entries(texts11)) {
      const reply = await served.send(envelope(body), { 'content-type': texts.plain, soapaction: action('Ping') });
      expect([reply.status, reply.text]).toEqual([500, fault11('Client', text)]);
    }
    expect((await served.send('<')).text).toBe(fault11('Client', malformedText(1, 2)));
  });

  test('a header that must be understood is refused before the method runs', async () => {
    const before = served.calls.length;
    const reply = await served.send(envelope(ping(), soap11, understandMe));
    expect(reply.text).toContain('soap:MustUnderstand');
    expect(served.calls).toHaveLength(before);
  });
});
