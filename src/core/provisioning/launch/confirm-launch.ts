import { type LoginToken, lockLoginToken } from '../../identity/index.js';
import { findExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { checkChannel, checkNotTerminated, found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import type { LaunchInput, LaunchResult, LaunchTicket } from './facts.js';
import { linkPerson, uidsOf } from './link-person.js';
import type { Purchase } from './purchase.js';
import { checkChannelOpen, prepareSignIn, refreshPurchase, settle } from './settle.js';

export interface ConfirmLaunchInput extends Pick<LaunchTicket, 'browserHash' | 'tokenTtlMs' | 'sessionTtlMs'> {
  /** SHA-256 of the secret `launch` answered `confirm` with. */
  readonly tokenHash: string;
  /** Who has just proved, in this browser, that the account is theirs. */
  readonly userId: string;
  /** SHA-256 of the next one-time secret, which opens the session. */
  readonly enterTokenHash: string;
}

/**
 * The owner of an address proved that the account is theirs: the marketplace's id means them from now on, and their sign-in goes on
 * as any other. The actor is the channel's, as for `launch`; run it with `runLaunch`.
 * Errors: login_token_invalid (unknown, used, too old, of another browser, of another account: it is not used up; or the group was
 * canceled meanwhile), external_id_taken
 * (the marketplace's id means another person meanwhile, or the person got another one of this channel), and as `launch`.
 */
export async function confirmLaunch(tx: Unit, input: ConfirmLaunchInput): Promise<LaunchResult> {
  const token = await lockLoginToken(tx, 'link_account', input.tokenHash);
  if (token.browserHash !== input.browserHash || token.userId !== input.userId)
    throw new DomainError('login_token_invalid');
  const { facts, voucher, recheckAt, uids } = token.data as unknown as LinkData;
  const { channelId, userUid } = facts;
  checkChannel(tx.actor, channelId);
  await checkChannelOpen(tx, channelId);
  const purchase = await openPurchase(tx, token);
  const user = found('user', await tx.users.lock(token.userId));
  checkNotTerminated('user', user);
  const bound = await findExternalRef(tx, { channelId, kind: 'user', externalId: userUid });
  const others = (await uidsOf(tx, user.id, channelId)).filter((uid) => uid !== userUid);
  if (others.join() !== uids.join()) throw new DomainError('external_id_taken', { externalId: userUid });
  await tx.loginTokens.save(token, { usedAt: tx.now });
  await refreshPurchase(tx, facts, purchase);
  if (bound?.targetId !== user.id) await linkPerson(tx, facts, user);
  const ids = { tenantId: purchase.tenant.id, instanceId: purchase.instance.id, userId: user.id };
  await settle(tx, facts, user.id, purchase);
  const { browserHash, tokenTtlMs, sessionTtlMs, enterTokenHash: tokenHash } = input;
  await prepareSignIn(tx, { facts, voucher, recheckAt, tokenHash, browserHash, tokenTtlMs, sessionTtlMs }, ids);
  return { outcome: 'signedIn', ...ids, created: { tenant: false, user: false } };
}

/** What `launch` left with the token. */
type LinkData = Pick<LaunchInput, 'facts' | 'voucher' | 'recheckAt'> & { readonly uids: readonly string[] };

/** The group as the launch left it, locked; one that was canceled since is opened again by the marketplace only. */
async function openPurchase(tx: Unit, { tenantId, instanceId }: LoginToken): Promise<Purchase> {
  const tenant = found('tenant', await tx.tenants.rely(tenantId));
  const instance = found('instance', await tx.instances.find(instanceId));
  if (instance.terminatedAt !== null) throw new DomainError('login_token_invalid');
  return { tenant, instance, created: false };
}
