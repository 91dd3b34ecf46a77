import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AccountStore, createAccountStore, type StoredBill } from './account-store.js';

/**
 * What goes wrong with a call: `before` and `after` say whether it has its effect.
 * `late`: nobody answers, and it has its effect when `applyLate` is called (or `lateMs` after it came).
 */
export const troubles = [
  'silentBefore',
  'silentAfter',
  'late',
  'brokenBefore',
  'brokenAfter',
  'failBefore',
  'failAfter',
  'garbageBefore',
  'garbageAfter',
  'denied',
  'busy',
] as const;
export type Trouble = (typeof troubles)[number];

export interface AccountCall {
  readonly method: string;
  /** Below the base, with the query. */
  readonly path: string;
  readonly form: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

export interface AccountApiServer extends AccountStore {
  /** Origin, for `api.host`. */
  readonly url: string;
  readonly credentials: { readonly id: string; readonly key: string };
  /** Every call that came, in order. */
  readonly calls: AccountCall[];
  /** What happens to the next calls of that method, one after the other. */
  plan(method: string, ...next: (Trouble | 'ok')[]): void;
  /** Decides about every call nothing is planned for. */
  disturb(decide: (call: AccountCall) => Trouble | 'ok'): void;
  /** Lets what came late have its effect now. */
  applyLate(): void;
  /** Called when a call has come, before anything is done about it. */
  onCall(listener: (call: AccountCall) => void | Promise<void>): void;
  /** Called when nobody will answer a call: who waits in this process need not wait until its patience is over. */
  onSilence(listener: (call: AccountCall) => void): void;
  /** Forgets everything. */
  reset(): void;
  close(): Promise<void>;
}

export interface AccountApiOptions {
  /** ISO instant. */
  readonly now?: () => string;
  /** Milliseconds until a late call has its effect by itself. */
  readonly lateMs?: number;
}

/** A marketplace's account API, written from its specification, in this process's memory. Base `/api/v1/`. */
export async function startAccountApi({
  now = () => new Date().toISOString(),
  lateMs,
}: AccountApiOptions = {}): Promise<AccountApiServer> {
  const credentials = { id: 'app-1a2b', key: 'a-very-long-api-key-of-more-than-32-bytes' };
  const store = createAccountStore(now, credentials.key);
  const calls: AccountCall[] = [];
  const planned = new Map<string, (Trouble | 'ok')[]>();
  const late: (() => void)[] = [];
  let decide: (call: AccountCall) => Trouble | 'ok' = () => 'ok';
  let listener: (call: AccountCall) => void | Promise<void> = () => {};
  let silence: (call: AccountCall) => void = () => {};

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://x');
    const call: AccountCall = {
      method: request.method ?? '',
      path: `${url.pathname.replace(/^\/api\/v1\//, '')}${url.search}`,
      form: new URLSearchParams(Buffer.concat(chunks).toString('utf8')),
      headers: request.headers,
    };
    calls.push(call);
    await listener(call);
    const trouble = planned.get(call.method)?.shift() ?? decide(call);
    const known = `Basic ${Buffer.from(`${credentials.id}:${credentials.key}`).toString('base64')}`;
    if (request.headers.authorization !== known || trouble === 'denied') {
      return send(response, 401, refusal({ authentication: ['Invalid API token'] }));
    }
    if (trouble === 'busy') return send(response, 429, refusal({ system: ['too many requests'] }));
    if (trouble === 'late') {
      const apply = once(() => store.handle(call.method, url, call.form));
      late.push(apply);
      if (lateMs !== undefined) setTimeout(apply, lateMs).unref();
      return silence(call);
    }
    const done = trouble.endsWith('Before') ? undefined : store.handle(call.method, url, call.form);
    if (trouble.startsWith('silent')) return silence(call);
    if (trouble.startsWith('broken')) return void response.destroy();
    if (trouble.startsWith('fail')) return send(response, 500, refusal({ system: ['something went wrong'] }));
    if (trouble.startsWith('garbage')) return void response.writeHead(200).end('<html>We are sorry</html>');
    send(response, done?.status ?? 500, done?.body);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...store,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials,
    calls,
    plan: (method, ...next) => void planned.set(method, next),
    disturb: (how) => {
      decide = how;
    },
    applyLate: () => {
      for (const apply of late.splice(0)) apply();
    },
    onCall: (told) => {
      listener = told;
    },
    onSilence: (told) => {
      silence = told;
    },
    reset() {
      store.clear();
      calls.length = 0;
      late.length = 0;
      planned.clear();
      decide = () => 'ok';
      listener = () => {};
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type { StoredBill };

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refusal(errors: object): object {
  return { success: false, errors, data: {} };
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
