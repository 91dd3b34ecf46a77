import type { IncomingHttpHeaders } from 'node:http';
import ipaddr from 'ipaddr.js';

/** The parts of a request by which its sender is known; an `IncomingMessage` or a Fastify request's `raw` has them. */
export interface Peer {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: IncomingHttpHeaders;
}

/** A list of addresses and CIDR blocks. */
export interface AddressList {
  /** False for anything that is not one plain address. An IPv4 address in IPv6 clothes matches as IPv4. */
  contains(address: string): boolean;
  readonly size: number;
}

/**
 * The one spelling of an address: IPv4 dotted decimal (also for ::ffff:a.b.c.d), IPv6 compressed, no zone.
 * Undefined for any other notation (octal, hexadecimal, short forms): what is not plain is not guessed.
 */
export function canonicalAddress(text: string): string | undefined {
  return parseAddress(text)?.toString();
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Most requests come from few addresses, and each is looked at several times. */
const parsedBefore = new Map<string, Address | undefined>();
const mostRemembered = 1_000;

function parseAddress(text: string): Address | undefined {
  if (parsedBefore.has(text)) return parsedBefore.get(text);
  if (text.length > 100) return parseAfresh(text); // nothing that long is an address
  const parsed = parseAfresh(text);
  if (parsedBefore.size >= mostRemembered) parsedBefore.clear();
  parsedBefore.set(text, parsed);
  return parsed;
}

function parseAfresh(text: string): Address | undefined {
  const bare = text.replace(/%.*$/, '');
  if (!bare.includes(':')) return ipaddr.IPv4.isValidFourPartDecimal(bare) ? ipaddr.IPv4.parse(bare) : undefined;
  if (!ipaddr.IPv6.isValid(bare)) return undefined;
  const parsed = ipaddr.IPv6.parse(bare);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed;
}

/** @throws {Error} naming the first entry that is neither an address nor a CIDR block. */
export function parseAddressList(entries: readonly string[]): AddressList {
  const blocks = entries.map(parseBlock);
  return {
    contains(address) {
      const parsed = parseAddress(address);
      return (
        parsed !== undefined &&
        blocks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))
      );
    },
    size: blocks.length,
  };
}

function parseBlock(entry: string): [Address, number] {
  const [text = '', bits, ...rest] = entry.trim().split('/');
  const address = parseAddress(text);
  const written = text.includes(':') ? 128 : 32;
  const size = bits === undefined ? written : Number(bits);
  const valid = address && rest.length === 0 && (bits === undefined || /^\d{1,3}$/.test(bits)) && size <= written;
  if (!valid) throw new Error(`"${entry}" is neither an IP address nor a CIDR block`);
  const mapped = written === 128 && address.kind() === 'ipv4';
  if (mapped && size < 96) throw new Error(`"${entry}" covers more than the IPv4-mapped range`);
  return [address, mapped ? size - 96 : size];
}

export function isLoopback(address: string): boolean {
  return parseAddress(address)?.range() === 'loopback';
}

/**
 * Who really sent the request: the connection's peer, or, while the peer is a trusted proxy, the right-most address in
 * X-Forwarded-For that is none. Behind an unreadable hop anybody may be: 'unknown', which is on no list.
 */
export function clientAddress(peer: Peer, trusted: AddressList): string {
  let address = canonicalAddress(peer.socket.remoteAddress ?? '') ?? 'unknown';
  const hops = headerList(peer.headers['x-forwarded-for']);
  while (trusted.contains(address) && hops.length > 0) {
    const hop = canonicalAddress(withoutPort(hops.pop()!));
    if (hop === undefined) return 'unknown';
    address = hop;
  }
  return address;
}

/**
 * Whether the request came over a channel nobody else reads: https at a trusted proxy (its X-Forwarded-Proto, right-most
 * value), or this very machine.
 */
export function isSecure(peer: Peer, trusted: AddressList): boolean {
  const address = canonicalAddress(peer.socket.remoteAddress ?? '') ?? '';
  const protocol = headerList(peer.headers['x-forwarded-proto']).at(-1);
  if (protocol !== undefined && trusted.contains(address)) return protocol.toLowerCase() === 'https';
  return isLoopback(address);
}

function headerList(value: string | readonly string[] | undefined): string[] {
  if (value === undefined) return [];
  return (typeof value === 'string' ? value : value.join(','))
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function withoutPort(hop: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(hop);
  if (bracketed) return bracketed[1]!;
  return /^[^:]+:\d+$/.test(hop) ? hop.slice(0, hop.indexOf(':')) : hop;
}

const globalUnicastV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether the address is one of the public internet: not loopback, private, link-local, translated or otherwise special. */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined || address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(globalUnicastV6);
}
