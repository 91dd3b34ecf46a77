import { issueLinkToken } from '../../identity/index.js';
import type { Unit } from '../../repositories.js';
import { checkChannel } from '../../shared/checks.js';
import type { LaunchInput, LaunchResult } from './facts.js';
import { findPerson } from './person.js';
import { withKnownUid } from './person-names.js';
import { ensurePurchase } from './purchase.js';
import { checkChannelOpen, findUnchanged, prepareSignIn, refreshPurchase, settle } from './settle.js';

/** How long somebody has to prove that an account is theirs. */
const linkTtlMs = 15 * 60 * 1_000;

/**
 * A marketplace brings a person in (spec Maestrano 1.4 linking): finds or makes the group's tenant, instance, subscription and pool,
 * the person, their place, seat and what was said about them, and prepares their sign-in. Two that begin the same thing at once
 * collide on unique keys: run it with `runLaunch`.
 * Errors: not_usable (nobody is signed in: a hold, an ended subscription, a channel that is stopped), unknown_reference and
 * no_license_type (the channel's settings name what is not there), wrong_state (not on sale), invalid_value (an id the hub cannot
 * keep), forbidden, not_found (what the ids name is not the channel's).
 */
export async function launch(tx: Unit, input: LaunchInput): Promise<LaunchResult> {
  const facts = withKnownUid(input.facts);
  const { channelId } = facts;
  checkChannel(tx.actor, channelId);
  await checkChannelOpen(tx, channelId);
  const known = await findUnchanged(tx, facts);
  if (known !== undefined) {
    await prepareSignIn(tx, { ...input, facts }, known);
    return { outcome: 'signedIn', ...known, created: { tenant: false, user: false } };
  }
  const purchase = await ensurePurchase(tx, facts);
  await refreshPurchase(tx, facts, purchase);
  const { tenant, instance, created } = purchase;
  const person = await findPerson(tx, facts, tenant.id);
  const ids = { tenantId: tenant.id, instanceId: instance.id, userId: person.userId };
  if (person.how === 'unproven') {
    const { tokenHash, browserHash, voucher, recheckAt } = input;
    const data = { facts, voucher, recheckAt, uids: person.uids };
    await issueLinkToken(tx, { ...ids, channelId, tokenHash, browserHash, ttlMs: linkTtlMs, data });
    return { outcome: 'confirm', ...ids, created: { tenant: created, user: false } };
  }
  await settle(tx, facts, ids.userId, purchase);
  await prepareSignIn(tx, { ...input, facts }, ids);
  return { outcome: 'signedIn', ...ids, created: { tenant: created, user: person.how === 'created' } };
}
