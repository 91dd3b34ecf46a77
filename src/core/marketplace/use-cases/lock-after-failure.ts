import type { AlarmRepositories } from '../../alarms/index.js';
import type { IdentityRepositories } from '../../identity/index.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { ServiceAccount } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';
import { tellOfLock } from './account-lock.js';
import { endLoginTickets } from './login-ticket.js';
import { emitAccount } from './provider-account.js';

/** Locks an account that this unit holds. It is the hub that locks: nobody's right is asked for. */
export async function lockAfterFailure(
  tx: Tx & AlarmRepositories & IdentityRepositories & MarketplaceRepositories,
  account: ServiceAccount,
  why: string,
): Promise<void> {
  const locked = await tx.serviceAccounts.save(account, { lockedAt: tx.now });
  await tellOfLock(tx, account, locked, why);
  await endLoginTickets(tx, locked.id);
  await tx.tokenRevocations.revoke({ kind: 'serviceAccount', id: locked.id });
  emitAccount(tx, 'service_account.updated', locked);
}
