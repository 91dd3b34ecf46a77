import { createHash } from 'node:crypto';
import type { Session } from '../../../../core/identity/index.js';
import { day, type Instant, minute, shift } from '../../../../core/shared/clock.js';
import type { MarketplaceBackground, MarketplacePorts } from '../../../marketplace.js';
import { knownConnection } from './known-connection.js';
import { askWhetherValid } from './recheck-question.js';

/** What marketplaces usually grant (spec Maestrano 1.4). */
const intervalMs = 3 * minute;

/**
 * Whether the marketplace still vouches for a session: asked once, and once more when it does not answer. No answer is a no, or with
 * `recheckGrace` one interval more, once: the next question needs an answer. A suspended channel is asked like any other.
 */
export function createRecheck(ports: MarketplacePorts): NonNullable<MarketplaceBackground['recheck']> {
  return async (session) => {
    const known = await knownConnection(ports, session.channelId);
    const { voucher } = session;
    if (known === undefined || voucher === null) return undefined;
    const answer = (await askWhetherValid(ports, known, voucher)) ?? (await askWhetherValid(ports, known, voucher));
    if (answer !== undefined) return answer;
    const recheckAt = known.channel.settings.recheckGrace ? await grace(ports, session) : undefined;
    return recheckAt === undefined ? { valid: false, recheckAt: null } : { valid: true, recheckAt };
  };
}

/** One interval more; undefined when the session is living on one already: then its `recheckAt` is the instant that was granted. */
async function grace(
  { seen, clock }: Pick<MarketplacePorts, 'seen' | 'clock'>,
  { id, recheckAt }: Session,
): Promise<Instant | undefined> {
  const now = clock.now();
  const granted = shift(now, intervalMs);
  const mark = (instant: Instant | null): Promise<boolean> => {
    const hash = createHash('sha256').update(`${id} ${instant}`).digest('base64url');
    return seen.add('recheck-grace', hash, shift(now, day));
  };
  if (!(await mark(recheckAt))) return undefined;
  await mark(granted);
  return granted;
}
