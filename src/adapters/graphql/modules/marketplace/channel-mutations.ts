import {
  allowRediscovery,
  amendChannel,
  type Channel,
  configureChannel,
  updateChannel,
} from '../../../../core/marketplace/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { given, shown, TargetInput } from '../command.js';
import { readJsonObject } from '../json-object.js';
import { type Call, mutation, mutationsOf } from '../mutations-of.js';
import { ConfigureChannelInput, RediscoverChannelInput, UpdateChannelInput } from './inputs.js';
import { ChannelPayload, RediscoverChannelPayload } from './payloads.js';

async function run({ context, change }: Call, work: (tx: Unit) => Promise<Channel>): Promise<ChannelPayload> {
  return { channel: await shown(context, 'channels', await change(work)) };
}

export const ChannelMutations = mutationsOf('marketplace', {
  configureChannel: mutation(
    ConfigureChannelInput,
    ChannelPayload,
    'Connects the hub to a marketplace.',
    (input, call) => {
      const settings = readJsonObject('settings', input.settings ?? '{}');
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
      const change = { id, expectedVersion, settings: readJsonObject('settings', text) };
      return run(call, (tx) => amendChannel(tx, change, call.context.services.checkChannelSettings));
    },
  ),
  disableChannel: mutation(
    TargetInput,
    ChannelPayload,
    'Switches a channel off: its marketplace is answered no more.',
    ({ id, expectedVersion }, call) => run(call, (tx) => updateChannel(tx, { id, expectedVersion, disabled: true })),
  ),
  rediscoverChannel: mutation(
    RediscoverChannelInput,
    RediscoverChannelPayload,
    'Asks the directory of a channel now, for all channels that share it, and applies what it says.',
    async ({ id }, { context, change }) => {
      await change((tx) => allowRediscovery(tx, id));
      const { problem, channels } = await context.services.rediscoverChannel(id);
      context.forget();
      return { problem, outcomes: channels, channel: await shown(context, 'channels', id) };
    },
  ),
  enableChannel: mutation(
    TargetInput,
    ChannelPayload,
    'Switches a channel on again.',
    ({ id, expectedVersion }, call) => run(call, (tx) => updateChannel(tx, { id, expectedVersion, disabled: false })),
  ),
});
