import type { GraphQLError, OperationDefinitionNode } from 'graphql';
import type { Actor } from '../../../core/shared/actor.js';
import { requestError } from '../errors.js';
import type { GraphqlSettings } from '../settings.js';
import { type Documents, isPrepared, type PreparedDocument } from './documents.js';

/** A GraphQL request after reading: all four transports (POST, GET, event stream, WebSocket) bring this. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Admitted {
  readonly prepared: PreparedDocument;
  readonly operation: OperationDefinitionNode;
}

export type Admit = (request: OperationRequest, actor: Actor) => Admitted | readonly GraphQLError[];

export function isAdmitted(result: Admitted | readonly GraphQLError[]): result is Admitted {
  return !Array.isArray(result);
}

function chooseOperation(prepared: PreparedDocument, name: string | undefined): OperationDefinitionNode | GraphQLError {
  if (name === undefined) {
    if (prepared.operations.length === 1) return prepared.operations[0]!;
    return requestError('BAD_USER_INPUT', 'operationName is needed: the document has several operations or none');
  }
  const chosen = prepared.operations.find((operation) => operation.name?.value === name);
  return chosen ?? requestError('BAD_USER_INPUT', 'the document has no operation of that name');
}

type AdmissionSettings = Pick<GraphqlSettings, 'introspection' | 'cost' | 'representations'>;

/** Everything that is decided about a request before its first resolver runs. */
export function createAdmission(documents: Documents, settings: AdmissionSettings): Admit {
  const mayIntrospect = (actor: Actor) =>
    settings.introspection === 'everybody' ||
    (settings.introspection === 'authenticated' && actor.kind !== 'anonymous');

  return (request, actor) => {
    const prepared = documents.prepare(request.query);
    if (!isPrepared(prepared)) return prepared;
    if (prepared.introspects && !mayIntrospect(actor)) {
      const message =
        settings.introspection === 'authenticated'
          ? 'the schema is shown to callers with a valid access token'
          : 'introspection is switched off';
      return [requestError('GRAPHQL_VALIDATION_FAILED', message, 'introspection_off')];
    }
    const operation = chooseOperation(prepared, request.operationName);
    if (operation instanceof Error) return [operation];
    const model = prepared.costs.get(operation)!;
    const references = model.references(request.variables);
    if (references > settings.representations) {
      const message = `${references} references were asked for at once; the limit is ${settings.representations}`;
      return [requestError('GRAPHQL_VALIDATION_FAILED', message, 'document_limit')];
    }
    const cost = model.cost(request.variables);
    if (cost > settings.cost) {
      const message = `the answer could have ${cost} values; the limit is ${settings.cost}: ask for less at once`;
      return [requestError('GRAPHQL_VALIDATION_FAILED', message, 'document_limit')];
    }
    return { prepared, operation };
  };
}
