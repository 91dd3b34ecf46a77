import { expectEqual } from '../check.js';
import type { GraphqlClient } from '../graphql-client.js';
import type { Account, Entity } from './accounts.js';

/** The operator's console as a machine uses it: GraphQL. */
export interface Console {
  readonly graphql: GraphqlClient;
  readonly channelId: string;
  /** The object behind an account, by our id. */
  objectIdOf(account: Account): Promise<string>;
  /** The request that waits for an answer. */
  openRequestOf(account: Account): Promise<OpenRequest>;
}

export interface OpenRequest {
  readonly id: string;
  readonly version: number;
  readonly kind: string;
  /** JSON text. */
  readonly proposed: string;
  readonly requestedBy: string;
}

export const objectKinds: Readonly<Record<Entity, string>> = {
  SpAccount: 'TENANT',
  AppAccount: 'APPLICATION',
  AppInstGroup: 'INSTANCE',
};

const objectQuery = `query Simulated($channelId: ID!, $kind: ExternalRefKind!, $externalId: String!) {
  externalRefs(first: 2, filter: { channelId: { eq: $channelId }, kind: { eq: $kind }, externalId: { eq: $externalId }, liveKey: { eq: "0" } }) {
    nodes { target { id } }
  }
}`;

const inboxQuery = `query Simulated($channelId: ID!, $objectId: ID!) {
  approvals(first: 2, filter: { channelId: { eq: $channelId }, objectId: { eq: $objectId }, status: { eq: OPEN } }) {
    nodes { id version kind proposed requestedBy }
  }
}`;

export function createConsole(graphql: GraphqlClient, channelId: string): Console {
  async function objectIdOf({ entity, id }: Account): Promise<string> {
    const { externalRefs } = await graphql.query<{ externalRefs: { nodes: { target: { id: string } | null }[] } }>(
      objectQuery,
      { channelId, kind: objectKinds[entity], externalId: id },
    );
    return only(externalRefs.nodes, `${id} in GraphQL`).target?.id ?? '';
  }
  return {
    graphql,
    channelId,
    objectIdOf,
    async openRequestOf(account) {
      const variables = { channelId, objectId: await objectIdOf(account) };
      const { approvals } = await graphql.query<{ approvals: { nodes: OpenRequest[] } }>(inboxQuery, variables);
      return only(approvals.nodes, `an open request for ${account.id} in the inbox`);
    },
  };
}

function only<T>(nodes: readonly T[], what: string): T {
  const [first] = nodes;
  if (first === undefined || nodes.length !== 1) {
    throw new Error(expectEqual(`the number of ${what}`, nodes.length, 1).join());
  }
  return first;
}
