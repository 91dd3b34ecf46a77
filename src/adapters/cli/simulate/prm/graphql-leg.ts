import { expectEqual } from '../check.js';
import type { Transcript } from '../transcript.js';
import type { Console } from './console.js';

const groupsQuery = `query Simulated($channelId: ID!, $keys: [String!]!) {
  serviceLevelGroups(first: 100, filter: { channelId: { eq: $channelId }, key: { in: $keys } }) {
    nodes { key terminatedAt agreements(first: 5) { nodes { type document } } }
  }
}`;

const providerQuery = `query Simulated($id: ID!) {
  tenant(id: $id) {
    state
    name
    serviceLevelGroup { key }
    approvals(first: 100) { nodes { kind objectKind status } }
    applications(first: 20) { nodes { key state serviceLevelGroup { key } instances(first: 20) { nodes { state } } } }
    journal(first: 200) { nodes { command actorName } }
  }
}`;

/** The oldest first: whoever got the id of a deleted provider comes after it. */
const refsQuery = `query Simulated($channelId: ID!, $externalId: String!) {
  externalRefs(first: 5, filter: { channelId: { eq: $channelId }, kind: { eq: TENANT }, externalId: { eq: $externalId } }) {
    nodes { target { id } }
  }
}`;

interface ShownProvider {
  readonly state: string;
  readonly name: string;
  readonly serviceLevelGroup: { readonly key: string } | null;
  readonly approvals: { readonly nodes: readonly { readonly kind: string; readonly status: string }[] };
  readonly applications: { readonly nodes: readonly { readonly instances: { readonly nodes: readonly unknown[] } }[] };
  readonly journal: { readonly nodes: readonly { readonly command: string; readonly actorName: string }[] };
}

interface ShownGroup {
  readonly key: string;
  readonly terminatedAt: string | null;
  readonly agreements: { readonly nodes: readonly unknown[] };
}

/** Everything that was made over SOAP is in GraphQL, with what happened to it and through which operation. */
export async function showInGraphql(console: Console, transcript: Transcript, operator: string): Promise<void> {
  await showGroups(console, transcript);
  for (const id of told(transcript, 'OpService.registerSpAccountRes', 'spAccountId', 'APPROVE')) {
    await transcript.step(`${id}, what is its own, and its journal`, () => showProvider(console, id, operator));
  }
}

async function showGroups({ graphql, channelId }: Console, transcript: Transcript): Promise<void> {
  const keys = [
    ...told(transcript, 'OpService.createSpGroup', 'spGroupId'),
    ...told(transcript, 'OpService.createAppGroup', 'appGroupId'),
  ];
  if (keys.length === 0) return;
  await transcript.step('GraphQL knows every group and its agreement', async () => {
    const { serviceLevelGroups } = await graphql.query<{ serviceLevelGroups: { nodes: readonly ShownGroup[] } }>(
      groupsQuery,
      { channelId, keys },
    );
    const found = new Map(serviceLevelGroups.nodes.map((group) => [group.key, group]));
    const differences = keys.flatMap((key) => {
      const group = found.get(key);
      if (group === undefined) return [`${key} is not there`];
      if (group.terminatedAt !== null) return [];
      return expectEqual(`agreements of ${key}`, group.agreements.nodes.length, 1);
    });
    return { seen: `${found.size} groups`, differences };
  });
}

async function showProvider({ graphql, channelId }: Console, externalId: string, operator: string) {
  const { externalRefs } = await graphql.query<{ externalRefs: { nodes: { target: { id: string } | null }[] } }>(
    refsQuery,
    { channelId, externalId },
  );
  const id = externalRefs.nodes[0]?.target?.id ?? '';
  const { tenant } = await graphql.query<{ tenant: ShownProvider | null }>(providerQuery, { id });
  if (tenant === null) return { differences: [`${externalId} is not there`] };
  const { state, name, serviceLevelGroup: group, approvals, applications, journal } = tenant;
  const commands = [...new Set(journal.nodes.map(({ command }) => command))];
  const actors = [...new Set(journal.nodes.map(({ actorName }) => actorName))];
  const answered = approvals.nodes.filter(({ kind, status }) => kind === 'REGISTER' && status === 'APPROVED');
  const differences = [
    ...expectEqual('in a group', group !== null, true),
    ...expectEqual('an approved registration', answered.length > 0, true),
    ...expectEqual('requests without an answer', approvals.nodes.filter(({ status }) => status === 'OPEN').length, 0),
    ...expectEqual('a journal entry of its approval', commands.includes('prm.OpService.registerSpAccountRes'), true),
    ...expectEqual(`an entry by ${operator}`, actors.includes(operator), true),
  ];
  const instances = applications.nodes.reduce((sum, application) => sum + application.instances.nodes.length, 0);
  const owned = `${applications.nodes.length} applications, ${instances} instances, ${approvals.nodes.length} requests`;
  const entries = `${journal.nodes.length} journal entries by ${actors.join(', ')}: ${commands.join(', ')}`;
  return { seen: `${state}, ${name}, group ${group?.key ?? '?'}; ${owned}; ${entries}`, differences };
}

/** Ids an operation was called with and did not refuse. */
function told({ steps }: Transcript, operation: string, field: string, response?: string): string[] {
  const inputs = steps
    .filter((step) => step.operation === operation && step.result === 'done')
    .map(({ input }) => input as Readonly<Record<string, string>>);
  const wanted = inputs.filter((input) => response === undefined || input.response === response);
  return [...new Set(wanted.map((input) => input[field] ?? ''))];
}
