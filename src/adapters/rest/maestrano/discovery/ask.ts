import { second } from '../../../../core/shared/clock.js';
import { writeBasic } from '../../../../platform/basic-credentials.js';
import { reasonOf } from '../../../../platform/failure-cause.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import type { MaestranoSettings } from '../config.js';
import { withoutSlash } from '../connection.js';
import { readLimited } from '../read-limited.js';
import { DiscoveryFailed, type Listed } from './model.js';
import { readList } from './read-list.js';

export type Platform = NonNullable<MaestranoSettings['developerPlatform']>;

/** Hundreds of marketplaces fit in; a platform that says more is not one. */
const largestList = 1_048_576;
const longestCall = 20 * second;

/** The SDKs are configured with three spellings of one path: with `marketplaces` at its end, without it, and with a slash there. */
export function listUrl({ host, apiPath }: Pick<Platform, 'host' | 'apiPath'>): string {
  const path = withoutSlash(apiPath);
  return `${withoutSlash(host)}${path.endsWith('/marketplaces') ? path : `${path}/marketplaces`}`;
}

/**
 * Asks the developer platform for its marketplaces (spec Maestrano 1.3). Throws DiscoveryFailed when it cannot be reached or
 * does not answer with a list.
 */
export async function askPlatform(
  { fetch, patienceMs, publicUrl }: Pick<MarketplacePorts, 'fetch' | 'patienceMs' | 'publicUrl'>,
  platform: Platform,
  stop?: AbortSignal,
): Promise<Listed[]> {
  const { apiKey, apiSecret } = platform;
  const patience = AbortSignal.timeout(Math.min(patienceMs, longestCall));
  const answer = await request(fetch, listUrl(platform), {
    headers: {
      accept: 'application/json, application/vnd.api+json',
      authorization: writeBasic({ username: apiKey, password: apiSecret }),
    },
    signal: stop === undefined ? patience : AbortSignal.any([patience, stop]),
  });
  if (!answer.ok) throw new DiscoveryFailed(`the platform answers with status ${answer.status}`);
  return readList(answer.text, publicUrl);
}

async function request(
  fetch: MarketplacePorts['fetch'],
  url: string,
  init: RequestInit,
): Promise<{ readonly ok: boolean; readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(url, init);
    return { ok: response.ok, status: response.status, text: await readLimited(response, largestList) };
  } catch (error) {
    throw new DiscoveryFailed(`the platform cannot be reached: ${reasonOf(error)}`);
  }
}
