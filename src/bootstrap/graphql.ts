import { createGraphqlAdapter, type GraphqlAdapter, type GraphqlAdapterOptions } from '../adapters/graphql/index.js';
import { buildMercatorSubgraph } from '../adapters/graphql/mercator.js';
import type { MercatorServices } from '../adapters/graphql/services.js';

/** GraphQL with Mercator's own schema. */
export async function openGraphql(
  options: Omit<GraphqlAdapterOptions<MercatorServices>, 'schema'>,
): Promise<GraphqlAdapter> {
  const { schema } = await buildMercatorSubgraph();
  return createGraphqlAdapter({ ...options, schema });
}

/** The schema as text. */
export async function printGraphqlSchema(): Promise<string> {
  return (await buildMercatorSubgraph()).sdl;
}
