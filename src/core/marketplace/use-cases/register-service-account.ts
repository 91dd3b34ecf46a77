import type { AlarmRepositories } from '../../alarms/index.js';
import type { IdentityRepositories } from '../../identity/index.js';
import { actorName, requireEverywhere } from '../../shared/actor.js';
import { checkLevel, checkReference, checkVersion, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import { checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { TenancyRepositories } from '../../tenancy/index.js';
import type { Channel, ServiceAccount } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';
import { tellOfLock } from './account-lock.js';
import { endLoginTickets } from './login-ticket.js';
import { checkAccountNotEnded, emitAccount } from './provider-account.js';

export interface ServiceAccountInput {
  /** Already hashed; absent on a change = stays. */
  readonly passwordHash?: string;
  /** '' = no PasswordDigest; absent on a change = stays. */
  readonly soapSecret?: string;
  readonly level?: number | null;
  readonly tenantId?: string | null;
  /** CIDR list, already checked; null = any address. */
  readonly addresses?: readonly string[] | null;
}

type Repositories = Tx & TenancyRepositories & MarketplaceRepositories & IdentityRepositories;

/** Gives a marketplace a credential. Level ADMINISTRATOR. Errors: forbidden, not_found (channel), unknown_reference, invalid_value, already_exists. */
export async function registerServiceAccount(
  tx: Repositories,
  input: ServiceAccountInput & { readonly channelId: string; readonly username: string; readonly passwordHash: string },
): Promise<ServiceAccount> {
  requireEverywhere(tx.actor, 'admin');
  const channel = found('channel', await tx.channels.find(input.channelId));
  await checkTenant(tx, channel, input.tenantId);
  const account = await tx.serviceAccounts.insert({
    id: tx.ids.next('serviceAccount'),
    createdAt: tx.now,
    channelId: channel.id,
    username: checkText('username', input.username, 254),
    passwordHash: input.passwordHash,
    credentialVersion: 1,
    soapSecret: input.soapSecret ?? '',
    level: checkLevel('level', input.level ?? null),
    tenantId: input.tenantId ?? null,
    addresses: input.addresses ?? null,
    lockedAt: null,
    disabledAt: null,
    liveKey: '0',
  });
  emitAccount(tx, 'service_account.registered', account);
  return account;
}

/**
 * Changes a credential, locks it, unlocks it (`locked: false`) or switches it off. What processes verified with the old one is
 * dropped; a lock is an alarm as long as it holds, and a line of the login history. With a new password the old one ends for PasswordDigest too.
 * Errors: forbidden, not_found, unknown_reference, invalid_value, version_conflict, terminated (it ended with its tenant).
 */
export async function updateServiceAccount(
  tx: Repositories & AlarmRepositories,
  input: ServiceAccountInput & {
    readonly id: string;
    readonly expectedVersion?: number | null;
    /** What `passwordHash` is of: the secret for PasswordDigest as well, where that is accepted and no other is given. */
    readonly password?: string;
    readonly locked?: boolean;
    readonly disabled?: boolean;
  },
): Promise<ServiceAccount> {
  requireEverywhere(tx.actor, 'admin');
  const before = found('serviceAccount', await tx.serviceAccounts.lock(input.id));
  checkAccountNotEnded(before);
  checkVersion('serviceAccount', before, input.expectedVersion);
  if (input.tenantId !== undefined && input.tenantId !== before.tenantId) {
    await checkTenant(tx, await tx.channels.find(before.channelId), input.tenantId);
  }
  const locked = input.locked ?? before.lockedAt !== null;
  const disabled = input.disabled ?? before.disabledAt !== null;
  const after = await tx.serviceAccounts.save(before, {
    ...(input.passwordHash === undefined
      ? {}
      : { passwordHash: input.passwordHash, credentialVersion: before.credentialVersion + 1 }),
    ...digestSecret(before, input),
    ...(input.level === undefined ? {} : { level: checkLevel('level', input.level) }),
    ...(input.tenantId === undefined ? {} : { tenantId: input.tenantId }),
    ...(input.addresses === undefined ? {} : { addresses: input.addresses }),
    lockedAt: locked ? (before.lockedAt ?? tx.now) : null,
    disabledAt: disabled ? (before.disabledAt ?? tx.now) : null,
  });
  if (after.version === before.version) return after;
  await tellOfLock(tx, before, after);
  if (after.lockedAt !== before.lockedAt) await noteLock(tx, after);
  const stopped = after.lockedAt !== before.lockedAt || after.disabledAt !== before.disabledAt;
  if (stopped || after.credentialVersion !== before.credentialVersion) await endLoginTickets(tx, after.id);
  await tx.tokenRevocations.revoke({ kind: 'serviceAccount', id: after.id });
  emitAccount(tx, 'service_account.updated', after);
  return after;
}

/** Interface users of Kakapo stand at a system provider, at no level below (spec Kakapo 3.2). */
async function checkTenant(
  tx: Repositories,
  channel: Pick<Channel, 'protocol'> | undefined,
  tenantId: string | null | undefined,
): Promise<void> {
  await checkReference('tenant', tx.tenants, tenantId ?? null);
  if (channel?.protocol !== 'kakapo' || !tenantId) return;
  if ((await tx.tenants.find(tenantId))?.kind !== 'provider') {
    throw invalid('tenantId', 'must be of a provider: an interface user acts on one and what is below');
  }
}

function noteLock(tx: Repositories, { id, lockedAt }: ServiceAccount): Promise<void> {
  const outcome = lockedAt === null ? 'unlocked' : 'locked';
  const [address, by] = [tx.command.address ?? '', actorName(tx.actor)];
  return tx.accountLogins.add({ serviceAccountId: id, outcome, address, by });
}

function digestSecret(
  before: ServiceAccount,
  { soapSecret, password, passwordHash }: ServiceAccountInput & { readonly password?: string },
): { readonly soapSecret?: string } {
  if (soapSecret !== undefined) return { soapSecret };
  return passwordHash === undefined || before.soapSecret === '' ? {} : { soapSecret: password ?? '' };
}
