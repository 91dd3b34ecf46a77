import type { Readers } from '../../../core/readers.js';
import { kindOfId, type ObjectKind } from '../../../core/shared/ids.js';
import type { Reader } from '../../../core/shared/reading.js';
import { findOne } from '../relay/lists.js';
import type { MercatorContext } from '../services.js';

export interface NodeView {
  readonly id: string;
}

/** Where objects of a kind are read; kinds that are missing here have no type of their own. */
const readerOfKind: Partial<Record<ObjectKind, (readers: Readers) => Reader<NodeView>>> = {
  tenant: (readers) => readers.tenants,
  user: (readers) => readers.users,
  userEmail: (readers) => readers.userEmails,
  membership: (readers) => readers.memberships,
  session: (readers) => readers.sessions,
  client: (readers) => readers.clients,
  identityProvider: (readers) => readers.identityProviders,
  application: (readers) => readers.applications,
  plan: (readers) => readers.plans,
  licenseType: (readers) => readers.licenseTypes,
  instance: (readers) => readers.instances,
  approval: (readers) => readers.approvals,
  licensePool: (readers) => readers.licensePools,
  license: (readers) => readers.licenses,
  subscription: (readers) => readers.subscriptions,
  charge: (readers) => readers.charges,
  scheduledCommand: (readers) => readers.scheduledCommands,
  channel: (readers) => readers.channels,
  serviceAccount: (readers) => readers.serviceAccounts,
  accountCertificate: (readers) => readers.accountCertificates,
  externalRef: (readers) => readers.externalRefs,
  channelRecord: (readers) => readers.channelRecords,
  webhook: (readers) => readers.webhooks,
  serviceLevelGroup: (readers) => readers.serviceLevelGroups,
  serviceLevelAgreement: (readers) => readers.serviceLevelAgreements,
  delivery: (readers) => readers.deliveries,
  channelTask: (readers) => readers.channelTasks,
  request: (readers) => readers.requestRecords,
  usageRecord: (readers) => readers.usageRecords,
  usageStatistic: (readers) => readers.usageStatistics,
  alarm: (readers) => readers.alarms,
  journalEntry: (readers) => readers.journal,
};

/** Any object by its id; null when the text is no id, nothing has it, or the caller may not see it. */
export async function loadNode(context: MercatorContext, id: string | null): Promise<NodeView | null> {
  const kind = id === null ? undefined : kindOfId(id);
  const choose = kind && readerOfKind[kind];
  return choose ? findOne(context, choose(context.services.readers), id) : null;
}
