import type {
  AccountCertificate,
  AccountLogin,
  Channel,
  ChannelRecord,
  ChannelTask,
  ExternalRef,
  LoginTicket,
  ServiceAccount,
  Webhook,
} from '../../core/marketplace/index.js';
import { added, ascii, id, instant, int, json, named, nullable, sealed, sealedJson, secret, text } from './columns.js';
import { defineTable } from './define-table.js';

export const channels = defineTable<Channel>(
  'channels',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    name: text(),
    protocol: ascii(16),
    settings: sealedJson(),
    position: int(),
    disabledAt: nullable(instant()),
    discovered: nullable(sealedJson()),
    discoveredAt: nullable(instant()),
    suspendedAt: nullable(instant()),
  },
  { unique: [['name']], journal: { kind: 'channel', tenantId: () => '' } },
);

export const serviceAccounts = defineTable<ServiceAccount>(
  'service_accounts',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    channelId: id(),
    username: text(),
    passwordHash: secret(ascii(500)),
    credentialVersion: int(),
    soapSecret: sealed(),
    level: nullable(int()),
    tenantId: nullable(id()),
    addresses: nullable(json()),
    lockedAt: nullable(instant()),
    disabledAt: nullable(instant()),
    liveKey: added(ascii(30), '0'),
  },
  {
    unique: [['channelId', 'username', 'liveKey']],
    indexes: [['tenantId']],
    journal: { kind: 'serviceAccount', tenantId: (row) => row.tenantId ?? '' },
  },
);

export const accountCertificates = defineTable<AccountCertificate>(
  'account_certificates',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    channelId: id(),
    serviceAccountId: id(),
    kind: ascii(16),
    valueHash: ascii(64),
    name: text(2_000),
  },
  {
    unique: [['channelId', 'valueHash']],
    indexes: [['serviceAccountId']],
    journal: { kind: 'accountCertificate', tenantId: () => '' },
  },
);

export const accountLogins = defineTable<AccountLogin>(
  'account_logins',
  {
    id: id(),
    serviceAccountId: id(),
    outcome: ascii(20),
    address: ascii(64),
    by: named('by_name', text()),
    firstAt: instant(),
    lastAt: instant(),
    times: int(),
  },
  { indexes: [['serviceAccountId', 'outcome', 'lastAt'], ['serviceAccountId', 'lastAt'], ['lastAt']] },
);

export const loginTickets = defineTable<LoginTicket>(
  'login_tickets',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    channelId: id(),
    serviceAccountId: id(),
    ticketHash: secret(ascii(64)),
    lastUsedAt: instant(),
    expiresAt: instant(),
    endedAt: nullable(instant()),
  },
  { unique: [['ticketHash']], indexes: [['serviceAccountId'], ['expiresAt']] },
);

export const externalRefs = defineTable<ExternalRef>(
  'external_refs',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    channelId: id(),
    kind: ascii(32),
    parentId: id(),
    externalId: text(255),
    targetId: id(),
    liveKey: ascii(30),
  },
  {
    unique: [['channelId', 'kind', 'parentId', 'externalId', 'liveKey']],
    indexes: [['targetId']],
    journal: { kind: 'externalRef', tenantId: () => '' },
  },
);

export const channelRecords = defineTable<ChannelRecord>(
  'channel_records',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    channelId: id(),
    kind: ascii(64),
    parentId: id(),
    externalId: text(255),
    data: json(),
    tenantId: added(id(), ''),
    endedAt: nullable(instant()),
    liveKey: added(ascii(30), '0'),
  },
  {
    unique: [['channelId', 'kind', 'parentId', 'externalId', 'liveKey']],
    indexes: [['parentId'], ['tenantId']],
    journal: { kind: 'channelRecord', tenantId: (row) => row.tenantId },
  },
);

export const webhooks = defineTable<Webhook>(
  'webhooks',
  {
    id: id(),
    version: int(),
    createdAt: instant(),
    tenantId: id(),
    url: text(2_000),
    secret: named('signing_secret', sealed()),
    events: named('event_types', json()),
    disabledAt: nullable(instant()),
  },
  { indexes: [['tenantId']], journal: { kind: 'webhook', tenantId: (row) => row.tenantId } },
);

export const channelTasks = defineTable<ChannelTask>(
  'channel_tasks',
  {
    id: id(),
    createdAt: instant(),
    channelId: id(),
    kind: ascii(32),
    subjectId: id(),
    data: json(),
    dueAt: instant(),
    attempts: int(),
    leaseOwner: ascii(36),
    leasedUntil: nullable(instant()),
    parkedAt: nullable(instant()),
    lastError: text(500),
  },
  { indexes: [['parkedAt', 'dueAt'], ['channelId', 'kind'], ['subjectId']] },
);
