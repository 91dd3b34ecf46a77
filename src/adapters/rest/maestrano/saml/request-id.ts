import { type Instant, toInstant, toMilliseconds } from '../../../../core/shared/clock.js';
import type { MarketplacePorts } from '../../../marketplace.js';

type Codes = MarketplacePorts['hmac'];

/** What is known again from the id of a request of ours. */
export interface KnownRequest {
  readonly begunAt: Instant;
  /** Of the browser that began (`Launches.begin`). */
  readonly browserHash: string;
}

/** How long a request waits for its response (spec Maestrano 1.4, validation 5). */
export const requestAge = 10 * 60_000;

const purpose = 'maestrano saml request';
const form = /^_([0-9a-f]{12})([0-9a-f]{64})([0-9a-f]{64})$/;

/**
 * The id of a request that is stored nowhere: it carries the time, the browser's hash and a code only this hub can make, so that
 * anybody may begin without writing anything (docs/adr/0023).
 */
export function requestIdFor(codes: Codes, channelId: string, now: Instant, browserHash: string): string {
  const time = toMilliseconds(now).toString(16).padStart(12, '0');
  const browser = Buffer.from(browserHash, 'base64url').toString('hex');
  return `_${time}${browser}${codes.make(purpose, signedText(channelId, time, browser)).toString('hex')}`;
}

/** Undefined for an id this hub did not make, or made for another channel. */
export function knownRequest(codes: Codes, channelId: string, id: string): KnownRequest | undefined {
  const [, time, browser, code] = form.exec(id) ?? [];
  if (time === undefined || browser === undefined || code === undefined) return undefined;
  if (!codes.verify(purpose, signedText(channelId, time, browser), Buffer.from(code, 'hex'))) return undefined;
  return {
    begunAt: toInstant(Number.parseInt(time, 16)),
    browserHash: Buffer.from(browser, 'hex').toString('base64url'),
  };
}

function signedText(channelId: string, time: string, browser: string): string {
  return `${channelId}|${time}|${browser}`;
}
