import { endSessions } from '../../../core/identity/index.js';
import { setCookie } from '../cookies.js';
import type { SignedIn } from '../hub-session.js';
import type { SignInContext } from './context.js';
import { originsOf } from './destination.js';
import { type LogoutRequest, logoutTarget, readLogout } from './end-session-request.js';
import {
  isPrefetch,
  ownPath,
  type PageHandler,
  type PageRequest,
  type PageResponse,
  redirect,
  show,
} from './exchange.js';

/** `/oidc/session/end`: ends the session at once when the application shows whose it is; else asks. */
export function endSessionEndpoint(
  context: SignInContext,
  readHint: (token: string) => Promise<{ sub: string; aud: string } | undefined>,
): PageHandler {
  return async (request) => {
    if (isPrefetch(request)) return { status: 204, headers: { 'cache-control': 'no-store' }, body: '' };
    if (request.method !== 'GET' && request.method !== 'POST')
      return show(request, 'error', {}, { status: 405, once: true });
    const fields = request.method === 'POST' ? request.form : request.url.searchParams;
    const logout = await readLogout(context, fields, readHint);
    if ('problem' in logout) return show(request, 'error', { code: logout.problem }, { status: 400, once: true });
    const signedIn = await context.signedIn(request);
    if (!signedIn) return gone(context, logout);
    if (logout.subject === signedIn.user.id) {
      await end(context, signedIn, request);
      return gone(context, logout);
    }
    return confirm(context, request, logout);
  };
}

/** GET /signin/sign-out */
export function signOutPage(context: SignInContext): PageHandler {
  return async (request) => {
    const nothing: LogoutRequest = { clientId: '', redirectUri: '', state: '', subject: undefined };
    return (await context.signedIn(request)) ? confirm(context, request, nothing) : gone(context, nothing);
  };
}

/** POST /signin/sign-out */
export function signOut(context: SignInContext): PageHandler {
  return async (request) => {
    if (!context.csrf.holds(request)) return redirect('/signin/sign-out');
    const logout = await readLogout(context, request.form, async () => undefined);
    const signedIn = await context.signedIn(request);
    if (signedIn) await end(context, signedIn, request);
    const to = ownPath(request.form.get('to'), context.ports.publicUrl);
    if (to !== undefined) return redirect(`/signin?${new URLSearchParams({ to })}`, [forget(context)]);
    return gone(
      context,
      'problem' in logout ? { clientId: '', redirectUri: '', state: '', subject: undefined } : logout,
    );
  };
}

/** GET /signin/signed-out */
export function signedOutPage(): PageHandler {
  return async (request) => show(request, 'signedOut', {});
}

async function end({ runner, ports }: SignInContext, { session, user }: SignedIn, request: PageRequest): Promise<void> {
  await runner.asPerson(
    user.id,
    'sso.signOut',
    (tx) => endSessions(tx, { sessionId: session.id, reason: 'signed out' }),
    {
      address: ports.addressOf(request.raw),
    },
  );
}

function confirm(context: SignInContext, request: PageRequest, logout: LogoutRequest): PageResponse {
  const { csrf, cookies } = context.csrf.issue(request);
  const { clientId, redirectUri, state } = logout;
  const back = redirectUri === '' ? '/signin' : new URL(redirectUri).href;
  return show(
    request,
    'signOut',
    { csrf, clientId, redirectUri, state, back },
    { cookies, formTargets: originsOf([redirectUri]) },
  );
}

function gone(context: SignInContext, logout: LogoutRequest): PageResponse {
  return redirect(logoutTarget(logout), [forget(context)]);
}

function forget({ names }: SignInContext): string {
  return setCookie(names, names.session, '', 0);
}
