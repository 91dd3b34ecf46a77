import { replaceTemporaryPassword, shortestPassword } from '../../../core/identity/index.js';
import { translator } from '../pages/languages.js';
import type { ChangeTicket } from './change-ticket.js';
import type { SignInContext } from './context.js';
import { type Destination, readDestination } from './destination.js';
import { type PageHandler, type PageRequest, type PageResponse, redirect, show } from './exchange.js';
import { readNewPassword } from './new-password.js';
import { openSession } from './open-session.js';

/** What follows the right temporary password: there is no session before it is replaced. */
export function askForNewPassword(
  context: SignInContext,
  request: PageRequest,
  destination: Destination,
  ticket: ChangeTicket,
  refused?: { readonly status: number; readonly problem: string },
): PageResponse {
  const { csrf, cookies } = context.csrf.issue(request);
  const data = {
    csrf,
    ticket: context.changeTickets.issue(request, ticket),
    to: destination.to,
    instance: destination.instanceId,
    problem: refused?.problem,
    count: shortestPassword,
  };
  return show(request, 'changePassword', data, {
    status: refused?.status ?? 200,
    cookies,
    formTargets: destination.origins,
    once: true,
  });
}

/** POST /signin/change-password: the new password, and with it the session. */
export function changePassword(context: SignInContext): PageHandler {
  return async (request) => {
    const { ports } = context;
    const t = translator(request.language);
    const destination = await readDestination(context, request.form);
    const ticket = context.csrf.holds(request)
      ? context.changeTickets.read(request, request.form.get('ticket') ?? '')
      : undefined;
    if (!ticket) return startAgain(destination);
    const refuse = (problem: string): PageResponse =>
      askForNewPassword(context, request, destination, ticket, { status: 400, problem });

    const read = readNewPassword(request.form, request.language);
    if ('problem' in read) return refuse(read.problem);
    const temporary = (await ports.lookups.users.find(ticket.userId))?.passwordHash ?? null;
    if (await ports.passwords.verify(temporary, read.password)) return refuse(t('changePassword.same'));
    const passwordHash = await ports.passwords.hash(read.password);
    const cookie = await openSession(context, request, ticket, (tx, input) =>
      replaceTemporaryPassword(tx, { ...input, passwordHash }),
    );
    if (cookie === undefined) return startAgain(destination);
    return redirect(destination.to || destination.accessUrl || '/signin', [cookie]);
  };
}

/** The ticket is used, too old, or from another browser: the way leads past the sign-in form again. */
function startAgain({ to, instanceId }: Destination): PageResponse {
  const query = new URLSearchParams({ ...(to !== '' && { to }), ...(instanceId !== '' && { instance: instanceId }) });
  return redirect(query.size === 0 ? '/signin' : `/signin?${query}`);
}
