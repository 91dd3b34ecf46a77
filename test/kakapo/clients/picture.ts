import type { GraphqlClient } from '../../support/graphql-call.js';

const query = `query($host: String!) {
  externalRefs(first: 2, filter: { kind: { eq: TENANT }, externalId: { eq: $host }, liveKey: { eq: "0" } }) {
    nodes { target { ... on Tenant { ...place children(first: 5) { nodes { ...place children(first: 5) { nodes { ...place } } } } } } }
  }
}
fragment place on Tenant {
  kind name terminatedAt
  externalRefs(first: 2) { nodes { externalId live } }
  licensePools(first: 5) { nodes { application { key } licenseType { code } purchased subPurchased assigned } }
  memberships(first: 5) { nodes { loginName roles terminatedAt user { displayName } } }
  licenses(first: 5) { nodes { releasedAt user { displayName } application { key } licenseType { code } pool { tenant { name } } } }
  channelRecords(first: 5) { nodes { kind externalId endedAt data } }
}`;

interface Page<T> {
  readonly nodes: readonly T[];
}

interface Good {
  readonly application: { readonly key: string };
  readonly licenseType: { readonly code: string };
}

interface Place {
  readonly kind: string;
  readonly name: string;
  readonly terminatedAt: string | null;
  readonly externalRefs: Page<{ externalId: string; live: boolean }>;
  readonly licensePools: Page<Good & { purchased: number; subPurchased: number; assigned: number }>;
  readonly memberships: Page<{
    loginName: string;
    roles: string[];
    terminatedAt: string | null;
    user: { displayName: string };
  }>;
  readonly licenses: Page<
    Good & { releasedAt: string | null; user: { displayName: string }; pool: { tenant: { name: string } } }
  >;
  readonly channelRecords: Page<{ kind: string; externalId: string; endedAt: string | null; data: string }>;
  readonly children?: Page<Place>;
}

/** All that GraphQL tells of a provider and what is below it, as lines of text; a level deeper is indented by a dot. */
export async function pictureOf(graphql: GraphqlClient, host: string): Promise<string[]> {
  const { externalRefs } = await graphql.ok(query, { host });
  const [ref, further] = externalRefs.nodes as { target: Place }[];
  if (ref === undefined || further !== undefined) throw new Error(`not one provider is ${host}`);
  return linesOf(ref.target);
}

function linesOf(place: Place): string[] {
  const ids = place.externalRefs.nodes.filter(({ live }) => live).map(({ externalId }) => externalId);
  const goodOf = ({ application, licenseType }: Good) => `${application.key} ${licenseType.code}`;
  const below = [
    ...place.licensePools.nodes.map(
      (pool) => `pool ${goodOf(pool)}: ${pool.purchased} bought, ${pool.subPurchased} passed on, ${pool.assigned} held`,
    ),
    ...place.memberships.nodes
      .filter(({ terminatedAt }) => terminatedAt === null)
      .map(({ loginName, roles, user }) => `${[...roles].sort().join('+')} ${loginName} (${user.displayName})`),
    ...place.licenses.nodes
      .filter(({ releasedAt }) => releasedAt === null)
      .map((license) => `${license.user.displayName} holds ${goodOf(license)} of ${license.pool.tenant.name}`),
    ...place.channelRecords.nodes
      .filter(({ endedAt }) => endedAt === null)
      .map(({ kind, externalId, data }) => `${kind} ${externalId} ${data}`),
  ].sort();
  const children = (place.children?.nodes ?? []).filter(({ terminatedAt }) => terminatedAt === null);
  return [
    `${place.kind.toLowerCase()} ${ids.join()} (${place.name})`,
    ...[...below, ...children.flatMap(linesOf)].map((line) => `. ${line}`),
  ];
}
