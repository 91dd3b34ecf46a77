import { day, hour, minute, shift, toInstant, toMilliseconds } from '../../../src/core/shared/clock.js';
import type { UsageInput } from '../../../src/core/usage/index.js';
import { seededRandom } from '../../support/random.js';

export const bornAt = '2025-12-01T00:00:00.000Z';
const begin = toMilliseconds('2026-01-01T00:00:00.000Z');
/** From one record to the next: 5 million are a month. */
const paceMs = 500;

/** The provider with two fifths of the traffic. */
export const largest = 'sp-000';
export const providers = Array.from({ length: 200 }, (_, n) => `sp-${String(n).padStart(3, '0')}`);
export const applications = ['app-a', 'app-b', 'app-c'];
const services = ['Short Messaging', 'Multimedia Messaging', 'Third Party Call', 'Terminal Location', 'Payment'];

/**
 * What a gateway sends as one batch, the same for the same number: mostly in the order of time, a tenth up to two hours late, a
 * hundredth days late, and some hundred of each day at midnight sharp.
 */
export function batchOf(number: number, size: number): UsageInput[] {
  const random = seededRandom(number + 1);
  return Array.from({ length: size }, (_, place) => {
    const sequence = number * size + place;
    const provider = random() < 0.4 ? 0 : Math.floor(random() ** 2 * providers.length);
    return {
      transactionId: BigInt(sequence),
      providerExternalId: providers[provider]!,
      applicationExternalId: applications[Math.floor(random() * applications.length)]!,
      serviceName: services[Math.floor(random() ** 2 * services.length)]!,
      occurredAt: occurredAt(sequence, random),
      originAddress: `tel:+4670${String(sequence % 10_000_000).padStart(7, '0')}`,
      destinationAddress: `tel:+4673${String(Math.floor(random() * 10_000_000)).padStart(7, '0')}`,
      completionStatus: random() < 0.95 ? 'COMPLETED' : 'FAILED',
      info: '',
      properties: [{ name: 'units', value: String(1 + Math.floor(random() * 5)) }],
    };
  });
}

function occurredAt(sequence: number, random: () => number): string {
  const now = toInstant(begin + sequence * paceMs);
  const kind = random();
  if (kind < 0.1) return notBefore(shift(now, -Math.floor(random() * 2 * hour)));
  if (kind < 0.11) return notBefore(shift(now, -Math.floor(random() * 10 * day)));
  if (kind < 0.115) return `${now.slice(0, 10)}T00:00:00.000Z`;
  return shift(now, -Math.floor(random() * minute));
}

function notBefore(instant: string): string {
  return instant < '2026-01-01' ? '2026-01-01T00:00:00.000Z' : instant;
}
