import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchAlarms } from '../../../src/adapters/worker/index.js';
import { createHub, type Hub } from '../../../src/bootstrap/container.js';
import type { Unit } from '../../../src/core/repositories.js';
import { systemActor } from '../../../src/core/shared/actor.js';
import { readConfig } from '../../../src/platform/config.js';
import { createPasswords } from '../../../src/platform/passwords.js';
import { tickingClock } from '../../sso/support/ticking-clock.js';
import { type Seeded, seedWorld } from '../../sso/support/world.js';
import type { TestClock } from '../../support/clock.js';
import { createEmptyDatabase } from '../../support/databases.js';
import { clientToken } from '../../support/graphql-call.js';
import { freePort } from '../../support/http.js';

export interface AlarmHub {
  readonly hub: Hub;
  readonly url: string;
  readonly databaseUrl: string;
  readonly clock: TestClock;
  readonly people: Seeded;
  run<T>(work: (tx: Unit) => Promise<T>): Promise<T>;
  /** GraphQL as a machine with the right to write. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are as different as the questions of the tests
  ask(query: string, variables?: object): Promise<any>;
  /** What a worker does every 15 seconds. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/** A whole hub in this process that serves HTTP behind a proxy on loopback; no worker runs. */
export async function startAlarmHub(dialect: 'sqlite' | 'mysql'): Promise<AlarmHub> {
  const folder = await mkdtemp(join(tmpdir(), 'mercator-alarms-'));
  const database = await createEmptyDatabase(dialect);
  const clock = tickingClock();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const config = readConfig({
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    LOG_LEVEL: 'silent',
    ROLES: 'web',
    TRUSTED_PROXIES: '127.0.0.0/8,::1/128',
    OUTBOUND_ALLOW: 'localhost,127.0.0.0/8',
  });
  const passwords = createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 } });
  const hub = await createHub(config, { passwords, clock });
  await hub.listen();
  const run = <T>(work: (tx: Unit) => Promise<T>): Promise<T> =>
    hub.uow.run(systemActor('test'), { name: 'test', requestId: 'test' }, work);
  const people = await run((tx) => seedWorld(tx, hub.ids.next, clock.now(), passwords.hash, hub.clientSecrets.hash));
  const { persistence, uow, readers, ids, alarms } = hub;
  return {
    hub,
    url,
    databaseUrl: database.url,
    clock,
    people,
    run,
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
    look: () =>
      watchAlarms({ uow, readers, ids, alarms, lookups: persistence.lookups, troubles: persistence.deliveryTroubles }),
    async close() {
      await hub.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
