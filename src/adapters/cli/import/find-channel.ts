import type { ChannelView } from '../../../core/readers.js';
import { systemActor } from '../../../core/shared/actor.js';
import { CliError, exitCodes } from '../exit-codes.js';
import type { CliHub } from '../ports.js';

/** The channel of that name; without a name the only PRM one. Throws a CliError when there is none, or none to be chosen. */
export async function findChannel(
  { readers }: Pick<CliHub, 'readers'>,
  name: string | undefined,
): Promise<ChannelView> {
  const filter = name === undefined ? { protocol: { eq: 'prm' } } : { name: { eq: name } };
  const { nodes } = await readers.channels.page(systemActor('import'), { first: 200, filter });
  const [only] = nodes;
  if (only !== undefined && only.protocol !== 'prm') {
    throw new CliError(
      exitCodes.usage,
      `Channel "${only.name}" is of ${only.protocol}; gateways' records belong to a PRM channel.`,
    );
  }
  if (only !== undefined && nodes.length === 1) return only;
  if (name !== undefined) throw new CliError(exitCodes.usage, `There is no channel "${name}".`);
  const which = nodes.map((channel) => channel.name).join(', ');
  throw new CliError(
    exitCodes.usage,
    nodes.length === 0 ? 'There is no PRM channel.' : `There are several PRM channels: ${which}.`,
    { hint: 'Name the channel the records come through: --channel NAME.' },
  );
}
