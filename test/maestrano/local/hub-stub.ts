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
    /** The body of a success, and of anything else. */
    text: '{"success":true}',
    refusal: '{"success":true}',
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
    const status = stub.statuses.shift() ?? 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(status === 200 ? stub.text : stub.refusal);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return stub;
}
