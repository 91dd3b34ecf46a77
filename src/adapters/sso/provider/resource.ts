import type { Client, KoaContextWithOIDC, ResourceServer } from 'oidc-provider';
import { errors } from './openid-library.js';

export const hubScopes = ['hub.read', 'hub.write', 'hub.admin'] as const;

/** The GraphQL API is the one resource tokens are made for. Machines get signed tokens, people opaque ones (docs/design.md 10.18). */
export function createResource(publicUrl: string, lifetimes: { accessToken: number; clientToken: number }) {
  const graphql = `${publicUrl}/graphql`;
  const isMachine = (ctx: KoaContextWithOIDC): boolean => ctx.oidc.params?.grant_type === 'client_credentials';
  const allowed = (client: Client): string[] => hubScopes.filter((scope) => client.scope?.split(' ').includes(scope));

  return {
    identifier: graphql,
    defaultResource(ctx: KoaContextWithOIDC, client: Client, oneOf?: readonly string[]): string | readonly string[] {
      if (oneOf) return oneOf;
      const { params } = ctx.oidc;
      if (!params) return [];
      // a machine that names no scope gets all it was registered for
      if (isMachine(ctx) && params.scope === undefined) params.scope = allowed(client).join(' ') || undefined;
      const asked = String(params.scope ?? '').split(' ');
      return asked.some((scope) => scope.startsWith('hub.')) ? graphql : [];
    },
    getResourceServerInfo(ctx: KoaContextWithOIDC, resource: string, client: Client): ResourceServer {
      if (resource !== graphql) throw new errors.InvalidTarget();
      const scope = allowed(client).join(' ');
      return isMachine(ctx)
        ? {
            scope,
            audience: graphql,
            accessTokenFormat: 'jwt',
            accessTokenTTL: lifetimes.clientToken,
            jwt: { sign: { alg: 'ES256' } },
          }
        : { scope, audience: graphql, accessTokenFormat: 'opaque', accessTokenTTL: lifetimes.accessToken };
    },
  };
}
