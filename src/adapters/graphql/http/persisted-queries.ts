import type { GraphQLError } from 'graphql';
import { hashOf } from '../documents/documents.js';
import { requestError } from '../errors.js';
import { LruMap } from '../lru.js';
import type { Parameters } from './parameters.js';
import { Refusal } from './refusal.js';

/** Automatic persisted queries: a client sends the SHA-256 of a document it believes we know. */
export interface PersistedQueries {
  /** The document's text. Throws 400 for malformed requests; returns the error that makes clients send the text along. */
  resolve(parameters: Parameters): string | GraphQLError;
}

export function createPersistedQueries(limit: number): PersistedQueries {
  const sources = new LruMap<string, string>(limit);
  return {
    resolve(parameters) {
      const { query, extensions } = parameters;
      const persisted = extensions.persistedQuery;
      if (typeof persisted !== 'object' || persisted === null) {
        if (query === undefined || query === '') throw new Refusal(400, 'query is missing');
        return query;
      }
      const { version, sha256Hash } = persisted as { version?: unknown; sha256Hash?: unknown };
      if (version !== 1 || typeof sha256Hash !== 'string' || !/^[0-9a-f]{64}$/.test(sha256Hash)) {
        throw new Refusal(400, 'persistedQuery must be { version: 1, sha256Hash }');
      }
      if (query === undefined || query === '') {
        return sources.get(sha256Hash) ?? requestError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
      }
      if (hashOf(query) !== sha256Hash) throw new Refusal(400, 'sha256Hash does not belong to this query');
      sources.set(sha256Hash, query);
      return query;
    },
  };
}
