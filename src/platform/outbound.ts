import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector, type RequestInit, Response, fetch as undiciFetch } from 'undici';
import { canonicalAddress, isPublicAddress, parseAddressList } from './address.js';

/** A call that was not made, or was cut off, by the guard. `reason` is a text for logs and the operator. */
export class OutboundRefused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`outgoing call refused: ${reason}`);
    this.name = 'OutboundRefused';
    this.reason = reason;
  }
}

export type Fetch = typeof globalThis.fetch;
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

export interface OutboundOptions {
  /** OUTBOUND_ALLOW: CIDR, address, host, host:port or address:port that may be reached although special-use. */
  readonly allow?: readonly string[];
  /** Milliseconds for the whole call, body included. Default 10,000. */
  readonly timeout?: number;
  /** Most bytes of an answer, after decompression. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Name resolution; a seam for tests. */
  readonly resolve?: Resolve;
}

export interface Outbound {
  /**
   * `fetch` with a guard: http and https only, no credentials in the URL, the name is resolved once and only the addresses
   * found are connected to, special-use ones only when allowed. Redirects are answers, never followed. Throws a TypeError
   * whose cause chain ends in OutboundRefused, as fetch does for network errors.
   */
  readonly fetch: Fetch;
  close(): Promise<void>;
}

/** @throws {Error} naming the first entry that is no CIDR block, address, host or host:port. */
export function parseOutboundAllow(
  entries: readonly string[],
): (hostname: string, port: number, address: string) => boolean {
  const blocks: string[] = [];
  const hosts = new Set<string>();
  for (const entry of entries) {
    const text = entry.trim().toLowerCase();
    if (text.includes('/') || canonicalAddress(text) !== undefined) {
      parseAddressList([text]);
      blocks.push(text);
    } else hosts.add(hostKey(text));
  }
  const list = parseAddressList(blocks);
  return (hostname, port, address) => {
    const name = hostname.toLowerCase();
    return list.contains(address) || hosts.has(name) || hosts.has(`${name}:${port}`) || hosts.has(`${address}:${port}`);
  };
}

function hostKey(entry: string): string {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/.exec(entry);
  const host = match?.[1] === undefined ? match?.[2] : canonicalAddress(match[1]);
  if (host === undefined) throw new Error(`"${entry}" is no CIDR block, address, host or host:port`);
  return match?.[3] === undefined ? host : `${host}:${Number(match[3])}`;
}

export function createOutbound(options: OutboundOptions = {}): Outbound {
  const { timeout = 10_000, maxBytes = 1_048_576, resolve = resolveAll } = options;
  const allowed = parseOutboundAllow(options.allow ?? []);

  async function permitted(hostname: string, port: number): Promise<{ address: string; family: number }[]> {
    const name = hostname.replace(/^\[|\]$/g, '');
    const literal = canonicalAddress(name);
    const found = literal ? [{ address: literal, family: literal.includes(':') ? 6 : 4 }] : await resolve(name);
    if (found.length === 0) throw new OutboundRefused(`${name} has no address`);
    for (const { address } of found) {
      if (isPublicAddress(address)) continue;
      if (!allowed(name, port, canonicalAddress(address) ?? address)) {
        const what = literal ? 'a special-use address' : `the special-use address ${address}`;
        throw new OutboundRefused(`${name} is ${what}; OUTBOUND_ALLOW can permit it`);
      }
    }
    return [...found];
  }

  const connect: buildConnector.connector = (target, callback) => {
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    permitted(target.hostname, port).then(
      (addresses) => buildConnector({ timeout, lookup: pinned(addresses) })(target, callback),
      (error: Error) => callback(error, null),
    );
  };
  const agent = new Agent({
    connect,
    connections: 16,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxHeaderSize: 16_384,
  });

  return {
    fetch: (async (input: string | URL | Request, init: RequestInit = {}) => {
      const url = checkUrl(typeof input === 'object' && 'url' in input ? input.url : input);
      const limit = AbortSignal.timeout(timeout);
      const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
      const response = await undiciFetch(url, { ...init, signal, redirect: 'manual', dispatcher: agent });
      return capped(response, maxBytes);
    }) as unknown as Fetch, // undici's own types differ from the global ones in names only
    close: () => agent.close(),
  };
}

function checkUrl(input: string | URL): URL {
  const url = new URL(input);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new OutboundRefused(`${url.protocol} is not http or https`);
  if (url.username !== '' || url.password !== '') throw new OutboundRefused('the URL carries credentials');
  return url;
}

/** Answers every lookup with the addresses that were checked, so that a second resolution cannot change them. */
function pinned(addresses: readonly { address: string; family: number }[]): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all) callback(null, [...addresses]);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  };
}

async function resolveAll(hostname: string): Promise<readonly { address: string; family: number }[]> {
  return systemLookup(hostname, { all: true });
}

function capped(response: Response, maxBytes: number): Response {
  if (response.body === null) return response;
  let seen = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > maxBytes) controller.error(new OutboundRefused(`the answer is larger than ${maxBytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
  const limited = new Response(response.body.pipeThrough(counter), response);
  Object.defineProperty(limited, 'url', { value: response.url });
  return limited;
}
