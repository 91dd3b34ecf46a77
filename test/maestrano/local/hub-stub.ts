import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Heard {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}

/** Something that answers like a hub and remembers what it was told. */
export async function serveHttp() {
  const heard: Heard[] = [];
  const stub = {
    heard,
    /** Answered first, one each; 200 afterwards. */
    statuses: [] as number[],
    whileAsked: async (): Promise<void> => undefined,
    url: '',
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url: path = '', headers } = request;
    heard.push({ method, path, authorization: headers.authorization ?? '', body });
    await stub.whileAsked();
    response.writeHead(stub.statuses.shift() ?? 200, { 'content-type': 'application/json' });
    response.end('{"success":true}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return stub;
}
