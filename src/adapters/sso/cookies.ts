import type { IncomingMessage } from 'node:http';

/** Names and attributes of the hub's own cookies. `__Host-` needs https; on plain loopback the names go without it. */
export interface CookieNames {
  readonly session: string;
  readonly csrf: string;
  readonly known: string;
  /** Of the browser that began to sign in through a marketplace. */
  readonly launch: string;
  readonly provider: string;
  readonly interaction: string;
  readonly resume: string;
  readonly secure: boolean;
}

export function cookieNames(publicUrl: string): CookieNames {
  const secure = publicUrl.startsWith('https:');
  const host = secure ? '__Host-' : '';
  const path = secure ? '__Secure-' : '';
  return {
    session: `${host}mercator_session`,
    csrf: `${host}mercator_csrf`,
    known: `${host}mercator_known`,
    launch: `${host}mercator_launch`,
    provider: `${host}mercator_openid`,
    interaction: `${path}mercator_interaction`,
    resume: `${path}mercator_resume`,
    secure,
  };
}

/** The first cookie of each name; values are taken as they are. */
export function parseCookies(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at < 1) continue;
    const name = part.slice(0, at).trim();
    if (!cookies.has(name)) cookies.set(name, part.slice(at + 1).trim());
  }
  return cookies;
}

/** A host-only, HttpOnly, SameSite=Lax cookie for the whole origin; without `maxAge` it ends with the browser. */
export function setCookie(names: CookieNames, name: string, value: string, maxAge?: number): string {
  const age = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${names.secure ? '; Secure' : ''}${age}`;
}

/** Replaces one cookie of a request before somebody else reads it; undefined takes it out. */
export function replaceCookie(request: IncomingMessage, name: string, value: string | undefined): void {
  const cookies = parseCookies(request.headers.cookie);
  cookies.delete(name);
  cookies.delete(`${name}.sig`);
  if (value !== undefined) cookies.set(name, value);
  request.headers.cookie = [...cookies].map(([key, text]) => `${key}=${text}`).join('; ');
}
