import type { IncomingHttpHeaders } from 'node:http';
import { randomToken } from '../../../../../platform/secrets.js';
import { unmask } from './marketplace.js';
import type { LocalMarketplace, Login, Person } from './model.js';

const prefix = 'maestrano_';

export interface SignedIn {
  readonly login: Login;
  readonly person: Person;
}

/** Signs a person in at the marketplace; the cookie for the browser. */
export function openLogin(marketplace: LocalMarketplace, personUid: string): string {
  const login: Login = { token: randomToken(), personUid, ended: false };
  marketplace.logins.set(login.token, login);
  return `${prefix}${marketplace.name}=${login.token}; Path=/; HttpOnly; SameSite=Lax`;
}

export function clearCookie({ name }: LocalMarketplace): string {
  return `${prefix}${name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
}

/** Who the browser is signed in as at this marketplace. */
export function signedIn(marketplace: LocalMarketplace, headers: IncomingHttpHeaders): SignedIn | undefined {
  const wanted = `${prefix}${marketplace.name}=`;
  const pair = (headers.cookie ?? '').split(';').find((part) => part.trim().startsWith(wanted));
  const login = marketplace.logins.get(pair?.trim().slice(wanted.length) ?? '');
  if (login === undefined || login.ended) return undefined;
  const person = marketplace.people.get(login.personUid);
  return person === undefined ? undefined : { login, person };
}

/**
 * Whether a sign-in still holds: its session is open, and the person is in a group that runs; in that very group where the uid names
 * one, as virtual uids and addresses do.
 */
export function isValid({ groups, logins }: LocalMarketplace, uid: string, session: string): boolean {
  const login = logins.get(session);
  if (login === undefined || login.ended || login.personUid !== unmask(uid)) return false;
  const groupUid = /^[^.]+\.([^@]+)/.exec(uid)?.[1];
  return [...groups.values()].some(
    (group) =>
      group.status === 'running' &&
      group.members.has(login.personUid) &&
      (groupUid === undefined || group.uid === groupUid),
  );
}
