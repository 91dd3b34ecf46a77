import { type Candidate, openPasswordSession } from '../../../core/identity/index.js';
import { setCookie } from '../cookies.js';
import { translator } from '../pages/languages.js';
import { accountKeyOf, attemptPassword } from './attempt.js';
import { beginAgain } from './begin-again.js';
import { candidateByEmail, candidateByLoginName, candidateBySignInName, candidateOfMarketplace } from './candidate.js';
import { askForNewPassword } from './change-password.js';
import { nameOf, type SignInContext } from './context.js';
import { type Destination, originsOf, readDestination } from './destination.js';
import { type PageHandler, type PageRequest, type PageResponse, redirect, show } from './exchange.js';
import { openSession } from './open-session.js';
import { marketplaceExit } from './sign-out.js';

interface Showing {
  readonly status?: number;
  readonly problem?: string;
  readonly name?: string;
  readonly again?: boolean;
}

/**
 * GET /signin: the form; for somebody signed in with nowhere to go, who they are; and once, for somebody whose marketplace stopped
 * vouching, the way back there.
 */
export function signInPage(context: SignInContext): PageHandler {
  return async (request) => {
    const { searchParams } = request.url;
    const destination = await readDestination(context, searchParams);
    const signedIn = await context.signedIn(request);
    const again = searchParams.has('again');
    if (signedIn && !again) {
      if (destination.to !== '') return redirect(destination.to);
      const { csrf, cookies } = context.csrf.issue(request);
      const formTargets = originsOf([await marketplaceExit(context, signedIn)]);
      return show(request, 'signedIn', { csrf, who: nameOf(signedIn) }, { cookies, formTargets });
    }
    const begin = signedIn ? '' : await beginAgain(context, request);
    if (begin !== '') return redirect(begin, [setCookie(context.names, context.names.session, '', 0)]);
    const name = new URL(destination.to || '/', context.ports.publicUrl).searchParams.get('login_hint') ?? '';
    return form(context, request, destination, { again: again && signedIn !== undefined, name });
  };
}

/** POST /signin/password */
export function signInByPassword(context: SignInContext): PageHandler {
  return async (request) => {
    const wrong = translator(request.language)('signIn.wrong');
    const destination = await readDestination(context, request.form);
    const name = (request.form.get('name') ?? '').trim();
    const attempt = await attemptPassword(context, request, {
      name,
      find: () => candidateOf(context, destination, name),
      wrong,
    });
    if ('problem' in attempt) return form(context, request, destination, { ...attempt, name });
    if (attempt.mustChangePassword) return askForNewPassword(context, request, destination, attempt);
    const cookie = await openSession(context, request, attempt, openPasswordSession);
    if (cookie === undefined) return form(context, request, destination, { status: 401, problem: wrong, name });
    const known = context.knownBrowsers.remember(request, accountKeyOf(name));
    return redirect(destination.to || destination.accessUrl || '/signin', [cookie, known]);
  };
}

async function candidateOf(
  { ports: { lookups } }: SignInContext,
  { instanceId }: Destination,
  name: string,
): Promise<Candidate | undefined> {
  return (
    (await candidateByEmail(lookups, name)) ??
    (await candidateByLoginName(lookups, instanceId, name)) ??
    (await candidateBySignInName(lookups, name)) ??
    candidateOfMarketplace(lookups, name)
  );
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
