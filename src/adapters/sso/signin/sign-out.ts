import { endSessions } from '../../../core/identity/index.js';
import { setCookie } from '../cookies.js';
import type { SignedIn } from '../hub-session.js';
import type { SignInContext } from './context.js';
import { originsOf, webAddress } from './destination.js';
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
    if (logout.subject !== signedIn.user.id) return confirm(context, request, logout, signedIn);
    await end(context, signedIn, request);
    return gone(context, logout, signedIn);
  };
}

/** GET /signin/sign-out */
export function signOutPage(context: SignInContext): PageHandler {
  return async (request) => {
    const nothing: LogoutRequest = { clientId: '', redirectUri: '', state: '', subject: undefined };
    const signedIn = await context.signedIn(request);
    return signedIn ? confirm(context, request, nothing, signedIn) : gone(context, nothing);
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
      signedIn,
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

/**
 * Where a marketplace that vouched for this session has its people go when it ended here, so that they are signed out there too
 * (spec Maestrano 1.4); '' for every other session.
 */
export async function marketplaceExit({ ports }: SignInContext, { session }: SignedIn): Promise<string> {
  if (session.voucher === null || !ports.vouchers) return '';
  try {
    return webAddress(await ports.vouchers.signOutUrl(session));
  } catch (err) {
    ports.logger.warn({ err, sessionId: session.id }, 'a marketplace’s own sign-out is not known');
    return '';
  }
}

async function confirm(
  context: SignInContext,
  request: PageRequest,
  logout: LogoutRequest,
  signedIn: SignedIn,
): Promise<PageResponse> {
  const { csrf, cookies } = context.csrf.issue(request);
  const { clientId, redirectUri, state } = logout;
  const back = redirectUri === '' ? '/signin' : new URL(redirectUri).href;
  return show(
    request,
    'signOut',
    { csrf, clientId, redirectUri, state, back },
    { cookies, formTargets: originsOf([redirectUri || (await marketplaceExit(context, signedIn))]) },
  );
}

/** An application's own registered address wins over the marketplace's: it asked to have the person back. */
async function gone(context: SignInContext, logout: LogoutRequest, ended?: SignedIn): Promise<PageResponse> {
  const exit = ended && logout.redirectUri === '' ? await marketplaceExit(context, ended) : '';
  return redirect(exit || logoutTarget(logout), [forget(context)]);
}

function forget({ names }: SignInContext): string {
  return setCookie(names, names.session, '', 0);
}
