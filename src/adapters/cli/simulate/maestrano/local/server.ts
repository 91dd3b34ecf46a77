import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Failure } from './control.js';
import { notFoundPage } from './dashboard/routes.js';
import { type Answer, basicOf, type Call, decoded, json, parametersOf, type Route, readBody } from './http.js';
import type { Area } from './model.js';
import { marketplaceOfApiId, type World } from './world.js';

/** So many calls are remembered. */
const mostCalls = 2_000;

/** Answers HTTP by the routes, fails where the control says so, and remembers what was asked. */
export function createLocalServer(world: World, routes: readonly Route[], log: (text: string) => void): Server {
  return createServer((request, response) => {
    respond(world, routes, request, response).catch((error: unknown) => {
      log(`${request.method} ${request.url?.split('?')[0]}: ${String(error)}`);
      if (!response.headersSent) send(response, json(500, { success: false, errors: { system: ['internal error'] } }));
      else response.destroy();
    });
  });
}

async function respond(world: World, routes: readonly Route[], request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', world.url());
  const method = request.method ?? 'GET';
  const area = areaOf(url.pathname);
  const body = await readBody(request);
  const failure = world.control.fail({ area, method, path: url.pathname });
  if (failure?.kind === 'late') await new Promise((resolve) => setTimeout(resolve, failure.milliseconds));
  const answer =
    body === undefined
      ? json(413, { error: 'too large' })
      : (failedAnswer(failure) ?? (await route(world, routes, { method, url, headers: request.headers, body })));
  const cut = failure?.kind === 'cutBefore' || failure?.kind === 'cutAfter';
  world.calls.push({
    at: world.clock.now(),
    area,
    marketplace: marketplaceOfApiId(world, basicOf(request.headers)?.user ?? '')?.name ?? '',
    method,
    path: ['recheck', 'saml', 'dashboard'].includes(area)
      ? decoded(url.pathname)
      : decoded(`${url.pathname}${url.search}`),
    status: cut ? 0 : answer.status,
  });
  if (world.calls.length > mostCalls) world.calls.shift();
  if (cut) request.socket.destroy();
  else send(response, answer);
}

/** What is answered without doing the work; undefined = the work is done. */
function failedAnswer(failure: Failure | undefined): Answer | undefined {
  if (failure?.kind === 'status')
    return json(failure.status, { success: false, errors: { system: ['failed on purpose'] } });
  return failure?.kind === 'cutBefore' ? { status: 0 } : undefined;
}

async function route(world: World, routes: readonly Route[], request: Omit<Call, 'path' | 'query' | 'parameters'>) {
  const { url, method, headers } = request;
  // A form on somebody else's page may not press buttons here.
  if (areaOf(url.pathname) === 'dashboard' && method !== 'GET' && headers.origin !== undefined) {
    if (headers.origin !== world.url()) return { status: 403, body: 'not from here' };
  }
  const allowed: string[] = [];
  for (const { method: wanted, path, handle } of routes) {
    const parameters = parametersOf(path, url.pathname);
    if (parameters === undefined) continue;
    if (wanted === method)
      return handle({ ...request, path: decoded(url.pathname), query: url.searchParams, parameters });
    allowed.push(wanted);
  }
  return allowed.length === 0 ? notFoundPage() : { status: 405, headers: { allow: allowed.join(', ') }, body: '' };
}

function areaOf(path: string): Area {
  if (/^\/api\/config\//.test(path)) return 'platform';
  if (/^\/api\/v1\/auth\/saml\/./.test(path)) return 'recheck';
  if (/^\/(api\/v1\/auth\/saml|app_logout|app_access_unauthorized)/.test(path)) return 'saml';
  if (/^\/api\/v1\//.test(path)) return 'account';
  return /^\/(api\/v2|api\/reports|batch|version)/.test(path) ? 'connec' : 'dashboard';
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status, { 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
