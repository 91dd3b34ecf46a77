import { amendChannel, type Channel, configureChannel, updateChannel } from '../../../../core/marketplace/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { invalid } from '../../../../core/shared/errors.js';
import { given, shown, TargetInput } from '../command.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { ConfigureChannelInput, UpdateChannelInput } from './inputs.js';
import { ChannelPayload } from './payloads.js';

async function run({ context, change }: Call, work: (tx: Unit) => Promise<Channel>): Promise<ChannelPayload> {
  return { channel: await shown(context, 'channels', await change(work)) };
}

function readSettings(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('settings', 'must be JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('settings', 'must be a JSON object');
  }
  return value as Record<string, unknown>;
}

export const ChannelMutations = mutationsOf('marketplace', {
  configureChannel: mutation(
    ConfigureChannelInput,
    ChannelPayload,
    'Connects the hub to a marketplace.',
    (input, call) => {
      const settings = readSettings(input.settings ?? '{}');
      const channel = { ...given({ ...input, settings: undefined }, {}), settings };
      call.context.services.checkChannelSettings(channel.protocol, settings);
      return run(call, (tx) => configureChannel(tx, channel));
    },
  ),
  updateChannel: mutation(
    UpdateChannelInput,
    ChannelPayload,
    'Changes settings of a channel.',
    ({ id, expectedVersion, settings: text }, call) => {
      const change = { id, expectedVersion, settings: readSettings(text) };
      return run(call, (tx) => amendChannel(tx, change, call.context.services.checkChannelSettings));
    },
  ),
  disableChannel: mutation(
    TargetInput,
    ChannelPayload,
    'Switches a channel off: its marketplace is answered no more.',
    ({ id, expectedVersion }, call) => run(call, (tx) => updateChannel(tx, { id, expectedVersion, disabled: true })),
  ),
  enableChannel: mutation(
    TargetInput,
    ChannelPayload,
    'Switches a channel on again.',
    ({ id, expectedVersion }, call) => run(call, (tx) => updateChannel(tx, { id, expectedVersion, disabled: false })),
  ),
});
