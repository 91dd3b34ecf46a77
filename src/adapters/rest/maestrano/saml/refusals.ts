import type { Throttles } from '../../../../core/identity/index.js';
import { minute, toMilliseconds } from '../../../../core/shared/clock.js';
import { sourceOf } from '../../../../core/shared/source.js';
import { actorOf } from '../actor.js';
import { found, type MaestranoAnswer, type MaestranoCall } from '../call.js';
import type { Connection } from '../connection.js';
import { unauthorizedUrl } from './addresses.js';
import type { Refused } from './verify/refused.js';

/** Entries in the journal for one source and channel in a minute; what is more is only counted. */
const mostNotes = 20;
/** Refusals that count once for the source, so that a flood costs one write in fifty. */
const share = 50;
/** 250 refusals in five minutes: nothing from there is verified for a minute. */
const rule = { limit: 5, windowMs: 5 * minute, blockMs: minute };
/** Sources remembered at once. */
const mostSources = 10_000;

interface Count {
  readonly minute: number;
  refusals: number;
}

const countsOf = new WeakMap<Throttles, Map<string, Count>>();

/** Whether so much unusable came from there that nothing is looked at. */
export async function isBlocked({ ports, channel, info }: MaestranoCall): Promise<boolean> {
  return (await ports.throttles.blockedUntil(keyOf(channel.id, info.address))) !== null;
}

/** The one answer to whatever is not believed. The reason goes to the journal and the log, and nowhere else. */
export async function refusal(call: MaestranoCall, connection: Connection, refused: Refused): Promise<MaestranoAnswer> {
  const { ports, channel, info } = call;
  const key = keyOf(channel.id, info.address);
  const { reason, detail } = refused;
  const refusals = count(ports.throttles, key, toMilliseconds(ports.clock.now()));
  if (refusals <= mostNotes) {
    const { requestId, address } = info;
    ports.logger.info({ channel: channel.name, reason, detail, address, requestId }, 'a SAML response was refused');
    await ports.uow.run(
      actorOf(channel, connection),
      { name: 'maestrano.signInRefused', requestId, channelId: channel.id, address, reason },
      async (tx) =>
        tx.note({ objectKind: 'channel', objectId: channel.id, tenantId: '', after: { signInRefused: reason } }),
    );
  }
  if (refusals % share === 0) await ports.throttles.fail(key, rule);
  return found(unauthorizedUrl(connection));
}

function keyOf(channelId: string, address: string): string {
  return `maestrano-saml:${channelId}:${sourceOf(address)}`;
}

/** How many there were from there in this minute, with this one. */
function count(throttles: Throttles, key: string, now: number): number {
  const counts = countsOf.get(throttles) ?? new Map<string, Count>();
  countsOf.set(throttles, counts);
  const current = Math.floor(now / minute);
  let entry = counts.get(key);
  if (entry?.minute !== current) {
    if (counts.size >= mostSources) counts.clear();
    entry = { minute: current, refusals: 0 };
    counts.set(key, entry);
  }
  entry.refusals += 1;
  return entry.refusals;
}
