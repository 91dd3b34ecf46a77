import type { Actor } from '../../../../core/shared/actor.js';
import type { Connection, MaestranoChannel } from '../connection.js';

/** Who acts when a marketplace brings somebody in: it reaches what is its channel's. */
export function actorOf(channel: MaestranoChannel, { api }: Connection): Actor {
  return {
    kind: 'serviceAccount',
    serviceAccountId: channel.id,
    username: api.id,
    channelId: channel.id,
    tenantId: null,
    level: null,
  };
}
