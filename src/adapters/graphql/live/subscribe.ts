import { createSourceEventStream, type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import type { GraphqlContext } from '../context.js';
import type { Admitted } from '../documents/admit.js';
import { type ErrorLog, presentUnknown } from '../errors.js';
import { presentResult } from '../execution/executor.js';
import { untilAborted } from './event-stream.js';

export interface SubscriptionRun<Services> {
  readonly schema: GraphQLSchema;
  readonly admitted: Admitted;
  readonly variables: Readonly<Record<string, unknown>>;
  /** A new context for every event, so that no event is answered from what an earlier one read. */
  readonly context: (signal: AbortSignal) => GraphqlContext<Services>;
  /** Ends the subscription from outside; `return()` ends it too. */
  readonly stop: AbortController;
  readonly log: ErrorLog;
}

/** Answers of a subscription until its source ends or it is stopped; a source that breaks ends with one error answer. */
export function subscribeTo<Services>(run: SubscriptionRun<Services>): AsyncGenerator<ExecutionResult, void> {
  const answers = answersOf(run);
  // A generator that waits for its next event would answer return() only after that event: stop it first.
  const end = answers.return.bind(answers);
  answers.return = (value) => {
    run.stop.abort();
    return end(value);
  };
  return answers;
}

async function* answersOf<Services>(run: SubscriptionRun<Services>): AsyncGenerator<ExecutionResult, void> {
  const { schema, admitted, variables, stop, log } = run;
  const context = () => run.context(stop.signal);
  const { document } = admitted.prepared;
  const operationName = admitted.operation.name?.value;
  const first = context();
  try {
    const source = await createSourceEventStream({
      schema,
      document,
      contextValue: first,
      variableValues: variables,
      operationName,
    });
    if (!(Symbol.asyncIterator in source)) {
      yield presentResult(source, first.requestId, log);
      return;
    }
    for await (const event of untilAborted(source, stop.signal)) {
      const answer = await execute({
        schema,
        document,
        rootValue: event,
        contextValue: context(),
        variableValues: variables,
        operationName,
      });
      yield answer.errors ? presentResult(answer, first.requestId, log) : answer;
    }
  } catch (error) {
    yield { errors: [presentUnknown(error, first.requestId, log)] };
  } finally {
    stop.abort();
  }
}
