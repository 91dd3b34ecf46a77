import type { MarketplacePorts, RecordedCall } from '../../../src/adapters/marketplace.js';
import { type MaestranoSettings, maestranoSettings } from '../../../src/adapters/rest/maestrano/config.js';
import { createSharing, type Sharing } from '../../../src/adapters/rest/maestrano/connec/index.js';
import { connectionOf, type MaestranoChannel } from '../../../src/adapters/rest/maestrano/connection.js';
import { defineApplication } from '../../../src/core/catalog/index.js';
import { createMember } from '../../../src/core/identity/index.js';
import { bindExternalRef, type ChannelTask, configureChannel } from '../../../src/core/marketplace/index.js';
import { provisionInstance } from '../../../src/core/provisioning/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { type Actor, systemActor } from '../../../src/core/shared/actor.js';
import { hour, minute } from '../../../src/core/shared/clock.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { createLogger } from '../../../src/platform/logger.js';
import { alarmReporter } from '../../support/alarms.js';
import type { TestDatabase } from '../../support/databases.js';
import { outgoingPorts } from '../../support/outgoing-ports.js';
import { type FakeConnec, fakeConnec } from '../support/connec.js';

export interface Shop {
  readonly channel: MaestranoChannel;
  readonly connec: FakeConnec;
}

export interface Group {
  readonly uid: string;
  readonly tenantId: string;
  readonly instanceId: string;
}

export interface SharingWorld {
  readonly sharing: Sharing;
  readonly ports: MarketplacePorts;
  readonly recorded: RecordedCall[];
  /** A marketplace with a Connec! of its own. */
  shop(name: string, share?: Partial<MaestranoSettings['share']>): Promise<Shop>;
  /** A company that bought the application there; its import is queued as the first sign-on does it. */
  group(shop: Shop, uid: string, name?: string): Promise<Group>;
  person(group: Group, name: string, email: string): Promise<string>;
  /** So many people at once, with or without addresses. */
  crowd(group: Group, size: number, addressed?: boolean): Promise<void>;
  run<T>(work: (tx: Unit) => Promise<T>, actor?: Actor): Promise<T>;
  /** Delivers and works until nothing is due; `later` lets what failed be due again. */
  settle(): Promise<void>;
  later(): Promise<void>;
  tasks(): Promise<ChannelTask[]>;
  notify(shop: Shop, message: unknown): Promise<number>;
  /** Names of who has a place there. */
  people(group: Group): Promise<string[]>;
  stop(): Promise<void>;
}

const system = systemActor('test');

/** What a process with the roles web and worker does about data sharing, on the test's database. */
export function openSharing(db: TestDatabase): SharingWorld {
  const { persistence, clock, ids } = db;
  const { uow, readers, lookups, taskQueue } = persistence;
  const shops: Shop[] = [];
  const recorded: RecordedCall[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const found = shops.find(({ connec }) => new URL(connec.host).origin === new URL(String(input)).origin);
    if (found === undefined) throw new Error(`nobody is at ${String(input)}`);
    return found.connec.fetch(input, init);
  };
  const ports = {
    ...outgoingPorts(clock),
    uow,
    readers,
    lookups,
    clock,
    ids,
    logger: createLogger({ level: 'silent' }),
    publicUrl: 'https://hub.example',
    fetch,
    record: (call: RecordedCall) => void recorded.push(call),
    alarms: alarmReporter(db),
  } as unknown as MarketplacePorts; // nothing else is for sharing
  const sharing = createSharing(ports);
  const relay = persistence.outboxRelay({ subscribers: sharing.subscribers, maxAttempts: 12, interval: 20 });
  const run: SharingWorld['run'] = (work, actor = system) => uow.run(actor, { name: 'test', requestId: 'test' }, work);

  /** Carries out what is due; whether anything was. */
  async function work(): Promise<boolean> {
    const due = await taskQueue.claim(100, hour);
    for (const task of due) {
      await sharing.work(task).then(
        () => taskQueue.done(task),
        (error: Error) =>
          taskQueue.failed(task, error.message, new Date(Date.parse(clock.now()) + minute).toISOString()),
      );
    }
    return due.length > 0;
  }
  const settle = async (): Promise<void> => {
    do await relay.drain();
    while (await work());
    await relay.drain();
  };

  return {
    sharing,
    ports,
    recorded,
    run,
    settle,
    async shop(name, share = {}) {
      const api = { id: `app-${name}`, key: `key-${name}`, host: `https://api.${name}.example` };
      const host = `https://connec.${name}.example`;
      const settings = maestranoSettings.parse({
        marketplace: name,
        api,
        sso: { x509Fingerprint: Array(20).fill('29').join(':') },
        connec: { host },
        application: `crm-${name}`,
        share: { provider: 'mercator', ...share },
      });
      const channel = await run(async (tx) => {
        await defineApplication(tx, {
          key: `crm-${name}`,
          name: 'CRM',
          accessUrl: 'https://crm.example/',
          licenseTypes: [{ code: 'Seat' }],
        });
        return configureChannel(tx, { name, protocol: 'maestrano', settings });
      });
      const made = { channel: { ...channel, settings }, connec: fakeConnec({ ...api, host }) };
      shops.push(made);
      return made;
    },
    async group({ channel, connec }, uid, name = 'Lotus Ltd') {
      const actor: Actor = {
        kind: 'serviceAccount',
        serviceAccountId: channel.id,
        username: 'maestrano',
        channelId: channel.id,
        tenantId: null,
        level: null,
      };
      if (connec.records(uid, 'company').length === 0) connec.put(uid, 'company', { name });
      return run(async (tx) => {
        const place = { channelId: channel.id };
        const tenant = await createTenant(tx, { ...place, kind: 'customer', name });
        const [application] = await tx.applications.findMany({ key: channel.settings.application });
        const bought = { ...place, tenantId: tenant.id, applicationId: application!.id };
        const { instance } = await provisionInstance(tx, bought);
        await bindExternalRef(tx, { ...place, kind: 'instance', externalId: uid, targetId: instance.id });
        await bindExternalRef(tx, { ...place, kind: 'tenant', externalId: uid, targetId: tenant.id });
        await tx.channelTasks.add({ ...place, kind: 'import', subjectId: instance.id, data: {} });
        return { uid, tenantId: tenant.id, instanceId: instance.id };
      }, actor);
    },
    person: ({ tenantId }, name, email) =>
      run(async (tx) => {
        const [givenName, familyName = ''] = name.split(' ');
        const membership = { tenantId, roles: ['MEMBER'] as const };
        const emails = [{ email, verified: true }];
        return (await createMember(tx, { givenName: givenName!, familyName, emails, membership })).user.id;
      }),
    crowd: ({ tenantId }, size, addressed = true) =>
      run(async (tx) => {
        for (let n = 1; n <= size; n += 1) {
          const membership = { tenantId, roles: ['MEMBER'] as const };
          const emails = addressed ? [{ email: `p${n}@lotus.example`, verified: true }] : [];
          await createMember(tx, { givenName: `P${n}`, familyName: 'Lotus', emails, membership });
        }
      }),
    async later() {
      clock.advance(hour);
      await settle();
    },
    tasks: () =>
      db.raw.read.all<ChannelTask>(
        'SELECT id AS id, kind AS kind, attempts AS attempts FROM channel_tasks ORDER BY id',
        [],
      ),
    async notify({ channel }, message) {
      const { status } = await sharing.notifications({
        ports,
        channel,
        connection: connectionOf(channel, ports.publicUrl),
        request: {} as never,
        info: { requestId: 'req', address: '127.0.0.1', mount: '', path: '', secure: true, publicUrl: ports.publicUrl },
        query: new URLSearchParams(),
        parameters: {},
        body: Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)),
      });
      return status;
    },
    people: ({ tenantId }) =>
      run(async (tx) => {
        const members = await tx.memberships.findMany({ tenantId, liveKey: '0' });
        const users = await Promise.all(members.map(({ userId }) => tx.users.find(userId)));
        return users.map((user) => `${user!.givenName} ${user!.familyName}`.trim()).sort();
      }),
    stop: () => relay.stop(),
  };
}
