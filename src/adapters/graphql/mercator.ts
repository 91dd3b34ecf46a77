import { alarmQueries } from './modules/alarms/queries.js';
import { allMutations } from './modules/all-mutations.js';
import { billingQueries } from './modules/billing/queries.js';
import { catalogQueries } from './modules/catalog/queries.js';
import { identityQueries } from './modules/identity/queries.js';
import { journalQueries } from './modules/journal/queries.js';
import { JournalSubscription } from './modules/journal/subscription.js';
import { licensingQueries } from './modules/licensing/queries.js';
import { marketplaceQueries } from './modules/marketplace/queries.js';
import { NodeQueries } from './modules/nodes.js';
import { operationsQueries } from './modules/operations/queries.js';
import { provisioningQueries } from './modules/provisioning/queries.js';
import { serviceLevelQueries } from './modules/servicelevels/queries.js';
import { tenancyQueries } from './modules/tenancy/queries.js';
import { usageQueries } from './modules/usage/queries.js';
import { viewerQueries } from './modules/viewer/queries.js';
import { references } from './references.js';
import type { MercatorServices } from './services.js';
import { buildSubgraph, type Subgraph } from './subgraph/subgraph.js';

/** What reads, context by context. */
const queries = [
  ...viewerQueries,
  NodeQueries,
  ...tenancyQueries,
  ...identityQueries,
  ...catalogQueries,
  ...provisioningQueries,
  ...licensingQueries,
  ...billingQueries,
  ...marketplaceQueries,
  ...serviceLevelQueries,
  ...journalQueries,
  ...operationsQueries,
  ...alarmQueries,
  ...usageQueries,
];

/** Mercator's own schema: every module, and how other subgraphs' references are resolved. */
export function buildMercatorSubgraph(): Promise<Subgraph> {
  return buildSubgraph<MercatorServices>({
    resolvers: [...queries, ...allMutations, JournalSubscription],
    references,
  });
}
