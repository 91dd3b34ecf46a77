import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import { createAdmission } from './documents/admit.js';
import { createDocuments } from './documents/documents.js';
import type { Engine } from './engine.js';
import type { ErrorLog } from './errors.js';
import { startApollo } from './execution/apollo.js';
import { createCompiledQueries } from './execution/compiled-queries.js';
import { createExecutor } from './execution/executor.js';
import { createHttpFront } from './http/front.js';
import { createPersistedQueries } from './http/persisted-queries.js';
import { createIdeFiles } from './ide/ide-files.js';
import { createLiveConnections } from './live/connections.js';
import { createWebSocketFront } from './live/websocket.js';
import type { Authenticate, RequestInfo } from './request-info.js';
import { defaultSettings, type GraphqlSettings } from './settings.js';

export interface GraphqlAdapterOptions<Services> {
  readonly schema: GraphQLSchema;
  /** Use cases and readers, as resolvers find them in `context.services`. */
  readonly services: Services;
  readonly authenticate: Authenticate;
  readonly log: ErrorLog;
  readonly settings?: Partial<GraphqlSettings>;
  /** Calls the listener when somebody's rights end: open connections of that actor (of all, without an id) are checked at once. */
  readonly onActorRevoked?: (listener: (actorId?: string) => void) => () => void;
}

export interface GraphqlAdapter {
  /** Answers `settings.path` and what is below it. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse, info: RequestInfo): Promise<void>;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, info: RequestInfo): void;
  /** Open event streams and WebSockets. */
  readonly openConnections: number;
  /** Ends open connections and lets no new ones in. */
  stop(): Promise<void>;
}

export async function createGraphqlAdapter<Services>(
  options: GraphqlAdapterOptions<Services>,
): Promise<GraphqlAdapter> {
  const { schema, services, authenticate, log } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const documents = createDocuments(schema, settings);
  const compiled = createCompiledQueries({ schema, after: settings.compileAfter, limit: settings.compiledQueries });
  const engine: Engine<Services> = {
    schema,
    settings,
    services,
    authenticate,
    log,
    admit: createAdmission(documents, settings),
    execute: createExecutor(schema, compiled, log),
    connections: createLiveConnections(settings),
  };
  const apollo = await startApollo(schema, documents, engine.execute, settings.tokens);
  const persisted = createPersistedQueries(settings.persistedQueries);
  const http = createHttpFront({ engine, apollo, persisted, ide: createIdeFiles(settings) });
  const webSockets = createWebSocketFront(engine);
  const unsubscribe = options.onActorRevoked?.((actorId) => void engine.connections.recheck(actorId));

  return {
    handle: http.handle,
    handleUpgrade: webSockets.handleUpgrade,
    get openConnections() {
      return engine.connections.size;
    },
    async stop() {
      unsubscribe?.();
      engine.connections.stop();
      webSockets.stop();
      await apollo.stop();
    },
  };
}
