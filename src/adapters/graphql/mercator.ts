import { NodeQueries } from './modules/nodes.js';
import { TenantQueries } from './modules/tenancy/queries.js';
import { findOne } from './relay/lists.js';
import type { MercatorServices } from './services.js';
import { buildSubgraph, type Subgraph } from './subgraph/subgraph.js';

const byId = (choose: (services: MercatorServices) => Parameters<typeof findOne<object>>[1]) => {
  return (
    { id }: Readonly<Record<string, unknown>>,
    context: Parameters<typeof findOne>[0] & { services: MercatorServices },
  ) => (typeof id === 'string' ? findOne(context, choose(context.services), id) : Promise.resolve(null));
};

/** Mercator's own schema: every module, and how other subgraphs' references are resolved. */
export function buildMercatorSubgraph(): Promise<Subgraph> {
  return buildSubgraph<MercatorServices>({
    resolvers: [NodeQueries, TenantQueries],
    references: {
      Tenant: byId(({ readers }) => readers.tenants),
    },
  });
}
