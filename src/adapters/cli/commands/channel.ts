import type { Command } from 'commander';
import { allowRediscovery } from '../../../core/marketplace/index.js';
import { systemActor } from '../../../core/shared/actor.js';
import { channelNamed } from '../account/find-account.js';
import { act, type Cli, runId, withHub } from '../command.js';
import { exitCodes } from '../exit-codes.js';

const sentences = {
  unchanged: 'as it was',
  changed: 'changed, and in use',
  resumed: 'listed again: people sign in',
  suspended: 'not listed any more: nobody signs in',
  unusable: 'listed in a way that cannot be read: as it was',
} as const;

export function addChannel(root: Command, cli: Cli): void {
  const channel = root.command('channel').description('connections to marketplaces');
  const discover = channel
    .command('discover')
    .argument('<channel>', 'one whose marketplace is listed in a directory')
    .description('ask the directory of a channel now and apply what it says');
  act(cli, discover, ({ ports, output }, [name = '']) =>
    withHub(ports, async (hub) => {
      const { id } = await channelNamed(hub, name);
      const command = { name: 'cli.rediscoverChannel', requestId: runId('channel'), channelId: id };
      await hub.uow.run(systemActor('channel'), command, (tx) => allowRediscovery(tx, id));
      const { problem, channels } = await hub.rediscoverChannel(id);
      output.answer({
        ok: problem === '',
        problem,
        channels: channels.map(({ name: of, outcome }) => ({ name: of, outcome })),
      });
      for (const { name: of, outcome } of channels) output.line(`${of.padEnd(24)} ${sentences[outcome]}`);
      if (problem !== '') output.line(`Nothing was applied: ${problem}.`);
      return problem === '' ? exitCodes.ok : exitCodes.failed;
    }),
  );
}
