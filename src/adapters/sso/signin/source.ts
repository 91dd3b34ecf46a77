import { canonicalAddress } from '../../../platform/address.js';

/** What failures of an address count for: one IPv4 address, or the /64 every IPv6 customer has to choose from. */
export function sourceOf(address: string): string {
  const plain = canonicalAddress(address) ?? address;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = new Array(tail === undefined ? 0 : 8 - before.length - after.length).fill('0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
