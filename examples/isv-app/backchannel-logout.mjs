import { createRemoteJWKSet, jwtVerify } from 'jose';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
/** Longer than any logout token lives. */
const memory = 10 * 60_000;

/** Checks logout tokens as OpenID Connect Back-Channel Logout 1.0, 2.6 says, and remembers what has ended. */
export function createLogoutReceiver({ issuer, clientId, metadata }) {
  const seen = new Map();
  const ended = new Map();
  let keys;

  function forgetOld(map) {
    const limit = Date.now() - memory;
    for (const [key, at] of map) if (at < limit) map.delete(key);
  }

  return {
    /** Was this session ended before its sign-in arrived here? */
    hasEnded: (sid) => ended.has(sid),
    /** Returns whose sessions to end; throws for a token that is not the hub's, not for us, too old or used before. */
    async accept(token) {
      keys ??= createRemoteJWKSet(new URL((await metadata()).jwks_uri), { cooldownDuration: 1_000 });
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: clientId,
        algorithms: ['ES256'],
        typ: 'logout+jwt',
        maxTokenAge: '2m',
        clockTolerance: '30s',
        requiredClaims: ['iat', 'jti', 'events'],
      });
      const { sub, sid, jti, events, nonce } = payload;
      const named = typeof events === 'object' && events !== null && typeof events[logoutEvent] === 'object';
      if (!named) throw new Error('no back-channel logout event');
      if (nonce !== undefined) throw new Error('a logout token has no nonce');
      if (typeof sub !== 'string' && typeof sid !== 'string') throw new Error('neither sub nor sid');
      forgetOld(seen);
      forgetOld(ended);
      if (seen.has(jti)) throw new Error('used before');
      seen.set(jti, Date.now());
      if (typeof sid === 'string') ended.set(sid, Date.now());
      return { sub, sid };
    },
  };
}
