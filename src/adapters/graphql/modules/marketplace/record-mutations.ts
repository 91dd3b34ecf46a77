import { addChannelRecord, endChannelRecord, updateChannelRecord } from '../../../../core/marketplace/index.js';
import { given, shown, TargetInput } from '../command.js';
import { readJsonObject } from '../json-object.js';
import { mutation, mutationsOf } from '../mutations-of.js';
import { AddChannelRecordInput, UpdateChannelRecordInput } from './inputs.js';
import { ChannelRecordPayload } from './payloads.js';

export const ChannelRecordMutations = mutationsOf('marketplace', {
  addChannelRecord: mutation(
    AddChannelRecordInput,
    ChannelRecordPayload,
    'Adds what a protocol has at a tenant and the model has no word for.',
    async ({ data, ...input }, call) => {
      const record = { ...given(input, { parentId: undefined }), data: readJsonObject('data', data ?? '{}') };
      const id = await call.change((tx) => addChannelRecord(tx, record));
      return { channelRecord: await shown(call.context, 'channelRecords', id) };
    },
  ),
  updateChannelRecord: mutation(
    UpdateChannelRecordInput,
    ChannelRecordPayload,
    'Replaces what is known about a tenant’s record.',
    async ({ id, expectedVersion, data }, call) => {
      const change = { id, expectedVersion: expectedVersion ?? null, data: readJsonObject('data', data) };
      await call.change((tx) => updateChannelRecord(tx, change));
      return { channelRecord: await shown(call.context, 'channelRecords', id) };
    },
  ),
  endChannelRecord: mutation(
    TargetInput,
    ChannelRecordPayload,
    'Ends a tenant’s record with everything below it; their ids are free again.',
    async (input, call) => {
      const id = await call.change((tx) => endChannelRecord(tx, input));
      return { channelRecord: await shown(call.context, 'channelRecords', id) };
    },
  ),
});
