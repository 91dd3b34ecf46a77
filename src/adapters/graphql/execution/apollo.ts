import { ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { GraphqlContext } from '../context.js';
import type { Admitted, OperationRequest } from '../documents/admit.js';
import type { Documents } from '../documents/documents.js';
import type { ResponseType } from '../http/headers.js';
import type { Executor } from './executor.js';

export interface ApolloRequest<Services> {
  readonly responseType: ResponseType;
  readonly request: OperationRequest;
  readonly admitted: Admitted;
  readonly context: GraphqlContext<Services>;
}

export interface Apollo<Services> {
  run(request: ApolloRequest<Services>): Promise<HTTPGraphQLResponse>;
  stop(): Promise<void>;
}

interface RunContext<Services> {
  readonly admitted: Admitted;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly graphql: GraphqlContext<Services>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Apollo Server behind our own front: documents come from our store (read, limited and validated there), the executor is ours
 * through the gateway seam, and everything that would run per field or add a page is off. Its cross-site check is off too: no
 * cookie authorizes here, POST must be JSON, and GET runs queries only.
 */
export async function startApollo<Services>(
  schema: GraphQLSchema,
  documents: Documents,
  execute: Executor<Services>,
  tokens: number,
): Promise<Apollo<Services>> {
  const server = new ApolloServer<RunContext<Services>>({
    gateway: {
      load: async () => ({
        schema,
        executor: ({ context }) => {
          const { admitted, variables, graphql } = context as RunContext<Services>;
          return execute({ ...admitted, variables, context: graphql });
        },
      }),
      onSchemaLoadOrUpdate(listener) {
        listener({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => {};
      },
      stop: async () => {},
    },
    documentStore: {
      get: async (key) => documents.byHash(key.slice(key.lastIndexOf(':') + 1))?.document,
      set: async () => {},
      delete: async () => false,
    } satisfies DocumentStore,
    persistedQueries: false,
    csrfPrevention: false,
    introspection: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: silent,
    formatError: (formatted) => formatted,
    stringifyResult: (value) => JSON.stringify(value),
    parseOptions: { maxTokens: tokens }, // only used when the store has just dropped the document
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await server.start();

  return {
    run({ responseType, request, admitted, context }) {
      const { query, variables } = request;
      const operationName = request.operationName === undefined ? {} : { operationName: request.operationName };
      return server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: 'POST',
          headers: new HeaderMap([
            ['accept', responseType],
            ['content-type', 'application/json'],
          ]),
          search: '',
          body: { query, ...operationName },
        },
        context: async () => ({ admitted, variables, graphql: context }),
      });
    },
    stop: () => server.stop(),
  };
}

interface DocumentStore {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, value: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
}
