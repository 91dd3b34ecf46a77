import { once } from 'node:events';
import { connect } from 'node:net';
import { createFront, type Front, type RawHandler } from '../../src/bootstrap/front.js';
import { parseAddressList } from '../../src/platform/address.js';
import { eventually } from '../support/eventually.js';

async function startFront(handler: RawHandler): Promise<{ port: number; front: Front }> {
  const front = createFront(
    {
      raw: [handler],
      upgrade: (_request, socket) => socket.destroy(),
      trustedProxies: parseAddressList([]),
      nextRequestId: () => 'req_test',
      shedder: { overloaded: () => false, start: () => {}, stop: () => {} },
      onError: () => {},
      timeouts: { request: 1_000, headers: 500, keepAlive: 5_000 },
      maxConnections: 100,
    },
    (_request, response) => response.writeHead(404).end(),
  );
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  return { port: (front.server.address() as { port: number }).port, front };
}

async function exchange(port: number, send: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  socket.write(send, 'latin1');
  await once(socket, 'close');
  return text;
}

describe('the front', () => {
  let running: Front | undefined;
  afterEach(() => {
    running?.server.closeAllConnections();
    running?.server.close();
  });

  it('answers a request before it ends the connection for the garbage behind it', async () => {
    const { port, front } = await startFront(async (_request, response) => {
      await new Promise((resolve) => setImmediate(resolve));
      response.end('first');
      return true;
    });
    running = front;
    const text = await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n\x00\xff nonsense\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toContain('first');
  });

  it('refuses a body that cannot be read at once, though its request is being answered', async () => {
    const { port, front } = await startFront(async (request) => {
      await once(request, 'close').catch(() => undefined);
      return true;
    });
    running = front;
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await exchange(port, `${head}zz\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('cuts what has not arrived whole when it is told to, and nothing else', async () => {
    let release = (): void => {};
    const { port, front } = await startFront(async (request, response) => {
      if (request.method === 'GET') await new Promise<void>((resolve) => (release = resolve));
      else await once(request, 'close').catch(() => undefined);
      response.end('done');
      return true;
    });
    running = front;
    const half = exchange(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    const whole = exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await once(front.server, 'request');
    await new Promise((resolve) => setImmediate(resolve));
    await eventually(async () => (await connections(front)) === 2);
    front.cutUnfinished();
    await half;
    release();
    expect(await whole).toContain('done');
  });
});

function connections(front: Front): Promise<number> {
  return new Promise((resolve, reject) =>
    front.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
