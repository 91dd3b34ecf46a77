import { changeTrial } from '../../billing/index.js';
import { issueMarketplaceLogin } from '../../identity/index.js';
import { findExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import { DomainError, isDomainError } from '../../shared/errors.js';
import { refreshCompany } from './company.js';
import type { LaunchFacts, LaunchInput } from './facts.js';
import { isOperator } from './link-person.js';
import { findUserRef } from './person.js';
import { ensurePlace, ensureSeat, findPlace, findSeats, isPlaceCurrent } from './place.js';
import {
  findProfiles,
  groupProfileOf,
  isKept,
  keepGroupProfile,
  keepLaunchProfile,
  launchProfileOf,
} from './profile-records.js';
import type { Purchase } from './purchase.js';

/** Who is signed in to what. */
export interface SignInIds {
  readonly userId: string;
  readonly tenantId: string;
  readonly instanceId: string;
}

/** Nobody comes in through a channel that is switched off, or that its directory does not list any more. Throws `not_usable`. */
export async function checkChannelOpen(tx: Unit, channelId: string): Promise<void> {
  const channel = found('channel', await tx.channels.find(channelId));
  if (channel.disabledAt !== null || channel.suspendedAt !== null) {
    throw new DomainError('not_usable', { reason: 'channel' });
  }
}

/**
 * The usual launch: everything is as the marketplace says it already. Nothing is locked; undefined for every other one, such as to
 * what has ended: nobody holds a seat there.
 */
export async function findUnchanged(tx: Unit, facts: LaunchFacts): Promise<SignInIds | undefined> {
  const { channelId, groupUid } = facts;
  const userRef = await findUserRef(tx, facts);
  const groupRef = userRef && (await findExternalRef(tx, { channelId, kind: 'instance', externalId: groupUid }));
  const instance = groupRef && (await tx.instances.find(groupRef.targetId));
  if (userRef === undefined || instance === undefined) return undefined;
  const userId = userRef.targetId;
  const { tenantId, id: instanceId } = instance;
  const place = await findPlace(tx, userId, tenantId);
  if (place === undefined || !isPlaceCurrent(place, facts)) return undefined;
  if ((await findSeats(tx, userId, instanceId)).length === 0) return undefined;
  const kept = await findProfiles(tx, facts, instanceId);
  const same = isKept(kept.group, groupProfileOf(facts)) && isKept(kept.person, launchProfileOf(facts));
  return same && !(await isOperator(tx, userId)) ? { userId, tenantId, instanceId } : undefined;
}

/** What is told of the group and differs from what was told before. The caller has locked the tenant. */
export async function refreshPurchase(tx: Unit, facts: LaunchFacts, purchase: Purchase): Promise<void> {
  const before = await keepGroupProfile(tx, facts, purchase.instance.id);
  if (purchase.created) return;
  await refreshCompany(tx, purchase.tenant, facts, before ?? {});
  if (before !== undefined && before.trialEndsAt !== facts.trialEndsAt) await moveTrial(tx, facts, purchase);
}

/** Time that was billed stays so, whatever is told later: nobody is kept out for it. */
async function moveTrial(tx: Unit, { trialEndsAt }: LaunchFacts, { instance }: Purchase): Promise<void> {
  const open = await tx.subscriptions.findMany({ instanceId: instance.id });
  const subscription = open.find(({ status }) => status !== 'ENDED');
  if (subscription === undefined) return;
  try {
    await changeTrial(tx, { id: subscription.id, trialEndsAt });
  } catch (error) {
    if (!isDomainError(error, 'wrong_state')) throw error;
  }
}

/** Place, seat and profile of a person the marketplace's id means. The caller has locked the tenant. */
export async function settle(tx: Unit, facts: LaunchFacts, userId: string, purchase: Purchase): Promise<void> {
  const { tenant, instance } = purchase;
  await ensurePlace(tx, facts, userId, tenant.id);
  await ensureSeat(tx, facts, userId, instance);
  await keepLaunchProfile(tx, facts, instance.id);
}

/** The pending session and the one-time secret that opens it in the browser that began. Throws `not_usable`. */
export async function prepareSignIn(tx: Unit, input: LaunchInput, ids: SignInIds): Promise<void> {
  const { facts, tokenHash, browserHash, tokenTtlMs, sessionTtlMs, voucher, recheckAt } = input;
  await issueMarketplaceLogin(tx, {
    ...ids,
    channelId: facts.channelId,
    tokenHash,
    browserHash,
    handleHash: '',
    returnUrl: '',
    locale: '',
    tokenTtlMs,
    sessionTtlMs,
    voucher,
    recheckAt,
  });
}
