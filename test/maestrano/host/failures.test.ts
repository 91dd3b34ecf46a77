import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MarketplacePorts, RecordedCall } from '../../../src/adapters/marketplace.js';
import { maestranoSettings } from '../../../src/adapters/rest/maestrano/config.js';
import type { MaestranoChannel } from '../../../src/adapters/rest/maestrano/connection.js';
import { createHost, type HostParts } from '../../../src/adapters/rest/maestrano/host/serve.js';
import { DomainError } from '../../../src/core/shared/errors.js';
import { writeBasic } from '../../../src/platform/basic-credentials.js';
import { testClock } from '../../support/clock.js';
import { keysOf, usualSettings } from '../support/hub.js';

const { id: username, key: password } = keysOf('acme');
const headers = { authorization: writeBasic({ username, password }) };

describe('what fails behind a path of ours', () => {
  const logged: unknown[] = [];
  const records: RecordedCall[] = [];
  let thrown: Error = new Error('the database said: secret-detail');
  const fail = () => Promise.reject(thrown);
  const channel = {
    id: 'chn_1',
    name: 'acme',
    protocol: 'maestrano',
    discovered: null,
    suspendedAt: null,
    settings: maestranoSettings.parse({ ...usualSettings('acme'), application: 'crm' }),
  } as unknown as MaestranoChannel;
  const ports = {
    clock: testClock(),
    publicUrl: 'https://hub.example',
    limits: { bodyTimeMs: 1_000 },
    logger: { error: (...line: unknown[]) => logged.push(line), warn: () => undefined },
    throttles: { blockedUntil: async () => null, fail: async () => null, clear: async () => undefined },
    record: (call: RecordedCall) => records.push(call),
  } as unknown as MarketplacePorts;
  const handlers = new Proxy({}, { get: () => fail }) as HostParts['handlers'];
  const host = createHost(ports, channel, { handlers, refreshed: async (one) => one });
  const server = createServer((request, response) => {
    const path = request.url!.slice('/maestrano'.length);
    const info = { requestId: 'req_7', address: '127.0.0.1', secure: true, publicUrl: '', mount: '/maestrano', path };
    void host.handle(request, response, info);
  });
  let url: string;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/maestrano`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is logged, and told with a number and nothing else', async () => {
    thrown = new Error('the database said: secret-detail');
    const response = await fetch(`${url}/metadata`, { headers });
    expect([response.status, await response.json()]).toEqual([500, { error: 'Internal error', request: 'req_7' }]);
    expect(logged).toMatchObject([[{ err: thrown, requestId: 'req_7' }, expect.any(String)]]);
    expect(records.at(-1)).toMatchObject({ operation: 'metadata', status: 500 });
  });

  it('is a page for people', async () => {
    const response = await fetch(`${url}/auth/saml/init/acme`);
    expect([response.status, response.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8']);
    const text = await response.text();
    expect(text).toContain('req_7');
    expect(text).not.toContain('secret-detail');
  });

  it('asks to come again when the hub is busy', async () => {
    thrown = new DomainError('busy');
    const response = await fetch(`${url}/account/groups/cld-1`, { method: 'DELETE', headers });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    const page = await fetch(`${url}/auth/saml/init`);
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '1']);
  });
});
