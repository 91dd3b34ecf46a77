import { alarmSeverities } from './alarms/index.js';
import { chargeKinds, chargeStatuses, subscriptionStatuses } from './billing/index.js';
import { intervals, seatPricings } from './catalog/index.js';
import { sessionStates } from './identity/index.js';
import { certificateKinds, loginOutcomes, protocols } from './marketplace/index.js';
import { approvalKinds, approvalStatuses } from './provisioning/index.js';
import { agreementScopes, memberKinds } from './servicelevels/index.js';
import { tenantKinds } from './tenancy/index.js';
import { completionStatuses } from './usage/index.js';

export type ReaderFieldType = 'id' | 'text' | 'enum' | 'instant' | 'int' | 'bool' | 'money' | 'long';

/** What a list can be filtered and ordered by: readers refuse every other field, the GraphQL schema offers exactly these. */
export interface ReaderField {
  readonly name: string;
  readonly type: ReaderFieldType;
  readonly nullable: boolean;
  readonly filterable: boolean;
  readonly orderable: boolean;
  /** May be the parent field of `pagesByParent` and `countsByParent`. */
  readonly parent: boolean;
  /** The values of an enum, when they are a closed set. */
  readonly values?: readonly string[];
}

type Flag = 'order' | 'parent' | 'null';

function field(
  name: string,
  type: ReaderFieldType,
  flags: readonly Flag[] = [],
  values?: readonly string[],
): ReaderField {
  return {
    name,
    type,
    nullable: flags.includes('null'),
    filterable: true,
    orderable: flags.includes('order'),
    parent: flags.includes('parent'),
    ...(values === undefined ? {} : { values }),
  };
}

const id = field('id', 'id', ['order']);
const createdAt = field('createdAt', 'instant', ['order']);
const name = field('name', 'text', ['order']);
const tenantId = field('tenantId', 'id', ['parent']);
const channelId = field('channelId', 'id', ['parent']);
const instanceId = field('instanceId', 'id', ['parent']);
const applicationId = field('applicationId', 'id', ['parent']);
const serviceLevelGroupId = field('serviceLevelGroupId', 'id', ['parent']);
const userId = field('userId', 'id', ['parent']);
const terminatedAt = field('terminatedAt', 'instant', ['null', 'order']);
const disabledAt = field('disabledAt', 'instant', ['null']);
const lifecycle = [
  terminatedAt,
  field('activated', 'bool'),
  field('locked', 'bool'),
  field('pending', 'enum', [], ['', 'register', 'update', 'delete']),
];

const users = [
  id,
  createdAt,
  field('displayName', 'text', ['order']),
  field('givenName', 'text', ['order']),
  field('familyName', 'text', ['order']),
  field('operatorLevel', 'int', ['null', 'order']),
  terminatedAt,
];

/** Lists of usage are long: no parent and no ordering that no index has. Their ids carry their instants. */
const ofUsage = [
  field('channelId', 'id'),
  field('tenantId', 'id'),
  field('applicationId', 'id'),
  field('providerExternalId', 'text'),
  field('applicationExternalId', 'text'),
  field('statisticType', 'int'),
];

/** Every list orders by creation (its ids are sortable by time) unless asked otherwise. */
export const readerFields = {
  tenants: [
    id,
    createdAt,
    name,
    field('key', 'text', ['null', 'order']),
    field('kind', 'enum', [], tenantKinds),
    field('parentId', 'id', ['parent']),
    channelId,
    field('country', 'text', ['order']),
    serviceLevelGroupId,
    ...lifecycle,
  ],
  users,
  tenantUsers: [...users, tenantId],
  userEmails: [
    id,
    userId,
    field('email', 'text', ['order']),
    field('emailKey', 'text'),
    field('verifiedKey', 'text', ['null']),
    field('primary', 'bool'),
  ],
  memberships: [
    id,
    createdAt,
    userId,
    tenantId,
    instanceId,
    channelId,
    field('loginName', 'text', ['order']),
    field('email', 'text', ['order']),
    terminatedAt,
  ],
  applications: [
    id,
    createdAt,
    name,
    field('key', 'text', ['order']),
    field('ownerTenantId', 'id', ['parent']),
    channelId,
    serviceLevelGroupId,
    ...lifecycle,
  ],
  licenseTypes: [
    id,
    createdAt,
    applicationId,
    field('code', 'text', ['order']),
    name,
    field('position', 'int', ['order']),
  ],
  plans: [
    id,
    createdAt,
    applicationId,
    field('key', 'text', ['order']),
    name,
    field('priceMinor', 'money', ['order']),
    field('currency', 'text'),
    field('interval', 'enum', [], intervals),
    field('seats', 'enum', [], seatPricings),
    field('retiredAt', 'instant', ['null', 'order']),
  ],
  instances: [
    id,
    createdAt,
    name,
    field('key', 'text', ['null', 'order']),
    tenantId,
    applicationId,
    channelId,
    field('configuredAt', 'instant', ['null', 'order']),
    ...lifecycle,
  ],
  approvals: [
    id,
    createdAt,
    field('kind', 'enum', [], approvalKinds),
    field('objectKind', 'enum', [], ['tenant', 'application', 'instance']),
    field('objectId', 'id', ['parent']),
    tenantId,
    channelId,
    field('status', 'enum', ['order'], approvalStatuses),
    field('decidedAt', 'instant', ['null', 'order']),
  ],
  licensePools: [
    id,
    createdAt,
    tenantId,
    applicationId,
    field('licenseTypeId', 'id', ['parent']),
    instanceId,
    field('parentPoolId', 'id', ['parent']),
    field('quantity', 'int', ['order']),
    field('used', 'int', ['order']),
    field('oversell', 'bool'),
  ],
  licenses: [
    id,
    field('poolId', 'id', ['parent']),
    userId,
    tenantId,
    applicationId,
    field('licenseTypeId', 'id', ['parent']),
    instanceId,
    field('assignedAt', 'instant', ['order']),
    field('releasedAt', 'instant', ['null', 'order']),
  ],
  subscriptions: [
    id,
    createdAt,
    tenantId,
    applicationId,
    instanceId,
    field('planId', 'id', ['parent']),
    channelId,
    field('status', 'enum', ['order'], subscriptionStatuses),
    field('startedAt', 'instant', ['order']),
    field('trialEndsAt', 'instant', ['null', 'order']),
    field('endsAt', 'instant', ['null', 'order']),
    field('endedAt', 'instant', ['null', 'order']),
    field('currency', 'text'),
  ],
  charges: [
    id,
    createdAt,
    field('kind', 'enum', [], chargeKinds),
    field('status', 'enum', ['order'], chargeStatuses),
    tenantId,
    field('subscriptionId', 'id', ['parent']),
    instanceId,
    channelId,
    field('priceMinor', 'money', ['order']),
    field('currency', 'text'),
    field('periodStartsAt', 'instant', ['null', 'order']),
    field('startsAt', 'instant', ['null', 'order']),
    field('canceledAt', 'instant', ['null', 'order']),
    field('cancelDueAt', 'instant', ['null', 'order']),
    field('attemptedAt', 'instant', ['null', 'order']),
    field('externalId', 'text'),
    field('thirdParty', 'bool'),
  ],
  scheduledCommands: [
    id,
    createdAt,
    field('command', 'enum', [], ['endSubscription', 'changePurchase']),
    field('objectId', 'id', ['parent']),
    channelId,
    field('requestId', 'text'),
    field('dueAt', 'instant', ['order']),
    field('doneAt', 'instant', ['null', 'order']),
    field('failure', 'text'),
  ],
  channels: [
    id,
    createdAt,
    name,
    field('protocol', 'enum', ['order'], protocols),
    field('position', 'int', ['order']),
    disabledAt,
  ],
  serviceAccounts: [
    id,
    createdAt,
    channelId,
    field('username', 'text', ['order']),
    field('level', 'int', ['null', 'order']),
    field('tenantId', 'id', ['null', 'parent']),
    field('lockedAt', 'instant', ['null', 'order']),
    disabledAt,
    field('ended', 'bool'),
  ],
  accountCertificates: [
    id,
    createdAt,
    channelId,
    field('serviceAccountId', 'id', ['parent']),
    field('kind', 'enum', [], certificateKinds),
    field('name', 'text', ['order']),
  ],
  accountLogins: [
    id,
    field('serviceAccountId', 'id', ['parent']),
    field('outcome', 'enum', [], loginOutcomes),
    field('address', 'text'),
    field('lastAt', 'instant', ['order']),
  ],
  externalRefs: [
    id,
    createdAt,
    channelId,
    field('kind', 'enum'),
    field('parentId', 'id', ['parent']),
    field('externalId', 'text', ['order']),
    field('targetId', 'id', ['parent']),
    field('liveKey', 'text'),
  ],
  channelRecords: [
    id,
    createdAt,
    channelId,
    field('kind', 'text', ['order']),
    field('parentId', 'id', ['parent']),
    field('externalId', 'text', ['order']),
    tenantId,
    field('endedAt', 'instant', ['null']),
  ],
  channelTasks: [
    id,
    createdAt,
    channelId,
    field('kind', 'text', ['order']),
    field('subjectId', 'id', ['parent']),
    field('dueAt', 'instant', ['order']),
    field('attempts', 'int', ['order']),
    field('parkedAt', 'instant', ['null', 'order']),
  ],
  serviceLevelGroups: [
    id,
    createdAt,
    channelId,
    field('memberKind', 'enum', ['order'], memberKinds),
    field('key', 'text', ['order']),
    terminatedAt,
  ],
  serviceLevelAgreements: [
    id,
    createdAt,
    channelId,
    field('scope', 'enum', [], agreementScopes),
    field('targetId', 'id', ['parent']),
    tenantId,
    field('type', 'text', ['order']),
    terminatedAt,
  ],
  webhooks: [id, createdAt, tenantId, field('url', 'text', ['order']), disabledAt],
  sessions: [
    id,
    createdAt,
    userId,
    channelId,
    instanceId,
    field('state', 'enum', [], sessionStates),
    field('method', 'text'),
    field('expiresAt', 'instant', ['order']),
    field('endedAt', 'instant', ['null', 'order']),
  ],
  clients: [
    id,
    createdAt,
    field('clientId', 'text', ['order']),
    name,
    applicationId,
    instanceId,
    tenantId,
    field('level', 'int', ['null']),
    disabledAt,
  ],
  identityProviders: [
    id,
    createdAt,
    field('key', 'text', ['order']),
    field('issuer', 'text', ['order']),
    tenantId,
    field('required', 'bool'),
  ],
  deliveries: [
    id,
    field('subscriber', 'text', ['order']),
    field('eventId', 'id', ['parent']),
    field('eventType', 'text', ['order']),
    field('aggregateId', 'id', ['parent']),
    tenantId,
    field('attempts', 'int', ['order']),
    field('nextAttemptAt', 'instant', ['null', 'order']),
    field('deliveredAt', 'instant', ['null', 'order']),
    field('parkedAt', 'instant', ['null', 'order']),
  ],
  requestRecords: [
    id,
    field('at', 'instant', ['order']),
    field('direction', 'enum', [], ['in', 'out']),
    field('protocol', 'text', ['order']),
    channelId,
    field('operation', 'text', ['order']),
    field('requestId', 'text'),
    field('status', 'int', ['order']),
    field('durationMs', 'int', ['order']),
  ],
  usageRecords: [
    id,
    ...ofUsage,
    field('serviceName', 'text'),
    field('occurredAt', 'instant'),
    field('completionStatus', 'enum', [], completionStatuses),
  ],
  usageStatistics: [id, ...ofUsage, field('startsAt', 'instant')],
  alarms: [
    id,
    createdAt,
    field('instanceNumber', 'long', ['order']),
    field('typeNumber', 'int', ['order']),
    field('severity', 'enum', [], alarmSeverities),
    field('source', 'text', ['order']),
    field('occurredAt', 'instant', ['order']),
    field('lastAt', 'instant', ['order']),
    field('repeatCount', 'int', ['order']),
    channelId,
    tenantId,
    field('objectId', 'id', ['parent']),
    field('acknowledgedAt', 'instant', ['null', 'order']),
    field('clearedAt', 'instant', ['null', 'order']),
  ],
  journal: [
    id,
    field('sequence', 'int', ['null', 'order']),
    field('at', 'instant', ['order']),
    field('actorKind', 'enum', [], ['system', 'anonymous', 'operator', 'user', 'client', 'serviceAccount']),
    field('actorId', 'text'),
    channelId,
    field('command', 'text', ['order']),
    field('requestId', 'text'),
    tenantId,
    field('objectKind', 'text'),
    field('objectId', 'id', ['parent']),
  ],
} as const satisfies Record<string, readonly ReaderField[]>;

/** The lists that can be read. */
export type ListName = keyof typeof readerFields;
