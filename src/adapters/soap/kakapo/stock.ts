import type { Permutation } from './license-table.js';
import { Refusal } from './refusal.js';

/** `UnityDesktop Pro`. */
export function licenseName({ application, licenseType }: Permutation): string {
  return `${application} ${licenseType}`;
}

/** `level` is the pool that has run out: `reseller 'ent1'`. */
export function noStock(
  level: string,
  permutation: Permutation,
  pool: { readonly quantity: number; readonly used: number } = { quantity: 0, used: 0 },
): Refusal {
  const free = Math.max(0, pool.quantity - pool.used);
  const license = `${licenseName(permutation)} license`;
  if (free === 0) return new Refusal(`The license pool of ${level} has no free ${license}`);
  return new Refusal(`The license pool of ${level} has only ${free} free ${license}${free === 1 ? '' : 's'}`);
}
