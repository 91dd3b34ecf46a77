import type { IncomingMessage } from 'node:http';
import type { MarketplacePorts, RequestInfo } from '../../marketplace.js';
import type { Connection, MaestranoChannel } from './connection.js';

/** One request of a browser or of a marketplace to one of our paths. */
export interface MaestranoCall {
  readonly ports: MarketplacePorts;
  readonly channel: MaestranoChannel;
  /** Undefined while the platform has told nothing yet. */
  readonly connection: Connection | undefined;
  readonly request: IncomingMessage;
  readonly info: RequestInfo;
  /** Parameters in the query of our path. */
  readonly query: URLSearchParams;
  /** Parts of the path that stand for something (`:id`, `:group_id`), decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Read within its limit; empty for methods without one. */
  readonly body: Buffer;
}

export interface MaestranoAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** What answers one of the paths. It throws only what nobody expected. */
export type MaestranoHandler = (call: MaestranoCall) => Promise<MaestranoAnswer>;

export function json(status: number, value: unknown, headers: MaestranoAnswer['headers'] = {}): MaestranoAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: `${JSON.stringify(value)}\n`,
  };
}

/** 302: the SDKs' tests compare the status. */
export function found(location: string, cookies: readonly string[] = []): MaestranoAnswer {
  return {
    status: 302,
    headers: {
      location,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    },
    body: '',
  };
}
