import { endLoginTicket, openLoginTicket } from '../../../../core/marketplace/index.js';
import { hashToken } from '../../../../platform/secrets.js';
import { actorFor, proveAccount, type Side } from '../authenticate.js';
import { run } from '../command.js';
import type { Operation } from '../context.js';
import { newTicket } from '../login-ticket.js';
import { need } from '../scope.js';

/** The legacy session: a password once, then a ticket in the SOAP header of later calls (PRM guide 4.0, tables 6-1 and 10-1). */
const login =
  (side: Side, name: string): Operation =>
  async (input, call) => {
    const credential = { kind: 'text', username: need(input, name), password: need(input, 'password') } as const;
    const proven = await proveAccount(call.ports, side, call.channel.id, credential, call.address);
    const { credentialVersion } = proven;
    const ticket = newTicket();
    await run({ ...call, actor: actorFor(proven) }, (tx) =>
      openLoginTicket(tx, { ticketHash: hashToken(ticket), credentialVersion }),
    );
    return ticket;
  };

/** The ticket itself says whose session ends, on its own side and channel. */
const logout =
  (side: Side): Operation =>
  async (input, call) => {
    const ticket = need(input, 'loginTicket');
    const proven = await proveAccount(call.ports, side, call.channel.id, { kind: 'ticket', ticket }, call.address);
    await run({ ...call, actor: actorFor(proven) }, (tx) => endLoginTicket(tx, { ticketHash: hashToken(ticket) }));
  };

export const forProviders = { login: login('sp', 'spAccountId'), logout: logout('sp') };
export const forOperators = { login: login('op', 'operatorId'), logout: logout('op') };
