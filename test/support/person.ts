import * as openid from 'openid-client';
import { type Browser, openBrowser } from '../sso/support/browser.js';

export { type Browser, openBrowser };

/** A client like the example application's, with GraphQL scopes of its own; goes into a seed's `clients`. */
export const probeClient = {
  clientId: 'probe',
  clientSecret: 'change-me-client-secret-of-the-probe',
  redirectUris: ['http://localhost:9/callback'],
  grantTypes: ['authorization_code', 'refresh_token'],
  scopes: ['openid', 'email', 'profile', 'offline_access', 'hub.read'],
};

/** Access token of a person who has a session in this browser, by code and PKCE. */
export async function personToken(publicUrl: string, browser: Browser, scope: string): Promise<string> {
  const { clientId, clientSecret, redirectUris } = probeClient;
  const config = await openid.discovery(new URL(`${publicUrl}/oidc`), clientId, clientSecret, undefined, {
    execute: [openid.allowInsecureRequests],
  });
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expectedState = openid.randomState();
  const redirectUri = redirectUris[0]!;
  const target = openid.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: expectedState,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const back = await browser.open(target.href, redirectUri);
  if (!back.location.startsWith(redirectUri)) throw new Error(`not signed in: ${back.status} ${back.url} ${back.body}`);
  const tokens = await openid.authorizationCodeGrant(config, new URL(back.location), {
    pkceCodeVerifier,
    expectedState,
  });
  return tokens.access_token;
}

export interface TokenPair {
  /** For userinfo. */
  readonly identity: string;
  /** For GraphQL. */
  readonly api: string;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = `Basic ${Buffer.from(`${probeClient.clientId}:${probeClient.clientSecret}`).toString('base64')}`;

/** Where a process may still let a person in, each asked at that process: true is in. */
export const doors: Readonly<Record<string, (url: string, tokens: TokenPair) => Promise<boolean>>> = {
  async userinfo(url, { identity }) {
    const response = await fetch(`${url}/oidc/me`, { headers: bearer(identity) });
    await response.text();
    return response.status === 200;
  },
  async introspection(url, { identity }) {
    const response = await fetch(`${url}/oidc/token/introspection`, {
      method: 'POST',
      headers: { authorization: basic },
      body: new URLSearchParams({ token: identity }),
    });
    return ((await response.json()) as { active: boolean }).active;
  },
  async graphql(url, { api }) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(api) },
      body: '{"query":"{ viewer { kind user { id } } }"}',
    });
    const body = (await response.json()) as { data?: { viewer?: { kind?: string } } };
    return body.data?.viewer?.kind === 'USER';
  },
};
