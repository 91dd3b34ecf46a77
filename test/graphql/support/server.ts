import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGraphqlAdapter, type GraphqlAdapter } from '../../../src/adapters/graphql/adapter.js';
import type { GraphqlSettings } from '../../../src/adapters/graphql/settings.js';
import type { Actor } from '../../../src/core/shared/actor.js';
import { DomainError } from '../../../src/core/shared/errors.js';
import { buildSampleSubgraph, type SampleServices, sampleServices } from './sample-schema.js';

export const operator: Actor = { kind: 'operator', userId: 'usr_1', name: 'Olga', level: 1000, ceiling: 1000 };

export interface SampleServer {
  readonly url: string;
  readonly adapter: GraphqlAdapter;
  readonly services: SampleServices;
  readonly logged: { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[];
  /** Tokens and whose they are; tests add and remove. */
  readonly tokens: Map<string, Actor>;
  revoke(actorId?: string): void;
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Posts a query and returns the parsed answer. */
  query(query: string, variables?: object, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

const subgraph = buildSampleSubgraph();

export async function startSample(
  settings: Partial<GraphqlSettings> = {},
  services: SampleServices = sampleServices(),
): Promise<SampleServer> {
  const { schema } = await subgraph;
  const logged: SampleServer['logged'] = [];
  const tokens = new Map<string, Actor>([['operator-token', operator]]);
  let revoked = (_id?: string): void => {};
  const adapter = await createGraphqlAdapter({
    schema,
    services,
    settings,
    log: { error: (fields, message) => logged.push({ fields, message }) },
    authenticate: async (token) => {
      if (token === undefined) return { kind: 'anonymous' };
      const actor = tokens.get(token);
      if (!actor) throw new DomainError('token_invalid');
      return actor;
    },
    onActorRevoked: (listener) => {
      revoked = listener;
      return () => {};
    },
  });
  let requests = 0;
  const info = () => ({ requestId: `req_${++requests}`, address: '127.0.0.1' });
  const server = createServer((request, response) => void adapter.handle(request, response, info()));
  server.on('upgrade', (request, socket, head) => adapter.handleUpgrade(request, socket, head, info()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;

  const post: SampleServer['post'] = (body, headers = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    url,
    adapter,
    services,
    logged,
    tokens,
    post,
    revoke: (id) => revoked(id),
    query: async (query, variables, headers) => (await post({ query, variables }, headers)).json() as Promise<Answer>,
    async close() {
      await adapter.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
