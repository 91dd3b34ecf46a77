import { judgeSignIn } from '../../../core/identity/index.js';
import { nameOf, type SignInContext } from './context.js';
import { readDestination } from './destination.js';
import { type PageHandler, redirect, show } from './exchange.js';

/** GET /signin/not-entitled: why this person may not use the application, judged anew; on with it when they may by now. */
export function notEntitledPage(context: SignInContext): PageHandler {
  return async (request) => {
    const destination = await readDestination(context, request.url.searchParams);
    const signedIn = await context.signedIn(request);
    const { client, to } = destination;
    if (!signedIn || !client) return redirect(to === '' ? '/signin' : `/signin?${new URLSearchParams({ to })}`);
    const preferInstanceId = signedIn.session.instanceId;
    const verdict = await judgeSignIn(context.ports.lookups, { userId: signedIn.user.id, client, preferInstanceId });
    if (verdict.allowed) return redirect(to);
    const { csrf, cookies } = context.csrf.issue(request);
    const data = { csrf, to, target: destination.name, reason: verdict.reason, who: nameOf(signedIn) };
    return show(request, 'notEntitled', data, { status: 403, cookies });
  };
}
