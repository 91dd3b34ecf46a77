import type { LicenseUsage } from '../../../../core/billing/index.js';
import type { Instant } from '../../../../core/shared/clock.js';
import type { MercatorContext } from '../../services.js';

/** Instances in one reading: their seats, people and memberships are all in memory at once. */
const instancesAtOnce = 200;

/** Seats of an instance at a moment. All instances of a request are read together, moment by moment. */
export function usageOf(instanceId: string, at: Instant, context: MercatorContext): Promise<readonly LicenseUsage[]> {
  const { licenseUsage } = context.services.readers;
  return context.loaders.custom(usageOf, async (keys) => readAll(licenseUsage, keys), `${at} ${instanceId}`);
}

async function readAll(
  reader: MercatorContext['services']['readers']['licenseUsage'],
  keys: readonly string[],
): Promise<readonly (readonly LicenseUsage[])[]> {
  const found = new Map<string, readonly LicenseUsage[]>();
  const asked = keys.map((key) => key.split(' ') as [at: Instant, instanceId: string]);
  for (const at of new Set(asked.map(([moment]) => moment))) {
    const ids = asked.filter(([moment]) => moment === at).map(([, id]) => id);
    for (let start = 0; start < ids.length; start += instancesAtOnce) {
      const some = ids.slice(start, start + instancesAtOnce);
      const usages = await reader.ofMany(some, at);
      for (const [index, id] of some.entries()) found.set(`${at} ${id}`, usages[index]!);
    }
  }
  return keys.map((key) => found.get(key)!);
}
