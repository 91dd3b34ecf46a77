import { bindExternalRef, findExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import { checkCountry, createTenant, type Tenant } from '../../tenancy/index.js';
import { cleanText, validOrNone } from './clean-text.js';
import type { LaunchFacts } from './facts.js';
import { reopenTenants } from './reopen.js';

/**
 * The tenant of the reseller that brought a group, made when it is new; '' for a group nobody brought. Its name is known when it
 * opened the session itself; otherwise its id stands in until the marketplace has been asked (task `reseller`).
 */
export async function ensureReseller(tx: Unit, facts: LaunchFacts): Promise<string> {
  const { channelId, reseller } = facts;
  const resellerId = cleanText(facts.groupProfile.resellerId, 255);
  if (resellerId === '') return '';
  const key = { channelId, kind: 'tenant', externalId: resellerId } as const;
  const ref = await findExternalRef(tx, key);
  const present = ref && (await tx.tenants.find(ref.targetId));
  if (present !== undefined) return presentReseller(tx, present);
  const known = reseller !== null && reseller.id.trim() === resellerId ? reseller : undefined;
  const name = cleanText(known?.name ?? '');
  const tenant = await createTenant(tx, {
    kind: 'reseller',
    name: name || cleanText(resellerId),
    channelId,
    country: validOrNone(cleanText(known?.country ?? '').toUpperCase(), checkCountry),
  });
  await bindExternalRef(tx, { ...key, targetId: tenant.id });
  if (name === '') {
    await tx.channelTasks.add({ channelId, kind: 'reseller', subjectId: tenant.id, data: { resellerId } });
  }
  return tenant.id;
}

/** The id may by mistake be a group's: then the customer stands by itself. */
async function presentReseller(tx: Unit, { id, kind, terminatedAt }: Tenant): Promise<string> {
  if (kind !== 'reseller') return '';
  if (terminatedAt !== null) await reopenTenants(tx, found('tenant', await tx.tenants.rely(id)));
  return id;
}
