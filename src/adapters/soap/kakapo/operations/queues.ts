import { addChannelRecord, endChannelRecord } from '../../../../core/marketplace/index.js';
import { isDomainError } from '../../../../core/shared/errors.js';
import { checkText } from '../../../../core/shared/text.js';
import { change } from '../command.js';
import type { Input, KakapoCall, Operation } from '../context.js';
import { checkLength, mostAsked } from '../list-length.js';
import { locateLevel, type PortalLevel } from '../portal-level.js';
import { needQueue, queueName, queueRecord } from '../queue.js';
import { Refusal } from '../refusal.js';
import { need, newId, optional } from '../scope.js';
import { capitalized } from '../words.js';

/** The reseller a queue stands at, or the group if one is named. */
export function locateQueueLevel(call: KakapoCall, input: Input): Promise<PortalLevel> {
  need(input, 'resellerId');
  return locateLevel(call, input, { reseller: 'resellerId', group: 'groupId' });
}

/** What of records is shown of their names; a queue without one has none. */
export function nameData(input: Input, name: string): { readonly name?: string } {
  const given = optional(input, name);
  return given === undefined ? {} : { name: checkText(name, given) };
}

const AddQueue: Operation = async (input, call) => {
  const externalId = newId(input, 'queueId');
  const data = nameData(input, 'queueName');
  await change(
    call,
    () => locateQueueLevel(call, input),
    async (tx, { tenantId }) => {
      const record = { channelId: call.channel.id, kind: queueRecord, tenantId, externalId, data };
      await addChannelRecord(tx, record).catch((error: unknown) => {
        if (!isDomainError(error, 'already_exists')) throw error;
        throw new Refusal(`${capitalized(queueName(externalId))} already exists`);
      });
    },
  );
  return undefined;
};

/** With its media streams. */
const DeleteQueue: Operation = async (input, call) => {
  await change(
    call,
    () => locateQueueLevel(call, input),
    async (tx, { tenantId }) => {
      const { id } = await needQueue(tx, call, tenantId, need(input, 'queueId'));
      await endChannelRecord(tx, { id });
    },
  );
  return undefined;
};

const GetQueues: Operation = async (input, call) => {
  const { tenantId } = await locateQueueLevel(call, input);
  const match = { channelId: call.channel.id, kind: queueRecord, parentId: tenantId, liveKey: '0' };
  const queues = checkLength(await call.ports.lookups.channelRecords.findMany(match, mostAsked));
  const at = { resellerId: need(input, 'resellerId'), groupId: optional(input, 'groupId') };
  return queues.map(({ externalId, data }) => ({ ...at, queueId: externalId, queueName: data.name }));
};

export const queueOperations = { AddQueue, DeleteQueue, GetQueues };
