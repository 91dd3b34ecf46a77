import type { Connection } from '../connection.js';

/** One marketplace as the developer platform lists it; `problem` when it cannot be used, and what was known of it stays. */
export type Listed =
  | { readonly marketplace: string; readonly connection: Connection }
  | { readonly marketplace: string; readonly problem: string };

/** The platform did not answer with a list (spec Maestrano 1.3). `message` may be shown: no secret is in it. */
export class DiscoveryFailed extends Error {
  override readonly name = 'DiscoveryFailed';
}
