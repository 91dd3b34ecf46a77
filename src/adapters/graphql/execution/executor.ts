import { type ExecutionResult, execute, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { GraphqlContext } from '../context.js';
import type { PreparedDocument } from '../documents/documents.js';
import { type ErrorLog, presentError } from '../errors.js';
import type { CompiledQueries } from './compiled-queries.js';

export interface Execution<Services> {
  readonly prepared: PreparedDocument;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: GraphqlContext<Services>;
}

/** Runs a query or mutation and returns its answer with errors as the caller may see them. */
export type Executor<Services> = (execution: Execution<Services>) => Promise<ExecutionResult>;

/**
 * graphql-js is the reference; compiled queries are the same answers sooner, for documents seen often. A failure of a compiled
 * query itself (not of a resolver) is an error like any other.
 */
export function createExecutor<Services>(
  schema: GraphQLSchema,
  compiled: CompiledQueries,
  log: ErrorLog,
): Executor<Services> {
  return async ({ prepared, operation, variables, context }) => {
    const run = compiled.for(prepared, operation);
    prepared.runs += 1;
    const result: ExecutionResult = run
      ? await run(undefined, context, variables)
      : await execute({
          schema,
          document: prepared.document,
          operationName: operation.name?.value,
          variableValues: variables,
          contextValue: context,
        });
    if (result.errors === undefined || result.errors.length === 0) return { data: result.data };
    return presentResult(result, context.requestId, log);
  };
}

export function presentResult(result: ExecutionResult, requestId: string, log: ErrorLog): ExecutionResult {
  const errors = result.errors?.map((error) => presentError(error, requestId, log));
  // An answer that never began has no data at all, which is how it differs from one whose root field failed.
  return result.data === undefined ? { errors } : { errors, data: result.data };
}
