import type { AlarmRepositories } from '../../alarms/index.js';
import type { IdentityRepositories } from '../../identity/index.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { DomainError, notFound } from '../../shared/errors.js';
import { anyOf } from '../../shared/repository.js';
import { checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireOperator, type TenancyRepositories } from '../../tenancy/index.js';
import type { ServiceAccount } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';
import { tellOfLock } from './account-lock.js';
import { endLoginTickets } from './login-ticket.js';

type Repositories = Tx & TenancyRepositories & MarketplaceRepositories & IdentityRepositories;

export interface NewPassword {
  /** argon2id. */
  readonly passwordHash: string;
  /** The same in clear: becomes the secret for PasswordDigest of an account that has one (docs/design.md 10.9). */
  readonly password: string;
}

/**
 * The account a provider calls with, made with its registration. Errors: invalid_value, external_id_taken (also by an account of the
 * operator, which is nobody's to know).
 */
export async function openProviderAccount(
  tx: Repositories,
  input: {
    readonly channelId: string;
    readonly username: string;
    readonly tenantId: string;
    readonly passwordHash: string;
  },
): Promise<ServiceAccount> {
  const { channelId, username, tenantId, passwordHash } = input;
  const namesake = await tx.serviceAccounts.findOne({ channelId, username, liveKey: '0' });
  if (namesake !== undefined) throw new DomainError('external_id_taken', { externalId: username });
  const account = await tx.serviceAccounts.insert({
    id: tx.ids.next('serviceAccount'),
    createdAt: tx.now,
    channelId,
    username: checkText('username', username),
    passwordHash,
    credentialVersion: 1,
    soapSecret: '',
    level: null,
    tenantId,
    addresses: null,
    lockedAt: null,
    disabledAt: null,
    liveKey: '0',
  });
  emitAccount(tx, 'service_account.registered', account);
  return account;
}

/**
 * The calling account changes its own password; whoever asks has verified the old one at `credentialVersion`. Its tickets end.
 * Errors: forbidden (the caller is no service account), authentication_failed (changed meanwhile), terminated.
 */
export async function changeOwnPassword(
  tx: Repositories,
  input: NewPassword & { readonly credentialVersion: number },
): Promise<ServiceAccount> {
  if (tx.actor.kind !== 'serviceAccount') throw new DomainError('forbidden', { right: 'change the password' });
  const before = found('serviceAccount', await tx.serviceAccounts.lock(tx.actor.serviceAccountId));
  checkAccountNotEnded(before);
  if (before.credentialVersion !== input.credentialVersion) throw new DomainError('authentication_failed');
  return writePassword(tx, before, input);
}

/**
 * The operator gives a provider's account another password, without the old one. Its tickets end.
 * Errors: not_found (tenant or its account), forbidden, terminated, version_conflict.
 */
export async function setProviderPassword(
  tx: Repositories,
  input: NewPassword & {
    readonly tenantId: string;
    /** Of the account. */
    readonly expectedVersion?: number | null;
  },
): Promise<ServiceAccount> {
  const tenant = found('tenant', await tx.tenants.rely(input.tenantId));
  await requireOperator(tx, 'write', 'tenant', { tenantId: tenant.id, channelId: tenant.channelId });
  checkNotTerminated('tenant', tenant);
  const [account] = (await tx.serviceAccounts.findMany({ tenantId: tenant.id })).filter(
    (candidate) => candidate.channelId === tenant.channelId && candidate.liveKey === '0',
  );
  if (account === undefined) throw notFound('serviceAccount');
  const locked = found('serviceAccount', await tx.serviceAccounts.lock(account.id));
  checkVersion('serviceAccount', locked, input.expectedVersion);
  return writePassword(tx, locked, input);
}

/** Ends every account of tenants that end: names and certificates are free again, tickets and tokens are dead. */
export async function closeAccountsOf(
  tx: Repositories & AlarmRepositories,
  tenantIds: readonly string[],
): Promise<void> {
  for (const { id } of await tx.serviceAccounts.findAll({ tenantId: anyOf(tenantIds) })) {
    const account = await tx.serviceAccounts.lock(id);
    if (account === undefined || account.liveKey !== '0') continue;
    const closed = await tx.serviceAccounts.save(account, {
      liveKey: account.id,
      disabledAt: account.disabledAt ?? tx.now,
    });
    for (const certificate of await tx.accountCertificates.findMany({ serviceAccountId: account.id })) {
      await tx.accountCertificates.save(certificate, { valueHash: certificate.id });
    }
    await tellOfLock(tx, account, closed);
    await endLoginTickets(tx, account.id);
    await tx.tokenRevocations.revoke({ kind: 'serviceAccount', id: account.id });
    emitAccount(tx, 'service_account.closed', closed);
  }
}

async function writePassword(tx: Repositories, before: ServiceAccount, input: NewPassword): Promise<ServiceAccount> {
  const after = await tx.serviceAccounts.save(before, {
    passwordHash: input.passwordHash,
    credentialVersion: before.credentialVersion + 1,
    ...(before.soapSecret === '' ? {} : { soapSecret: input.password }),
  });
  await endLoginTickets(tx, after.id);
  await tx.tokenRevocations.revoke({ kind: 'serviceAccount', id: after.id });
  emitAccount(tx, 'service_account.updated', after);
  return after;
}

/** Its name may belong to another one since. Throws `terminated`. */
export function checkAccountNotEnded(account: ServiceAccount): void {
  if (account.liveKey !== '0') throw new DomainError('terminated', { kind: 'serviceAccount' });
}

export function emitAccount(tx: Tx, type: string, account: ServiceAccount): void {
  tx.emit({
    type,
    aggregate: { kind: 'serviceAccount', id: account.id, version: account.version },
    tenantId: account.tenantId ?? '',
    payload: { channelId: account.channelId, username: account.username, disabled: account.disabledAt !== null },
  });
}
