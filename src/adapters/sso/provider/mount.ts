import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import { pageHeaders, renderPage } from '../pages/render.js';
import type { SignInContext } from '../signin/context.js';
import { type PageHandler, pageRequest, show } from '../signin/exchange.js';
import { endSessionEndpoint } from '../signin/sign-out.js';
import { createProvider, type MountedProvider, type ProviderParts, touchLogin } from './provider.js';
import { loadSigningKeys, type SigningKeys } from './signing-keys.js';
import type { TokenThrottle } from './token-throttle.js';
import { createTrafficClients } from './traffic-clients.js';

export interface ProviderMount {
  /** For every path that begins with /oidc. */
  handler(request: IncomingMessage, response: ServerResponse): Promise<void>;
  keys(): SigningKeys;
  touchLogin(sessionId: string): Promise<void>;
  /** Takes up keys that were added or retired since. */
  reload(): Promise<void>;
}

/** The provider under /oidc. It is made anew, without a pause, when the signing keys change. */
export async function mountProvider(
  parts: Omit<ProviderParts, 'keys' | 'renderError' | 'traffic'> & { readonly throttle: TokenThrottle },
  context: () => SignInContext,
): Promise<ProviderMount> {
  const { ports, throttle } = parts;
  const traffic = createTrafficClients(ports);
  let keys = await loadSigningKeys(ports);
  let mounted = build();

  function build(): MountedProvider {
    const made = createProvider({ ...parts, keys, traffic, renderError });
    made.provider.on('grant.error', (ctx, error) => throttle.failed(ctx.req, error));
    return made;
  }

  function renderError(request: IncomingMessage, code: string): { headers: Record<string, string>; body: string } {
    const { language } = pageRequest(request, ports.publicUrl);
    return { headers: pageHeaders(), body: renderPage('error', language, { code, internal: code === 'server_error' }) };
  }

  /** Signature and issuer count; that it has expired does not (RP-Initiated Logout 1.0, 4). */
  async function readHint(token: string): Promise<{ sub: string; aud: string } | undefined> {
    try {
      const known = createLocalJWKSet({ keys: keys.private.map(({ d: _, ...jwk }) => jwk) });
      const { payload } = await jwtVerify(token, known, {
        issuer: `${ports.publicUrl}/oidc`,
        algorithms: ['ES256'],
        currentDate: new Date(0),
      });
      return typeof payload.aud === 'string' && payload.sub !== undefined
        ? { sub: payload.sub, aud: payload.aud }
        : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  return {
    keys: () => keys,
    touchLogin: (sessionId) => touchLogin(mounted.provider, sessionId, ports.clock.now()),
    async reload() {
      const fresh = await loadSigningKeys(ports);
      if (fresh.fingerprint === keys.fingerprint) return;
      keys = fresh;
      mounted = build();
    },
    async handler(request, response) {
      try {
        const path = (request.url ?? '').split('?')[0];
        if (path === '/oidc/session/end')
          return await answer(endSessionEndpoint(context(), readHint), request, response);
        if (path === '/oidc/token') {
          if (await throttle.refuse(request, response)) return;
          traffic.arrive(request);
        }
        await mounted.handle(request, response);
      } catch (error) {
        ports.logger.error({ err: error }, 'a request to the OpenID provider failed');
        if (response.headersSent) response.destroy();
        else
          await answer(
            async (page) => show(page, 'error', { internal: true }, { status: 500, once: true }),
            request,
            response,
          );
      }
    },
  };

  async function answer(handle: PageHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = request.method === 'POST' ? await readBody(request) : '';
    if (read === undefined) response.setHeader('connection', 'close');
    const { status, headers, body } =
      read === undefined
        ? show(pageRequest(request, ports.publicUrl), 'error', {}, { status: 413, once: true })
        : await handle(pageRequest(request, ports.publicUrl, new URLSearchParams(read)));
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers))
      response.setHeader(name, typeof value === 'string' ? value : [...value]);
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

const longestBody = 16_384;

/** Undefined when it is longer than any form of ours. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > longestBody) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
