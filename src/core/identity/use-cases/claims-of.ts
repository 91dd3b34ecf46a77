import { type Chain, usabilityOf } from '../../access/index.js';
import type { Lookups } from '../../repositories.js';
import type { Role } from '../../shared/actor.js';
import type { Client } from '../model.js';

export interface EntitlementClaim {
  /** Application key. */
  readonly application: string;
  /** Plan key; null without a subscription. */
  readonly plan: string | null;
  readonly licenseTypes: readonly string[];
  /** Instance id; null for the application as such. */
  readonly instance: string | null;
  /** Tenant id. */
  readonly tenant: string;
}

export interface PersonClaims {
  readonly tenant: { readonly id: string; readonly name: string } | null;
  readonly roles: readonly Role[];
  readonly entitlements: readonly EntitlementClaim[];
}

type ClaimsUnit = Pick<
  Lookups,
  'users' | 'tenants' | 'memberships' | 'applications' | 'instances' | 'subscriptions' | 'plans' | 'chains'
>;

/**
 * What tokens say about a person: the tenant they act for, their roles there, and what they may use now. A client bound to an
 * application learns of that application only. `chains` are the person's, from the reader that loads them all.
 */
export async function claimsOf(
  tx: ClaimsUnit,
  input: {
    userId: string;
    client: Pick<Client, 'applicationId' | 'instanceId'>;
    tenantId: string;
    chains: readonly Chain[];
  },
): Promise<PersonClaims> {
  const { userId, client } = input;
  const bound = await applicationOf(tx, client);
  const usable = input.chains.filter(
    (chain) =>
      usabilityOf(chain).usable &&
      (bound === '' || chain.applicationId === bound) &&
      (client.instanceId === '' || chain.instance?.id === client.instanceId),
  );
  const memberships = (await tx.memberships.findMany({ userId, terminatedAt: null })).filter(
    (m) => m.holds.length === 0,
  );
  const tenantId = input.tenantId || (usable[0]?.tenantId ?? memberships[0]?.tenantId ?? '');
  const tenant = tenantId === '' ? undefined : await tx.tenants.find(tenantId);
  const roles = memberships.filter((m) => m.tenantId === tenantId).flatMap((m) => m.roles);
  const entitlements: EntitlementClaim[] = [];
  for (const chain of usable) {
    const application = await tx.applications.find(chain.applicationId);
    entitlements.push({
      application: application?.key ?? '',
      plan: await planOf(tx, chain),
      licenseTypes: chain.licenseTypes,
      instance: chain.instance?.id ?? null,
      tenant: chain.tenantId,
    });
  }
  return { tenant: tenant ? { id: tenant.id, name: tenant.name } : null, roles: [...new Set(roles)], entitlements };
}

async function applicationOf(
  tx: Pick<Lookups, 'instances'>,
  client: Pick<Client, 'applicationId' | 'instanceId'>,
): Promise<string> {
  if (client.applicationId !== '' || client.instanceId === '') return client.applicationId;
  return (await tx.instances.find(client.instanceId))?.applicationId ?? '';
}

async function planOf(tx: Pick<Lookups, 'subscriptions' | 'plans'>, chain: Chain): Promise<string | null> {
  if (chain.subscription === null) return null;
  const { tenantId, applicationId } = chain;
  const found = await tx.subscriptions.findMany({ tenantId, applicationId, instanceId: chain.instance?.id ?? '' });
  const current = found.find((s) => s.status === 'ACTIVE');
  return current ? ((await tx.plans.find(current.planId))?.key ?? null) : null;
}
