import type { Actor } from '../../../core/shared/actor.js';
import type { Connection, MaestranoChannel } from './connection.js';

/** Who acts when a marketplace asks for something: it reaches what is its channel's. */
export function actorOf(channel: MaestranoChannel, { api }: Connection): Extract<Actor, { kind: 'serviceAccount' }> {
  return {
    kind: 'serviceAccount',
    serviceAccountId: channel.id,
    username: api.id,
    channelId: channel.id,
    tenantId: null,
    level: null,
  };
}
