import { networkInterfaces } from 'node:os';
import { isLoopback } from './address.js';

const unspecified = new Set(['0.0.0.0', '::', '']);

/**
 * By which address operators know this server: the one it listens on, or, behind a proxy on the same machine, the first of its
 * network that is no loopback (IPv4 before IPv6).
 */
export function serverAddress(host: string): string {
  if (/^[\d.:a-fA-F]+$/.test(host) && !unspecified.has(host) && !isLoopback(host)) return host;
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid);
  return (own.find(({ family }) => family === 'IPv4') ?? own[0])?.address ?? '127.0.0.1';
}
