import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWebhookSubscribers } from '../../src/adapters/webhooks/index.js';
import { createWorker, watchAlarms } from '../../src/adapters/worker/index.js';
import { clearAlarm } from '../../src/core/alarms/index.js';
import { registerWebhook, updateWebhook } from '../../src/core/marketplace/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { hour } from '../../src/core/shared/clock.js';
import { createTenant, updateTenant } from '../../src/core/tenancy/index.js';
import type { Persistence } from '../../src/persistence/index.js';
import { createLogger } from '../../src/platform/logger.js';
import { createMetrics } from '../../src/platform/metrics.js';
import { createOutbound } from '../../src/platform/outbound.js';
import { write } from '../persistence/support/world.js';
import { alarmReporter } from '../support/alarms.js';
import { onEveryDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';

const secret = 'whsec_Y2hhbmdlLW1lLXdlYmhvb2stc2VjcmV0';

onEveryDatabase('alarms of deliveries', (db) => {
  let server: Server;
  let status: number;
  const outbound = createOutbound({ allow: ['127.0.0.1/32'] });
  afterAll(() => outbound.close());
  beforeEach(async () => {
    status = 503;
    server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const unit = <T>(work: (tx: Unit) => Promise<T>): Promise<T> => write(db.persistence, work);
  const hook = (events: readonly string[] = ['tenant.*'], tenantId = '') =>
    unit((tx) => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      return registerWebhook(tx, { url, secret, events, tenantId });
    });
  const tenant = (name: string) => unit((tx) => createTenant(tx, { kind: 'reseller', name }));
  const relay = (maxAttempts = 5) => {
    const { uow, readers } = db.persistence;
    const subscribers = createWebhookSubscribers({ uow, readers, fetch: outbound.fetch, clock: db.clock });
    return db.persistence.outboxRelay({ subscribers, maxAttempts, interval: 60_000 });
  };
  /** So many tries, an hour apart. */
  async function deliver(tries: number, maxAttempts = 5): Promise<void> {
    for (let count = 0; count < tries; count += 1) {
      await relay(maxAttempts).drain();
      db.clock.advance(hour);
    }
  }
  const ports = (persistence: Persistence = db.persistence) => ({
    uow: persistence.uow,
    readers: persistence.readers,
    lookups: persistence.lookups,
    troubles: persistence.deliveryTroubles,
    ids: db.ids,
    alarms: alarmReporter(db),
  });
  const look = () => watchAlarms(ports());
  const alarms = async () =>
    (await unit((tx) => tx.alarms.findMany({}))).map((alarm) => ({
      ...alarm,
      said: `${alarm.typeNumber} ${alarm.clearedAt === null ? 'open' : 'cleared'} ${alarm.repeatCount}`,
    }));
  const said = async () => (await alarms()).map((alarm) => alarm.said);
  const parked = async () => {
    const filter = { parkedAt: { gt: '' } };
    const page = await db.persistence.readers.deliveries.page({ kind: 'system', name: 't' }, { first: 50, filter });
    return page.nodes;
  };

  it('a webhook that failed three times is said to fail until it works', async () => {
    const { id } = await hook();
    await tenant('Acme');
    await deliver(2);
    await look();
    expect(await said()).toEqual([]);
    await deliver(1);
    await look();
    await look();
    expect(await alarms()).toEqual([
      expect.objectContaining({
        said: '2001 open 1',
        severity: 'MINOR',
        objectKind: 'webhook',
        objectId: id,
        channelId: '',
        additionalInfo: 'the receiver answered 503',
      }),
    ]);
    status = 204;
    await deliver(1);
    await look();
    expect(await said()).toEqual(['2001 cleared 1']);
  });

  it('what was given up is another alarm, counted, until nothing is parked any more', async () => {
    const acme = await tenant('Acme');
    const { id } = await unit((tx) =>
      registerWebhook(tx, {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        secret,
        events: ['tenant.*'],
        tenantId: acme.id,
      }),
    );
    await unit((tx) => createTenant(tx, { kind: 'customer', name: 'below', parentId: acme.id }));
    await deliver(3);
    await look();
    await deliver(2);
    await look();
    expect(await said()).toEqual(['2001 cleared 1', '2002 open 2']);
    expect((await alarms())[1]).toMatchObject({ severity: 'MAJOR', objectId: id, tenantId: acme.id });
    await unit((tx) => createTenant(tx, { kind: 'customer', name: 'b', parentId: acme.id }));
    await unit((tx) => createTenant(tx, { kind: 'customer', name: 'c', parentId: acme.id }));
    await deliver(5);
    await Promise.all([look(), watchAlarms(ports(await db.open())), look()]);
    expect((await said()).filter((text) => text.startsWith('2002'))).toEqual(['2002 open 4']);
    status = 204;
    for (const delivery of await parked()) await relay().unpark(delivery.id);
    await deliver(1);
    await look();
    expect((await said()).filter((text) => text.includes('open'))).toEqual([]);
  });

  it('cleared by hand, parked events are told again when another is parked', async () => {
    await hook();
    await tenant('Acme');
    await deliver(2, 2);
    await look();
    const { id } = (await alarms())[0]!;
    await unit((tx) => clearAlarm(tx, { id }));
    await look();
    expect(await said()).toEqual(['2002 cleared 1']);
    await tenant('Other');
    await deliver(2, 2);
    await look();
    expect(await said()).toEqual(['2002 cleared 1', '2002 open 1']);
  });

  it('a webhook that is switched off fails no more', async () => {
    const registered = await hook();
    await tenant('Acme');
    await deliver(3, 3);
    await look();
    expect(await said()).toEqual(['2002 open 1']);
    await unit((tx) => updateWebhook(tx, { ...registered, secret: '', disabled: true }));
    await look();
    expect(await said()).toEqual(['2002 cleared 1']);
  });

  it('a webhook that hears of alarms makes no more of them by failing at them', async () => {
    await hook(['*']);
    const { id } = await tenant('Acme');
    for (let round = 0; round < 6; round += 1) {
      await deliver(2, 2);
      await look();
    }
    await unit((tx) => updateTenant(tx, { id, name: 'Acme 2' }));
    const open = (await said()).filter((text) => text.includes('open'));
    expect(open).toHaveLength(1);
    expect(await said()).toHaveLength(1);
  });

  it('parts of the hub that do not get rid of events are named', async () => {
    const broken = { name: 'password-mail', wants: () => true, deliver: () => Promise.reject(new Error('no server')) };
    const deliverTo = db.persistence.outboxRelay({ subscribers: [broken], maxAttempts: 1 });
    await tenant('Acme');
    await deliverTo.drain();
    await look();
    expect(await alarms()).toEqual([
      expect.objectContaining({ said: '2003 open 1', subject: 'password-mail', additionalInfo: 'no server' }),
    ]);
  });

  it('are looked at by the worker, and counted for monitoring', async () => {
    await hook();
    await tenant('Acme');
    await deliver(3, 3);
    const metrics = createMetrics({ processMetrics: false });
    const worker = createWorker({
      ...ports(),
      clock: db.clock,
      logger: createLogger({ level: 'silent' }),
      metrics,
      tasks: { start: () => {}, kick: () => {}, stop: async () => {} },
      loops: [],
      relay: relay(3),
      journal: db.persistence.journalChain,
      housekeeping: db.persistence.housekeeping,
    });
    worker.start();
    try {
      await eventually(async () => (await said()).includes('2002 open 1'), { within: 20_000 });
    } finally {
      await worker.stop();
    }
    const { createLagGauges } = await import('../../src/adapters/worker/lag.js');
    const again = createMetrics({ processMetrics: false });
    await createLagGauges({ readers: db.persistence.readers, clock: db.clock, metrics: again })();
    const text = await again.text();
    expect(text).toContain('mercator_alarms_open{severity="MAJOR"} 1');
    expect(text).toContain('mercator_alarms_open{severity="CRITICAL"} 0');
  });
});
