import type { Tx } from '../../shared/unit-of-work.js';
import type { Usage } from '../check-usage.js';
import type { NewUsageRecord } from '../model.js';
import type { UsageRepositories } from '../ports.js';
import { holderAt, type Tenure } from '../tenure.js';

/** Whose the records are, by who had the external ids when they occurred. What nobody had stays without owner. */
export async function attribute(
  tx: Tx & UsageRepositories,
  channelId: string,
  usages: readonly Usage[],
): Promise<NewUsageRecord[]> {
  const providers = unique(usages.map(({ providerExternalId }) => providerExternalId));
  const tenants = byKey(await tx.usageLedger.tenures(channelId, 'tenant', [''], providers));
  const owned = usages.map((usage) => ({
    usage,
    tenantId: holderAt(tenants.get(keyOf('', usage.providerExternalId)) ?? [], usage.occurredAt),
  }));
  const owners = unique(owned.map(({ tenantId }) => tenantId));
  const named = unique(usages.map(({ applicationExternalId }) => applicationExternalId));
  const applications = byKey(await tx.usageLedger.tenures(channelId, 'application', owners, named));
  return owned.map(({ usage, tenantId }) => ({
    ...usage,
    channelId,
    tenantId,
    applicationId: holderAt(applications.get(keyOf(tenantId, usage.applicationExternalId)) ?? [], usage.occurredAt),
    recordedAt: tx.now,
  }));
}

/** Without ''. */
function unique(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '');
}

function keyOf(parentId: string, externalId: string): string {
  return `${parentId}\n${externalId}`;
}

function byKey(tenures: readonly Tenure[]): Map<string, Tenure[]> {
  const groups = new Map<string, Tenure[]>();
  for (const tenure of tenures) {
    const key = keyOf(tenure.parentId, tenure.externalId);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [tenure]);
    else group.push(tenure);
  }
  return groups;
}
