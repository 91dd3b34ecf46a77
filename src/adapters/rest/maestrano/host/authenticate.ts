import type { IncomingMessage } from 'node:http';
import type { ThrottleRule } from '../../../../core/identity/index.js';
import { systemActor } from '../../../../core/shared/actor.js';
import { minute, second, toMilliseconds } from '../../../../core/shared/clock.js';
import { sourceOf } from '../../../../core/shared/source.js';
import { readBasic } from '../../../../platform/basic-credentials.js';
import { createBoundedCache } from '../../../../platform/bounded-cache.js';
import { constantTimeEqual } from '../../../../platform/secrets.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import { json, type MaestranoAnswer } from '../call.js';
import type { Connection } from '../connection.js';

/** 20 failures in a minute from one source at one channel, then a minute of refusal (spec Maestrano 1.10). */
const failureRule: ThrottleRule = { limit: 20, windowMs: minute, blockMs: minute };

type Proof = 'proven' | 'wrong' | 'missing';

/**
 * Whether a request shows the id and the key of the marketplace. Both are compared as hashes, in a time that tells nothing. The
 * scheme may be in any case, the key may hold colons, and a line break at the end of what was encoded is no part of it: the
 * libraries of the marketplace send one.
 */
export function proofOf(request: IncomingMessage, connection: Connection | undefined): Proof {
  const given = readBasic(request.headers.authorization);
  if (given === undefined) return 'missing';
  const { id, key } = connection?.api ?? { id: '', key: '' };
  const sameId = constantTimeEqual(given.username, id);
  const sameKey = constantTimeEqual(given.password.replace(/\r?\n$/, ''), key);
  return sameId && sameKey && id !== '' && key !== '' ? 'proven' : 'wrong';
}

export function invalidCredentials(): MaestranoAnswer {
  return json(
    401,
    { error: 'Invalid credentials' },
    { 'www-authenticate': 'Basic realm="maestrano", charset="UTF-8"' },
  );
}

export interface Caller {
  readonly request: IncomingMessage;
  readonly channelId: string;
  /** Canonical, behind trusted proxies. */
  readonly address: string;
  readonly requestId: string;
}

/**
 * Undefined when the request is the marketplace's, else what to answer. Its own calls begin the count anew, because some clients show
 * their credentials only when they are asked for them. A source with too many failures is refused whatever it
 * shows, also the right key, until its block ends: otherwise it could go on guessing. Other sources, and other channels, are not
 * touched.
 */
export type RefusalOf = (caller: Caller, connection: Connection | undefined) => Promise<MaestranoAnswer | undefined>;

export function createRefusalOf(ports: Pick<MarketplacePorts, 'throttles' | 'clock' | 'logger' | 'uow'>): RefusalOf {
  const { throttles, clock, logger } = ports;
  /** Sources whose failures were counted here, and those whose count began anew: another process may have counted since. */
  const failing = createBoundedCache<string, true>({ max: 10_000, ttl: failureRule.windowMs });
  const forgiven = createBoundedCache<string, true>({
    ...{ max: 10_000, ttl: second },
    now: () => toMilliseconds(clock.now()),
  });
  return async ({ request, channelId, address, requestId }, connection) => {
    const source = sourceOf(address);
    const key = `maestrano:${channelId}:${source}`;
    const blockedUntil = await throttles.blockedUntil(key);
    const now = clock.now();
    if (blockedUntil !== null && blockedUntil > now) {
      const seconds = Math.ceil((toMilliseconds(blockedUntil) - toMilliseconds(now)) / 1_000);
      return json(429, { error: 'Too many failures: try again later' }, { 'retry-after': String(seconds) });
    }
    const proof = proofOf(request, connection);
    if (proof === 'proven') {
      if (failing.delete(key) || forgiven.get(key) === undefined) {
        forgiven.set(key, true);
        await throttles.clear(key);
      }
      return undefined;
    }
    failing.set(key, true);
    logger.warn({ channelId, address, requestId, credentials: proof }, 'a call with the credentials of no marketplace');
    await throttles.fail(key, failureRule, {
      type: 'marketplace_source_blocked',
      channelId,
      objectId: channelId,
      subject: source,
      info: `${source} failed ${failureRule.limit} times in a minute and is refused for ${failureRule.blockMs / minute} minute`,
    });
    if (proof === 'wrong') await note(ports, { channelId, address, requestId });
    return invalidCredentials();
  };
}

/** In the journal, in nobody's name: who shows nothing tries nothing, and most of those come again with the key. */
async function note(
  { uow }: Pick<MarketplacePorts, 'uow'>,
  { channelId, address, requestId }: Omit<Caller, 'request'>,
): Promise<void> {
  const command = { name: 'maestrano.callRefused', requestId, channelId, address, reason: 'wrong credentials' };
  const object = { objectKind: 'channel', objectId: channelId, tenantId: '' } as const;
  await uow.run(systemActor('maestrano'), command, async (tx) =>
    tx.note({ ...object, after: { callRefused: 'wrong credentials' } }),
  );
}
