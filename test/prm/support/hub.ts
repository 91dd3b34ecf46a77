import { Writable } from 'node:stream';
import type { RecordedCall } from '../../../src/adapters/marketplace.js';
import { configureChannel, registerServiceAccount } from '../../../src/core/marketplace/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { type Actor, operatorLevels, systemActor } from '../../../src/core/shared/actor.js';
import { openPersistence, type Persistence } from '../../../src/persistence/index.js';
import { createIds } from '../../../src/platform/ids.js';
import { createKeyring, generateSecretKey } from '../../../src/platform/keyring.js';
import { createLogger } from '../../../src/platform/logger.js';
import { type TestClock, testClock } from '../../support/clock.js';
import { createEmptyDatabase } from '../../support/databases.js';
import { type Call, createCaller, passwordText } from './caller.js';
import { openProcess, type PrmProcess, quickPasswords } from './process.js';

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
  readonly databaseUrl: string;
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
  /** A further process on the same database; closed with the hub. */
  join(): Promise<PrmProcess>;
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
  const { uow } = persistence;
  const model: PrmHub['model'] = (work, actor = systemActor('test')) =>
    uow.run(actor, { name: 'test.model', requestId: 'test' }, work);

  const passwordHash = await quickPasswords().hash(operatorPassword);
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
  const shared = { clock, ids, logger, channels: made, record: (call: RecordedCall) => void records.push(call) };
  const main = await openProcess({ ...shared, persistence });
  const endings: (() => Promise<void>)[] = [];
  const first = made[0]!.name;
  const base = (channel = first): string => main.base(channel);

  return {
    databaseUrl: database.url,
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
    async join() {
      const own = await openPersistence({ databaseUrl: database.url, secrets, clock, ids, logger });
      const joined = await openProcess({ ...shared, persistence: own });
      endings.push(joined.close, own.close);
      return joined;
    },
    async close() {
      for (const end of [main.close, ...endings]) await end();
      await persistence.close();
      await database.drop();
    },
  };
}
