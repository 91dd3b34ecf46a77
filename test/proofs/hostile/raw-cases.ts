import { connect, type Socket } from 'node:net';
import { rawRequest } from '../../support/http.js';
import { hold } from '../../support/proof.js';

const slowSockets = 60;

/** What is written to the socket itself: headers too big, garbage behind a request, senders that take for ever. */
export async function rawCases(port: number, healthy: () => Promise<void>): Promise<number> {
  const head = 'Host: localhost\r\n';
  const refusals: [string, string | Buffer, readonly number[]][] = [
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
    ['no HTTP', 'HELO hub\r\n\r\n', [400]],
    ['headers too big', `GET / HTTP/1.1\r\n${head}X: ${'x'.repeat(40_000)}\r\n\r\n`, [431]],
    ['too many headers', `GET / HTTP/1.1\r\n${head}${'A: b\r\n'.repeat(20_000)}\r\n`, [431]],
    ['two lengths', `POST /graphql HTTP/1.1\r\n${head}Content-Length: 2\r\nContent-Length: 9\r\n\r\n{}`, [400]],
    [
      'length and chunks',
      `POST /graphql HTTP/1.1\r\n${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      [400],
    ],
    ['a negative length', `POST /graphql HTTP/1.1\r\n${head}Content-Length: -1\r\n\r\n`, [400]],
    [
      'a broken chunk',
      `POST /graphql HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n`,
      [400],
    ],
    ['an absolute URL of somebody else', `GET http://evil.example/ HTTP/1.1\r\n${head}\r\n`, [200, 400, 404]],
    ['a URL of nothing', `GET // HTTP/1.1\r\n${head}Connection: close\r\n\r\n`, [200, 400, 404]],
    ['a URL like a host', `GET //evil.example/signin HTTP/1.1\r\n${head}Connection: close\r\n\r\n`, [400, 404]],
    ['a graphql path like a host', `GET //graphql HTTP/1.1\r\n${head}Connection: close\r\n\r\n`, [400, 404]],
    ['an asterisk', `OPTIONS * HTTP/1.1\r\n${head}Connection: close\r\n\r\n`, [200, 204, 400, 404, 405]],
    ['no host', 'GET /signin HTTP/1.1\r\nConnection: close\r\n\r\n', [400]],
    ['a host of garbage', 'GET /signin HTTP/1.1\r\nHost: a b c<>\r\nConnection: close\r\n\r\n', [200, 400]],
    ['an upgrade elsewhere', `GET / HTTP/1.1\r\n${head}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`, [400, 404]],
    [
      'a broken WebSocket',
      `GET /graphql HTTP/1.1\r\n${head}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n`,
      [400, 426],
    ],
  ];
  for (const [name, bytes, status] of refusals) {
    const reply = await rawRequest({ port, send: bytes }).catch((cause: unknown) => {
      throw new Error(`${name}: no answer`, { cause });
    });
    hold(status.includes(reply.status), `${name}: refused in HTTP's own words`, {
      status: reply.status,
      text: reply.text.slice(0, 300),
    });
    hold(!/\bat \S+ \(|node_modules|Error:/.test(reply.text), `${name}: no internals`, reply.text.slice(0, 300));
  }
  const piped = await rawRequest({ port, send: `GET /health/live HTTP/1.1\r\n${head}\r\n\x00\xff garbage\r\n\r\n` });
  hold([200, 400].includes(piped.status), 'garbage behind a good request ends the connection', piped.status);
  await slow(port, 'headers', `POST /graphql HTTP/1.1\r\n${head}X-Slow: `, healthy);
  const body = `Content-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<`;
  await slow(port, 'a body', `POST /ncbs/carrier/NcbsIsvService HTTP/1.1\r\n${head}${body}`, healthy);
  return refusals.length + 1 + 2 * slowSockets;
}

/** Many senders of one byte now and then: others are served meanwhile, and all of them are sent away. */
async function slow(port: number, what: string, begin: string, healthy: () => Promise<void>): Promise<void> {
  const sockets: Socket[] = Array.from({ length: slowSockets }, () => connect(port, '127.0.0.1'));
  const closed = sockets.map((socket) => {
    socket.on('error', () => socket.destroy()).resume();
    return new Promise((resolve) => socket.once('close', resolve)); // a reset is a way to be sent away too
  });
  const dripping = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('a');
  }, 200);
  for (const socket of sockets) socket.write(begin);
  await healthy();
  const deadline = setTimeout(() => {
    for (const socket of sockets) socket.destroy(new Error('late'));
  }, 15_000);
  const began = performance.now();
  await Promise.all(closed);
  clearTimeout(deadline);
  clearInterval(dripping);
  hold(performance.now() - began < 14_000, `senders that take for ever over ${what} are sent away`);
}
