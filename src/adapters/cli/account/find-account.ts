import type { ChannelView, ServiceAccountView } from '../../../core/readers.js';
import { systemActor } from '../../../core/shared/actor.js';
import { CliError, exitCodes } from '../exit-codes.js';
import type { CliHub } from '../ports.js';

type Hub = Pick<CliHub, 'readers'>;

const actor = systemActor('account');
export const largestPage = 200;

/** The channel of that name. Throws a CliError that names those there are. */
export async function channelNamed({ readers }: Hub, name: string): Promise<ChannelView> {
  const { nodes } = await readers.channels.page(actor, { first: 1, filter: { name: { eq: name } } });
  if (nodes[0] !== undefined) return nodes[0];
  const all = await readers.channels.page(actor, { first: largestPage });
  throw new CliError(exitCodes.usage, `There is no channel "${name}".`, {
    hint: all.nodes.length === 0 ? 'No channel is configured.' : `There are: ${quoted(all.nodes.map((c) => c.name))}.`,
  });
}

/** The live account of that name on the channel. Throws a CliError that says what there is instead. */
export async function accountNamed(
  hub: Hub,
  channelName: string,
  username: string,
): Promise<{ readonly channel: ChannelView; readonly account: ServiceAccountView }> {
  const channel = await channelNamed(hub, channelName);
  const filter = { channelId: { eq: channel.id }, username: { eq: username }, ended: { eq: false } };
  const { nodes } = await hub.readers.serviceAccounts.page(actor, { first: 1, filter });
  const [account] = nodes;
  if (account !== undefined) return { channel, account };
  throw new CliError(exitCodes.usage, `There is no account "${username}" on channel "${channelName}".`, {
    hint: `Names are compared byte for byte; \`mercator account list ${channelName}\` shows them.`,
  });
}

/** All live accounts, of one channel when it is given, with the last log-ins; in order of their names. */
export async function listAccounts({ readers }: Hub, channelId: string | undefined) {
  const channels = new Map<string, string>();
  for (const { id, name } of await all((after) => readers.channels.page(actor, { first: largestPage, after }))) {
    channels.set(id, name);
  }
  const filter = { ended: { eq: false }, ...(channelId === undefined ? {} : { channelId: { eq: channelId } }) };
  const orderBy = { field: 'username', direction: 'ASC' } as const;
  const accounts = await all((after) =>
    readers.serviceAccounts.page(actor, { first: largestPage, after, filter, orderBy }),
  );
  return accounts.map((account) => ({ account, channel: channels.get(account.channelId) ?? '' }));
}

async function all<View>(
  page: (
    after: string | null,
  ) => Promise<{ readonly nodes: readonly View[]; readonly cursors: readonly string[]; readonly hasNextPage: boolean }>,
): Promise<View[]> {
  const rows: View[] = [];
  for (let after: string | null = null; ; ) {
    const { nodes, cursors, hasNextPage } = await page(after);
    rows.push(...nodes);
    if (!hasNextPage) return rows;
    after = cursors.at(-1)!;
  }
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
