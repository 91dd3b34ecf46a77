import { chooseLoginMethod, openPasswordSession, type PasswordVerdict } from '../../../core/identity/index.js';
import { isDomainError } from '../../../core/shared/errors.js';
import { emailKey } from '../../../core/shared/text.js';
import { hashToken } from '../../../platform/secrets.js';
import { translator } from '../pages/languages.js';
import { candidateByEmail, candidateByLoginName, candidateBySignInName } from './candidate.js';
import { askForNewPassword } from './change-password.js';
import { nameOf, type SignInContext } from './context.js';
import { type Destination, readDestination } from './destination.js';
import { type PageHandler, type PageRequest, type PageResponse, redirect, show } from './exchange.js';
import { openSession } from './open-session.js';
import { sourceOf } from './source.js';

interface Showing {
  readonly status?: number;
  readonly problem?: string;
  readonly name?: string;
  readonly again?: boolean;
}

/** GET /signin: the form, or, for somebody signed in with nowhere to go, who they are. */
export function signInPage(context: SignInContext): PageHandler {
  return async (request) => {
    const { searchParams } = request.url;
    const destination = await readDestination(context, searchParams);
    const signedIn = await context.signedIn(request);
    const again = searchParams.has('again');
    if (signedIn && !again) {
      if (destination.to !== '') return redirect(destination.to);
      const { csrf, cookies } = context.csrf.issue(request);
      return show(request, 'signedIn', { csrf, who: nameOf(signedIn) }, { cookies });
    }
    const name = new URL(destination.to || '/', context.ports.publicUrl).searchParams.get('login_hint') ?? '';
    return form(context, request, destination, { again: again && signedIn !== undefined, name });
  };
}

/** POST /signin/password */
export function signInByPassword(context: SignInContext): PageHandler {
  return async (request) => {
    const t = translator(request.language);
    const destination = await readDestination(context, request.form);
    const name = (request.form.get('name') ?? '').trim();
    const refuse = (status: number, problem: string): PageResponse =>
      form(context, request, destination, { status, problem, name });
    if (!context.csrf.holds(request)) return refuse(403, t('signIn.stale'));

    const methods = chooseLoginMethod(name, await context.ports.lookups.identityProviders.findMany({}));
    if (!methods.password) return refuse(403, t('signIn.provider', { name: methods.provider?.key }));
    let verdict: PasswordVerdict;
    try {
      verdict = await judge(context, request, destination, name);
    } catch (error) {
      if (isDomainError(error, 'busy')) return refuse(503, t('signIn.busy'));
      throw error;
    }
    if (verdict.outcome === 'throttled') {
      const time = new Intl.DateTimeFormat(request.language, { timeStyle: 'short', timeZone: 'UTC' }).format(
        new Date(verdict.until),
      );
      return refuse(429, t('signIn.throttled', { time: `${time} UTC` }));
    }
    if (verdict.outcome === 'refused') return refuse(401, t('signIn.wrong'));
    if (verdict.mustChangePassword) return askForNewPassword(context, request, destination, verdict);
    const cookie = await openSession(context, request, verdict, openPasswordSession);
    if (cookie === undefined) return refuse(401, t('signIn.wrong'));
    const known = context.knownBrowsers.remember(request, accountKeyOf(name));
    return redirect(destination.to || destination.accessUrl || '/signin', [cookie, known]);
  };
}

function accountKeyOf(name: string): string {
  return hashToken(emailKey(name));
}

async function judge(
  context: SignInContext,
  request: PageRequest,
  { instanceId }: Destination,
  name: string,
): Promise<PasswordVerdict> {
  const { ports, authenticate } = context;
  const candidate =
    (await candidateByEmail(ports.lookups, name)) ??
    (await candidateByLoginName(ports.lookups, instanceId, name)) ??
    (await candidateBySignInName(ports.lookups, name));
  const accountKey = accountKeyOf(name);
  return authenticate({
    candidate,
    accountKey,
    source: sourceOf(ports.addressOf(request.raw)),
    knownBrowser: context.knownBrowsers.find(request, accountKey),
    password: request.form.get('password') ?? '',
  });
}

function form(context: SignInContext, request: PageRequest, destination: Destination, showing: Showing): PageResponse {
  const { csrf, cookies } = context.csrf.issue(request);
  const { status, problem, name = '', again = false } = showing;
  return show(
    request,
    'signIn',
    { csrf, to: destination.to, instance: destination.instanceId, target: destination.name, problem, name, again },
    { cookies, formTargets: destination.origins, ...(status !== undefined && { status }) },
  );
}
