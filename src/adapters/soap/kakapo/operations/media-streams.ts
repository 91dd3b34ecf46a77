import { addChannelRecord, endChannelRecord, findChannelRecord } from '../../../../core/marketplace/index.js';
import { isDomainError } from '../../../../core/shared/errors.js';
import { change } from '../command.js';
import type { Input, Operation } from '../context.js';
import { checkLength, mostAsked } from '../list-length.js';
import { mediaStreamRecord, needQueue, queueName } from '../queue.js';
import { Refusal } from '../refusal.js';
import { need } from '../scope.js';
import { capitalized, shown } from '../words.js';
import { locateQueueLevel, nameData } from './queues.js';

/** Compared without regard to case, kept as written here. */
const mediaStreamTypes = ['WebChat', 'Callback', 'IMAP', 'SMS', 'Twitter', 'Facebook'] as const;

function readType(input: Input): string {
  const given = need(input, 'mediaStreamType');
  const type = mediaStreamTypes.find((known) => known.toLowerCase() === given.toLowerCase());
  if (type !== undefined) return type;
  throw new Refusal(`mediaStreamType '${shown(given)}' is not one of ${mediaStreamTypes.join(', ')}`);
}

function streamName(type: string, queueId: string): string {
  return `Media stream ${type} of ${queueName(queueId)}`;
}

const AddMediaStream: Operation = async (input, call) => {
  const externalId = readType(input);
  const data = nameData(input, 'mediaStreamName');
  const queueId = need(input, 'queueId');
  await change(
    call,
    () => locateQueueLevel(call, input),
    async (tx, { tenantId }) => {
      const { id: parentId } = await needQueue(tx, call, tenantId, queueId);
      const record = { channelId: call.channel.id, kind: mediaStreamRecord, tenantId, parentId, externalId, data };
      await addChannelRecord(tx, record).catch((error: unknown) => {
        if (isDomainError(error, 'already_exists')) {
          throw new Refusal(`${streamName(externalId, queueId)} already exists`);
        }
        // deleted between the look and the lock
        const gone = isDomainError(error, 'not_found') && error.params.kind === 'channelRecord';
        throw gone ? new Refusal(`${capitalized(queueName(queueId))} was not found`) : error;
      });
    },
  );
  return undefined;
};

const DeleteMediaStream: Operation = async (input, call) => {
  const externalId = readType(input);
  const queueId = need(input, 'queueId');
  await change(
    call,
    () => locateQueueLevel(call, input),
    async (tx, { tenantId }) => {
      const { id: parentId } = await needQueue(tx, call, tenantId, queueId);
      const key = { channelId: call.channel.id, kind: mediaStreamRecord, parentId, externalId };
      const stream = await findChannelRecord(tx, key);
      if (stream === undefined) throw new Refusal(`${streamName(externalId, queueId)} was not found`);
      await endChannelRecord(tx, { id: stream.id });
    },
  );
  return undefined;
};

const GetMediaStreams: Operation = async (input, call) => {
  const { tenantId } = await locateQueueLevel(call, input);
  const { lookups } = call.ports;
  const { id: parentId, externalId: queueId } = await needQueue(lookups, call, tenantId, need(input, 'queueId'));
  const match = { channelId: call.channel.id, kind: mediaStreamRecord, parentId, liveKey: '0' };
  const streams = checkLength(await lookups.channelRecords.findMany(match, mostAsked));
  return streams.map(({ externalId, data }) => ({ queueId, mediaStreamType: externalId, mediaStreamName: data.name }));
};

export const mediaStreamOperations = { AddMediaStream, DeleteMediaStream, GetMediaStreams };
