/**
 * Whom attempts from an address are counted for: an IPv4 address itself, and of an IPv6 one its /64, because whoever has one
 * address of it has them all. Takes canonical addresses; any other text is its own source.
 */
export function sourceOf(address: string): string {
  if (!/^[0-9a-f:]+$/i.test(address) || !address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const whole = tail === undefined ? groups : [...groups, ...Array(8 - groups.length - last.length).fill('0'), ...last];
  return `${whole.slice(0, 4).join(':')}::/64`;
}
