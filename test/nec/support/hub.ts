import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { RecordedCall } from '../../../src/adapters/marketplace.js';
import { nec } from '../../../src/adapters/soap/nec/index.js';
import { wireInterfaceUsers, wireServiceAccounts } from '../../../src/bootstrap/service-accounts.js';
import { defineApplication, definePlan } from '../../../src/core/catalog/index.js';
import { type Channel, configureChannel, registerServiceAccount } from '../../../src/core/marketplace/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { type Actor, systemActor } from '../../../src/core/shared/actor.js';
import { openPersistence, type Persistence } from '../../../src/persistence/index.js';
import { createCredentialCache } from '../../../src/platform/credential-cache.js';
import { createIds } from '../../../src/platform/ids.js';
import { createKeyring, generateSecretKey } from '../../../src/platform/keyring.js';
import { createLogger } from '../../../src/platform/logger.js';
import { createPasswords } from '../../../src/platform/passwords.js';
import { findXmlFault } from '../../../src/platform/xml.js';
import { type TestClock, testClock } from '../../support/clock.js';
import { createEmptyDatabase } from '../../support/databases.js';
import { outgoingPorts } from '../../support/outgoing-ports.js';
import { type Caller, createCaller } from './caller.js';

/** The connections every hub of these tests has. */
export const channels = {
  carrier: { mkpVersion: '4.3', returnUrls: ['https://carrier.example/back'] },
  'carrier-old': { mkpVersion: '4.2' },
  rival: {
    mkpVersion: '4.3',
    lenientEnable: true,
    initialPassword: true,
    enabledStatusValues: [2, 1],
    operationAliases: { SuspendRealm: 'DisableRealm' },
    parameterNames: { crm: ['zone'] },
  },
  strict: { strictSchema: true, namespace: 'urn:carrier:own' },
} as const;
export type ChannelName = keyof typeof channels;

export const password = 'a-Password-of-the-marketplace';
export const digestSecret = 'a-Secret-for-digests';

export interface NecHub {
  readonly persistence: Persistence;
  readonly databaseUrl: string;
  /** What the database was encrypted with. */
  readonly secretKey: string;
  readonly clock: TestClock;
  readonly port: number;
  readonly url: (channel: ChannelName) => string;
  readonly channelId: (channel: ChannelName) => string;
  /** Calls with the channel's own account. */
  readonly as: (channel: ChannelName) => Caller;
  readonly records: RecordedCall[];
  readonly logged: () => string;
  /** One unit of work of the protocol, after so many more, fails at its end as when the hub stops: nothing of it is kept. */
  failAfter(units: number): void;
  /** Reads or changes the model directly, as an operator would through another protocol. */
  model<T>(work: (tx: Unit) => Promise<T>, actor?: Actor): Promise<T>;
  close(): Promise<void>;
}

export interface NecHubOptions {
  /** SQLite in a folder of the caller's, which stays; for hubs that start from a copy. */
  readonly folder?: string;
  /** The key the folder's database was made with; absent makes a new one. */
  readonly secretKey?: string;
}

/** A hub with nothing in it but the NEC protocol: real HTTP, real database, a clock that stands still. */
export async function startNecHub(dialect: 'sqlite' | 'mysql', options: NecHubOptions = {}): Promise<NecHub> {
  const clock = testClock();
  const ids = createIds(clock);
  const logged: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const logger = createLogger({ level: 'info', format: 'json', stream });
  const { folder } = options;
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const database =
    folder === undefined
      ? await createEmptyDatabase(dialect)
      : { url: `sqlite:${folder}/hub.db`, drop: () => Promise.resolve() };
  const secretKey = options.secretKey ?? generateSecretKey();
  const secrets = createKeyring(secretKey);
  const persistence = await openPersistence({ databaseUrl: database.url, secrets, clock, ids, logger });
  await persistence.migrate();
  const { uow, readers, lookups, throttles, seen, serviceAccountLookup: lookup } = persistence;
  const passwords = createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 }, queue: 1_000 });
  const credentials = createCredentialCache();
  const authenticate = wireServiceAccounts({ lookup, passwords, credentials, throttles, seen, clock });
  const authenticateInterfaceUser = wireInterfaceUsers({
    lookup,
    passwords,
    credentials,
    throttles,
    clock,
    units: uow,
  });

  const model: NecHub['model'] = (work, actor = systemActor('test')) =>
    uow.run(actor, { name: 'test.model', requestId: 'test' }, work);
  const passwordHash = await passwords.hash(password);
  const made = await model((tx) =>
    options.secretKey === undefined ? seed(tx, passwordHash) : tx.channels.findMany({}),
  );

  let untilFailure = Number.POSITIVE_INFINITY;
  const fragile: typeof uow = {
    run: (actor, command, work) => {
      untilFailure -= 1;
      if (untilFailure >= 0) return uow.run(actor, command, work);
      untilFailure = Number.POSITIVE_INFINITY;
      return uow.run(actor, command, async (tx) => {
        await work(tx);
        throw new Error('the hub stops');
      });
    },
  };

  const records: RecordedCall[] = [];
  let port = 0;
  const servers = new Map(
    made.map((channel) => [
      channel.name,
      nec.serve(
        {
          uow: fragile,
          readers,
          lookups,
          clock,
          logger,
          publicUrl: 'http://hub.example',
          passwords,
          throttles,
          seen,
          authenticate,
          authenticateInterfaceUser,
          record: (call) => void records.push(call),
          limits: { maxBytes: 1_048_576, maxDepth: 64, maxElements: 50_000, maxAttributes: 64, bodyTimeMs: 20_000 },
          findXmlFault,
          validateResponses: true,
          ...outgoingPorts(clock),
        },
        { ...channel, settings: nec.settings.parse(channel.settings) },
      ),
    ]),
  );
  const server = createServer((request, response) => {
    const match = /^\/ncbs\/([^/?]+)(.*)$/.exec(request.url ?? '');
    const found = servers.get(match?.[1] ?? '');
    if (!found) return void response.writeHead(404).end();
    const address = String(request.headers['x-test-address'] ?? '127.0.0.1');
    const info = {
      mount: `/ncbs/${match?.[1]}`,
      requestId: ids.next('request'),
      address,
      secure: true,
      publicUrl: `http://127.0.0.1:${port}`,
    };
    void found.handle(request, response, { ...info, path: match?.[2] ?? '' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  const url = (channel: ChannelName): string => `http://127.0.0.1:${port}/ncbs/${channel}/NcbsIsvService`;

  return {
    persistence,
    databaseUrl: database.url,
    secretKey,
    clock,
    port,
    url,
    channelId: (name) => made.find((channel) => channel.name === name)!.id,
    as: (channel) => createCaller(url(channel), { username: `mkp-${channel}`, password }),
    records,
    logged: () => logged.join(''),
    failAfter: (units) => {
      untilFailure = units;
    },
    model,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await persistence.close();
      await database.drop();
    },
  };
}

async function seed(tx: Unit, passwordHash: string): Promise<Channel[]> {
  const made: Channel[] = [];
  for (const [name, settings] of Object.entries(channels)) {
    const channel = await configureChannel(tx, { name, protocol: 'nec', settings });
    await registerServiceAccount(tx, {
      channelId: channel.id,
      username: `mkp-${name}`,
      passwordHash,
      soapSecret: name === 'carrier' ? digestSecret : '',
    });
    made.push(channel);
  }
  await registerServiceAccount(tx, {
    channelId: made[0]!.id,
    username: 'mkp-listed',
    passwordHash,
    addresses: ['192.0.2.0/24'],
  });
  const crm = await defineApplication(tx, {
    key: 'crm',
    name: 'Orchid CRM',
    accessUrl: 'https://crm.example/',
    licenseTypes: [{ code: 'Standard' }, { code: 'Premium' }],
  });
  await definePlan(tx, { applicationId: crm.id, key: 'crm-month', amount: '1500', currency: 'EUR', interval: 'month' });
  await definePlan(tx, { applicationId: crm.id, key: 'crm-year', amount: '15000', currency: 'EUR', interval: 'year' });
  const wiki = await defineApplication(tx, {
    key: 'wiki',
    name: 'Wiki',
    accessUrl: 'https://wiki.example/',
    licenseTypes: [{ code: 'Seat' }],
  });
  await definePlan(tx, {
    applicationId: wiki.id,
    key: 'wiki-trial',
    amount: '500',
    currency: 'EUR',
    interval: 'month',
    trialDays: 14,
  });
  return made;
}
