import type { Membership } from '../../../core/identity/index.js';
import { findSignInName } from '../../../core/marketplace/index.js';
import type { Unit } from '../../../core/repositories.js';
import type { KakapoCall } from './context.js';
import { Refusal } from './refusal.js';
import { capitalized, shown } from './words.js';

/** Somebody who signs in to the portal: what they administer is where they stand, everything else is where they are an agent. */
export interface PortalUser {
  readonly userId: string;
  readonly own: Membership;
  readonly places: readonly Membership[];
}

export function portalUserName(name: string): string {
  return `portal user '${shown(name)}'`;
}

/**
 * The portal user of that name, at the provider itself or at a reseller or group of it. Throws a `Refusal`: of another provider is
 * not there.
 */
export async function needPortalUser(
  tx: Unit,
  call: KakapoCall,
  providerId: string,
  name: string,
): Promise<PortalUser> {
  const found = await findSignInName(tx, { channelId: call.channel.id, name });
  const own = found?.places.find(administers);
  if (found !== undefined && own !== undefined && (await providerOf(tx, own.tenantId)) === providerId) {
    return { userId: found.ref.targetId, own, places: found.places };
  }
  throw new Refusal(`${capitalized(portalUserName(name))} was not found`);
}

/** An association as an agent administers nothing, and a place in one instance is none in the portal. */
export function administers({ roles, instanceId }: Pick<Membership, 'roles' | 'instanceId'>): boolean {
  return instanceId === '' && roles.includes('ADMIN');
}

async function providerOf(tx: Unit, tenantId: string): Promise<string | undefined> {
  const lineage = await tx.tenantTree.lineage(tenantId);
  return lineage.find(({ kind }) => kind === 'provider')?.id;
}
