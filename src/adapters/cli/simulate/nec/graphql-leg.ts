import { expectEqual } from '../check.js';
import type { GraphqlClient } from '../graphql-client.js';
import type { Transcript } from '../transcript.js';

const objectsQuery = `query Simulated($externalIds: [String!]!) {
  externalRefs(first: 50, filter: { kind: { eq: INSTANCE }, externalId: { in: $externalIds } }) {
    nodes { externalId target { id } }
  }
}`;

const instanceQuery = `query Simulated($id: ID!) {
  instance(id: $id) {
    state
    tenant { name }
    application { key }
    subscription { status }
    licensePools(first: 5) { nodes { quantity used } }
    licenses(first: 20) { nodes { user { displayName } } }
    memberships(first: 20) { nodes { id } }
    journal(first: 50) { nodes { command actorName requestId } }
  }
}`;

interface ShownInstance {
  readonly state: string;
  readonly tenant: { readonly name: string } | null;
  readonly application: { readonly key: string } | null;
  readonly subscription: { readonly status: string } | null;
  readonly licensePools: { readonly nodes: readonly { readonly quantity: number; readonly used: number }[] };
  readonly licenses: { readonly nodes: readonly unknown[] };
  readonly memberships: { readonly nodes: readonly unknown[] };
  readonly journal: { readonly nodes: readonly { readonly command: string; readonly actorName: string }[] };
}

/** Everything that was bought is in GraphQL, with what happened to it and through which call. */
export async function showInGraphql(
  client: GraphqlClient,
  transcript: Transcript,
  realmIds: readonly string[],
  channelAccount: string,
): Promise<void> {
  const targets = new Map<string, string>();
  await transcript.step('GraphQL knows every realm by the marketplace’s own id', async () => {
    const { externalRefs } = await client.query<{
      externalRefs: { nodes: { externalId: string; target: { id: string } | null }[] };
    }>(objectsQuery, { externalIds: realmIds });
    for (const { externalId, target } of externalRefs.nodes) if (target !== null) targets.set(externalId, target.id);
    return {
      seen: `${targets.size} ${targets.size === 1 ? 'instance' : 'instances'}`,
      differences: realmIds.filter((id) => !targets.has(id)).map((id) => `${id} is not there`),
    };
  });
  for (const [realmId, id] of targets) {
    await transcript.step(`${realmId} and its journal`, async () => {
      const { instance } = await client.query<{ instance: ShownInstance | null }>(instanceQuery, { id });
      if (instance === null) return { differences: [`${id} is not there`] };
      const entries = instance.journal.nodes;
      const commands = [...new Set(entries.map(({ command }) => command))].join(', ');
      const differences = [
        ...expectEqual('application', instance.application !== null, true),
        ...expectEqual('subscription', instance.subscription !== null, true),
        ...expectEqual('pools', instance.licensePools.nodes.length > 0, true),
        ...expectEqual(
          'a journal entry of CreateRealm',
          entries.some(({ command }) => command === 'nec.CreateRealm'),
          true,
        ),
        ...expectEqual('written by', [...new Set(entries.map(({ actorName }) => actorName))].join(), channelAccount),
      ];
      const pool = instance.licensePools.nodes[0];
      const facts = `${instance.state}, ${instance.tenant?.name ?? '?'}, ${pool?.used ?? 0} of ${pool?.quantity ?? 0} seats`;
      return { seen: `${facts}; ${entries.length} journal entries: ${commands}`, differences };
    });
  }
}
