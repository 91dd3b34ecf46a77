import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient, type ExecutionResult } from 'graphql-ws';
import WebSocket from 'ws';
import { sampleServices } from './support/sample-schema.js';
import { operator, type SampleServer, startSample } from './support/server.js';

/** Ticks by hand: every subscriber gets what is pushed after it came; `open` counts those still listening. */
function ticker() {
  const listeners = new Set<(tick: number) => void>();
  const state = { open: 0, seenAfter: [] as number[] };
  const ticks = (signal: AbortSignal, after: number) => {
    state.seenAfter.push(after);
    return listen(signal);
  };
  async function* listen(signal: AbortSignal) {
    const queue: number[] = [];
    let wake = () => {};
    const listener = (tick: number) => {
      queue.push(tick);
      wake();
    };
    listeners.add(listener);
    signal.addEventListener('abort', () => wake());
    state.open += 1;
    try {
      while (!signal.aborted) {
        const next = queue.shift();
        if (next !== undefined) yield { number: next };
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      listeners.delete(listener);
      state.open -= 1;
    }
  }
  const push = (tick: number) => listeners.forEach((listener) => void listener(tick));
  return { ticks, push, state, listeners };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const subscription = 'subscription { ticks(after: 7) { number visits } }';
let server: SampleServer;
let clock: ReturnType<typeof ticker>;
const open = async (settings: Parameters<typeof startSample>[0] = {}) => {
  clock = ticker();
  server = await startSample(settings, sampleServices({ ticks: clock.ticks }));
};
afterEach(() => server.close());

type Received = { data: unknown[]; done: boolean; error: unknown };
interface Client {
  subscribe(
    payload: { query: string },
    sink: Parameters<ReturnType<typeof createEventClient>['subscribe']>[1],
  ): () => void;
}

function receive(client: Client, query: string): Received & { stop: () => void } {
  const received: Received = { data: [], done: false, error: undefined };
  const stop = client.subscribe(
    { query },
    {
      next: (value: unknown) => received.data.push(value),
      error: (error: unknown) => {
        received.error = error;
      },
      complete: () => {
        received.done = true;
      },
    },
  );
  return Object.assign(received, { stop });
}

const transports: [name: string, connect: (token?: string) => Client & { dispose(): void }][] = [
  [
    'event streams',
    (token) =>
      createEventClient({
        url: server.url,
        retryAttempts: 0,
        headers: token ? { authorization: `Bearer ${token}` } : undefined,
      }) as unknown as Client & { dispose(): void },
  ],
  [
    'WebSockets',
    (token) =>
      createSocketClient({
        url: server.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: token ? { authorization: `Bearer ${token}` } : {},
      }) as unknown as Client & { dispose(): void },
  ],
];

describe.each(transports)('%s', (name, connect) => {
  test('carry a subscription, each event read anew', async () => {
    await open();
    const received = receive(connect('operator-token'), subscription);
    await until(() => clock.listeners.size === 1, 'subscribed');
    expect(clock.state.seenAfter).toEqual([7]);
    for (const tick of [8, 9]) clock.push(tick);
    await until(() => received.data.length === 2, 'two events');
    expect(received.data).toEqual([
      { data: { ticks: { number: 8, visits: 8 } } },
      { data: { ticks: { number: 9, visits: 9 } } },
    ]);
    expect(server.services.tenants.calls).toHaveLength(2);
    received.stop();
    await until(() => clock.state.open === 0, 'the source was let go');
  });

  test('carry queries too', async () => {
    await open();
    const received = receive(connect('operator-token'), '{ whoami }');
    await until(() => received.done, 'complete');
    expect(received.data).toEqual([{ data: { whoami: 'operator' } }]);
  });

  test('let go of the source when the client goes away', async () => {
    await open();
    const client = connect('operator-token');
    receive(client, subscription);
    await until(() => clock.state.open === 1, 'subscribed');
    client.dispose();
    await until(() => clock.state.open === 0 && server.adapter.openConnections === 0, 'closed');
  });

  test('refuse a bad token', async () => {
    await open();
    const received = receive(connect('nobody'), subscription);
    await until(() => received.error !== undefined, 'refused');
    expect(clock.state.seenAfter).toEqual([]);
  });

  test('refuse what the limits refuse', async () => {
    await open({ depth: 1 });
    const received = receive(connect('operator-token'), subscription);
    await until(() => received.error !== undefined || received.data.length > 0, 'refused');
    expect(JSON.stringify([received.error, received.data])).not.toContain('"number"');
    expect(clock.state.seenAfter).toEqual([]);
  });

  test('end when the actor is revoked, at once', async () => {
    await open();
    const received = receive(connect('operator-token'), subscription);
    await until(() => clock.state.open === 1, 'subscribed');
    server.revoke('somebody-else');
    clock.push(1);
    await until(() => received.data.length === 1, 'still open');
    server.tokens.delete('operator-token');
    server.revoke('usr_1');
    await until(() => clock.state.open === 0, 'ended');
    await until(() => received.done || received.error !== undefined, 'told');
  });

  test('end without being told when the token is looked at again', async () => {
    await open({ recheckInterval: 20 });
    receive(connect('operator-token'), subscription);
    await until(() => clock.state.open === 1, 'subscribed');
    server.tokens.delete('operator-token');
    await until(() => clock.state.open === 0, 'ended');
  });

  test('end when the actor has other rights than when it came', async () => {
    await open();
    receive(connect('operator-token'), subscription);
    await until(() => clock.state.open === 1, 'subscribed');
    server.tokens.set('operator-token', { ...operator, level: 333 } as typeof operator);
    server.revoke();
    await until(() => clock.state.open === 0, 'ended');
  });

  test('are limited per caller', async () => {
    await open({ connectionsPerCaller: 2 });
    const kept = [receive(connect('operator-token'), subscription), receive(connect('operator-token'), subscription)];
    await until(() => clock.state.open === 2, 'two');
    const third = receive(connect('operator-token'), subscription);
    await until(() => third.error !== undefined, 'the third is refused');
    expect(server.adapter.openConnections).toBe(2);
    expect(kept.every((received) => received.error === undefined)).toBe(true);
  });

  test('end when the server stops', async () => {
    await open();
    receive(connect('operator-token'), subscription);
    await until(() => clock.state.open === 1, 'subscribed');
    await server.adapter.stop();
    await until(() => clock.state.open === 0 && server.adapter.openConnections === 0, 'ended');
    expect(name).toBeTruthy();
  });
});

describe('event streams on the wire', () => {
  const stream = (init: RequestInit = {}) =>
    fetch(`${server.url}?query=${encodeURIComponent(subscription)}`, {
      ...init,
      headers: { accept: 'text/event-stream', ...init.headers },
    });

  test('open by GET, are not cached, and beat', async () => {
    await open({ keepAlive: 20 });
    const response = await stream();
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('no-store');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (text.split(':\n\n').length < 4) text += (await reader.read()).value;
    await reader.cancel();
    await until(() => clock.state.open === 0, 'closed');
  });

  test('are 429 when there are too many', async () => {
    await open({ connections: 1 });
    const first = await stream();
    const second = await stream();
    expect([first.status, second.status]).toEqual([200, 429]);
    expect(second.headers.get('retry-after')).toBe('30');
    await first.body?.cancel();
  });

  test('a failing source ends the stream with an error that says nothing', async () => {
    await open();
    clock.state.open = 0;
    const broken = await startSample({}, sampleServices({ ticks: failing }));
    const response = await fetch(`${broken.url}?query=${encodeURIComponent(subscription)}`, {
      headers: { accept: 'text/event-stream' },
    });
    const text = await response.text();
    expect(text).toContain('event: complete');
    expect(text).toContain('INTERNAL');
    expect(text).not.toContain('secret');
    await broken.close();
  });

  test('a source that does not hear the signal holds nobody', async () => {
    const deaf = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    clock = ticker();
    server = await startSample({}, sampleServices({ ticks: () => deaf }));
    const response = await stream();
    await response.body?.cancel();
    await until(() => server.adapter.openConnections === 0, 'let go');
  });

  test('a subscription without a stream is refused', async () => {
    await open();
    expect((await server.post({ query: subscription })).status).toBe(400);
  });

  async function* failing() {
    yield { number: 1 };
    throw new Error('secret broke');
  }
});

describe('WebSockets on the wire', () => {
  const connect = (options: WebSocket.ClientOptions = {}, protocol = 'graphql-transport-ws') => {
    const socket = new WebSocket(server.url.replace('http', 'ws'), protocol, options);
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    const messages: ExecutionResult[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    const opened = new Promise<void>((resolve) => socket.once('open', resolve));
    const send = (message: object) => socket.send(JSON.stringify(message));
    return { socket, closed, opened, messages, send };
  };

  test('other web sites may not connect, listed ones and our own may', async () => {
    await open({ corsOrigins: ['https://console.example'] });
    const evil = connect({ origin: 'https://evil.example' });
    expect(await evil.closed).toBe(1006);
    for (const origin of ['https://console.example', new URL(server.url).origin]) {
      const allowed = connect({ origin });
      await allowed.opened;
      allowed.socket.close();
    }
  });

  test('the token may come with the upgrade', async () => {
    await open();
    const { opened, send, messages, socket } = connect({ headers: { authorization: 'Bearer operator-token' } });
    await opened;
    send({ type: 'connection_init' });
    await until(() => messages.length === 1, 'acknowledged');
    send({ type: 'subscribe', id: '1', payload: { query: '{ whoami }' } });
    await until(() => messages.length === 3, 'answered');
    expect(messages[1]).toMatchObject({ payload: { data: { whoami: 'operator' } } });
    socket.close();
  });

  test('a revoked caller is closed with 4403', async () => {
    await open();
    const { opened, send, messages, closed } = connect();
    await opened;
    send({ type: 'connection_init', payload: { authorization: 'Bearer operator-token' } });
    await until(() => messages.length === 1, 'acknowledged');
    server.tokens.delete('operator-token');
    server.revoke('usr_1');
    expect(await closed).toBe(4403);
  });

  test('messages over the limit close the connection', async () => {
    await open({ bodyLimit: 500 });
    const { opened, send, closed } = connect();
    await opened;
    send({ type: 'connection_init', payload: { x: 'y'.repeat(1_000) } });
    expect(await closed).toBe(1009);
  });

  test('operations of one connection are limited', async () => {
    await open({ subscriptionsPerConnection: 2 });
    const { opened, send, messages, socket } = connect();
    await opened;
    send({ type: 'connection_init' });
    await until(() => messages.length === 1, 'acknowledged');
    for (const id of ['1', '2', '3']) send({ type: 'subscribe', id, payload: { query: subscription } });
    await until(() => messages.length === 2, 'refused');
    expect(messages[1]).toMatchObject({ type: 'error', id: '3' });
    socket.close();
  });

  test('names of prototypes in variables are refused', async () => {
    await open();
    const { opened, send, socket, messages } = connect();
    await opened;
    send({ type: 'connection_init' });
    await until(() => messages.length === 1, 'acknowledged');
    socket.send('{"type":"subscribe","id":"1","payload":{"query":"{ __typename }","variables":{"__proto__":{"x":1}}}}');
    await until(() => messages.length === 2, 'refused');
    expect(messages[1]).toMatchObject({ type: 'error' });
    socket.close();
  });
});
