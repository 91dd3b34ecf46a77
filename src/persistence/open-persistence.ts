import type { DeliveryTroubles } from '../core/alarms/index.js';
import type { SeenStore, Throttles } from '../core/identity/index.js';
import type { ServiceAccountLookup } from '../core/marketplace/index.js';
import type { TrafficLookup } from '../core/provisioning/index.js';
import type { Readers } from '../core/readers.js';
import type { Lookups, Units } from '../core/repositories.js';
import type { Clock } from '../core/shared/clock.js';
import type { Ids } from '../core/shared/ids.js';
import { createDueRechecks, type DueRechecks } from './infrastructure/due-rechecks.js';
import { createHousekeeping, type Housekeeping } from './infrastructure/housekeeping.js';
import { createHubMeta, type HubMeta } from './infrastructure/meta.js';
import { createRequestRecords, type RequestRecords } from './infrastructure/request-records.js';
import { resealEverything } from './infrastructure/reseal.js';
import { createRevocations, type Revocations } from './infrastructure/revocations.js';
import { checkSecretKey } from './infrastructure/secret-key-check.js';
import { createSeenStore } from './infrastructure/seen.js';
import { createServiceAccountLookup } from './infrastructure/service-account-lookup.js';
import { createTaskQueue, type TaskQueue } from './infrastructure/task-queue.js';
import { createThrottles } from './infrastructure/throttles.js';
import { createTrafficLookup } from './infrastructure/traffic-lookup.js';
import { createJournalChain, type SqlJournalChain } from './journal/journal-chain.js';
import { createOpenIdStore, type OpenIdStore } from './openid/openid-store.js';
import { createSigningKeys, type SigningKeys } from './openid/signing-keys.js';
import { createRelay, type Relay, type RelayLogger, type RelayOptions } from './outbox/relay.js';
import { createDeliveryTroubles } from './outbox/troubles.js';
import { createReaders } from './readers/readers.js';
import { createStorage } from './rows/stored-table.js';
import { createMigrations, type Migrations } from './schema/migrate.js';
import type { Secrets } from './secrets.js';
import { openDatabase } from './sql/open-database.js';
import type { Dialect } from './sql/sql.js';
import { createLookups } from './unit/lookups.js';
import { type Committed, createUnits } from './unit/units.js';

export interface PersistenceOptions {
  /** `sqlite:./path`, `sqlite::memory:` or `mysql://…`. */
  readonly databaseUrl: string;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: RelayLogger;
  /** MySQL connections of this process. Default 10. */
  readonly poolSize?: number;
  /** Address of this server, told with the alarms raised here. */
  readonly server?: string;
}

export interface Persistence {
  readonly dialect: Dialect;
  readonly uow: Units;
  readonly readers: Readers;
  /** Single rows outside any unit, for hot paths. */
  readonly lookups: Lookups;
  readonly serviceAccountLookup: ServiceAccountLookup;
  readonly trafficLookup: TrafficLookup;
  readonly throttles: Throttles;
  readonly seen: SeenStore;
  readonly dueRechecks: DueRechecks;
  readonly openIdStore: OpenIdStore;
  readonly signingKeys: SigningKeys;
  readonly revocations: Revocations;
  readonly journalChain: SqlJournalChain;
  readonly deliveryTroubles: DeliveryTroubles;
  readonly requestRecords: RequestRecords;
  readonly housekeeping: Housekeeping;
  readonly taskQueue: TaskQueue;
  readonly meta: HubMeta;
  readonly migrations: Migrations;
  /** A relay of this process; start it where the role is `worker`. */
  outboxRelay(options: RelayOptions): Relay;
  /** Called after every commit that left events or journal entries; returns how to stop being called. */
  onCommit(listener: (committed: Committed) => void): () => void;
  /**
   * Applies pending migrations and then makes sure that SECRET_KEY is the one this database was encrypted with
   * (`WrongSecretKey` otherwise). To be called before anything else.
   */
  migrate(): Promise<string[]>;
  /** Seals again with the newest key of SECRET_KEY what older ones sealed; returns how many values. */
  reseal(): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database and wires every port of the core to it. Connects lazily where the driver does; reads nothing yet. */
export async function openPersistence(options: PersistenceOptions): Promise<Persistence> {
  const { secrets, clock, ids, logger } = options;
  const database = await openDatabase(options.databaseUrl, options.poolSize ?? 10);
  const storage = createStorage(database.dialect, secrets);
  const listeners = new Set<(committed: Committed) => void>();
  const onCommit = (committed: Committed): void => {
    for (const listener of listeners) listener(committed);
  };
  const meta = createHubMeta(database);
  const migrations = createMigrations(database, clock);
  return {
    dialect: database.dialect,
    uow: createUnits({ database, storage, secrets, clock, ids, onCommit, server: options.server }),
    readers: createReaders(database.read, storage, secrets, (work) => database.snapshot(work)),
    lookups: createLookups(database.read, storage, clock, ids),
    serviceAccountLookup: createServiceAccountLookup(database, storage, clock),
    trafficLookup: createTrafficLookup(database.read, clock),
    throttles: createThrottles(database, clock),
    seen: createSeenStore(database, clock),
    dueRechecks: createDueRechecks(database.read, clock),
    openIdStore: createOpenIdStore(database, storage, clock),
    signingKeys: createSigningKeys(database, storage),
    revocations: createRevocations(database.read, storage, clock),
    journalChain: createJournalChain(database, storage, secrets, clock),
    deliveryTroubles: createDeliveryTroubles(database.read),
    requestRecords: createRequestRecords(database, storage),
    housekeeping: createHousekeeping(database, clock),
    taskQueue: createTaskQueue(database, storage, clock),
    meta,
    migrations,
    outboxRelay: (relayOptions) => createRelay({ database, storage, clock, ids, logger }, relayOptions),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async migrate() {
      const applied = await migrations.up();
      await checkSecretKey(meta, secrets);
      return applied;
    },
    reseal: () => resealEverything(database, secrets),
    ping: () => database.ping(),
    close: () => database.close(),
  };
}
