import type { ChannelTaskView, DeliveryView, RequestRecordView } from '../../../../core/readers.js';
import { lists } from '../lists.js';
import { relationsOf, rootsOf } from '../reading.js';
import { ChannelTaskType, DeliveryType, RequestRecordType } from './types.js';

export const operationsQueries = [
  rootsOf('delivery', 'deliveries', lists.deliveries, 'Events on their way to subscribers'),
  rootsOf('channelTask', 'channelTasks', lists.channelTasks, 'Work for marketplaces that is not done yet'),
  rootsOf('requestRecord', 'requestRecords', lists.requestRecords, 'Calls in and out of the last 7 days'),
  relationsOf<DeliveryView>(DeliveryType, {
    one: {
      tenant: [lists.tenants, (delivery) => delivery.tenantId, 'Whom the event concerns; null for the hub’s own.'],
    },
    node: { aggregate: [(delivery) => delivery.aggregateId, 'The object it happened to.'] },
  }),
  relationsOf<ChannelTaskView>(ChannelTaskType, {
    one: { channel: [lists.channels, (task) => task.channelId, 'Whose work it is.'] },
    node: { subject: [(task) => task.subjectId, 'What it is about; null when that is nothing in particular.'] },
  }),
  relationsOf<RequestRecordView>(RequestRecordType, {
    one: { channel: [lists.channels, (record) => record.channelId, 'The channel it came through; null without one.'] },
  }),
];
