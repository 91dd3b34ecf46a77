import type { MarketplacePorts, RecordedCall } from '../../../src/adapters/marketplace.js';
import {
  checkBill,
  createBillingSubscriber,
  nameReseller,
} from '../../../src/adapters/rest/maestrano/account/index.js';
import type { MaestranoChannel } from '../../../src/adapters/rest/maestrano/connection.js';
import { type AddChargeInput, addCharge, type Charge } from '../../../src/core/billing/index.js';
import { defineApplication, definePlan } from '../../../src/core/catalog/index.js';
import { bindExternalRef, configureChannel } from '../../../src/core/marketplace/index.js';
import { provisionInstance } from '../../../src/core/provisioning/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { systemActor } from '../../../src/core/shared/actor.js';
import { minute } from '../../../src/core/shared/clock.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import type { Persistence } from '../../../src/persistence/index.js';
import { createLogger } from '../../../src/platform/logger.js';
import { alarmReporter } from '../../support/alarms.js';
import type { TestDatabase } from '../../support/databases.js';
import { outgoingPorts } from '../../support/outgoing-ports.js';
import type { AccountApiServer } from '../support/account-api.js';

/** Milliseconds an answer is waited for. Nobody waits as long: what stays silent says so (`impatientFetch`). */
export const patienceMs = 10_000;

export const group = 'cld-9f8e';

export interface Setting {
  readonly seats?: 'flat' | 'perSeat';
  /** Of the plan, in minor units. */
  readonly amount?: string;
  readonly trialDays?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface Collector {
  readonly ports: MarketplacePorts;
  /** Takes up and delivers what is due now. */
  deliver(): Promise<void>;
  /** Carries out the channel's tasks that are due now; those that fail are due again at once. */
  work(): Promise<void>;
  stop(): Promise<void>;
}

/** What a process with the role worker does about bills, on the test's database or a process's own view of it. */
export function openCollector(
  db: TestDatabase,
  server: AccountApiServer,
  persistence: Persistence = db.persistence,
): Collector {
  const { uow, readers, lookups, taskQueue } = persistence;
  const ports = {
    ...outgoingPorts(db.clock),
    uow,
    readers,
    lookups,
    clock: db.clock,
    ids: db.ids,
    logger: createLogger({ level: 'silent' }),
    publicUrl: 'https://hub.example',
    patienceMs,
    fetch: impatientFetch(server),
    record: () => {},
    alarms: alarmReporter(db),
  } as unknown as MarketplacePorts; // nothing else is for collectors
  const relay = persistence.outboxRelay({
    subscribers: [createBillingSubscriber(ports)],
    maxAttempts: 12,
    interval: 20,
  });
  return {
    ports,
    deliver: () => relay.drain(),
    async work() {
      for (const task of await taskQueue.claim(100, minute)) {
        await (task.kind === 'reseller' ? nameReseller(ports, task) : checkBill(ports, task)).then(
          () => taskQueue.done(task),
          (error: Error) => taskQueue.failed(task, error.message, db.clock.now()),
        );
      }
    },
    stop: () => relay.stop(),
  };
}

/** Gives up at once on a call the marketplace will not answer, as if its time were over. */
function impatientFetch(server: AccountApiServer): typeof globalThis.fetch {
  const waiting = new Map<string, AbortController>();
  server.onSilence(({ headers }) => waiting.get(String(headers['x-call']))?.abort(new Error('the time is over')));
  let count = 0;
  return async (input, init) => {
    count += 1;
    const call = String(count);
    const silent = new AbortController();
    waiting.set(call, silent);
    const signal = AbortSignal.any([silent.signal, ...(init?.signal ? [init.signal] : [])]);
    return fetch(input, { ...init, signal, headers: { ...(init?.headers as Record<string, string>), 'x-call': call } });
  };
}

export type Scene = Awaited<ReturnType<typeof openScene>>;

/** A customer of a Maestrano marketplace with one instance, whose group the marketplace knows, and a collector. */
export async function openScene(db: TestDatabase, server: AccountApiServer, setting: Setting = {}) {
  const { seats = 'flat', amount = '0', trialDays = 0, settings = {} } = setting;
  const perform = <T>(work: (tx: Unit) => Promise<T>): Promise<T> =>
    db.persistence.uow.run(systemActor('test'), { name: 'test', requestId: 'test' }, work);
  const whole = {
    marketplace: 'acme',
    api: { ...server.credentials, host: server.url },
    application: 'crm',
    ...settings,
  };
  const made = await perform(async (tx) => {
    const channel = await configureChannel(tx, { name: 'acme', protocol: 'maestrano', settings: whole });
    const tenant = await createTenant(tx, { kind: 'customer', name: 'Customer', channelId: channel.id });
    const application = await defineApplication(tx, { key: 'crm', name: 'Orchid', licenseTypes: [{ code: 'Seat' }] });
    const seat = (await tx.licenseTypes.findOne({ applicationId: application.id, code: 'Seat' }))!;
    const plan = {
      applicationId: application.id,
      key: 'team',
      name: 'Team',
      currency: 'EUR',
      interval: 'month',
    } as const;
    const { id: planId } = await definePlan(tx, { ...plan, amount, seats, trialDays });
    const { instance, subscription } = await provisionInstance(tx, {
      tenantId: tenant.id,
      channelId: channel.id,
      applicationId: application.id,
      planId,
      licenses: [{ licenseTypeId: seat.id, quantity: 10 }],
    });
    const ref = { channelId: channel.id, externalId: group };
    await bindExternalRef(tx, { ...ref, kind: 'instance', targetId: instance.id });
    await bindExternalRef(tx, { ...ref, kind: 'tenant', targetId: tenant.id });
    return { channel: channel as MaestranoChannel, tenant, seat, planId, instance, subscription: subscription! };
  });
  server.groups.set(group, { uid: group, status: 'running' });
  const collector = openCollector(db, server);
  return {
    ...made,
    ...collector,
    perform,
    /** Time passes; then what is due is delivered and worked on. */
    async after(milliseconds: number): Promise<void> {
      db.clock.advance(milliseconds);
      await collector.deliver();
      await collector.work();
    },
    charge: (input: Partial<AddChargeInput> = {}): Promise<Charge> =>
      perform((tx) =>
        addCharge(tx, { instanceId: made.instance.id, amount: '1500', description: 'SMS pack', ...input }),
      ),
    now: async (id: string): Promise<Charge> => (await db.persistence.lookups.charges.find(id))!,
    alarms: async (): Promise<string[]> => {
      const open = await db.persistence.lookups.alarms.findMany({ openKey: '0' });
      return open.map((alarm) => `${alarm.typeNumber} ${alarm.additionalInfo}`);
    },
  };
}

export function recordsOf(collector: { ports: MarketplacePorts }): {
  ports: MarketplacePorts;
  records: RecordedCall[];
} {
  const records: RecordedCall[] = [];
  return { ports: { ...collector.ports, record: (call) => void records.push(call) }, records };
}
