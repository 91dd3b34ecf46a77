import { expectEqual } from '../check.js';
import { listOf } from '../soap-client.js';
import type { Goods } from './license-goods.js';
import type { Stock } from './looks.js';
import type { Answer } from './unity-client.js';

/** Checks which items a list has, by one of their fields; the order does not matter. */
export function hasExactly(list: string, item: string, field: string, wanted: readonly string[]) {
  return (answer: Answer): readonly string[] => {
    const found = listOf(answer[list], item).map((one) => String(one[field]));
    return expectEqual(`${item} by ${field}`, found.sort().join(', '), [...wanted].sort().join(', '));
  };
}

/** Checks fields of the only item of a list for which `where` holds. */
export function has(list: string, item: string, where: Readonly<Record<string, unknown>>, wanted: object = {}) {
  return (answer: Answer): readonly string[] => {
    const fits = (one: Readonly<Record<string, unknown>>) =>
      Object.entries(where).every(([name, value]) => String(one[name]) === String(value));
    const found = listOf(answer[list], item).filter(fits);
    const what = Object.values(where).join(' ');
    if (found.length !== 1) return expectEqual(`the number of ${item} ${what}`, found.length, 1);
    return Object.entries(wanted).flatMap(([name, value]) => expectEqual(`${name} of ${what}`, found[0]![name], value));
  };
}

/** Checks what a level has of a license: `ResellerLicense` or `GroupLicense`. */
export const hasStock = (
  level: 'Reseller' | 'Group',
  { applicationName, licenseType }: Goods,
  { purchased, assigned, free }: Omit<Stock, 'of'>,
) => has('licenses', `${level}License`, { applicationName, licenseType }, { purchased, assigned, free });
