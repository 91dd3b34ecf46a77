import { randomToken } from '../../../platform/secrets.js';
import type { SoapMessage } from '../kit/index.js';

export const ticketNamespace = 'urn:prm:4.0';

/** Marks a ticket, so that one given as a password is not hashed as one. */
const mark = 'plt-';
const shape = /^plt-[\w-]{43}$/;

/** 256 random bits. */
export function newTicket(): string {
  return mark + randomToken();
}

export function looksLikeTicket(text: string): boolean {
  return shape.test(text);
}

/** The ticket in the SOAP header, in our namespace or in none (docs/protocols/prm.md); the first one counts. */
export function readLoginTicket(message: SoapMessage): string | undefined {
  const block = message.headers.find(
    ({ local, uri }) => local === 'loginTicket' && (uri === ticketNamespace || uri === ''),
  );
  return block?.text;
}

export const ticketHeaders = [`{${ticketNamespace}}loginTicket`, '{}loginTicket'] as const;
