import { setTimeout as pause } from 'node:timers/promises';
import type { Session } from '../../core/identity/index.js';
import { recordRecheck } from '../../core/provisioning/index.js';
import { hour, type Instant, second, shift } from '../../core/shared/clock.js';
import { createBoundedCache } from '../../platform/bounded-cache.js';
import { hashToken } from '../../platform/secrets.js';
import type { Recheck } from '../marketplace.js';
import type { Runner } from './person-unit.js';
import type { SsoPorts } from './ports.js';

/**
 * Sessions a marketplace vouched for are good until their `recheckAt`; then it is asked, once for everybody who waits, and the
 * session goes on or ends with all its tokens (spec Maestrano 1.4). Sessions nobody vouched for pass without a question.
 */
export interface Vouching {
  /** The session as it may be used now; undefined when it has ended. */
  ensure(session: Session): Promise<Session | undefined>;
  /** The same for a token, by the session it names. With `recheckAt`, until when the answer holds; null = as long as the token. */
  ensureToken(sessionId: unknown): Promise<{ readonly recheckAt: Instant | null } | undefined>;
  /** Asks about sessions nobody uses, for the applications signed in to by them. True when there may be more to do at once. */
  recheckDue(signal: AbortSignal): Promise<boolean>;
}

/** Longer than a marketplace takes with its second chance; after it another process may ask. */
const claimMs = 30 * second;
/** How often somebody who waits for another process looks, and for how long, in milliseconds. */
const lookEvery = 100;
const lookFor = 35 * second;
/** No answer holds for less. */
const shortestMs = second;
const batch = 200;
const together = 16;

type VouchingPorts = Pick<SsoPorts, 'vouchers' | 'lookups' | 'clock' | 'seen' | 'dueRechecks' | 'logger'>;

export function createVouching(ports: VouchingPorts, runner: Pick<Runner, 'asHub'>): Vouching {
  const { lookups, clock, seen, logger } = ports;
  const asking = new Map<string, Promise<Session | undefined>>();
  /** What is nobody's to vouch for stays so: its tokens are not looked up again and again. */
  const unvouched = createBoundedCache<string, true>({ max: 50_000, ttl: 24 * hour });

  const isDue = ({ recheckAt }: Session): boolean => recheckAt !== null && recheckAt <= clock.now();

  /** True for one process at a time. */
  function claim({ id, recheckAt }: Session): Promise<boolean> {
    return seen.add('session-recheck', hashToken(`${id} ${recheckAt}`), shift(clock.now(), claimMs));
  }

  function once(id: string, work: () => Promise<Session | undefined>): Promise<Session | undefined> {
    const running = asking.get(id) ?? work().finally(() => asking.delete(id));
    asking.set(id, running);
    return running;
  }

  /** Others may have asked since the caller read the session, here or in another process. */
  async function settle(id: string): Promise<Session | undefined> {
    for (let waited = 0; ; waited += lookEvery) {
      const session = await live(id);
      if (!session || !isDue(session)) return session;
      if (waited >= lookFor || (waited % second === 0 && (await claim(session)))) return ask(session);
      await pause(lookEvery);
    }
  }

  async function live(id: string): Promise<Session | undefined> {
    const session = await lookups.sessions.find(id);
    return session?.state === 'ACTIVE' ? session : undefined;
  }

  async function ask(session: Session): Promise<Session | undefined> {
    const recheck = await answerOf(session);
    const { id, channelId } = session;
    await runner.asHub('sso.recheck', (tx) => recordRecheck(tx, { sessionId: id, recheck }), { channelId });
    return recheck.valid ? live(id) : undefined;
  }

  /** No answer is a no: what a marketplace grants in spite of one, its own adapter says. */
  async function answerOf(session: Session): Promise<Recheck> {
    try {
      const recheck = await ports.vouchers?.recheck(session);
      if (recheck?.valid && recheck.recheckAt !== null) return { valid: true, recheckAt: later(recheck.recheckAt) };
    } catch (err) {
      logger.error({ err, sessionId: session.id }, 'a session could not be re-checked');
    }
    return { valid: false, recheckAt: null };
  }

  /** A marketplace whose clock is behind is not asked at every step. */
  function later(recheckAt: Instant): Instant {
    const soonest = shift(clock.now(), shortestMs);
    return recheckAt > soonest ? recheckAt : soonest;
  }

  async function recheckUnasked(id: string): Promise<boolean> {
    const session = asking.has(id) ? undefined : await live(id);
    if (!session || !isDue(session) || !(await claim(session))) return false;
    await once(id, () => ask(session));
    return true;
  }

  const ensure = async (session: Session): Promise<Session | undefined> =>
    isDue(session) ? once(session.id, () => settle(session.id)) : session;

  return {
    ensure,
    async ensureToken(sessionId) {
      if (typeof sessionId !== 'string' || unvouched.get(sessionId)) return { recheckAt: null };
      const session = await lookups.sessions.find(sessionId);
      if (session?.voucher === null && session.recheckAt === null) {
        unvouched.set(sessionId, true);
        return { recheckAt: null };
      }
      return session?.state === 'ACTIVE' ? ensure(session) : undefined;
    },
    async recheckDue(signal) {
      const due = [...(await ports.dueRechecks(batch))];
      let asked = 0;
      const worker = async (): Promise<void> => {
        for (let id = due.shift(); id !== undefined && !signal.aborted; id = due.shift()) {
          try {
            if (await recheckUnasked(id)) asked += 1;
          } catch (err) {
            logger.error({ err, sessionId: id }, 'a re-check could not be recorded');
          }
        }
      };
      await Promise.all(Array.from({ length: together }, worker));
      return asked === batch;
    },
  };
}
