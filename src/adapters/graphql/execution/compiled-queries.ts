import { type GraphQLSchema, Kind, type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';
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
    const query = isCompiledQuery(result) ? withDefaults(result.query, operation) : 'refused';
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

/** Defaults of variables that must not be null are filled in before: the compiled form refuses them where they are not sent. */
function withDefaults(query: CompiledQuery['query'], operation: OperationDefinitionNode): CompiledQuery['query'] {
  const defaults: Record<string, unknown> = {};
  for (const { variable, type, defaultValue } of operation.variableDefinitions ?? []) {
    if (type.kind !== Kind.NON_NULL_TYPE || defaultValue === undefined) continue;
    defaults[variable.name.value] = valueFromASTUntyped(defaultValue);
  }
  if (Object.keys(defaults).length === 0) return query;
  return (root, context, variables) => query(root, context, { ...defaults, ...variables });
}
