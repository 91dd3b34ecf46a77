import type { ServerResponse } from 'node:http';

/** What goes back over HTTP, from pages and forms. */
export interface Reply {
  readonly status: number;
  /** null: no body. */
  readonly contentType: string | null;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request was not read to its end, so the connection cannot be used again. */
  readonly cut?: boolean;
}

export const textXml = 'text/xml; charset=utf-8';
const textPlain = 'text/plain; charset=utf-8';

/** One line of text, as ASP.NET answers what goes wrong outside of SOAP. */
export function plainReply(status: number, text: string): Reply {
  return { status, contentType: textPlain, body: `${text}\r\n` };
}

export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, contentType: null, body: '', headers };
}

/** Addresses of calls hold passwords: they are not told to whoever is linked to, and what they answer is nobody else's. */
export function respond(response: ServerResponse, { status, contentType, body, headers, cut }: Reply): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'Cache-Control': 'private, max-age=0',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    ...(contentType !== null && { 'Content-Type': contentType }),
    ...(cut === true && { Connection: 'close' }),
    ...headers,
    'Content-Length': bytes.length,
  });
  response.end(bytes);
}
