import type { Client, KoaContextWithOIDC, ResourceServer } from 'oidc-provider';
import { errors } from './openid-library.js';
import { trafficScope } from './traffic-clients.js';
import { trafficAudience } from './traffic-tokens.js';

export const hubScopes = ['hub.read', 'hub.write', 'hub.admin'] as const;

/**
 * What tokens are made for: the GraphQL API, and, for application instances and nobody else, traffic. Machines get signed tokens,
 * people opaque ones (docs/design.md 10.18).
 */
export function createResource(publicUrl: string, lifetimes: { accessToken: number; clientToken: number }) {
  const graphql = `${publicUrl}/graphql`;
  const traffic = trafficAudience(publicUrl);
  const isInstance = (client: Client): boolean => client.scope === trafficScope;
  const isMachine = (ctx: KoaContextWithOIDC): boolean => ctx.oidc.params?.grant_type === 'client_credentials';
  const allowed = (client: Client): string[] => hubScopes.filter((scope) => client.scope?.split(' ').includes(scope));

  return {
    identifier: graphql,
    defaultResource(ctx: KoaContextWithOIDC, client: Client, oneOf?: readonly string[]): string | readonly string[] {
      if (oneOf) return oneOf;
      const { params } = ctx.oidc;
      if (!params) return [];
      if (isInstance(client)) {
        params.scope ??= trafficScope;
        return traffic;
      }
      // a machine that names no scope gets all it was registered for
      if (isMachine(ctx) && params.scope === undefined) params.scope = allowed(client).join(' ') || undefined;
      const asked = String(params.scope ?? '').split(' ');
      return asked.some((scope) => scope.startsWith('hub.')) ? graphql : [];
    },
    getResourceServerInfo(ctx: KoaContextWithOIDC, resource: string, client: Client): ResourceServer {
      if (resource !== (isInstance(client) ? traffic : graphql)) throw new errors.InvalidTarget();
      const signed = {
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: lifetimes.clientToken,
        jwt: { sign: { alg: 'ES256' } },
      } as const;
      if (isInstance(client)) return { scope: trafficScope, ...signed };
      const scope = allowed(client).join(' ');
      return isMachine(ctx)
        ? { scope, ...signed }
        : { scope, audience: graphql, accessTokenFormat: 'opaque', accessTokenTTL: lifetimes.accessToken };
    },
  };
}
