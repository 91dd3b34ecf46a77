import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * A TCP port of the loopback that was free a moment ago. Prefer listening on 0 where the code under test allows it. Below those the system gives to outgoing connections, or one of them could take it
 * meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

export interface RawResponse {
  status: number;
  /** Lower-case names; repeated headers are joined with ', '. */
  headers: Record<string, string>;
  /** As sent, except that chunked transfer is undone. */
  body: Buffer;
  text: string;
}

export interface RawRequest {
  port: number;
  host?: string;
  /** The bytes to send, in order: for requests no HTTP client would make. */
  send: string | Buffer | readonly (string | Buffer)[];
  /** Milliseconds of waiting for the end of the answer. Default 10,000. */
  timeout?: number;
}

/** Writes bytes to a socket and reads one response until the server closes or the response is complete. */
export async function rawRequest({
  port,
  host = '127.0.0.1',
  send,
  timeout = 10_000,
}: RawRequest): Promise<RawResponse> {
  const socket = connect(port, host);
  const received: Buffer[] = [];
  try {
    return await new Promise<RawResponse>((resolve, reject) => {
      socket.setTimeout(timeout, () => reject(new Error(`no complete response within ${timeout} ms`)));
      socket.on('error', (error) => {
        // a server that ends a connection with bytes of ours still unread may be heard only so far
        const response = parse(Buffer.concat(received), true);
        if (response) resolve(response);
        else reject(error);
      });
      socket.on('data', (chunk) => {
        received.push(chunk);
        const response = parse(Buffer.concat(received), false);
        if (response) resolve(response);
      });
      socket.on('end', () => {
        const response = parse(Buffer.concat(received), true);
        if (response) resolve(response);
        else reject(new Error('the connection was closed before a response'));
      });
      for (const part of typeof send === 'string' || Buffer.isBuffer(send) ? [send] : send) socket.write(part);
    });
  } finally {
    socket.destroy();
  }
}

function parse(data: Buffer, ended: boolean): RawResponse | undefined {
  const headEnd = data.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = data.subarray(0, headEnd).toString('latin1').split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  const rest = data.subarray(headEnd + 4);
  if (status === 100) return parse(rest, ended);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  const body = bodyOf(status, headers, rest, ended);
  return body && { status, headers, body, text: body.toString('utf8') };
}

function bodyOf(status: number, headers: Record<string, string>, rest: Buffer, ended: boolean): Buffer | undefined {
  if (status === 204 || status === 304) return rest.subarray(0, 0);
  if (headers['transfer-encoding'] === 'chunked') return unchunk(rest) ?? (ended ? rest : undefined);
  if (headers['content-length'] === undefined) return ended ? rest : undefined;
  const length = Number(headers['content-length']);
  return rest.length >= length || ended ? rest.subarray(0, length) : undefined;
}

function unchunk(data: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(data.subarray(at, lineEnd).toString('latin1'), 16);
    if (size === 0) return Buffer.concat(parts);
    const start = lineEnd + 2;
    if (data.length < start + size + 2) return undefined;
    parts.push(data.subarray(start, start + size));
    at = start + size + 2;
  }
}
