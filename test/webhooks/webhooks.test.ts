import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Receiver } from 'standardwebhooks';
import { createWebhookSubscribers, type SentEvent } from '../../src/adapters/webhooks/index.js';
import { registerWebhook, updateWebhook, type Webhook } from '../../src/core/marketplace/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { systemActor } from '../../src/core/shared/actor.js';
import { hour } from '../../src/core/shared/clock.js';
import { createTenant, updateTenant } from '../../src/core/tenancy/index.js';
import { createOutbound } from '../../src/platform/outbound.js';
import { onEveryDatabase, type TestDatabase } from '../support/databases.js';

const secret = 'whsec_Y2hhbmdlLW1lLXdlYmhvb2stc2VjcmV0';
const actor = systemActor('test');

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: SentEvent;
}

/** A receiver that answers what the test says. */
async function receiver(answer: (seen: Received) => number = () => 204) {
  const received: Received[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const seen = { path: request.url ?? '', headers: request.headers, body, event: JSON.parse(body) as SentEvent };
    received.push(seen);
    response.writeHead(answer(seen), { location: '/elsewhere' }).end('thanks');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

onEveryDatabase('webhooks', (db) => {
  let target: Awaited<ReturnType<typeof receiver>>;
  let answer: (seen: Received) => number;
  const open = createOutbound({ allow: ['127.0.0.1/32'] });
  const guarded = createOutbound();

  beforeEach(async () => {
    answer = () => 204;
    target = await receiver((seen) => answer(seen));
  });
  afterEach(() => target.close());
  afterAll(async () => {
    await open.close();
    await guarded.close();
  });

  const write = <T>(work: (tx: Unit) => Promise<T>): Promise<T> =>
    db.persistence.uow.run(actor, { name: 'test.write', requestId: 'test' }, work);
  const hook = (tenantId = '', events: readonly string[] = ['tenant.*']): Promise<Webhook> =>
    write((tx) => registerWebhook(tx, { url: target.url, secret, events, tenantId }));
  const tenant = (name: string, parentId = '') => write((tx) => createTenant(tx, { kind: 'reseller', name, parentId }));
  const rename = (id: string, name: string) => write((tx) => updateTenant(tx, { id, name }));
  const relay = (fetch = open.fetch, maxAttempts = 3) => relayOn(db, fetch, maxAttempts);
  const deliveries = async () => (await db.persistence.readers.deliveries.page(actor, { first: 50 })).nodes;

  it('signs what it sends, so that the receiver’s library accepts it and nothing changed', async () => {
    await hook();
    db.clock.set(new Date().toISOString()); // the receiver's library compares with the wall clock
    const { id } = await tenant('Acme');
    await relay().drain();
    const [seen] = target.received;
    expect(new Receiver(secret).verify(seen!.body, seen!.headers as Record<string, string>)).toMatchObject({
      id: seen!.headers['webhook-id'],
      type: 'tenant.created',
      sequence: 1,
      tenantId: id,
      object: { kind: 'tenant', id, version: 1 },
      data: { name: 'Acme' },
    });
    const changed = seen!.body.replace('Acme', 'Evil');
    expect(() => new Receiver(secret).verify(changed, seen!.headers as Record<string, string>)).toThrow();
    expect(seen!.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8' });
  });

  it('tells only what was asked for', async () => {
    await hook('', ['tenant.updated', 'license.*']);
    const { id } = await tenant('Acme');
    await rename(id, 'Acme 2');
    await relay().drain();
    expect(target.received.map(({ event }) => event.type)).toEqual(['tenant.updated']);
  });

  it('a tenant’s webhook hears of the tenant and of what is below it, of nobody else', async () => {
    const own = await tenant('Own');
    await hook(own.id);
    await relay().drain();
    target.received.length = 0;
    const below = await tenant('Below', own.id);
    const other = await tenant('Other');
    await rename(other.id, 'Other 2');
    await rename(own.id, 'Own 2');
    await relay().drain();
    expect(target.received.map(({ event }) => event.tenantId).sort()).toEqual([own.id, below.id].sort());
  });

  it('keeps the order of an object’s events', async () => {
    await hook();
    const { id } = await tenant('0');
    for (let n = 1; n <= 5; n += 1) await rename(id, String(n));
    await relay().drain();
    expect(target.received.map(({ event }) => event.data.name)).toEqual(['0', '1', '2', '3', '4', '5']);
    const sequences = target.received.map(({ event }) => event.sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
  });

  it('tries again with the same id and the same bytes until the receiver takes it, in order', async () => {
    let refusals = 2;
    answer = () => (refusals-- > 0 ? 503 : 200);
    await hook();
    const { id } = await tenant('Acme');
    await rename(id, 'Acme 2');
    for (let round = 0; round < 3; round += 1) {
      await relay().drain();
      db.clock.advance(hour);
    }
    const [first, second, third, fourth] = target.received;
    expect([second?.headers['webhook-id'], third?.headers['webhook-id']]).toEqual([
      first?.headers['webhook-id'],
      first?.headers['webhook-id'],
    ]);
    expect(third?.body).toBe(first?.body);
    expect(fourth?.event.type).toBe('tenant.updated');
    expect(target.received).toHaveLength(4);
  });

  it('gives up after the last try, visibly, without holding up other objects or other receivers', async () => {
    const other = await receiver();
    try {
      const { id } = await hook();
      await write((tx) => registerWebhook(tx, { url: other.url, secret, events: ['*'] }));
      answer = ({ event }) => (event.data.name === 'Bad' ? 500 : 204);
      await tenant('Bad');
      await tenant('Good');
      for (let round = 0; round < 3; round += 1) {
        await relay(open.fetch, 2).drain();
        db.clock.advance(hour);
      }
      const parked = (await deliveries()).filter(({ parkedAt }) => parkedAt !== null);
      expect(parked).toMatchObject([
        { subscriber: `webhook:${id}`, attempts: 2, lastError: 'the receiver answered 500' },
      ]);
      expect(target.received.map(({ event }) => event.data.name)).toContain('Good');
      expect(other.received.map(({ event }) => event.data.name)).toEqual(expect.arrayContaining(['Bad', 'Good']));
    } finally {
      await other.close();
    }
  });

  it('refuses a private address unless the operator allows it', async () => {
    await hook();
    await tenant('Acme');
    await relay(guarded.fetch).drain();
    expect(target.received).toEqual([]);
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({ deliveredAt: null, attempts: 1 });
    expect(delivery!.lastError).toContain('OUTBOUND_ALLOW can permit it');
    db.clock.advance(hour);
    await relay(open.fetch).drain();
    expect(target.received).toHaveLength(1);
  });

  it('does not follow redirects', async () => {
    answer = () => 307;
    await hook();
    await tenant('Acme');
    await relay().drain();
    expect(target.received.map(({ path }) => path)).toEqual(['/hook']);
    expect((await deliveries())[0]).toMatchObject({ lastError: 'the receiver answered 307' });
  });

  it('uses the address and secret of the moment, and tells a webhook that was switched off nothing more', async () => {
    const registered = await hook();
    answer = () => 500;
    await tenant('Acme');
    await relay().drain();
    const moved = await receiver();
    try {
      const changed = await write((tx) =>
        updateWebhook(tx, { id: registered.id, url: moved.url, secret: '', events: ['tenant.*'] }),
      );
      db.clock.advance(hour);
      await relay().drain();
      expect(moved.received).toHaveLength(1);
      await write((tx) => updateWebhook(tx, { ...changed, secret: '', disabled: true }));
      await tenant('Later');
      await relay().drain();
      expect(moved.received).toHaveLength(1);
    } finally {
      await moved.close();
    }
  });
});

function relayOn(db: TestDatabase, fetch: ReturnType<typeof createOutbound>['fetch'], maxAttempts: number) {
  const { uow, readers } = db.persistence;
  const subscribers = createWebhookSubscribers({ uow, readers, fetch, clock: db.clock });
  return db.persistence.outboxRelay({ subscribers, maxAttempts, interval: 60_000 });
}
