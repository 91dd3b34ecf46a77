import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createHub, type Hub } from '../../../src/bootstrap/container.js';
import { defineApplication, definePlan } from '../../../src/core/catalog/index.js';
import { registerClient } from '../../../src/core/identity/index.js';
import { configureChannel } from '../../../src/core/marketplace/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { type Actor, operatorLevels, systemActor } from '../../../src/core/shared/actor.js';
import { openDatabase } from '../../../src/persistence/sql/open-database.js';
import type { Database } from '../../../src/persistence/sql/sql.js';
import { writeBasic } from '../../../src/platform/basic-credentials.js';
import { readConfig } from '../../../src/platform/config.js';
import { createPasswords } from '../../../src/platform/passwords.js';
import { tickingClock } from '../../sso/support/ticking-clock.js';
import type { TestClock } from '../../support/clock.js';
import { createEmptyDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { clientToken } from '../../support/graphql-call.js';
import { freePort } from '../../support/http.js';

type Settings = Readonly<Record<string, unknown>>;

export interface MaestranoHubOptions {
  /** Channels by name, in order, with their settings; `application` and `plan` are added. Default: `acme` with `usualSettings`. */
  readonly channels?: Readonly<Record<string, Settings>>;
  /** Runs the worker (relay, tasks, discovery) as well; default false: the hub only answers. */
  readonly worker?: boolean;
  /** Where it serves; any free port when somebody need not know it before. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** More for the application: license types, access URL, and its plan. */
  readonly plan?: Readonly<{ amount?: string; seats?: 'flat' | 'perSeat'; trialDays?: number }>;
  /** Where people go when they are signed in. */
  readonly accessUrl?: string;
}

export interface MaestranoHub {
  readonly hub: Hub;
  readonly url: string;
  readonly databaseUrl: string;
  readonly clock: TestClock;
  /** The ids of what is there before the test begins. */
  readonly applicationId: string;
  readonly planId: string;
  channelId(name?: string): string;
  run<T>(work: (tx: Unit) => Promise<T>, actor?: Actor): Promise<T>;
  /** One HTTP call; redirects are answers. `as`: the marketplace by whose id and key it is made. */
  call(path: string, options?: CallOptions): Promise<Response>;
  /** GraphQL as a machine with the right to do everything. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are as different as the questions of the tests
  ask(query: string, variables?: object): Promise<any>;
  /** A way round the hub, for what no port offers: looking at rows, making them fail. */
  database<T>(work: (raw: Database) => Promise<T>): Promise<T>;
  /** One round of what the worker does for developer platforms. */
  discoveryLoop(): (signal: AbortSignal) => Promise<void>;
  /** Everything logged so far. */
  logged(): string;
  /** Ends the processes and begins again on the same data; the address stays. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface CallOptions extends Omit<RequestInit, 'headers'> {
  readonly as?: { readonly id: string; readonly key: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Id and key of the marketplaces of `usualSettings`. */
export const keysOf = (name: string) => ({ id: `app-${name}`, key: `key-of-${name}:with-colon` });

/** Of no certificate at all: tests that sign say another. */
export const usualFingerprint = '29:C2:00:07:0E:15:1C:23:2A:31:38:3F:46:4D:54:5B:62:69:70:77';

/** A marketplace that nothing asks a platform for. */
export function usualSettings(name: string, change: Settings = {}): Settings {
  return {
    marketplace: name,
    api: { ...keysOf(name), host: `https://api.${name}.example`, base: '/api/v1/' },
    sso: { x509Fingerprint: usualFingerprint },
    connec: { host: `https://connec.${name}.example` },
    ...change,
  };
}

/**
 * A whole hub in this process that serves HTTP on a loopback port, sells one application and is connected to Maestrano
 * marketplaces. It may call anything on this machine.
 */
export async function openMaestranoHub(
  dialect: 'sqlite' | 'mysql',
  options: MaestranoHubOptions = {},
): Promise<MaestranoHub> {
  const { channels = { acme: usualSettings('acme') }, worker = false, env = {}, plan = {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'mercator-maestrano-'));
  const database = await createEmptyDatabase(dialect);
  const clock = tickingClock();
  const port = options.port ?? (await freePort());
  const url = `http://localhost:${port}`;
  const logged: string[] = [];
  const logStream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const config = readConfig({
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    LOG_FORMAT: 'json',
    ROLES: worker ? 'web,worker' : 'web',
    TRUSTED_PROXIES: '127.0.0.0/8,::1/128',
    OUTBOUND_ALLOW: 'localhost,127.0.0.0/8',
    ...env,
  });
  const passwords = createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 } });
  const open = async (): Promise<Hub> => {
    const opened = await createHub(config, { passwords, clock, logStream });
    return opened;
  };
  let hub = await open();
  const run: MaestranoHub['run'] = (work, actor = systemActor('test')) =>
    hub.uow.run(actor, { name: 'test', requestId: 'test' }, work);
  const { clientSecrets } = hub;
  const made = await run(async (tx) => {
    const application = await defineApplication(tx, {
      key: 'crm',
      name: 'Orchid CRM',
      licenseTypes: [{ code: 'Seat' }],
      accessUrl: options.accessUrl ?? 'http://localhost:4100/',
    });
    const { id: planId } = await definePlan(tx, {
      applicationId: application.id,
      key: 'crm-month',
      amount: plan.amount ?? '1500',
      currency: 'EUR',
      interval: 'month',
      seats: plan.seats ?? 'perSeat',
      trialDays: plan.trialDays ?? 0,
    });
    const channelIds = new Map<string, string>();
    for (const [name, settings] of Object.entries(channels)) {
      const whole = { application: 'crm', plan: 'crm-month', ...settings };
      channelIds.set(name, (await configureChannel(tx, { name, protocol: 'maestrano', settings: whole })).id);
    }
    await registerClient(tx, {
      clientId: 'backoffice',
      secretHash: clientSecrets.hash('backoffice-secret'),
      grantTypes: ['client_credentials'],
      scopes: ['hub.read', 'hub.write', 'hub.admin'],
      level: operatorLevels.ADMINISTRATOR,
    });
    return { applicationId: application.id, planId, channelIds };
  });
  await hub.listen();

  return {
    get hub() {
      return hub;
    },
    url,
    databaseUrl: database.url,
    clock,
    applicationId: made.applicationId,
    planId: made.planId,
    channelId: (name = Object.keys(channels)[0]!) => made.channelIds.get(name)!,
    run,
    call(path, { as, headers = {}, ...init } = {}) {
      const authorization = as && writeBasic({ username: as.id, password: as.key });
      return fetch(`${url}${path}`, {
        redirect: 'manual',
        ...init,
        headers: { ...(authorization !== undefined && { authorization }), ...headers },
      });
    },
    async ask(query, variables) {
      const { token } = await clientToken(url, { clientId: 'backoffice', clientSecret: 'backoffice-secret' });
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data;
    },
    async database(work) {
      const raw = await openDatabase(database.url, 1);
      try {
        return await work(raw);
      } finally {
        await raw.close();
      }
    },
    discoveryLoop: () => hub.loops.find(({ name }) => name === 'maestrano discovery')!.run,
    logged: () => logged.join(''),
    async restart() {
      await hub.close();
      hub = await open();
      await hub.listen();
      // connections kept from before are noticed to be closed by the first who uses one
      await eventually(async () => (await fetch(`${url}/health/live`)).ok);
    },
    async close() {
      await hub.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
