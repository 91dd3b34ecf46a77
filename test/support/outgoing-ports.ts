import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MarketplacePorts } from '../../src/adapters/marketplace.js';
import type { Clock } from '../../src/core/shared/clock.js';
import { createIds } from '../../src/platform/ids.js';

type OutgoingPorts = Pick<MarketplacePorts, 'ids' | 'fetch' | 'patienceMs' | 'hmac' | 'alarms' | 'launches'>;

const never = (): never => {
  throw new Error('this protocol calls nobody');
};

/** What protocols that only answer never use. */
export function outgoingPorts(clock: Clock): OutgoingPorts {
  const make = (purpose: string, text: string): Buffer => createHmac('sha256', `test ${purpose}`).update(text).digest();
  return {
    ids: createIds(clock),
    fetch: never,
    patienceMs: 1_000,
    hmac: { make, verify: (purpose, text, code) => timingSafeEqual(make(purpose, text), code) },
    alarms: { raise: async () => {}, clear: async () => {} } as never,
    launches: { begin: never, enterUrl: never, linkUrl: never, signedIn: async () => undefined, sessionMs: 1_000 },
  };
}
