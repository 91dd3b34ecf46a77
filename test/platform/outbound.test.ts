import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createOutbound,
  type Outbound,
  type OutboundOptions,
  parseOutboundAllow,
} from '../../src/platform/outbound.js';

const servers: Server[] = [];
const guards: Outbound[] = [];
let hits = 0;

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer((request, response) => {
    hits += 1;
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

function guard(options: OutboundOptions = {}): Outbound {
  const made = createOutbound(options);
  guards.push(made);
  return made;
}

async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no refusal';
  } catch (error) {
    let last: unknown = error;
    while (last instanceof Object && 'cause' in last && last.cause) last = last.cause;
    return String((last as Error).message);
  }
}

afterEach(async () => {
  hits = 0;
  await Promise.all(guards.splice(0).map((made) => made.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('outgoing calls', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    '[::ffff:127.0.0.1]',
    '0x7f.0.0.1',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '0.0.0.0',
  ])('to http://%s are refused before a connection is made', async (host) => {
    const port = await serve((_, response) => response.end('inside'));
    expect(await reasonOf(guard().fetch(`http://${host}:${port}/`))).toContain('special-use address');
    expect(hits).toBe(0);
  });

  it('are refused when any address of the name is special-use', async () => {
    const resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '169.254.169.254', family: 4 },
    ];
    expect(await reasonOf(guard({ resolve }).fetch('http://metadata.example/'))).toContain('169.254.169.254');
  });

  it('connect to the address that was checked, not to one resolved later', async () => {
    const port = await serve((request, response) => response.end(request.headers.host));
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const response = await guard({ allow: ['127.0.0.0/8'], resolve }).fetch(`http://rebound.example:${port}/`);
    expect(await response.text()).toBe(`rebound.example:${port}`);
    expect(asked).toBe(1);
  });

  it.each([['127.0.0.0/8'], ['localhost'], ['localhost:PORT']])('may go to what %s allows', async (entry) => {
    const port = await serve((_, response) => response.end('ok'));
    const response = await guard({ allow: [entry.replace('PORT', String(port)), '::1/128'] }).fetch(
      `http://localhost:${port}/`,
    );
    expect(await response.text()).toBe('ok');
    expect(response.url).toBe(`http://localhost:${port}/`);
  });

  it('may not go to another port of an allowed host:port', async () => {
    const port = await serve((_, response) => response.end('ok'));
    expect(await reasonOf(guard({ allow: [`localhost:${port + 1}`] }).fetch(`http://localhost:${port}/`))).toContain(
      'special-use',
    );
  });

  it('do not follow redirects', async () => {
    const port = await serve((_, response) => response.writeHead(302, { location: '/secret' }).end());
    const response = await guard({ allow: ['127.0.0.1'] }).fetch(`http://127.0.0.1:${port}/`, { redirect: 'follow' });
    expect(response.status).toBe(302);
    expect(hits).toBe(1);
  });

  it('carry no credentials in the URL and no other scheme', async () => {
    expect(await reasonOf(guard().fetch('http://u:p@93.184.216.34/'))).toContain('credentials');
    expect(await reasonOf(guard().fetch('file:///etc/passwd'))).toContain('not http or https');
    expect(await reasonOf(guard().fetch('data:text/plain,x'))).toContain('not http or https');
  });

  it('read no more than the cap, counted after decompression', async () => {
    const port = await serve((request, response) => {
      const body = Buffer.alloc(200_000, 'a');
      if (request.url === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body));
      else response.end(body);
    });
    const { fetch } = guard({ allow: ['127.0.0.1'], maxBytes: 100_000 });
    for (const path of ['plain', 'gzip']) {
      const response = await fetch(`http://127.0.0.1:${port}/${path}`);
      expect(await reasonOf(response.text())).toContain('larger than 100000 bytes');
    }
  });

  it('end when the time is over, also in the middle of an answer', async () => {
    const port = await serve((_, response) => response.write('half'));
    const { fetch } = guard({ allow: ['127.0.0.1'], timeout: 100 });
    const response = await fetch(`http://127.0.0.1:${port}/`).catch((error: Error) => error);
    if (response instanceof Response || 'text' in (response as object))
      await expect((response as Response).text()).rejects.toThrow();
    else expect(String(response)).toMatch(/abort|timeout/i);
  });

  it("send method, headers and body, and hear the caller's own abort", async () => {
    const port = await serve((request, response) => {
      request.pipe(response.writeHead(201, { 'x-method': request.method, 'x-type': request.headers['content-type'] }));
    });
    const { fetch } = guard({ allow: ['127.0.0.1'] });
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect([
      response.status,
      response.headers.get('x-method'),
      response.headers.get('x-type'),
      await response.text(),
    ]).toEqual([201, 'POST', 'application/json', '{"a":1}']);
    await expect(fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

describe('OUTBOUND_ALLOW', () => {
  it('refuses what it does not understand', () => {
    for (const bad of ['http://x', 'a b', 'x:port', '10.0.0.0/40', 'x/8', ''])
      expect(() => parseOutboundAllow([bad])).toThrow();
  });

  it('knows hosts, ports, addresses and blocks, in any case', () => {
    const allowed = parseOutboundAllow(['App.Example', 'db.example:81', '10.0.0.0/8', '127.0.0.1:90', '[::1]:91']);
    expect(allowed('app.example', 1, '192.168.0.1')).toBe(true);
    expect(allowed('db.example', 81, '192.168.0.1')).toBe(true);
    expect(allowed('db.example', 82, '192.168.0.1')).toBe(false);
    expect(allowed('x', 1, '10.9.9.9')).toBe(true);
    expect(allowed('x', 90, '127.0.0.1')).toBe(true);
    expect(allowed('x', 91, '127.0.0.1')).toBe(false);
    expect(allowed('x', 91, '::1')).toBe(true);
    expect(allowed('sub.app.example', 1, '192.168.0.1')).toBe(false);
  });

  it('lets nothing special-use through when it is empty', async () => {
    const { fetch } = guard();
    const octet = fc.nat(255);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('10', '127', '192.168', '169.254', '172.20'),
        octet,
        octet,
        octet,
        async (head, a, b, c) => {
          const host = [...head.split('.'), a, b, c].slice(0, 4).join('.');
          expect(await reasonOf(fetch(`http://${host}/`))).toContain('special-use');
          expect(await reasonOf(fetch(`http://[::ffff:${host}]/`))).toContain('special-use');
        },
      ),
      { numRuns: 30 },
    );
  });
});
