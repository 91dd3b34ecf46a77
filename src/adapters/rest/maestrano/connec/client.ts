import { writeBasic } from '../../../../platform/basic-credentials.js';
import { innermostCause, reasonOf } from '../../../../platform/failure-cause.js';
import { OutboundRefused } from '../../../../platform/outbound.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import type { Connection } from '../connection.js';
import { readLimited, TooMuch } from '../read-limited.js';
import { shownJson } from '../shown-text.js';
import { type ConnecResult, errorsOf, parseAnswer, recordIn, resultOf } from './answers.js';
import { ConnecFailure, failureOf } from './failure.js';
import { nextPage } from './next-page.js';
import { isObject, type JsonObject } from './paths.js';

export interface ConnecPage {
  readonly entities: readonly unknown[];
  /** Where it goes on; null = that was all. */
  readonly next: string | null;
}

export interface ConnecOperation {
  readonly method: 'post' | 'put';
  readonly collection: string;
  /** Of the record that is changed; undefined = a new one, or the one there is of a singular collection. */
  readonly id?: string | undefined;
  readonly entity: JsonObject;
  readonly matchingFields?: readonly (readonly string[])[] | undefined;
}

/** Connec! API v2 for one group (spec Maestrano 1.8.1). Everything throws `ConnecFailure`. */
export interface ConnecClient {
  /** Where a collection begins: `since` asks for what changed after that instant, `top` for so many at once. */
  firstPage(collection: string, options?: { readonly since?: string | null; readonly top?: number }): string;
  /** Where the one record of a singular collection is. */
  onlyPage(collection: string): string;
  /** One page; the address must be of `firstPage` or a `next`. */
  page(collection: string, url: string): Promise<ConnecPage>;
  get(collection: string, id: string): Promise<JsonObject>;
  /** POST for a new record, PUT of changed fields for a known one. */
  send(operation: ConnecOperation): Promise<JsonObject>;
  /** At most 50 in one call; results in the same order. */
  sendAll(operations: readonly ConnecOperation[]): Promise<ConnecResult[]>;
  version(): Promise<JsonObject>;
}

export type ConnecPorts = Pick<MarketplacePorts, 'fetch' | 'record' | 'ids'>;
export type ConnecPlace = Pick<Connection, 'api'> & { readonly connec: NonNullable<Connection['connec']> };

export const largestBatch = 50;
const pageSize = 100;
const largestAnswer = 8 * 1_048_576;
const mediaType = 'application/vnd.api+json';

export function createConnecClient(
  ports: ConnecPorts,
  channelId: string,
  { api, connec }: ConnecPlace,
  groupUid: string,
): ConnecClient {
  const authorization = writeBasic({ username: api.id, password: api.key });
  const groupPath = `${connec.basePath}/${part(groupUid)}`;
  const urlOf = (collection: string): string => `${connec.host}${groupPath}/${part(collection)}`;

  async function ask(method: string, url: string, operation: string, body?: JsonObject): Promise<JsonObject> {
    const begun = performance.now();
    const text = body === undefined ? '' : JSON.stringify(body);
    let status = 0;
    let answer = '';
    try {
      const response = await ports.fetch(url, {
        method,
        headers: {
          accept: mediaType,
          authorization,
          'content-type': mediaType,
          'connec-external-ids': 'true',
          'connec-country-format': 'alpha2',
          'user-agent': 'Mercator',
        },
        ...(body !== undefined && { body: text }),
        redirect: 'manual',
        signal: AbortSignal.timeout(connec.timeoutMs),
      });
      status = response.status;
      answer = await readLimited(response, largestAnswer);
    } catch (error) {
      throw new ConnecFailure(isTooMuch(error) ? 'tooLarge' : 'unanswered', `${operation}: ${reasonOf(error)}`);
    } finally {
      ports.record({
        direction: 'out',
        protocol: 'maestrano',
        channelId,
        operation,
        requestId: ports.ids.next('request'),
        status,
        durationMs: performance.now() - begun,
        request: shownJson(`${method} ${url}${text === '' ? '' : `\n\n${text}`}`),
        response: shownJson(answer),
      });
    }
    const parsed = parseAnswer(answer);
    const failure = failureOf(status);
    if (failure !== undefined) throw new ConnecFailure(failure, `${operation}: ${status}, ${errorsOf(parsed)}`);
    if (parsed === undefined) throw new ConnecFailure('unanswered', `${operation}: the answer cannot be read`);
    return parsed;
  }

  function bodyOf({ collection, entity, matchingFields }: ConnecOperation): JsonObject {
    return { [collection]: entity, ...(matchingFields && { opts: { matching_fields: matchingFields } }) };
  }

  return {
    firstPage(collection, { since = null, top = pageSize } = {}) {
      const query = new URLSearchParams({ $orderby: 'created_at asc', $top: String(top), $skip: '0' });
      if (since !== null) query.set('$filter', `updated_at gt '${since.replace(/\.\d+Z$/, 'Z')}'`);
      return `${urlOf(collection)}?${query}`;
    },
    onlyPage: urlOf,
    async page(collection, url) {
      const answer = await ask('GET', url, `connec.list ${collection}`);
      const next = nextPage(answer, urlOf(collection), url);
      const value = answer[collection];
      if (Array.isArray(value)) return { entities: value as unknown[], next };
      if (isObject(value)) return { entities: [value], next };
      throw new ConnecFailure('unanswered', `connec.list ${collection}: the answer has no ${collection}`);
    },
    async get(collection, id) {
      const answer = await ask('GET', `${urlOf(collection)}/${part(id)}`, `connec.get ${collection}`);
      return recordIn(answer, collection);
    },
    async send(operation) {
      const { method, collection, id } = operation;
      const url = id === undefined ? urlOf(collection) : `${urlOf(collection)}/${part(id)}`;
      const answer = await ask(method.toUpperCase(), url, `connec.${method} ${collection}`, bodyOf(operation));
      return recordIn(answer, collection);
    },
    async sendAll(operations) {
      if (operations.length > largestBatch) throw new RangeError(`at most ${largestBatch} operations in one call`);
      const ops = operations.map((operation) => ({
        method: operation.method,
        url: `${groupPath}/${operation.collection}/${operation.id === undefined ? '' : part(operation.id)}`,
        params: bodyOf(operation),
      }));
      const { results } = await ask('POST', `${connec.host}/batch`, 'connec.batch', { sequential: true, ops });
      if (!Array.isArray(results) || results.length !== ops.length) {
        throw new ConnecFailure('unanswered', 'connec.batch: the answer has not one result for each operation');
      }
      return operations.map(({ collection }, place) => resultOf(results[place], collection));
    },
    version: () => ask('GET', `${connec.host}/version`, 'connec.version'),
  };
}

/** One part of a path, and never a way up or out of it. Throws `ConnecFailure`. */
function part(text: string): string {
  if (/^\.{0,2}$/.test(text)) throw new ConnecFailure('refused', `"${text}" is no id`);
  return encodeURIComponent(text);
}

function isTooMuch(error: unknown): boolean {
  const cause = innermostCause(error);
  return cause instanceof TooMuch || (cause instanceof OutboundRefused && cause.reason.includes('larger than'));
}
