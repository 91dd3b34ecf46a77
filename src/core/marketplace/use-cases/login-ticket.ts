import { minute, shift } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { LoginTicket } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';

/** A ticket that nobody uses for this long has ended. */
export const ticketIdleMs = 30 * minute;
/** And however busy, after this long. */
export const ticketLifeMs = 12 * 60 * minute;

/**
 * The calling account, which just proved its password, opens a session of the legacy kind; the ticket is random and only its hash
 * is stored. Errors: forbidden (the caller is no service account).
 */
export async function openLoginTicket(
  tx: Tx & MarketplaceRepositories,
  input: { readonly ticketHash: string },
): Promise<LoginTicket> {
  if (tx.actor.kind !== 'serviceAccount') throw new DomainError('forbidden', { right: 'open a session' });
  const { serviceAccountId, channelId, tenantId } = tx.actor;
  const ticket = await tx.loginTickets.insert({
    id: tx.ids.next('loginTicket'),
    createdAt: tx.now,
    channelId,
    serviceAccountId,
    ticketHash: input.ticketHash,
    lastUsedAt: tx.now,
    expiresAt: shift(tx.now, ticketLifeMs),
    endedAt: null,
  });
  const after = { loginTicket: ticket.id, state: 'opened' };
  tx.note({ objectKind: 'serviceAccount', objectId: serviceAccountId, tenantId: tenantId ?? '', after });
  return ticket;
}

/** Ends the ticket's session; the ticket itself is the proof. Errors: authentication_failed (unknown), session_ended. */
export async function endLoginTicket(
  tx: Tx & MarketplaceRepositories,
  input: { readonly channelId: string; readonly ticketHash: string },
): Promise<LoginTicket> {
  const seen = await tx.loginTickets.findOne({ ticketHash: input.ticketHash });
  const ticket = seen && seen.channelId === input.channelId ? await tx.loginTickets.lock(seen.id) : undefined;
  if (ticket === undefined) throw new DomainError('authentication_failed');
  if (hasTicketEnded(ticket, tx.now)) throw new DomainError('session_ended');
  const account = await tx.serviceAccounts.find(ticket.serviceAccountId);
  const ended = await tx.loginTickets.save(ticket, { endedAt: tx.now });
  const after = { loginTicket: ticket.id, state: 'ended' };
  const tenantId = account?.tenantId ?? '';
  tx.note({ objectKind: 'serviceAccount', objectId: ticket.serviceAccountId, tenantId, after });
  return ended;
}

/** All sessions of an account end: its password changed, or it is no more. */
export async function endLoginTickets(tx: Tx & MarketplaceRepositories, serviceAccountId: string): Promise<void> {
  for (const ticket of await tx.loginTickets.findMany({ serviceAccountId, endedAt: null })) {
    await tx.loginTickets.save(ticket, { endedAt: tx.now });
  }
}

export function hasTicketEnded(
  ticket: Pick<LoginTicket, 'endedAt' | 'expiresAt' | 'lastUsedAt'>,
  now: string,
): boolean {
  return ticket.endedAt !== null || ticket.expiresAt <= now || shift(ticket.lastUsedAt, ticketIdleMs) <= now;
}
