import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keysOf, usualFingerprint } from './hub.js';

export interface PlatformCall {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly accept: string;
}

/** A developer platform (spec Maestrano 1.3) that answers what the test says. */
export interface FakePlatform {
  readonly url: string;
  /** What is listed; entries as they go over the wire. */
  marketplaces: unknown[];
  /** Answers instead of the list; undefined = the list. */
  answer: { readonly status?: number; readonly body: string } | undefined;
  readonly calls: PlatformCall[];
  close(): Promise<void>;
}

export const platformCredentials = { environment: 'our-app-live', apiKey: 'env-key-1', apiSecret: 'env:secret-1' };

export async function startPlatform(): Promise<FakePlatform> {
  const calls: PlatformCall[] = [];
  const platform = { marketplaces: [] as unknown[], answer: undefined as FakePlatform['answer'] };
  const server = createServer((request: IncomingMessage, response) => {
    const { method = '', url: path = '' } = request;
    const { authorization = '', accept = '' } = request.headers;
    calls.push({ method, path, authorization, accept });
    const { status = 200, body } = platform.answer ?? { body: JSON.stringify({ marketplaces: platform.marketplaces }) };
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(platform, {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    calls,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** An entry of the platform's list for a marketplace of that name, with what the test changes. */
export function listedMarketplace(name: string, host: string, change: Readonly<Record<string, unknown>> = {}) {
  return {
    nid: `our-app-${name}`,
    marketplace: name,
    environment: 'our-app-live',
    app: { host },
    api: { ...keysOf(name), host: `https://api.${name}.example`, base: '/api/v1/' },
    sso: {
      idm: host,
      init_path: `/maestrano/auth/saml/init/${name}`,
      consume_path: `/maestrano/auth/saml/consume/${name}`,
      idp: `https://idp.${name}.example`,
      x509_fingerprint: usualFingerprint,
    },
    connec: { host: `https://connec.${name}.example`, base_path: '/api/v2', timeout: 300 },
    webhooks: {
      account: {
        group_path: `/maestrano/account/groups/:id/${name}`,
        group_user_path: `/maestrano/account/groups/:group_id/users/:id/${name}`,
      },
      connec: {
        external_ids: true,
        initialization_path: null,
        notification_path: `/maestrano/connec/notifications/${name}`,
      },
    },
    ...change,
  };
}
