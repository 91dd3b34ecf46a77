import { unmaskUid } from '../../../../core/provisioning/index.js';
import type { MarketplaceBackground, MarketplacePorts } from '../../../marketplace.js';
import { placeOf } from './place.js';

/**
 * Asks the marketplaces a person came from, and whose channels have `delegatedPasswords`, whether this is the password there
 * (spec Maestrano 1.7): true when one of them says so, false when one was asked and none did, undefined when none could be asked.
 */
export function createPasswordCheck(ports: MarketplacePorts): NonNullable<MarketplaceBackground['verifyPassword']> {
  return async (userId, password) => {
    const known = await ports.lookups.externalRefs.findMany({ kind: 'user', targetId: userId, liveKey: '0' });
    const places = await ports.lookups.memberships.findMany({ userId, terminatedAt: null });
    // who left a marketplace signs in by its word no more
    const present = known.filter(({ channelId }) => places.some((place) => place.channelId === channelId));
    const persons = new Map(
      present.map(({ channelId, externalId }) => [`${channelId} ${unmaskUid(externalId)}`, channelId]),
    );
    let answer: boolean | undefined;
    for (const [person, channelId] of persons) {
      const verdict = await ask(ports, channelId, person.slice(channelId.length + 1), password);
      if (verdict === true) return true;
      answer ??= verdict;
    }
    return answer;
  };
}

async function ask(
  ports: MarketplacePorts,
  channelId: string,
  uid: string,
  password: string,
): Promise<boolean | undefined> {
  try {
    const place = await placeOf(ports, channelId);
    if (place?.channel.settings.delegatedPasswords !== true) return undefined;
    const person = await place.api.authenticate({ id: uid }, password);
    // an answer about somebody else proves nothing
    return person !== undefined && unmaskUid(person.id) === uid;
  } catch (err) {
    ports.logger.warn({ err, channel: channelId }, 'a marketplace could not be asked about a password');
    return undefined;
  }
}
