import { checkVersion, found } from '../../shared/checks.js';
import { requireSeller, type TenancyRepositories } from '../../tenancy/index.js';
import type { Charge } from '../model.js';
import type { ChargeTx } from './rows.js';

export interface ChargeTarget {
  readonly id: string;
  readonly expectedVersion?: number | null;
}

export type ChargeCommandTx = ChargeTx & TenancyRepositories;

/**
 * A charge, locked, for the one who sells. Its subscription is locked before it, as everything that changes recurring charges does.
 * Errors: not_found, forbidden, version_conflict.
 */
export async function lockCharge(tx: ChargeCommandTx, target: ChargeTarget): Promise<Charge> {
  const seen = found('charge', await tx.charges.find(target.id));
  const tenant = found('tenant', await tx.tenants.find(seen.tenantId));
  await requireSeller(tx, 'charge', tenant, seen.channelId === '' ? tenant.channelId : seen.channelId);
  if (seen.subscriptionId !== '') await tx.subscriptions.lock(seen.subscriptionId);
  const charge = found('charge', await tx.charges.lock(target.id));
  checkVersion('charge', charge, target.expectedVersion);
  return charge;
}
