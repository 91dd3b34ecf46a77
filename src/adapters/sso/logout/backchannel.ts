import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { Lookups } from '../../../core/repositories.js';
import { type Clock, toMilliseconds } from '../../../core/shared/clock.js';
import type { PublishedEvent } from '../../../core/shared/events.js';
import type { Fetch } from '../../../platform/outbound.js';
import type { Subscriber } from '../subscriber.js';

export const backchannelEvent = 'http://schemas.openid.net/event/backchannel-logout';
/** An application that does not answer in this time is tried again by the relay. */
const patience = 4_000;

export interface BackchannelPorts {
  readonly issuer: string;
  readonly lookups: Lookups;
  readonly clock: Clock;
  readonly fetch: Fetch;
  signingKey(): JWK;
}

/** Tells an application that a person's session ended (OpenID Connect Back-Channel Logout 1.0). Throws until it has heard. */
export function createBackchannelLogout(ports: BackchannelPorts): Subscriber {
  const { lookups, fetch } = ports;
  return {
    name: 'backchannel-logout',
    wants: (event) => event.type === 'session.ended',
    async deliver(event) {
      const { clientId, sid, userId } = fieldsOf(event);
      const client = await lookups.clients.findOne({ clientId });
      if (!client || client.backchannelLogoutUri === '') return;
      const token = await logoutToken(ports, { clientId, sid, userId });
      const response = await fetch(client.backchannelLogoutUri, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ logout_token: token }).toString(),
        redirect: 'manual',
        signal: AbortSignal.timeout(patience),
      });
      await response.body?.cancel();
      if (response.status !== 200 && response.status !== 204) {
        throw new Error(`${clientId} answered ${response.status} to its back-channel logout`);
      }
    },
  };
}

interface EndedSignIn {
  readonly clientId: string;
  readonly sid: string;
  readonly userId: string;
}

function fieldsOf({ payload }: PublishedEvent): EndedSignIn {
  const text = (name: string): string => (typeof payload[name] === 'string' ? payload[name] : '');
  return { clientId: text('clientId'), sid: text('sid'), userId: text('userId') };
}

/** Each attempt has a token of its own: an application refuses one it has seen, also when its answer got lost. */
async function logoutToken({ issuer, clock, signingKey }: BackchannelPorts, ended: EndedSignIn): Promise<string> {
  const key = signingKey();
  const now = Math.floor(toMilliseconds(clock.now()) / 1_000);
  return new SignJWT({ sid: ended.sid, events: { [backchannelEvent]: {} } })
    .setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt', ...(key.kid !== undefined && { kid: key.kid }) })
    .setIssuer(issuer)
    .setAudience(ended.clientId)
    .setSubject(ended.userId)
    .setIssuedAt(now)
    .setExpirationTime(now + 120)
    .setJti(randomUUID())
    .sign(await importJWK(key, 'ES256'));
}
