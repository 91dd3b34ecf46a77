import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGraphqlAdapter } from '../../../src/adapters/graphql/adapter.js';
import { createJournalTail } from '../../../src/adapters/graphql/index.js';
import type { MercatorServices } from '../../../src/adapters/graphql/services.js';
import { necSettings } from '../../../src/adapters/soap/nec/config.js';
import type { Actor } from '../../../src/core/shared/actor.js';
import { DomainError, invalid } from '../../../src/core/shared/errors.js';
import { parseAddressList } from '../../../src/platform/address.js';
import { createPasswords } from '../../../src/platform/passwords.js';
import { randomToken } from '../../../src/platform/secrets.js';
import type { TestDatabase } from '../../support/databases.js';
import { mercatorSubgraph } from './mercator.js';

export interface CommandAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: answers are as different as the mutations of the tests
  readonly data?: any;
  readonly errors?: readonly {
    message: string;
    extensions: Readonly<Record<string, unknown>>;
  }[];
  readonly requestId: string;
}

export interface CommandServer {
  /** Runs `mutation($input)` with the payload's selection. */
  mutate(actor: Actor | undefined, mutation: string, input: object, selection: string): Promise<CommandAnswer>;
  ask(actor: Actor | undefined, query: string, variables?: object): Promise<CommandAnswer>;
  close(): Promise<void>;
}

export const hashClientSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** What the composition root gives commands, with quick hashes and NEC's settings. */
export function servicesOf(db: TestDatabase): MercatorServices {
  const { persistence } = db;
  const relay = persistence.outboxRelay({ subscribers: [] });
  return {
    readers: persistence.readers,
    clock: db.clock,
    journalTail: createJournalTail(persistence.readers.journal, 20),
    units: persistence.uow,
    passwords: createPasswords({ strength: { memoryCost: 8, timeCost: 1, parallelism: 1 }, queue: 500 }),
    secrets: {
      generate: () => randomToken(),
      generateWebhookSecret: () => `whsec_${randomBytes(32).toString('base64')}`,
      hashClientSecret,
    },
    checkChannelSettings(_, settings) {
      const checked = necSettings.safeParse(settings);
      if (!checked.success) throw invalid('settings', checked.error.message);
    },
    checkAddressList: parseAddressList,
    journalPayloads: persistence.journalChain,
    parkedDeliveries: relay,
    parkedTasks: persistence.taskQueue,
    rediscoverChannel: async (channelId) => ({
      problem: '',
      channels: [{ channelId, name: 'carrier', outcome: 'unchanged' }],
    }),
    describeChannels: async (ids) => ids.map(() => null),
  };
}

/** Mercator's whole schema over real HTTP and the real database. */
export async function startCommands(db: TestDatabase): Promise<CommandServer> {
  const { schema } = await mercatorSubgraph;
  const actors: Actor[] = [];
  const adapter = await createGraphqlAdapter({
    schema,
    services: servicesOf(db),
    log: { error: (fields) => process.stderr.write(`${String((fields.err as Error)?.stack)}\n`) },
    authenticate: async (token) => {
      if (token === undefined) return { kind: 'anonymous' };
      const actor = actors[Number(token)];
      if (!actor) throw new DomainError('token_invalid');
      return actor;
    },
  });
  let requests = 0;
  const server = createServer((request, response) => {
    const requestId = String(request.headers['x-test-request'] ?? `req-${++requests}`);
    void adapter.handle(request, response, { requestId, address: '127.0.0.1' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;

  const ask: CommandServer['ask'] = async (actor, query, variables) => {
    const requestId = randomToken();
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-test-request': requestId,
        ...(actor ? { authorization: `Bearer ${actors.push(actor) - 1}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
    });
    return { ...((await response.json()) as object), requestId };
  };
  const { Mutation } = schema.getTypeMap() as never as { Mutation: { getFields(): Record<string, never> } };
  const fields = Mutation.getFields() as unknown as Record<string, { args: { type: unknown }[] }>;
  return {
    ask,
    mutate: (actor, mutation, input, selection) =>
      ask(
        actor,
        `mutation M($input: ${String(fields[mutation]!.args[0]!.type)}) { ${mutation}(input: $input) ${selection} }`,
        { input },
      ),
    async close() {
      await adapter.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The code and reason of the first error; undefined when there is none. */
export function refusal({ errors }: CommandAnswer): string | undefined {
  const first = errors?.[0];
  return first && `${String(first.extensions.code)} ${String(first.extensions.reason ?? '')}`.trim();
}
