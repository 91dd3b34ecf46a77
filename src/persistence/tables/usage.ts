import type { UsageRecord, UsageStatistic } from '../../core/usage/index.js';
import { ascii, big, bool, id, instant, int, json, money, text } from './columns.js';
import { defineTable } from './define-table.js';

/** An ordered set of records that is counted: all of a channel, of a provider there, of one account behind that provider's id. */
export interface UsageStreamRow {
  readonly number: number;
  readonly kind: 'channel' | 'provider' | 'account';
  readonly channelId: string;
  /** '' for a channel. */
  readonly providerExternalId: string;
  /** Of an account; '' when nobody's. */
  readonly tenantId: string;
  /** The provider an account is behind; 0 for the others. */
  readonly parent: number;
  readonly records: number;
  /** Levels of blocks it has: none while it is short. */
  readonly height: number;
  /** Has blocks of its own: an account that is alone behind its provider's id is counted there. */
  readonly counted: boolean;
}

export const usageStreams = defineTable<UsageStreamRow>(
  'usage_streams',
  {
    number: int(),
    kind: ascii(8),
    channelId: id(),
    providerExternalId: text(200),
    tenantId: id(),
    parent: int(),
    records: big(),
    height: int(),
    counted: bool(),
  },
  {
    primaryKey: ['number'],
    unique: [['channelId', 'kind', 'providerExternalId', 'tenantId']],
    indexes: [['tenantId'], ['parent']],
  },
);

/** How many records of a stream have an id from `low` up to the next block's. A level's blocks begin where some of the level below do. */
export interface UsageBlockRow {
  readonly stream: number;
  readonly level: number;
  /** '' for the first. */
  readonly low: string;
  readonly records: number;
}

export const usageBlocks = defineTable<UsageBlockRow>(
  'usage_blocks',
  { stream: int(), level: int(), low: ascii(30), records: big() },
  { primaryKey: ['stream', 'level', 'low'] },
);

export interface UsageRecordRow extends UsageRecord {
  readonly channelStream: number;
  readonly providerStream: number;
}

export const usageRecords = defineTable<UsageRecordRow>(
  'usage_records',
  {
    id: id(),
    channelStream: int(),
    providerStream: int(),
    channelId: id(),
    tenantId: id(),
    applicationId: id(),
    providerExternalId: text(200),
    applicationExternalId: text(200),
    transactionId: money(),
    serviceName: text(100),
    occurredAt: instant(),
    recordedAt: instant(),
    originAddress: text(200),
    destinationAddress: text(200),
    completionStatus: ascii(32),
    statisticType: int(),
    info: text(2_000),
    properties: json(),
  },
  {
    unique: [['providerStream', 'transactionId']],
    // in the order of lists, and with everything their filters ask for
    indexes: [
      ['channelStream', 'id', 'providerStream', 'serviceName', 'completionStatus', 'applicationExternalId'],
      ['providerStream', 'id', 'serviceName', 'completionStatus', 'applicationExternalId'],
    ],
  },
);

export interface UsageStatisticRow extends UsageStatistic {
  readonly providerStream: number;
}

export const usageStatistics = defineTable<UsageStatisticRow>(
  'usage_statistics',
  {
    id: id(),
    providerStream: int(),
    channelId: id(),
    tenantId: id(),
    applicationId: id(),
    providerExternalId: text(200),
    applicationExternalId: text(200),
    statisticType: int(),
    startsAt: instant(),
    endsAt: instant(),
    transactions: int(),
  },
  {
    unique: [['providerStream', 'applicationExternalId', 'tenantId', 'applicationId', 'statisticType', 'startsAt']],
    indexes: [
      ['channelId', 'id'],
      ['providerStream', 'id'],
      ['tenantId', 'id'],
    ],
  },
);
