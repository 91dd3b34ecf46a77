import { invalid } from '../../../core/shared/errors.js';

/**
 * Where a sign-in may lead (spec NEC 4.10.10): below one of the connection's return addresses, or, when it has none, to exactly
 * the instance's own. Origins and path segments are compared after parsing, never the texts. Errors: code 1.
 */
export function checkReturnUrl(value: string, allowed: readonly string[], accessUrl: string): string {
  const refused = invalid('returnUrl', 'is not an address this connection may return to');
  if (value.length > 2_000) throw refused;
  const url = parse(value);
  if (url === null) throw refused;
  const ok =
    allowed.length === 0
      ? accessUrl !== '' && url.href === parse(accessUrl)?.href
      : allowed.some((prefix) => isBelow(url, parse(prefix)));
  if (!ok) throw refused;
  return url.href;
}

/** null for what a browser could read otherwise than we do: no absolute http(s) URL, credentials, backslashes, control characters. */
function parse(value: string): URL | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (!/^https?:\/\/[^/]/i.test(value) || /[\\\s\u0000-\u001f\u007f]/.test(value) || !URL.canParse(value)) return null;
  const url = new URL(value);
  return url.username === '' && url.password === '' ? url : null;
}

function isBelow(url: URL, prefix: URL | null): boolean {
  if (prefix === null || url.origin !== prefix.origin) return false;
  // an encoded slash or dot could climb out again behind a proxy that decodes it
  if (/%(?:2e|2f|5c)/i.test(url.pathname)) return false;
  const base = prefix.pathname.endsWith('/') ? prefix.pathname : `${prefix.pathname}/`;
  return url.pathname === prefix.pathname || url.pathname.startsWith(base);
}
