import { endLoginTicket, openLoginTicket } from '../../../../core/marketplace/index.js';
import { DomainError } from '../../../../core/shared/errors.js';
import { hashToken } from '../../../../platform/secrets.js';
import type { Side } from '../authenticate.js';
import { run } from '../command.js';
import type { Operation } from '../context.js';
import { newTicket } from '../login-ticket.js';
import { need } from '../scope.js';

/** The legacy session: a password once, then a ticket in the SOAP header of later calls (PRM guide 4.0, tables 6-1 and 10-1). */
const login =
  (side: Side, name: string): Operation =>
  async (input, call) => {
    const credential = { kind: 'text', username: need(input, name), password: need(input, 'password') } as const;
    const actor = await call.ports.authenticate(call.channel.id, credential, call.address);
    if ((actor.tenantId !== null) !== (side === 'sp')) throw new DomainError('authentication_failed');
    const ticket = newTicket();
    await run({ ...call, actor: { ...actor, level: actor.level ?? 0 } as never }, (tx) =>
      openLoginTicket(tx, { ticketHash: hashToken(ticket) }),
    );
    return ticket;
  };

const logout: Operation = async (input, call) => {
  const ticketHash = hashToken(need(input, 'loginTicket'));
  await run(call, (tx) => endLoginTicket(tx, { channelId: call.channel.id, ticketHash }));
};

export const forProviders = { login: login('sp', 'spAccountId'), logout };
export const forOperators = { login: login('op', 'operatorId'), logout };
