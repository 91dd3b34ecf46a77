import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { constantTimeEqual } from '../../../../../platform/secrets.js';

/** One request, read completely. */
export interface Call {
  readonly method: string;
  /** Decoded; `url` has it as it came. */
  readonly path: string;
  readonly url: URL;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Parts of the path that stand for something, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

export interface Route {
  readonly method: string;
  /** `/launch/:instance`; each name stands for one part of the path. */
  readonly path: string;
  readonly handle: Handler;
}

const mostBytes = 8 * 1_048_576;

export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What a route's path says about a request's; undefined when it is another path. */
export function parametersOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/(?<=.)\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = Object.create(null);
  for (const [index, part] of wanted.entries()) {
    const value = decoded(given[index]!);
    if (part.startsWith(':') && value !== '') parameters[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return parameters;
}

/** What stands behind percent signs; the text itself where they are none. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export interface Basic {
  readonly user: string;
  readonly password: string;
}

export function basicOf(headers: IncomingHttpHeaders): Basic | undefined {
  const match = /^basic +([a-z0-9+/=_-]+)$/i.exec(headers.authorization?.trim() ?? '');
  const text = Buffer.from(match?.[1] ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

export function isBasic(given: Basic | undefined, user: string, password: string): boolean {
  return given !== undefined && given.user === user && constantTimeEqual(given.password, password);
}

export function basicHeader(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

export function json(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function redirect(location: string, cookies: readonly string[] = []): Answer {
  return { status: 302, headers: { location, ...(cookies.length > 0 && { 'set-cookie': cookies }) } };
}

/** Fields of a form or of JSON: the account API takes both. Undefined when it is neither. */
export function fieldsOf({ headers, body }: Call): Readonly<Record<string, unknown>> | undefined {
  if (!/json/i.test(headers['content-type'] ?? '')) {
    return Object.assign(Object.create(null), Object.fromEntries(new URLSearchParams(body)));
  }
  const value = parseJson(body);
  return isObject(value) ? value : undefined;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
