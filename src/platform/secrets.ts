import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret for machines and links: base64url of `bytes` random bytes, never fewer than 256 bits. */
export function randomToken(bytes = 32): string {
  return randomBytes(Math.max(bytes, 32)).toString('base64url');
}

/** What is stored of a random token: its SHA-256 in base64url. Random tokens need no slow hash; passwords do. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('base64url');
}

/** Compares two secrets in a time that tells nothing about where, or whether by length, they differ. */
export function constantTimeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
