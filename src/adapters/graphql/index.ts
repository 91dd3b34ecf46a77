export { createGraphqlAdapter, type GraphqlAdapter, type GraphqlAdapterOptions } from './adapter.js';
export type { GraphqlContext } from './context.js';
export { createJournalTail, type JournalTail } from './modules/journal/tail.js';
export type { Authenticate, RequestInfo } from './request-info.js';
export { defaultSettings, type GraphqlSettings, type IntrospectionPolicy } from './settings.js';
export { buildSubgraph, type Subgraph, type SubgraphParts } from './subgraph/subgraph.js';
