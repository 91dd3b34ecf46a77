import { ID, InputType, Int, ObjectType } from 'type-graphql';
import { allowErasure, allowUnpark } from '../../../../core/journal/index.js';
import { allowTaskRetry } from '../../../../core/marketplace/index.js';
import type { ChannelTaskView, DeliveryView } from '../../../../core/readers.js';
import { notFound } from '../../../../core/shared/errors.js';
import { CommandInput, shown } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { mutation, mutationsOf } from '../mutations-of.js';
import { ChannelTaskType, DeliveryType } from './types.js';

@InputType('UnparkDeliveryInput')
export class UnparkDeliveryInput extends CommandInput {
  @Required(() => ID, 'The delivery that was given up.')
  id!: string;
}

@InputType('RetryChannelTaskInput')
export class RetryChannelTaskInput extends CommandInput {
  @Required(() => ID, 'The task that was given up.')
  id!: string;
}

@InputType('EraseJournalPayloadsInput')
export class EraseJournalPayloadsInput extends CommandInput {
  @Required(() => ID, 'The object whose data before and after go from every entry about it.')
  objectId!: string;
}

@ObjectType('DeliveryPayload', { simpleResolvers: true })
export class DeliveryPayload {
  @Optional(() => DeliveryType, 'The delivery now; null when it is out of your sight.')
  delivery!: DeliveryView | null;
}

@ObjectType('ChannelTaskPayload', { simpleResolvers: true })
export class ChannelTaskPayload {
  @Optional(() => ChannelTaskType, 'The task now; null when it is done already, or out of your sight.')
  channelTask!: ChannelTaskView | null;
}

@ObjectType('EraseJournalPayloadsPayload', { simpleResolvers: true })
export class EraseJournalPayloadsPayload {
  @Required(() => Int, 'Entries whose data went now.')
  erased!: number;
}

export const OperationMutations = mutationsOf('journal', {
  unparkDelivery: mutation(
    UnparkDeliveryInput,
    DeliveryPayload,
    'Has a delivery that was given up tried again, and those that wait behind it.',
    async ({ id }, call) => {
      const { context } = call;
      const delivery = await shown(context, 'deliveries', id);
      if (delivery === null) throw notFound('delivery');
      await call.change((tx) => allowUnpark(tx, delivery));
      await context.services.parkedDeliveries.unpark(id);
      return { delivery: await shown(context, 'deliveries', id) };
    },
  ),
  retryChannelTask: mutation(
    RetryChannelTaskInput,
    ChannelTaskPayload,
    'Has a task that was given up tried again.',
    async ({ id }, call) => {
      const { context } = call;
      const task = await shown(context, 'channelTasks', id);
      if (task === null) throw notFound('channelTask');
      await call.change((tx) => allowTaskRetry(tx, task));
      await context.services.parkedTasks.unpark(id);
      return { channelTask: await shown(context, 'channelTasks', id) };
    },
  ),
  eraseJournalPayloads: mutation(
    EraseJournalPayloadsInput,
    EraseJournalPayloadsPayload,
    'Erases what journal entries say about an object; that they were there stays provable.',
    async (input, call) => {
      const objectId = await call.change((tx) => allowErasure(tx, input));
      return { erased: await call.context.services.journalPayloads.erase(objectId) };
    },
  ),
});
