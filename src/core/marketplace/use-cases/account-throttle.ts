import type { RaisedAlarm } from '../../alarms/index.js';
import type { ThrottleRule, Throttles } from '../../identity/index.js';
import { minute } from '../../shared/clock.js';
import { sourceOf } from '../../shared/source.js';

/** 10 failures in 5 minutes from one source → 15 minutes refusal of that source (spec NEC 4.9). */
export const addressRule: ThrottleRule = { limit: 10, windowMs: 5 * minute, blockMs: 15 * minute };

/** What failures of the accounts of a channel are counted under. */
export function accountThrottleKey(channelId: string, address: string): string {
  return `service-account:${channelId}:${sourceOf(address)}`;
}

/** One more failure from there. The alarm names the one account named last, when there is one of that name: others are not ours to repeat. */
export async function countAccountFailure(
  throttles: Throttles,
  { channelId, address, username }: { channelId: string; address: string; username: string | undefined },
): Promise<void> {
  await throttles.fail(
    accountThrottleKey(channelId, address),
    addressRule,
    blockedSource(channelId, address, username),
  );
}

function blockedSource(channelId: string, address: string, username: string | undefined): RaisedAlarm {
  const { limit, windowMs, blockMs } = addressRule;
  const source = sourceOf(address);
  return {
    type: 'service_account_source_blocked',
    channelId,
    objectId: channelId,
    subject: source,
    info: `${source} failed ${limit} times in ${windowMs / minute} minutes and is refused for ${blockMs / minute} minutes`,
    additionalInfo: username === undefined ? '' : `the last account it named is "${username}"`,
  };
}
