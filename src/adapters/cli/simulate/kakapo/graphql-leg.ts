import { expectEqual } from '../check.js';
import type { StepOutcome, Transcript } from '../transcript.js';
import type { Console } from './console.js';

/** The oldest first: whoever got the id of a deleted enterprise comes after it. */
const refsQuery = `query Simulated($channelId: ID!, $externalId: String!) {
  externalRefs(first: 5, filter: { channelId: { eq: $channelId }, kind: { eq: TENANT }, externalId: { eq: $externalId } }) {
    nodes { target { id } }
  }
}`;

const resellerQuery = `query Simulated($id: ID!) {
  tenant(id: $id) {
    state name
    children(first: 50) { nodes { state name } }
    journal(first: 50) { nodes { command actorName } }
  }
}`;

interface ShownReseller {
  readonly state: string;
  readonly name: string;
  readonly children: { readonly nodes: readonly { readonly state: string }[] };
  readonly journal: { readonly nodes: readonly { readonly command: string; readonly actorName: string }[] };
}

/** Every enterprise that was made is in GraphQL, also those that were deleted again, with what happened to it and through which call. */
export async function showInGraphql(console: Console, transcript: Transcript, userName: string): Promise<void> {
  for (const externalId of resellersOf(transcript)) {
    await transcript.step(`${externalId} and its journal`, () => showReseller(console, externalId, userName));
  }
}

async function showReseller(
  { graphql, channelId }: Console,
  externalId: string,
  userName: string,
): Promise<StepOutcome> {
  const { externalRefs } = await graphql.query<{ externalRefs: { nodes: { target: { id: string } | null }[] } }>(
    refsQuery,
    { channelId, externalId },
  );
  const id = externalRefs.nodes[0]?.target?.id ?? '';
  const { tenant } = await graphql.query<{ tenant: ShownReseller | null }>(resellerQuery, { id });
  if (tenant === null) return { differences: [`${externalId} is not there`] };
  const { state, name, children, journal } = tenant;
  const commands = [...new Set(journal.nodes.map(({ command }) => command))];
  const actors = [...new Set(journal.nodes.map(({ actorName }) => actorName))];
  return {
    seen: `${state}, ${name}, ${children.nodes.length} groups; by ${actors.join(', ')}: ${commands.join(', ')}`,
    differences: [
      ...expectEqual('made by', journal.nodes[0]?.command, 'kakapo.AddUserWithHierarchy'),
      ...expectEqual('written by', actors.join(), userName),
    ],
  };
}

/** Told by the calls that made them. */
function resellersOf({ steps }: Transcript): string[] {
  const made = steps.filter(({ operation, result }) => operation === 'AddUserWithHierarchy' && result === 'success');
  return [...new Set(made.map(({ input }) => String((input as { resellerId?: string }).resellerId)))];
}
