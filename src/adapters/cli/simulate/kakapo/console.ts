import { expectEqual } from '../check.js';
import type { GraphqlClient } from '../graphql-client.js';
import type { Goods } from './license-goods.js';

/** What frontends see: GraphQL, as a machine of the operator uses it. */
export interface Console {
  readonly graphql: GraphqlClient;
  readonly channelId: string;
  /** Our id of the live object behind an id of theirs (ids of a run are unique). */
  objectIdOf(kind: 'TENANT' | 'USER', externalId: string): Promise<string>;
  /** The pools of a tenant and of what is below it that have seats of these licenses. */
  poolsBelow(externalId: string, wanted: Goods): Promise<readonly PoolLevel[]>;
}

export interface PoolLevel {
  readonly depth: number;
  readonly tenantId: string;
  readonly tenantKind: string;
  readonly purchased: number;
  readonly subPurchased: number;
  readonly assigned: number;
  readonly free: number;
  readonly used: number;
}

const refQuery = `query Simulated($channelId: ID!, $kind: ExternalRefKind!, $externalId: String!) {
  externalRefs(first: 2, filter: { channelId: { eq: $channelId }, kind: { eq: $kind }, externalId: { eq: $externalId }, liveKey: { eq: "0" } }) {
    nodes { target { id } }
  }
}`;

const treeQuery = `query Simulated($tenantId: ID!, $after: Cursor) {
  licensePoolTree(tenantId: $tenantId, first: 200, after: $after) {
    nodes {
      depth
      pool { purchased subPurchased assigned free used tenant { id kind } application { key } licenseType { code } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface TreeAnswer {
  readonly licensePoolTree: {
    readonly nodes: readonly {
      readonly depth: number;
      readonly pool: Omit<PoolLevel, 'depth' | 'tenantId' | 'tenantKind'> & {
        readonly tenant: { readonly id: string; readonly kind: string };
        readonly application: { readonly key: string };
        readonly licenseType: { readonly code: string };
      };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

export function createConsole(graphql: GraphqlClient, channelId: string): Console {
  async function objectIdOf(kind: 'TENANT' | 'USER', externalId: string): Promise<string> {
    const { externalRefs } = await graphql.query<{ externalRefs: { nodes: { target: { id: string } | null }[] } }>(
      refQuery,
      { channelId, kind, externalId },
    );
    const [first] = externalRefs.nodes;
    if (first?.target && externalRefs.nodes.length === 1) return first.target.id;
    throw new Error(expectEqual(`the number of ${externalId} in GraphQL`, externalRefs.nodes.length, 1).join());
  }
  return {
    graphql,
    channelId,
    objectIdOf,
    async poolsBelow(externalId, { applicationName, licenseType }) {
      const tenantId = await objectIdOf('TENANT', externalId);
      const levels: PoolLevel[] = [];
      for (let after: string | null = null; ; ) {
        const { licensePoolTree }: TreeAnswer = await graphql.query<TreeAnswer>(treeQuery, { tenantId, after });
        for (const { depth, pool } of licensePoolTree.nodes) {
          const { tenant, application, licenseType: type, ...numbers } = pool;
          if (application.key !== applicationName || type.code !== licenseType) continue;
          levels.push({ ...numbers, depth, tenantId: tenant.id, tenantKind: tenant.kind });
        }
        after = licensePoolTree.pageInfo.endCursor;
        if (!licensePoolTree.pageInfo.hasNextPage) return levels;
      }
    },
  };
}

/** What is wrong with the counters of pools: each must be what its rows add up to. */
export function counterDifferences(levels: readonly PoolLevel[]): readonly string[] {
  return levels.flatMap(({ tenantKind, purchased, subPurchased, assigned, used, free }) => [
    ...expectEqual(`used at a ${tenantKind}`, used, subPurchased + assigned),
    ...expectEqual(`free at a ${tenantKind}`, free, purchased - used),
  ]);
}
