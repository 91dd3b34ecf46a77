import { GraphQLError } from 'graphql';
import type { RequestErrorCode } from '../errors.js';

/** A request turned away before it is a GraphQL operation: an HTTP status and a GraphQL error body. */
export class Refusal extends Error {
  readonly status: number;
  readonly error: GraphQLError;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.error = new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' satisfies RequestErrorCode } });
    this.headers = headers;
  }
}
