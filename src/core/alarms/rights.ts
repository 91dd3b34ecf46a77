import { type Actor, type Right, reachOf } from '../shared/actor.js';
import { DomainError, notFound } from '../shared/errors.js';
import { isOperatorOf } from '../tenancy/index.js';

/**
 * Whose alarms an actor may read, by channel ('' = the hub's own); `all` of them. Alarms are an operator's matter: people and
 * accounts of tenants, and marketplaces themselves, see none.
 */
export function alarmChannelsOf(actor: Actor): 'all' | readonly string[] {
  if (reachOf(actor, 'read').everywhere) return 'all';
  const own = actor.kind === 'serviceAccount' ? actor.channelId : '';
  return own !== '' && isOperatorOf(actor, 'read', own) ? ['', own] : [];
}

/** Throws `forbidden` to whoever may see alarms of that channel, `not_found` to others. */
export function requireAlarmRight(actor: Actor, right: Right, channelId: string): void {
  if (isOperatorOf(actor, right, channelId)) return;
  const seen = alarmChannelsOf(actor);
  if (seen === 'all' || seen.includes(channelId)) throw new DomainError('forbidden', { right });
  throw notFound('alarm');
}
