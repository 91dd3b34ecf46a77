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
 * The calling account, which just proved its password at `credentialVersion`, opens a session of the legacy kind; the ticket is
 * random and only its hash is stored. Errors: forbidden (the caller is no service account), authentication_failed (the password was
 * changed, or the account locked, switched off or ended meanwhile).
 */
export async function openLoginTicket(
  tx: Tx & MarketplaceRepositories,
  input: { readonly ticketHash: string; readonly credentialVersion: number },
): Promise<LoginTicket> {
  if (tx.actor.kind !== 'serviceAccount') throw new DomainError('forbidden', { right: 'open a session' });
  const { serviceAccountId, channelId, tenantId } = tx.actor;
  const account = await tx.serviceAccounts.lock(serviceAccountId);
  const proven = account !== undefined && account.credentialVersion === input.credentialVersion;
  // one that ended is switched off too
  if (!proven || account.lockedAt !== null || account.disabledAt !== null) {
    throw new DomainError('authentication_failed');
  }
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

/**
 * The calling account, which just showed the ticket, ends its session. Errors: forbidden (the caller is no service account),
 * authentication_failed (not one of its tickets), session_ended (it did already).
 */
export async function endLoginTicket(
  tx: Tx & MarketplaceRepositories,
  input: { readonly ticketHash: string },
): Promise<LoginTicket> {
  if (tx.actor.kind !== 'serviceAccount') throw new DomainError('forbidden', { right: 'end a session' });
  const { serviceAccountId, tenantId } = tx.actor;
  const seen = await tx.loginTickets.findOne({ ticketHash: input.ticketHash });
  const ticket = seen?.serviceAccountId === serviceAccountId ? await tx.loginTickets.lock(seen.id) : undefined;
  if (ticket === undefined) throw new DomainError('authentication_failed');
  if (hasTicketEnded(ticket, tx.now)) throw new DomainError('session_ended');
  const ended = await tx.loginTickets.save(ticket, { endedAt: tx.now });
  const after = { loginTicket: ticket.id, state: 'ended' };
  tx.note({ objectKind: 'serviceAccount', objectId: serviceAccountId, tenantId: tenantId ?? '', after });
  return ended;
}

/** All sessions of an account end: its password changed, it was locked or switched off, or it is no more. */
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
