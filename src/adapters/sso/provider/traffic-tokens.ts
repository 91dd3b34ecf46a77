import type { TrafficClient, TrafficGrant, TrafficName } from '../../../core/provisioning/index.js';
import { parseTrafficClientId } from '../../../core/provisioning/index.js';
import { createBoundedCache } from '../../../platform/bounded-cache.js';
import { hashToken } from '../../../platform/secrets.js';
import { readSigned, type SignedTokenPorts } from '../signed-tokens.js';
import { trafficScope } from './traffic-clients.js';

/** Where an instance's tokens are for: gateways, and none of the hub's own doors. */
export const trafficAudience = (publicUrl: string): string => `${publicUrl}/traffic`;

/** What an instance's token says of it, in the words of the channel and in the hub's. */
export function trafficClaims({ client, name }: { readonly client: TrafficClient; readonly name: TrafficName }) {
  return {
    instance_id: client.instanceId,
    tenant_id: client.tenantId,
    application_id: client.applicationId,
    channel: client.channelName,
    sp_account_id: name.provider,
    app_account_id: name.application,
    app_inst_group_id: name.instance,
    made_with: String(client.credentialVersion),
  };
}

/** Longest token that is looked at: one with the longest names there can be. */
const longestToken = 32_768;

/**
 * Reads an instance's token: undefined unless the hub signed it for traffic and it has not expired. What was read is remembered
 * until then; whether it still counts is for `checkTraffic` to say, each time.
 */
export function createTrafficTokens(ports: SignedTokenPorts): (token: string) => Promise<TrafficGrant | undefined> {
  const known = createBoundedCache<string, { readonly grant: TrafficGrant; readonly expiresAt: number }>({
    max: 10_000,
    ttl: 10 * 60_000,
  });

  return async (token) => {
    if (token.length > longestToken) return undefined;
    const key = hashToken(token);
    const before = known.get(key);
    if (before !== undefined) return before.expiresAt > ports.now() ? before.grant : undefined;
    const payload = await readSigned(ports, token, ['client_id', 'exp', 'instance_id', 'made_with']);
    const name = payload && parseTrafficClientId(String(payload.client_id));
    if (name === undefined || payload?.exp === undefined) return undefined;
    if (!String(payload.scope).split(' ').includes(trafficScope)) return undefined;
    const grant: TrafficGrant = {
      name,
      instanceId: String(payload.instance_id),
      credentialVersion: Number(payload.made_with),
    };
    known.set(key, { grant, expiresAt: payload.exp * 1_000 });
    return grant;
  };
}
