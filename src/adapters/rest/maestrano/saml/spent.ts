import { createHash } from 'node:crypto';
import { type Instant, minute, shift, toMilliseconds } from '../../../../core/shared/clock.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import type { MaestranoChannel } from '../connection.js';
import { type KnownRequest, knownRequest, requestAge } from './request-id.js';
import { readDateTime } from './verify/date-time.js';
import { refuse } from './verify/refused.js';
import type { BelievedResponse } from './verify/verify-response.js';

/** A request lives ten minutes, so no assertion can be of use for longer than this. */
const longest = 24 * 60 * minute;

/**
 * Takes the request a response answers, and its assertion: each can be had once, by the first of all processes (spec Maestrano 1.4,
 * validation 5). Both stay taken, whatever is found wrong after this.
 * @throws Refused request_unknown, request_expired, request_used or assertion_used
 */
export async function takeRequest(
  ports: Pick<MarketplacePorts, 'clock' | 'hmac' | 'seen'>,
  channel: MaestranoChannel,
  { inResponseTo, assertion }: BelievedResponse,
): Promise<KnownRequest> {
  const request = knownRequest(ports.hmac, channel.id, inResponseTo) ?? refuse('request_unknown');
  const now = ports.clock.now();
  const age = toMilliseconds(now) - toMilliseconds(request.begunAt);
  // begun later than now: by a process whose clock is ahead, but not by much
  if (age > requestAge || age < -minute) refuse('request_expired');
  const until = shift(request.begunAt, requestAge + minute);
  if (!(await ports.seen.add('saml-request', hash(inResponseTo), until))) refuse('request_used');
  const mark = hash(`${channel.id}|${assertion.id}`);
  if (!(await ports.seen.add('saml-assertion', mark, endOf(assertion, now)))) refuse('assertion_used');
  return request;
}

/** When no reader takes the assertion any more. */
function endOf({ periods, confirmations }: BelievedResponse['assertion'], now: Instant): Instant {
  const ends = [...periods, ...confirmations].map(({ notOnOrAfter }) => readDateTime(notOnOrAfter ?? '') ?? now);
  const last = ends.reduce((a, b) => (a > b ? a : b), now);
  const most = shift(now, longest);
  return shift(last > most ? most : last, requestAge);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
