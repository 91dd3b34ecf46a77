import type { Voucher } from '../../../../core/identity/index.js';
import type { Instant } from '../../../../core/shared/clock.js';
import type { MarketplacePorts, Recheck } from '../../../marketplace.js';
import { readLimited } from '../read-limited.js';
import type { KnownConnection } from './known-connection.js';
import { readDateTime } from './verify/date-time.js';

type QuestionPorts = Pick<MarketplacePorts, 'fetch' | 'patienceMs' | 'record' | 'ids' | 'logger'>;

/** An answer is a hundred bytes. */
const mostBytes = 65_536;

const no: Recheck = { valid: false, recheckAt: null };

/**
 * Asks once whether a sign-in still holds (spec Maestrano 1.4), without credentials: the session's token says enough. Undefined when
 * there was no answer one can read.
 */
export async function askWhetherValid(
  ports: QuestionPorts,
  { channel, connection }: KnownConnection,
  { uid, session }: Voucher,
): Promise<Recheck | undefined> {
  const address = `${connection.api.host}${connection.api.base}auth/saml/${encodeURIComponent(uid)}`;
  const begun = performance.now();
  let status = 0;
  let answer = '';
  try {
    const response = await ports.fetch(`${address}?${new URLSearchParams({ session })}`, {
      headers: { accept: 'application/json', 'user-agent': 'Mercator' },
      redirect: 'manual',
      signal: AbortSignal.timeout(ports.patienceMs),
    });
    status = response.status;
    answer = await readLimited(response, mostBytes);
  } catch (err) {
    ports.logger.warn({ err, channel: channel.name }, 'a marketplace could not be asked about a session');
  }
  ports.record({
    direction: 'out',
    protocol: 'maestrano',
    channelId: channel.id,
    operation: 'GET auth/saml/:id',
    requestId: ports.ids.next('request'),
    status,
    durationMs: Math.round(performance.now() - begun),
    request: `GET ${address}?session=***`,
    response: answer.slice(0, 2_000),
  });
  return readAnswer(status, answer);
}

/** `valid` is a Boolean or its text; without an instant to ask again there is no yes. */
export function readAnswer(status: number, text: string): Recheck | undefined {
  // a refusal is an answer, in whatever words; being too busy or broken is none
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return no;
  if (status !== 200) return undefined;
  const answer = parsed(text);
  if (answer === undefined) return undefined;
  const { valid, recheck } = answer;
  const recheckAt: Instant | null = typeof recheck === 'string' ? readDateTime(recheck) : null;
  const isValid = valid === true || (typeof valid === 'string' && valid.toLowerCase() === 'true');
  return isValid && recheckAt !== null ? { valid: true, recheckAt } : no;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
