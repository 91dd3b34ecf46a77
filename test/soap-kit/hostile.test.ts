import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  echoHandlers,
  envelope,
  exchange,
  listen,
  necUri,
  ping,
  type Reply,
  type Served,
  serve,
  soap11,
  texts,
  until,
} from './support.js';

const leaks = /\bat [\w.<>]+ \(|node_modules|\.[jt]s:\d|TypeError|RangeError|saxes|libxml|\/src\/|\/dist\//;
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
const big = (text: string): Buffer => Buffer.from(utf16(text)).swap16();

let served: Served;
beforeAll(async () => {
  served = await serve({ operations: echoHandlers(), limits: { bodyTime: 300 } });
});
afterAll(() => served.close());
beforeEach(() => served.calls.splice(0));

function refused(reply: Reply): void {
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(reply.text).not.toMatch(leaks);
  expect(served.calls).toHaveLength(0);
  expect(served.problems).toHaveLength(0);
}

const doctype = (body: string): string => envelope(body).replace('?>', '?><!DOCTYPE a [<!ENTITY x "boom">]>');
const deep = (depth: number): string => envelope(ping('x', '<a>'.repeat(depth) + '</a>'.repeat(depth)));
const attributes = (count: number): string =>
  envelope(`<Ping xmlns="${necUri}" ${Array.from({ length: count }, (_, i) => `a${i}=""`).join(' ')}/>`);
const laughs = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${envelope(ping('&b;')).slice(38)}`;

describe('XML that is refused', () => {
  const cases: [string, string | Buffer, string?][] = [
    ['DOCTYPE', doctype(ping('&x;'))],
    ['DOCTYPE in UTF-16LE', utf16(doctype(ping()).replace('utf-8', 'utf-16'))],
    ['DOCTYPE in UTF-16BE', big(doctype(ping()).replace('utf-8', 'utf-16'))],
    ['DOCTYPE in UTF-16 without a mark', Buffer.from(doctype(ping()).replace('utf-8', 'utf-16'), 'utf16le')],
    ['external DTD', envelope(ping()).replace('?>', '?><!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">')],
    ['entity bomb', laughs],
    ['external entity', doctype(ping('&x;')).replace('"boom"', 'SYSTEM "file:///etc/passwd"')],
    ['undefined entity', envelope(ping('&nbsp;'))],
    ['entity named like a prototype member', envelope(ping('&constructor;&__proto__;'))],
    ['processing instruction', envelope(ping('x', '<?php echo 1 ?>'))],
    ['stylesheet instruction', envelope(ping()).replace('?>', '?><?xml-stylesheet href="x"?>')],
    ['NUL', envelope(ping('a\u0000b'))],
    ['NUL by reference', envelope(ping('a&#0;b'))],
    ['control character', envelope(ping('a\u0001b'))],
    ['10,000 levels', deep(10_000)],
    ['just too many levels', deep(63)],
    ['100,000 elements', envelope(ping('x', '<a/>'.repeat(100_000)))],
    ['many attributes', attributes(50_000)],
    ['too many attributes', attributes(65)],
    ['an attribute twice', envelope(ping().replace('<Ping', '<Ping a="1" a="2"'))],
    [
      'an attribute twice by two prefixes',
      envelope(ping().replace('<Ping', '<Ping xmlns:p="u" xmlns:q="u" p:a="1" q:a="2"')),
    ],
    ['unbound prefix', envelope('<x:Ping/>')],
    ['prefix out of scope', envelope(`<Ping xmlns="${necUri}"><a xmlns:z="${necUri}"/><z:text/></Ping>`)],
    ['prefix undeclared', envelope(ping().replace('<Ping', '<Ping xmlns:e=""'))],
    ['xml prefix bound elsewhere', envelope(ping().replace('<Ping', '<Ping xmlns:xml="urn:x"'))],
    ['trailing content', `${envelope(ping())}<x/>`],
    ['two roots', envelope(ping()) + envelope(ping()).slice(38)],
    ['cut off', envelope(ping()).slice(0, -5)],
    ['empty', ''],
    ['blank', ' \n '],
    ['JSON', '{"Ping":{}}'],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from('<a>'), Buffer.from([0xc3, 0x28]), Buffer.from('</a>')])],
    [
      'lone surrogate in UTF-16',
      Buffer.concat([utf16('<a>'), Buffer.from([0x00, 0xd8]), Buffer.from('</a>', 'utf16le')]),
    ],
    ['UTF-16 without its last byte', utf16(envelope(ping()).replace('utf-8', 'utf-16')).subarray(0, -1)],
    ['8-bit bytes that say UTF-16', envelope(ping()).replace('utf-8', 'utf-16'), 'text/xml'],
    ['UTF-16 bytes that say UTF-8', utf16(envelope(ping())), 'text/xml'],
    ['a mark against the header', utf16(envelope(ping()).replace('utf-8', 'utf-16')), 'text/xml; charset=utf-8'],
    ['UTF-32', Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), Buffer.from('3c0000006100', 'hex')]), 'text/xml'],
    ['non-ASCII in US-ASCII', envelope(ping('é')), 'text/xml; charset=us-ascii'],
  ];

  test.each(cases)('%s', async (_, body, type = 'text/xml') => {
    const fault = await served.send(body, { 'content-type': type });
    refused(fault);
    expect([500, 413]).toContain(fault.status);
    const silent = await served.send(body, { 'content-type': type, soapaction: `${necUri}/Ping` });
    refused(silent);
    expect([400, 413]).toContain(silent.status);
    expect(silent.text).toBe('');
  });

  test('a million attributes', async () => {
    const strict = await serve({ operations: echoHandlers(), limits: { bytes: 20_000_000, drainBytes: 30_000_000 } });
    const before = performance.now();
    const reply = await strict.send(attributes(1_000_000));
    expect(performance.now() - before).toBeLessThan(2_000);
    await strict.close();
    expect(reply.text).toContain('exceeds the limits');
  });

  test('text beyond its limit', async () => {
    const small = await serve({ operations: echoHandlers(), limits: { textLength: 100 } });
    expect((await small.send(envelope(ping('x'.repeat(100))))).status).toBe(200);
    expect((await small.send(envelope(ping('x'.repeat(101))))).text).toContain('exceeds the limits');
    expect((await small.send(envelope(ping('&#65;<![CDATA[xx]]>'.repeat(34))))).text).toContain('exceeds the limits');
    await small.close();
  });
});

describe('XML that is odd and right', () => {
  const bomUtf8 = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(envelope(ping('é€')))]);
  const latin = (text: string, name: string): Buffer =>
    Buffer.from(envelope(ping(text)).replace('utf-8', name), 'latin1');
  const cases: [string, string | Buffer, string, string][] = [
    ['UTF-8 with mark', bomUtf8, 'text/xml', 'é€'],
    ['UTF-16LE with mark', utf16(envelope(ping('é€')).replace('utf-8', 'UTF-16')), 'text/xml', 'é€'],
    ['UTF-16BE with mark', big(envelope(ping('é€')).replace('utf-8', 'utf-16')), 'text/xml; charset=utf-16', 'é€'],
    [
      'UTF-16LE by charset',
      Buffer.from(envelope(ping('é')).replace('utf-8', 'utf-16'), 'utf16le'),
      'text/xml; charset="utf-16le"',
      'é',
    ],
    ['ISO-8859-1 by charset', latin('é', 'utf-8'), 'text/xml; charset=ISO-8859-1', 'é'],
    ['ISO-8859-1 by declaration', latin('é', 'iso-8859-1'), 'text/xml', 'é'],
    ['windows-1252 by declaration', latin('\u0080', 'windows-1252'), 'text/xml', '€'],
    ['US-ASCII', envelope(ping('abc')), 'text/xml; charset=us-ascii', 'abc'],
    ['CDATA', envelope(ping('<![CDATA[<a>&amp;]]> b')), 'text/xml', '&lt;a&gt;&amp;amp; b'],
    ['references', envelope(ping('&lt;&#x41;&#8364;&amp;amp;')), 'text/xml', '&lt;A€&amp;amp;'],
    ['a comment inside a value', envelope(ping('ad<!-- x -->min')), 'text/xml', 'admin'],
    ['astral characters', envelope(ping('𝒳 &#x1F600;')), 'text/xml', '𝒳 😀'],
    ['carriage returns', envelope(ping('a\r\nb&#13;c')), 'text/xml', 'a\nb&#xD;c'],
    [
      'other prefixes, namespaces in the middle',
      `<S:Envelope xmlns:S='${soap11}' xmlns:n='${necUri}' xmlns='urn:x'><S:Body><n:Ping><text>no</text><n:text>yes</n:text></n:Ping></S:Body></S:Envelope>`,
      'text/xml',
      'yes',
    ],
    [
      'xinclude is an unknown element',
      envelope(ping('x', '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>')),
      'text/xml',
      'x',
    ],
    ['the first of a repeated value counts', envelope(ping('x', '<text>y</text>')), 'text/xml', 'x'],
  ];
  test.each(cases)('%s', async (_, body, type, expected) => {
    const reply = await served.send(body, { 'content-type': type });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain(`<text>${expected}</text>`);
  });

  test('names of prototype members are names like any other', async () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
    const inner = names.map((name) => `<${name}><text>x</text></${name}>`).join('');
    const reply = await served.send(envelope(ping('fine', inner)));
    expect(reply.text).toContain('<text>fine</text>');
    expect(({} as Record<string, unknown>).text).toBeUndefined();
    served.calls.splice(0);
    for (const name of names) {
      refused(await served.send(envelope(`<${name} xmlns="${necUri}"/>`)));
      refused(await served.send(envelope(`<${name}/>`), { 'content-type': texts.plain, soapaction: name }));
    }
  });

  test.each(['utf-7', 'utf-32', 'ebcdic-cp-us', 'shift_jis', 'x'])('charset %s: 415', async (charset) => {
    const byHeader = await served.send(envelope(ping()), { 'content-type': `text/xml; charset=${charset}` });
    const byDeclaration = await served.send(envelope(ping()).replace('utf-8', charset), { 'content-type': 'text/xml' });
    expect([byHeader.status, byHeader.text, byDeclaration.status]).toEqual([415, '', 415]);
  });
});

describe('bodies', () => {
  const zip = (text: string | Buffer) => gzipSync(text);
  const gzip = { 'content-type': texts.plain, 'content-encoding': 'gzip' };

  test('gzip is read', async () => {
    expect((await served.send(zip(envelope(ping('zipped'))), gzip)).text).toContain('<text>zipped</text>');
  });

  test.each(['deflate', 'br', 'gzip, gzip', 'compress', 'zstd', 'gzip, identity'])('%s: 415', async (encoding) => {
    const reply = await served.send(zip(envelope(ping())), {
      'content-type': texts.plain,
      'content-encoding': encoding,
    });
    expect([reply.status, reply.text]).toEqual([415, '']);
  });

  test('truncated gzip, and what is no gzip at all: the malformed answer', async () => {
    refused(await served.send(zip(envelope(ping())).subarray(0, -12), gzip));
    refused(await served.send(envelope(ping()), gzip));
    refused(await served.send(Buffer.alloc(0), gzip));
  });

  test('a gzip bomb is stopped while inflating and the memory stays flat', async () => {
    const bomb = zip(Buffer.alloc(800_000_000, 'a'));
    expect(bomb.length).toBeLessThan(1_000_000);
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await served.send(bomb, gzip)).status);
    clearInterval(watch);
    expect(statuses).toEqual([413, 413, 413, 413, 413]);
    expect(peak - before).toBeLessThan(80_000_000);
    expect((await served.send(envelope(ping('alive')))).text).toContain('alive');
  }, 60_000);

  test('too many bytes: 413, declared or not, far beyond: cut off', async () => {
    const body = envelope(ping('x'.repeat(1_100_000)));
    expect((await served.send(body)).status).toBe(413);
    const chunked = await served.send(body, { 'content-type': 'text/xml', 'transfer-encoding': 'chunked' });
    expect(chunked.status).toBe(413);
    const huge = await served.send(Buffer.alloc(0), { 'content-type': 'text/xml', 'content-length': '900000000' });
    expect([huge.status, huge.headers.connection]).toEqual([413, 'close']);
  });

  test('a body that does not come: 408', async () => {
    const socket = connect(served.port, '127.0.0.1');
    let received = '';
    let ended = false;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    socket.on('close', () => {
      ended = true;
    });
    socket.write(`POST /svc HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<e:Envelope`);
    await until(() => ended);
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
    expect(received).toMatch(/\r\nConnection: close\r\n/i);
  });

  test('a client that leaves in the middle does no harm', async () => {
    const socket = connect(served.port, '127.0.0.1');
    await new Promise<void>((resolve) =>
      socket.write('POST /svc HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n<', () => resolve()),
    );
    socket.destroy();
    expect((await served.send(envelope(ping('alive')))).text).toContain('alive');
    expect(served.problems).toHaveLength(0);
  });

  test('nothing is fetched from anywhere', async () => {
    let asked = 0;
    const trap = await listen((_, response) => {
      asked += 1;
      response.end('<!ENTITY x "y">');
    });
    const place = `http://127.0.0.1:${trap.port}/x`;
    const strict = await serve({ operations: echoHandlers(), strict: true });
    const bodies = [
      envelope(ping()).replace('?>', `?><!DOCTYPE a SYSTEM "${place}">`),
      envelope(ping()).replace('?>', `?><!DOCTYPE a [<!ENTITY % p SYSTEM "${place}"> %p;]>`),
      envelope(ping('x', `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${place}"/>`)),
      envelope(
        ping().replace(
          '<Ping',
          `<Ping xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${necUri} ${place} urn:x ${place}"`,
        ),
      ),
    ];
    for (const body of bodies) for (const target of [served, strict]) await target.send(body);
    expect(await exchange(trap.port, '', {}, 'GET')).toMatchObject({ status: 200 });
    expect(asked).toBe(1);
    await strict.close();
    await trap.close();
  });
});
