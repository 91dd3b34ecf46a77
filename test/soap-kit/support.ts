import { createServer, request as httpRequest, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AuthenticationFailed,
  defineSoapService,
  type EndpointOptions,
  loadWsdl,
  type OperationHandler,
  type SoapRecord,
  type SoapServiceDefinition,
  verifyPasswordDigest,
} from '../../src/adapters/soap/kit/index.js';

export const necWsdl = loadWsdl('nec/NcbsIsvService.wsdl');
export const necUri = 'urn:hub:ncbs:isv:v1';
export const now = '2026-11-21T08:00:00.000Z';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Served {
  readonly url: string;
  readonly port: number;
  readonly records: SoapRecord[];
  readonly problems: { message: string; error: unknown }[];
  readonly calls: { operation: string; input: unknown; actor: unknown }[];
  send(body: string | Buffer, headers?: Record<string, string>, method?: string, query?: string): Promise<Reply>;
  close(): Promise<void>;
}

const open = new Set<() => Promise<void>>();
// a test that fails before its close() must not keep the runner alive
afterAll(async () => {
  await Promise.all([...open].map((close) => close()));
});

type Definition = SoapServiceDefinition<unknown, string>;

/** Real HTTP on a free port. */
export async function listen(listener: RequestListener): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      open.delete(close);
      server.closeAllConnections();
      server.close(() => resolve());
    });
  open.add(close);
  return { port: (server.address() as AddressInfo).port, close };
}

export function exchange(
  port: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
  method = 'POST',
  path = '/svc',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(method === 'GET' || method === 'HEAD' ? undefined : body);
  });
}

/** A service over any WSDL of ours, its calls recorded, its answers validated. */
export async function serve(
  overrides: Partial<Definition> & { operations: Definition['operations'] },
  options: EndpointOptions = {},
): Promise<Served> {
  const records: SoapRecord[] = [];
  const problems: Served['problems'][number][] = [];
  const calls: Served['calls'][number][] = [];
  const definition: Definition = {
    name: 'sample',
    wsdl: necWsdl,
    dispatch: 'action-or-body',
    authenticate: async (credentials) => {
      if (credentials.kind === 'none') return 'nobody';
      const right =
        credentials.username === 'mkp' &&
        credentials.kind !== 'signature' &&
        (credentials.kind === 'passwordDigest'
          ? verifyPasswordDigest(credentials, 'secret')
          : credentials.password === 'secret');
      if (!right) throw new AuthenticationFailed(credentials.kind, 'wrong password');
      return credentials.username;
    },
    clock: { now: () => now },
    validateResponses: true,
    observe: (record) => void records.push(record),
    report: (problem) => void problems.push(problem),
    ...overrides,
  };
  const wrapped: Record<string, OperationHandler<unknown, string>> = {};
  for (const [name, handler] of Object.entries(definition.operations)) {
    wrapped[name] = (input, call) => {
      calls.push({ operation: name, input, actor: call.actor });
      return handler(input, call);
    };
  }
  const endpoint = defineSoapService({ ...definition, operations: wrapped }).endpoint({}, options);
  let port = 0;
  const server = await listen((request, response) => {
    const publicUrl = `http://127.0.0.1:${port}`;
    const info = { requestId: 'req-1', address: '127.0.0.1', secure: true, publicUrl, path: '/svc' };
    void endpoint.handle(request, response, info);
  });
  port = server.port;
  return {
    url: `http://127.0.0.1:${port}/svc`,
    port,
    records,
    problems,
    calls,
    close: server.close,
    send: (body, headers = { 'content-type': 'text/xml; charset=utf-8' }, method = 'POST', query = '') =>
      exchange(port, body, headers, method, `/svc${query}`),
  };
}

const operationNames = [...necWsdl.matchAll(/<s:element name="(\w+)Response">/g)].map((match) => match[1]!);

/** Handlers for the thirty operations that give back what they were given, in the fields the answer has for it. */
export function echoHandlers(): Record<string, OperationHandler<unknown, string>> {
  const echo: OperationHandler<unknown, string> = async (input: unknown) => {
    const fields = input as Record<string, unknown>;
    const user = (fields.user ?? fields) as Record<string, unknown>;
    return {
      resultCode: 0,
      resultMessage: 'OK',
      requestId: fields.requestId,
      realmId: fields.realmId,
      userId: user.userId,
      status: fields.status,
      licences: fields.licences,
      accessInfo: { accessUrl: 'https://app.example/a?b=1&c=2' },
      user: { ...user, status: 1, ownStatus: 1 },
      users: ((fields.users ?? []) as object[]).map((one) => ({ ...one, status: 7 })),
      results: ((fields.users ?? fields.add ?? []) as { userId?: string }[]).map(({ userId }) => ({
        userId,
        resultCode: 0,
      })),
      realm: { realmId: fields.realmId, customerName: 'Größe & Söhne <KG>', status: 1, createdOn: now },
      realms: [{ realmId: 'R1', parameters: [{ name: 'a', value: 'b' }] }],
      usage: [{ licenceCode: 'PRO', purchased: 5, assigned: 2, billable: 1 }],
      total: 1,
      text: fields.text,
      version: '4.3',
      ssoUrl: 'https://hub.example/sso/ncbs/enter?t=abc',
      expiresOn: fields.at ?? now,
      valid: true,
      authenticated: fields.password === 'right',
      mustChangePassword: false,
    };
  };
  return Object.fromEntries(operationNames.map((name) => [name, echo]));
}

/** The echo service with another Ping. */
export function withPing(
  handler: OperationHandler<unknown, string>,
): Record<string, OperationHandler<unknown, string>> {
  return { ...echoHandlers(), ...Object.fromEntries([['Ping', handler]]) };
}

export const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const soap12 = 'http://www.w3.org/2003/05/soap-envelope';

export function envelope(body: string, uri = soap11, header = ''): string {
  return `<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="${uri}">${header}<e:Body>${body}</e:Body></e:Envelope>`;
}

export function ping(text = 'hello', inner = ''): string {
  return `<Ping xmlns="${necUri}"><text>${text}</text>${inner}</Ping>`;
}

export const head11 =
  `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${soap11}" ` +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">';
export const head12 = head11.replace(soap11, soap12);

export function fault11(code: string, text: string, detail = '<detail />', header = ''): string {
  return (
    `${head11}${header}<soap:Body><soap:Fault><faultcode>soap:${code}</faultcode><faultstring>${text}</faultstring>` +
    `${detail}</soap:Fault></soap:Body></soap:Envelope>`
  );
}

export function fault12(code: string, text: string): string {
  return (
    `${head12}<soap:Body><soap:Fault><soap:Code><soap:Value>soap:${code}</soap:Value></soap:Code><soap:Reason>` +
    `<soap:Text xml:lang="en">${text}</soap:Text></soap:Reason><soap:Detail /></soap:Fault></soap:Body></soap:Envelope>`
  );
}

export const texts = { plain: 'text/xml; charset=utf-8', soap12: 'application/soap+xml; charset=utf-8' };

/** Waits until a condition holds; for what happens outside of the request. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('condition not reached within 5 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
