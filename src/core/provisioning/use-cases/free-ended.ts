import { closeAccountsOf, type ExternalKey, findExternalRef, freeIdsOf } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import type { ApprovableKind } from '../model.js';

/**
 * An id that still names what has ended, by a version of the hub that did not free it, may name something new; so may the name of
 * its account.
 */
export async function freeEnded(tx: Unit, key: ExternalKey & { readonly kind: ApprovableKind }): Promise<void> {
  const ref = await findExternalRef(tx, key);
  if (ref === undefined) return;
  const rows = { tenant: tx.tenants, application: tx.applications, instance: tx.instances };
  const target = await rows[key.kind].find(ref.targetId);
  if (target === undefined || target.terminatedAt === null) return;
  if (key.kind === 'tenant') await closeAccountsOf(tx, [target.id]);
  await freeIdsOf(tx, target.id);
}
