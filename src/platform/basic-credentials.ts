export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/** What an Authorization header of the Basic scheme carries, as it was sent (RFC 7617, UTF-8); undefined for any other header. */
export function readBasic(authorization: string | undefined): BasicCredentials | undefined {
  const match = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization ?? '');
  if (match === null) return undefined;
  const text = Buffer.from(match[1]!, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

export function writeBasic({ username, password }: BasicCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** OAuth clients form-encode both parts (RFC 6749 2.3.1). Undefined when one cannot be decoded. */
export function formDecoded({ username, password }: BasicCredentials): BasicCredentials | undefined {
  try {
    return { username: decode(username), password: decode(password) };
  } catch {
    return undefined; // a percent sign that begins nothing
  }
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', '%20'));
}
