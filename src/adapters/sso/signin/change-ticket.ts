import { minute, toMilliseconds } from '../../../core/shared/clock.js';
import { constantTimeEqual } from '../../../platform/secrets.js';
import type { CookieNames } from '../cookies.js';
import type { SsoPorts } from '../ports.js';
import type { PageRequest } from './exchange.js';

/** Whose temporary password was typed in this browser, and which one. */
export interface ChangeTicket {
  readonly userId: string;
  readonly credentialVersion: number;
}

export interface ChangeTickets {
  /** The value for the page's form: good for ten minutes, in this browser, until that password changes. */
  issue(request: PageRequest, ticket: ChangeTicket): string;
  read(request: PageRequest, value: string): ChangeTicket | undefined;
}

const life = 10 * minute;
const shape = /^([A-Za-z0-9_]{1,64})\.(\d{1,9})\.(\d{1,15})\.([A-Za-z0-9_-]{43})$/;

/** Says that the right temporary password was typed, without a session and without a row: what it names is its single use. */
export function createChangeTickets(
  { keyring, clock }: Pick<SsoPorts, 'keyring' | 'clock'>,
  names: CookieNames,
): ChangeTickets {
  const seal = (text: string, { cookies }: PageRequest): string =>
    keyring.hmac('sso-change-password', `${text}\n${cookies.get(names.csrf) ?? ''}`).toString('base64url');
  const now = (): number => toMilliseconds(clock.now());

  return {
    issue(request, { userId, credentialVersion }) {
      const text = `${userId}.${credentialVersion}.${now() + life}`;
      return `${text}.${seal(text, request)}`;
    },
    read(request, value) {
      const [, userId, version, expires, mac] = shape.exec(value) ?? [];
      if (userId === undefined || mac === undefined) return undefined;
      if (!constantTimeEqual(mac, seal(`${userId}.${version}.${expires}`, request))) return undefined;
      return Number(expires) > now() ? { userId, credentialVersion: Number(version) } : undefined;
    },
  };
}
