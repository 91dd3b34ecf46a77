import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { RecordedCall } from '../../../src/adapters/marketplace.js';
import { prm } from '../../../src/adapters/soap/prm/index.js';
import { wireServiceAccounts } from '../../../src/bootstrap/service-accounts.js';
import { configureChannel, registerServiceAccount } from '../../../src/core/marketplace/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { type Actor, operatorLevels, systemActor } from '../../../src/core/shared/actor.js';
import { openPersistence, type Persistence } from '../../../src/persistence/index.js';
import { createCredentialCache } from '../../../src/platform/credential-cache.js';
import { createIds } from '../../../src/platform/ids.js';
import { createKeyring, generateSecretKey } from '../../../src/platform/keyring.js';
import { createLogger } from '../../../src/platform/logger.js';
import { createPasswords } from '../../../src/platform/passwords.js';
import { findXmlFault } from '../../../src/platform/xml.js';
import { type TestClock, testClock } from '../../support/clock.js';
import { createEmptyDatabase } from '../../support/databases.js';
import { type Call, createCaller, passwordText } from './caller.js';

export const operatorPassword = 'op-secret-1';
/** One account of the operator for each level, and one of which nobody said the level. */
export const operators = {
  none: operatorLevels.NONE,
  reader: operatorLevels.READ_ONLY,
  writer: operatorLevels.READ_WRITE,
  admin: operatorLevels.ADMINISTRATOR,
  unset: null,
} as const;

export interface PrmHub {
  readonly persistence: Persistence;
  readonly clock: TestClock;
  /** Where the paths of a channel begin. */
  base(channel?: string): string;
  channelId(channel?: string): string;
  /** The operator's application, as an account of one of the levels. */
  op(account?: keyof typeof operators, channel?: string): Call;
  /** A provider's application. */
  sp(username: string, password?: string, channel?: string): Call;
  /** Somebody nobody knows. */
  stranger(channel?: string): Call;
  readonly records: readonly RecordedCall[];
  logged(): string;
  model<T>(work: (tx: Unit) => Promise<T>, actor?: Actor): Promise<T>;
  close(): Promise<void>;
}

export const providerPassword = 'sp-secret-1';

/** A hub with nothing in it but PRM channels: real HTTP, real database, every answer checked against its schema. */
export async function startPrmHub(
  dialect: 'sqlite' | 'mysql',
  channels: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { gatekeeper: {} },
): Promise<PrmHub> {
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
  const database = await createEmptyDatabase(dialect);
  const secrets = createKeyring(generateSecretKey());
  const persistence = await openPersistence({ databaseUrl: database.url, secrets, clock, ids, logger });
  await persistence.migrate();
  const { uow, readers, lookups, throttles, seen, serviceAccountLookup: lookup } = persistence;
  const passwords = createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 }, queue: 1_000 });
  const credentials = createCredentialCache();
  const authenticate = wireServiceAccounts({ lookup, passwords, credentials, throttles, seen, clock });
  const model: PrmHub['model'] = (work, actor = systemActor('test')) =>
    uow.run(actor, { name: 'test.model', requestId: 'test' }, work);

  const passwordHash = await passwords.hash(operatorPassword);
  const made = await model(async (tx) => {
    const list = [];
    for (const [name, settings] of Object.entries(channels)) {
      const channel = await configureChannel(tx, { name, protocol: 'prm', settings });
      list.push(channel);
      for (const [account, level] of Object.entries(operators)) {
        const username = `op-${account}`;
        await registerServiceAccount(tx, {
          channelId: channel.id,
          username,
          passwordHash,
          level,
          soapSecret: operatorPassword,
        });
      }
    }
    return list;
  });
  const records: RecordedCall[] = [];
  const servers = new Map(
    made.map((channel) => [
      channel.name,
      prm.serve(
        {
          uow,
          readers,
          lookups,
          clock,
          logger,
          publicUrl: 'http://hub.example',
          passwords,
          throttles,
          seen,
          authenticate,
          record: (call) => void records.push(call),
          limits: { maxBytes: 1_048_576, maxDepth: 64, maxElements: 50_000, maxAttributes: 64, bodyTimeMs: 20_000 },
          findXmlFault,
          validateResponses: true,
        },
        { ...channel, settings: prm.settings.parse(channel.settings) },
      ),
    ]),
  );
  let port = 0;
  const server = createServer((request, response) => {
    const match = /^\/channels\/([^/?]+)(\/prm_(?:sp|op)\/services)(.*)$/.exec(request.url ?? '');
    const found = servers.get(match?.[1] ?? '');
    if (!found) return void response.writeHead(404).end();
    const address = String(request.headers['x-test-address'] ?? '127.0.0.1');
    const mount = `/channels/${match?.[1]}${match?.[2]}`;
    const info = { requestId: ids.next('request'), address, secure: true, publicUrl: `http://127.0.0.1:${port}` };
    void found.handle(request, response, { ...info, mount, path: match?.[3] ?? '' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  const first = made[0]!.name;
  const base = (channel = first): string => `http://127.0.0.1:${port}/channels/${channel}`;

  return {
    persistence,
    clock,
    base,
    channelId: (channel = first) => made.find(({ name }) => name === channel)!.id,
    op: (account = 'admin', channel = first) =>
      createCaller(base(channel), passwordText({ username: `op-${account}`, password: operatorPassword })),
    sp: (username, password = providerPassword, channel = first) =>
      createCaller(base(channel), passwordText({ username, password })),
    stranger: (channel = first) => createCaller(base(channel)),
    records,
    logged: () => logged.join(''),
    model,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await persistence.close();
      await database.drop();
    },
  };
}
