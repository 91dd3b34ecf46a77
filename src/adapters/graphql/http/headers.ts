import { Refusal } from './refusal.js';

export type ResponseType = 'application/json' | 'application/graphql-response+json';

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

function readAccept(header: string): MediaRange[] {
  return header.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    const value = quality === undefined ? 1 : Number(quality.slice(2));
    return { type, quality: Number.isFinite(value) ? value : 0 };
  });
}

/** The type to answer in, by GraphQL over HTTP: no wish and wildcards mean `application/json`. Refuses with 406. */
export function chooseResponseType(accept: string | undefined): ResponseType {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return 'application/json';
  if (accept === 'application/graphql-response+json') return accept;
  const ranges = readAccept(accept);
  const wish = (...types: string[]) =>
    Math.max(0, ...ranges.filter((range) => types.includes(range.type)).map((range) => range.quality));
  const modern = wish('application/graphql-response+json');
  const plain = wish('application/json', 'application/*', '*/*');
  if (modern === 0 && plain === 0)
    throw new Refusal(406, 'only application/json and application/graphql-response+json');
  return modern >= plain ? 'application/graphql-response+json' : 'application/json';
}

/** Whether a header asks for a type by name (wildcards do not count). */
export function asksFor(accept: string | undefined, type: string): boolean {
  if (accept === undefined || !accept.includes(type)) return false;
  return readAccept(accept).some((range) => range.type === type && range.quality > 0);
}

/** Throws 415 for anything but UTF-8 JSON: other types can be sent by any web page without asking first. */
export function requireJson(contentType: string | undefined, encoding: string | undefined): void {
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Refusal(415, 'compressed requests are not accepted', { 'accept-encoding': 'identity' });
  }
  if (contentType === 'application/json') return;
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((piece) => piece.trim().toLowerCase());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (type === 'application/json' && (charset === undefined || charset === 'utf-8' || charset === 'utf8')) return;
  throw new Refusal(415, 'the content type must be application/json in UTF-8', { accept: 'application/json' });
}

/** The Bearer token, or undefined without an Authorization header. Throws 401 for other schemes; cookies are never looked at. */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const match = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization);
  if (match && match[1]!.length <= 8_192) return match[1]!;
  throw new Refusal(401, 'only Bearer tokens are accepted', {
    'www-authenticate': 'Bearer realm="mercator", error="invalid_request"',
  });
}
