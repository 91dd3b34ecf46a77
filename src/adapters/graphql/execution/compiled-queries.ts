import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { PreparedDocument } from '../documents/documents.js';
import { LruMap } from '../lru.js';

/** Compiling may take this share of the process's time at most: a stream of documents, each sent a few times, is no lever. */
const timeShare = 0.05;

export interface CompiledQueries {
  /** The compiled form once the document has earned it; undefined runs it interpreted. */
  for(prepared: PreparedDocument, operation: OperationDefinitionNode): CompiledQuery['query'] | undefined;
  readonly size: number;
}

export interface CompiledQueriesOptions {
  readonly schema: GraphQLSchema;
  /** Runs before a document is compiled; 0 never compiles. */
  readonly after: number;
  readonly limit: number;
  /** Milliseconds of a monotonic clock; only tests give their own. */
  readonly now?: () => number;
}

export function createCompiledQueries(options: CompiledQueriesOptions): CompiledQueries {
  const { schema, after, limit, now = () => performance.now() } = options;
  const compiled = new LruMap<OperationDefinitionNode, CompiledQuery['query'] | 'refused'>(limit);
  let restUntil = Number.NEGATIVE_INFINITY;

  const compile = (prepared: PreparedDocument, operation: OperationDefinitionNode) => {
    const started = now();
    const result = compileQuery(schema, prepared.document, operation.name?.value);
    const ended = now();
    restUntil = ended + (ended - started) * (1 / timeShare - 1);
    const query = isCompiledQuery(result) ? result.query : 'refused';
    compiled.set(operation, query);
    return query;
  };

  return {
    for(prepared, operation) {
      if (after === 0 || operation.operation === 'subscription') return undefined;
      let query = compiled.get(operation);
      if (query === undefined) {
        if (prepared.runs < after || now() < restUntil) return undefined;
        query = compile(prepared, operation);
      }
      return query === 'refused' ? undefined : query;
    },
    get size() {
      return compiled.size;
    },
  };
}
