import { expectEqual } from '../check.js';
import type { MaestranoContext, Place } from './context.js';
import { idOf } from './looks.js';

const journalQuery = `query Simulated($id: ID!) {
  instance(id: $id) {
    state tenant { name } application { key } channel { name }
    charges(first: 20) { nodes { kind status amount { amount currency } } }
    journal(first: 100) { nodes { command actorName } }
  }
}`;

interface Shown {
  readonly state: string;
  readonly tenant: { readonly name: string } | null;
  readonly application: { readonly key: string } | null;
  readonly channel: { readonly name: string } | null;
  readonly charges: {
    readonly nodes: readonly { readonly kind: string; readonly status: string }[];
  };
  readonly journal: { readonly nodes: readonly { readonly command: string; readonly actorName: string }[] };
}

/** Every company that signed on is in GraphQL, with what happened to it and on whose word. */
export async function showInGraphql(context: MaestranoContext): Promise<void> {
  const { transcript, first, second } = context;
  const launched = transcript.steps.filter(({ operation, state }) => operation === 'launch' && state === 'ok');
  const told = new Set<string>();
  for (const { input } of launched) {
    const { marketplace, group } = input as { marketplace: string; group: string };
    if (told.has(`${marketplace} ${group}`)) continue;
    told.add(`${marketplace} ${group}`);
    await show(context, marketplace === first.marketplace.name ? first : second, group);
  }
}

async function show({ graphql, transcript }: MaestranoContext, place: Place, groupUid: string): Promise<void> {
  await transcript.step(`${groupUid} of ${place.marketplace.title}, and its journal`, async () => {
    const id = await idOf(graphql, place.channelId, 'INSTANCE', groupUid);
    const { instance } = await graphql.query<{ instance: Shown | null }>(journalQuery, { id: id ?? '' });
    if (instance === null) return { differences: [`${groupUid} is not there`] };
    const commands = [...new Set(instance.journal.nodes.map(({ command }) => command))];
    const actors = new Set(instance.journal.nodes.map(({ actorName }) => actorName));
    const charges = instance.charges.nodes.map(({ kind, status }) => `${kind} ${status}`);
    return {
      operation: 'GraphQL instance',
      input: { group: groupUid },
      seen: `${instance.state}, ${instance.tenant?.name}; ${charges.join(', ') || 'no charges'}; ${commands.join(', ')}`,
      differences: [
        ...expectEqual('application', instance.application !== null, true),
        ...expectEqual('channel', instance.channel !== null, true),
        ...expectEqual('written on the word of the marketplace', actors.has(place.marketplace.api.id), true),
      ],
    };
  });
}
