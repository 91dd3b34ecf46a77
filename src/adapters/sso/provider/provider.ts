import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Configuration, default as OpenIdProvider } from 'oidc-provider';
import { toMilliseconds } from '../../../core/shared/clock.js';
import { randomToken } from '../../../platform/secrets.js';
import { type CookieNames, parseCookies, replaceCookie } from '../cookies.js';
import { findSignedIn, type SignedIn } from '../hub-session.js';
import type { Runner } from '../person-unit.js';
import { lifetimesOf, type SsoPorts } from '../ports.js';
import type { Vouching } from '../recheck.js';
import { claimsByScope, createFindAccount, sessionOf } from './accounts.js';
import { createAdapterFactory } from './adapter.js';
import { loadGrant } from './grants.js';
import { createTokenCheck } from './machine-tokens.js';
import { Provider } from './openid-library.js';
import { createPolicy, interactionUrl } from './policy.js';
import { createResource, hubScopes } from './resource.js';
import type { SigningKeys } from './signing-keys.js';
import { type TrafficClients, trafficScope } from './traffic-clients.js';

export interface ProviderParts {
  readonly ports: SsoPorts;
  readonly runner: Runner;
  readonly names: CookieNames;
  readonly keys: SigningKeys;
  readonly traffic: TrafficClients;
  readonly vouching: Vouching;
  /** Shows an error that cannot be sent to the client's redirect URI. */
  renderError(request: IncomingMessage, error: string): { headers: Record<string, string>; body: string };
}

export interface MountedProvider {
  readonly provider: OpenIdProvider;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const signedInRequests = new WeakMap<IncomingMessage, SignedIn>();

export function createProvider(parts: ProviderParts): MountedProvider {
  const { ports, names, traffic, vouching } = parts;
  const provider = new Provider(`${ports.publicUrl}/oidc`, configuration(parts));
  provider.proxy = true; // handle() below decides what the forwarded headers say
  provider.Client.prototype.compareClientSecret = function (
    this: { clientId: string; clientSecret?: string },
    secret: string,
  ) {
    return traffic.compareSecret(this.clientId, secret) ?? ports.verifyClientSecret(this.clientSecret ?? '', secret);
  };
  provider.Client.prototype.includeSid = () => true; // by it every token is found again when its session ends
  provider.on('server_error', (_ctx, error) => ports.logger.error({ err: error }, 'the OpenID provider failed'));
  // The library has pages of its own, with scripts: what is not one of ours never reaches a browser.
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.response.get('location')) return; // a redirect for a browser has a page nobody sees
    if (!ctx.response.is('html') || ctx.response.get('content-security-policy')) return;
    const page = parts.renderError(ctx.req, 'unsupported_response_mode');
    ctx.status = 400;
    ctx.set(page.headers);
    ctx.body = page.body;
  });
  const callback = provider.callback();
  const address = new URL(ports.publicUrl);

  return {
    provider,
    async handle(request, response) {
      for (const name of ['host', 'for', 'proto', 'port', 'prefix']) delete request.headers[`x-forwarded-${name}`];
      // links are made from these, so neither a Host header nor a proxy's word can bend them
      request.headers['x-forwarded-proto'] = address.protocol.slice(0, -1);
      request.headers['x-forwarded-host'] = address.host;
      const original = request.url ?? '/';
      request.url = original.replace(/^\/oidc(?=[/?]|$)/, '') || '/';
      Object.assign(request, { originalUrl: original });
      if (request.url.startsWith('/auth')) await takeOverSession(request);
      await callback(request, response);
    },
  };

  /** The hub's session is the only truth about who is signed in: the provider's follows it, found by its id. */
  async function takeOverSession(request: IncomingMessage): Promise<void> {
    const cookie = parseCookies(request.headers.cookie).get(names.session);
    const signedIn = await findSignedIn(ports.lookups, vouching, cookie);
    if (!signedIn) return replaceCookie(request, names.provider, undefined);
    signedInRequests.set(request, signedIn);
    const session = await sessionFor(provider, signedIn, ports.clock.now());
    replaceCookie(request, names.provider, String(session.jti));
  }
}

async function sessionFor(provider: OpenIdProvider, { session: hub }: SignedIn, now: string) {
  const known = await provider.Session.findByUid(hub.id);
  const authTime = Math.floor(toMilliseconds(hub.createdAt) / 1_000);
  if (known?.accountId === hub.userId) return known;
  const session = Object.assign(new provider.Session(), {
    uid: hub.id, // so every token names the hub's session it came from
    jti: randomToken(),
    accountId: hub.userId,
    loginTs: authTime,
    ...(hub.method.endsWith('password') && { amr: ['pwd'] }),
  });
  const left = Math.ceil((toMilliseconds(hub.expiresAt) - toMilliseconds(now)) / 1_000);
  await session.save(Math.max(left, 60));
  return session;
}

/** After a person proved again who they are: `auth_time` is now. */
export async function touchLogin(provider: OpenIdProvider, sessionId: string, now: string): Promise<void> {
  const session = await provider.Session.findByUid(sessionId);
  if (!session) return;
  session.loginTs = Math.floor(toMilliseconds(now) / 1_000);
  await session.persist();
}

function configuration({ ports, runner, names, keys, traffic, vouching, renderError }: ProviderParts): Configuration {
  const ttl = lifetimesOf(ports);
  const resource = createResource(ports.publicUrl, ttl);
  const cookie = { httpOnly: true, sameSite: 'lax', signed: false, path: '/' } as const;
  const { path: _, ...scoped } = cookie;
  return {
    adapter: createAdapterFactory(ports, traffic),
    jwks: { keys: [...keys.private] as never },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: ['openid', 'offline_access', ...hubScopes, trafficScope],
    claims: claimsByScope,
    conformIdTokenClaims: false,
    findAccount: createFindAccount(ports, vouching),
    loadExistingGrant: loadGrant,
    extraTokenClaims: createTokenCheck(ports, traffic),
    interactions: {
      policy: createPolicy(runner, (request) => signedInRequests.get(request)),
      url: interactionUrl,
    },
    cookies: {
      names: { session: names.provider, interaction: names.interaction, resume: names.resume },
      long: cookie,
      short: scoped,
    },
    pkce: { required: () => true },
    responseTypes: ['code'],
    allowOmittingSingleRegisteredRedirectUri: false,
    rotateRefreshToken: () => true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false, // ending a session deletes its tokens; nothing has to be looked up on each use
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    clientBasedCORS: (_ctx, origin, client) =>
      client.redirectUris?.some((uri) => new URL(uri).origin === origin) ?? false,
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], userinfoSigningAlgValues: ['ES256'] },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      introspection: {
        enabled: true,
        // anybody can say a public client's name, so its rights are none of its own
        allowedPolicy: async (_ctx, client, token) => {
          const own = token.clientId === client.clientId;
          const admin = client.clientAuthMethod !== 'none' && client.scope?.split(' ').includes('hub.admin') === true;
          return (own || admin) && (await vouching.ensureToken(sessionOf(token))) !== undefined;
        },
      },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: resource.defaultResource,
        getResourceServerInfo: resource.getResourceServerInfo,
        useGrantedResource: () => true,
      },
    },
    ttl: {
      AccessToken: ttl.accessToken,
      AuthorizationCode: ttl.authorizationCode,
      ClientCredentials: ttl.clientToken,
      Grant: ttl.refreshToken,
      IdToken: ttl.idToken,
      Interaction: 600,
      RefreshToken: ttl.refreshToken,
      Session: ttl.session,
    },
    fetch: ports.fetch,
    renderError(ctx, out) {
      const page = renderError(ctx.req, out.error);
      ctx.set(page.headers);
      ctx.body = page.body;
    },
  };
}
