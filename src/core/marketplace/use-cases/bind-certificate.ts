import { requireEverywhere } from '../../shared/actor.js';
import { checkVersion, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import { checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { AccountCertificate, CertificateKind } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';
import { checkAccountNotEnded } from './provider-account.js';

export interface BindCertificateInput {
  readonly serviceAccountId: string;
  readonly kind: CertificateKind;
  /** The SHA-256 fingerprint (hex, colons allowed), or the subject as RFC 4514 writes it. */
  readonly name: string;
}

/** What a subject is found by. */
export function subjectHash(hash: (text: string) => string, subject: string): string {
  return hash(`subject\n${subject}`);
}

/**
 * Lets calls signed with a certificate speak for an account: pinned by fingerprint, or by its subject where the channel has trust
 * anchors. Level ADMINISTRATOR. Binding the same again answers what is there. Errors: forbidden, not_found, invalid_value,
 * already_exists (bound to another account of the channel), terminated (the account ended with its tenant).
 */
export async function bindCertificate(
  ports: { readonly hash: (text: string) => string },
  tx: Tx & MarketplaceRepositories,
  input: BindCertificateInput,
): Promise<AccountCertificate> {
  requireEverywhere(tx.actor, 'admin');
  const account = found('serviceAccount', await tx.serviceAccounts.lock(input.serviceAccountId));
  checkAccountNotEnded(account);
  const name = input.kind === 'fingerprint' ? checkFingerprint(input.name) : checkText('subject', input.name, 2_000);
  const valueHash = input.kind === 'fingerprint' ? name : subjectHash(ports.hash, name);
  const { channelId } = account;
  const present = await tx.accountCertificates.findOne({ channelId, valueHash });
  if (present !== undefined && present.serviceAccountId === account.id) return present;
  return tx.accountCertificates.insert({
    id: tx.ids.next('accountCertificate'),
    createdAt: tx.now,
    channelId,
    serviceAccountId: account.id,
    kind: input.kind,
    valueHash,
    name,
  });
}

/** Calls signed with it are refused from now on. Idempotent. Level ADMINISTRATOR. Errors: forbidden, not_found, version_conflict. */
export async function unbindCertificate(
  tx: Tx & MarketplaceRepositories,
  input: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<AccountCertificate> {
  requireEverywhere(tx.actor, 'admin');
  const before = found('accountCertificate', await tx.accountCertificates.lock(input.id));
  checkVersion('accountCertificate', before, input.expectedVersion);
  return tx.accountCertificates.save(before, { valueHash: before.id });
}

function checkFingerprint(value: string): string {
  const hex = value.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) throw invalid('fingerprint', 'must be a SHA-256 in 64 hexadecimal digits');
  return hex;
}
