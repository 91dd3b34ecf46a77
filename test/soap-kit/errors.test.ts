import { SoapFault } from '../../src/adapters/soap/kit/index.js';
import { DomainError } from '../../src/core/shared/errors.js';
import {
  echoHandlers,
  envelope,
  fault11,
  fault12,
  head11,
  necUri,
  ping,
  serve,
  soap12,
  texts,
  withPing,
} from './support.js';

const internal = 'Server was unable to process request. ---&gt; Internal error, request req-1.';

describe('what a handler throws', () => {
  test('an unknown error is internal: reported, and nothing of it reaches the caller', async () => {
    const secret = new Error('connect ECONNREFUSED 10.0.0.7:3306 /srv/app/db.ts');
    const served = await serve({ operations: withPing(() => Promise.reject(secret)) });
    const first = await served.send(envelope(ping()));
    expect([first.status, first.text]).toEqual([500, fault11('Server', internal)]);
    const second = await served.send(envelope(ping(), soap12), { 'content-type': texts.soap12 });
    expect([second.status, second.text]).toEqual([500, fault12('Receiver', internal)]);
    expect(served.problems[0]?.error).toBe(secret);
    await served.close();
  });

  test('mapError answers in band, by a fault, or leaves it internal', async () => {
    const served = await serve({
      operations: withPing(async (input: { text?: string }) => {
        throw input.text === 'x' ? new TypeError('x') : new DomainError('not_found', { kind: input.text ?? '' });
      }),
      mapError: (error) => {
        if (!(error instanceof DomainError)) return undefined;
        if (error.params.kind === 'fault') return new SoapFault('Client', 'gone & away');
        return { output: { resultCode: 2, resultMessage: error.message } };
      },
    });
    const inBand = await served.send(envelope(ping('realm')));
    expect(inBand.text).toContain('<resultCode>2</resultCode><resultMessage>realm not found</resultMessage>');
    expect((await served.send(envelope(ping('fault')))).text).toBe(fault11('Client', 'gone &amp; away'));
    expect((await served.send(envelope(ping('x')))).text).toBe(fault11('Server', internal));
    await served.close();
  });

  test('a fault with detail, status, headers and a code of another namespace', async () => {
    const served = await serve({
      operations: withPing(async () => {
        throw new SoapFault('Client', 'no', {
          status: 403,
          headers: { 'X-Why': 'because' },
          detail: { element: 'PingResponse', value: { PingResult: { resultCode: 5, resultMessage: '<' } } },
          subcode: { prefix: 'w', uri: 'urn:w', local: 'FailedCheck' },
        });
      }),
    });
    const detail = `<PingResponse xmlns="${necUri}"><PingResult><resultCode>5</resultCode><resultMessage>&lt;</resultMessage></PingResult></PingResponse>`;
    const first = await served.send(envelope(ping()));
    expect([first.status, first.headers['x-why']]).toEqual([403, 'because']);
    expect(first.text).toBe(
      `${head11}<soap:Body><soap:Fault><faultcode xmlns:w="urn:w">w:FailedCheck</faultcode><faultstring>no</faultstring>` +
        `<detail>${detail}</detail></soap:Fault></soap:Body></soap:Envelope>`,
    );
    const second = await served.send(envelope(ping(), soap12), { 'content-type': texts.soap12 });
    expect(second.text).toContain(
      '<soap:Code><soap:Value>soap:Sender</soap:Value><soap:Subcode><soap:Value xmlns:w="urn:w">w:FailedCheck</soap:Value></soap:Subcode></soap:Code>',
    );
    await served.close();
  });

  test.each([
    ['a required element missing', { resultMessage: 'x' }],
    ['a value of another type', { resultCode: 'zero' }],
    ['a number beyond xsd:int', { resultCode: 3_000_000_000 }],
    ['no object', 'text'],
  ])('an answer that breaks the schema is reported and becomes an internal fault: %s', async (_, output) => {
    const served = await serve({ operations: withPing(async () => output) });
    const reply = await served.send(envelope(ping()));
    expect([reply.status, reply.text]).toEqual([500, fault11('Server', internal)]);
    expect(served.problems).toHaveLength(1);
    await served.close();
  });
});

describe('definition', () => {
  test('operations and WSDL must match', async () => {
    const { Ping, ...rest } = echoHandlers();
    await expect(serve({ operations: { ...rest, Pong: Ping! } })).rejects.toThrow(
      'operations without a handler: [Ping], handlers without an operation: [Pong]',
    );
  });

  test('a channel with its own namespace, aliases and strictness', async () => {
    const served = await serve(
      { operations: echoHandlers(), elementAliases: { texte: 'text' } },
      { namespace: 'http://isv.example/', alsoNamespaces: ['http://isv.example'], operationAliases: { Echo: 'Ping' } },
    );
    const wsdl = (await served.send('', {}, 'GET', '?wsdl')).text;
    expect(wsdl).not.toContain(necUri);
    expect(wsdl).toContain('soapAction="http://isv.example/Ping"');
    for (const uri of ['http://isv.example/', 'http://isv.example']) {
      const reply = await served.send(envelope(`<Ping xmlns="${uri}"><texte>a</texte></Ping>`));
      expect(reply.text).toContain(`<PingResponse xmlns="${uri}"><PingResult>`);
      expect(reply.text).toContain('<text>a</text>');
    }
    const byAction = await served.send(envelope('<Ping xmlns="http://isv.example"><text>a</text></Ping>'), {
      'content-type': 'text/xml',
      soapaction: '"http://isv.example/Ping"',
    });
    expect(byAction.text).toContain('<PingResponse xmlns="http://isv.example">');
    const alias = await served.send(envelope('<Echo xmlns="http://isv.example/"><text>b</text></Echo>'));
    expect(alias.text).toContain('<EchoResponse xmlns="http://isv.example/"><EchoResult>');
    expect(served.calls.at(-1)?.operation).toBe('Ping');
    expect((await served.send(envelope(ping()))).status).toBe(500);
    await served.close();
  });

  test('strict: the schema is checked before decoding', async () => {
    const served = await serve({ operations: echoHandlers(), strict: true });
    expect((await served.send(envelope(ping()))).status).toBe(200);
    const utf16 = Buffer.from(`\ufeff${envelope(ping('é')).replace('utf-8', 'utf-16')}`, 'utf16le');
    expect((await served.send(utf16, { 'content-type': 'text/xml' })).status).toBe(200);
    for (const body of [
      ping('x', '<nope/>'),
      ping('x', '<text>again</text>'),
      `<Ping xmlns="${necUri}"><text xmlns="">x</text></Ping>`,
      `<UpdateRealmStatus xmlns="${necUri}"><status>seven</status></UpdateRealmStatus>`,
    ]) {
      const reply = await served.send(envelope(body));
      expect(reply.status).toBe(500);
      expect(reply.text).toContain('<faultcode>soap:Client</faultcode>');
      expect(reply.text).toContain('Request format is invalid:');
    }
    expect(served.calls).toHaveLength(2);
    // a foreign element named Body must not be validated in place of the real one
    const wrapped = envelope(ping('x', '<nope/>')).replace('<e:Body>', `<Body>${ping()}</Body><e:Body>`);
    expect((await served.send(wrapped)).text).toContain('Request format is invalid:');
    await served.close();
  });
});
