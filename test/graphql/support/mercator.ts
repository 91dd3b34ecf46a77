import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGraphqlAdapter } from '../../../src/adapters/graphql/adapter.js';
import { createJournalTail } from '../../../src/adapters/graphql/index.js';
import { buildMercatorSubgraph } from '../../../src/adapters/graphql/mercator.js';
import type { MercatorServices } from '../../../src/adapters/graphql/services.js';
import type { Readers } from '../../../src/core/readers.js';
import type { Actor, Role } from '../../../src/core/shared/actor.js';
import type { Clock } from '../../../src/core/shared/clock.js';
import { DomainError } from '../../../src/core/shared/errors.js';
import { createReaders } from '../../../src/persistence/readers/readers.js';
import { insertRows } from '../../../src/persistence/rows/insert-rows.js';
import { createStorage } from '../../../src/persistence/rows/stored-table.js';
import type { Sql } from '../../../src/persistence/sql/sql.js';
import { outboxDeliveries } from '../../../src/persistence/tables/outbox.js';
import type { Customer } from '../../persistence/support/world.js';
import type { TestDatabase } from '../../support/databases.js';

export const mercatorSubgraph = buildMercatorSubgraph();

export interface Answer {
  readonly data?: Readonly<Record<string, never>> | null;
  readonly errors?: readonly { message: string; extensions: Readonly<Record<string, unknown>> }[];
}

export interface MercatorServer {
  readonly url: string;
  /** Calls as somebody; anonymous without an actor. */
  ask(actor: Actor | undefined, query: string, variables?: object): Promise<Answer>;
  /** The answer's data; fails the test when there are errors. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are as different as the questions of the tests
  read(actor: Actor | undefined, query: string, variables?: object): Promise<any>;
  /** A token for clients that bring their own transport. */
  tokenOf(actor: Actor): string;
  close(): Promise<void>;
}

/** Mercator's schema over real HTTP, on the readers given. Limits are wide: they have tests of their own. */
export async function startMercator(readers: Readers, clock: Clock): Promise<MercatorServer> {
  const { schema } = await mercatorSubgraph;
  const actors: Actor[] = [];
  const services = {
    readers,
    clock,
    journalTail: createJournalTail(readers.journal, 20),
    describeChannels: async (ids: readonly string[]) => ids.map(() => null),
  };
  const adapter = await createGraphqlAdapter({
    schema,
    services: services as unknown as MercatorServices, // reading needs nothing of what commands need
    settings: { cost: 50_000_000, tokens: 100_000, aliases: 1_000, depth: 30, bodyLimit: 4_000_000, keepAlive: 200 },
    log: { error: (fields) => process.stderr.write(`${String((fields.err as Error)?.stack)}\n`) },
    authenticate: async (token) => {
      if (token === undefined) return { kind: 'anonymous' };
      const actor = actors[Number(token)];
      if (!actor) throw new DomainError('token_invalid');
      return actor;
    },
  });
  const info = () => ({ requestId: 'req-1', address: '127.0.0.1' });
  const server = createServer((request, response) => void adapter.handle(request, response, info()));
  server.on('upgrade', (request, socket, head) => adapter.handleUpgrade(request, socket, head, info()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;

  const tokenOf = (actor: Actor) => String(actors.push(actor) - 1);
  const ask: MercatorServer['ask'] = async (actor, query, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(actor ? { authorization: `Bearer ${tokenOf(actor)}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };
  return {
    url,
    ask,
    tokenOf,
    async read(actor, query, variables) {
      const answer = await ask(actor, query, variables);
      expect(answer.errors).toBeUndefined();
      return answer.data;
    },
    async close() {
      await adapter.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface CountedReaders {
  readonly readers: Readers;
  /** Statements since the last call. */
  taken(): string[];
}

/** The real readers, and what they ask of the database. */
export function countedReaders(db: TestDatabase): CountedReaders {
  let statements: string[] = [];
  const { read } = db.raw;
  const counted: Sql = {
    dialect: read.dialect,
    all: (text, params) => {
      statements.push(text);
      return read.all(text, params);
    },
    run: (text, params) => read.run(text, params),
  };
  return {
    readers: createReaders(counted, createStorage(counted.dialect, db.keyring), db.keyring),
    taken() {
      const taken = statements;
      statements = [];
      return taken;
    },
  };
}

export const operator = (level = 1000, ceiling = 1000): Actor => ({
  kind: 'operator',
  userId: 'usr_00000000000000000000000000',
  name: 'Olga',
  level,
  ceiling,
});

export const member = (userId: string, tenantId: string, roles: readonly Role[], ceiling = 1000): Actor => ({
  kind: 'user',
  userId,
  name: 'Ute',
  grants: [{ tenantId, roles }],
  ceiling,
});

export const client = (options: { level?: number; tenantId?: string; ceiling?: number }): Actor => ({
  kind: 'client',
  clientId: 'console',
  level: options.level ?? null,
  tenantId: options.tenantId ?? null,
  ceiling: options.ceiling ?? 1000,
});

/** What only the hub's own machinery writes: a parked delivery and a recorded call of this customer's. */
export async function addTraffic(db: TestDatabase, customer: Customer) {
  const delivery = {
    id: db.ids.next('delivery'),
    subscriber: 'webhook:1',
    eventId: db.ids.next('event'),
    eventType: 'license.assigned',
    aggregateId: customer.license.id,
    tenantId: customer.group.id,
    sequence: 1,
    attempts: 3,
    nextAttemptAt: null,
    deliveredAt: null,
    parkedAt: db.clock.now(),
    lastError: 'HTTP 500',
  };
  const storage = createStorage(db.dialect, db.keyring);
  await db.raw.transaction((sql) => insertRows(sql, storage(outboxDeliveries), [delivery]));
  const record = {
    id: db.ids.next('request'),
    at: db.clock.now(),
    direction: 'in' as const,
    protocol: 'nec',
    channelId: customer.channel.id,
    operation: 'CreateUser',
    requestId: 'r1',
    status: 200,
    durationMs: 12,
    request: '<a/>',
    response: '<b/>',
  };
  await db.persistence.requestRecords.add([record]);
  await db.persistence.journalChain.seal(10_000);
  return { delivery, record };
}
