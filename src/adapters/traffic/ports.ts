import type { IncomingMessage } from 'node:http';
import type { CheckTraffic, TrafficGrant } from '../../core/provisioning/index.js';
import type { Actor } from '../../core/shared/actor.js';
import type { Logger } from '../../platform/logger.js';

export interface TrafficPorts {
  readonly check: CheckTraffic;
  /** Who a bearer token speaks for. Throws `token_invalid`. */
  authenticateBearer(token: string): Promise<Actor>;
  /** Who an OAuth client's own secret speaks for. Throws `authentication_failed`, `throttled`. */
  authenticateClient(credential: {
    readonly clientId: string;
    readonly secret: string;
    readonly address: string;
  }): Promise<Actor>;
  /** What an instance's access token says; undefined unless the hub made it for traffic and it has not expired. */
  readToken(token: string): Promise<TrafficGrant | undefined>;
  /** The request's number, and who sent it, seen through trusted proxies. */
  describe(request: IncomingMessage): { readonly requestId: string; readonly address: string };
  readonly logger: Pick<Logger, 'error'>;
}
