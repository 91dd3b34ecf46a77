import type { SignInContext } from './context.js';

/** What an application asks when it signs somebody out (OpenID Connect RP-Initiated Logout 1.0). */
export interface LogoutRequest {
  readonly clientId: string;
  /** Registered for the client, to the letter; '' = our own page. */
  readonly redirectUri: string;
  readonly state: string;
  /** Whose session the application shows it has; undefined without a valid hint. */
  readonly subject: string | undefined;
}

export async function readLogout(
  { ports }: SignInContext,
  fields: URLSearchParams,
  readHint: (token: string) => Promise<{ sub: string; aud: string } | undefined>,
): Promise<LogoutRequest | { problem: string }> {
  const hint = fields.get('id_token_hint');
  const shown = hint ? await readHint(hint) : undefined;
  const clientId = fields.get('client_id') || shown?.aud || '';
  if (shown && shown.aud !== clientId) return { problem: 'client_id mismatch' };
  const redirectUri = fields.get('post_logout_redirect_uri') ?? '';
  if (redirectUri !== '') {
    const client = await ports.lookups.clients.findOne({ clientId });
    const registered = client?.disabledAt === null && client.postLogoutRedirectUris.includes(redirectUri);
    if (!registered) return { problem: 'post_logout_redirect_uri not registered' };
  }
  return { clientId, redirectUri, state: fields.get('state') ?? '', subject: shown?.sub };
}

export function logoutTarget({ redirectUri, state }: LogoutRequest): string {
  if (redirectUri === '') return '/signin/signed-out';
  if (state === '') return redirectUri;
  const target = new URL(redirectUri);
  target.searchParams.set('state', state);
  return target.href;
}
