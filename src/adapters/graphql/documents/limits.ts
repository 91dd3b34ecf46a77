import { ApolloArmor } from '@escape.tech/graphql-armor';
import { type DocumentNode, GraphQLError, type ValidationRule, visit } from 'graphql';
import { requestError } from '../errors.js';
import type { GraphqlSettings } from '../settings.js';

export type DocumentLimits = Pick<GraphqlSettings, 'depth' | 'aliases' | 'directives'>;

const limitReached = (what: string) =>
  new GraphQLError(`the document is beyond the limit of ${what}`, {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', reason: 'document_limit' },
  });

/**
 * Limits on the document's shape; they run alone and before validation, because validating a hostile document is what costs.
 * Tokens are limited by the parser and cost by `cost.ts` (the library's own cost does not see `first: $n`).
 */
export function limitRules(limits: DocumentLimits): ValidationRule[] {
  const { depth, aliases, directives } = limits;
  const guard = (n: number, what: string) => ({
    n,
    exposeLimits: false,
    propagateOnRejection: false,
    onReject: [
      (context: { reportError(error: GraphQLError): void } | null) =>
        context?.reportError(limitReached(`${n} ${what}`)),
    ],
  });
  const armor = new ApolloArmor({
    maxDepth: { enabled: true, ...guard(depth, 'levels'), flattenFragments: true },
    maxAliases: { enabled: true, ...guard(aliases, 'aliases'), allowList: [] },
    maxDirectives: { enabled: true, ...guard(directives, 'directives') },
    maxTokens: { enabled: false },
    costLimit: { enabled: false },
    blockFieldSuggestion: { enabled: false },
  });
  return armor.protect().validationRules as ValidationRule[];
}

/**
 * `__proto__` is a legal GraphQL name, and as an alias or variable it would set the prototype of an object built from names.
 * Returns the refusal, or undefined.
 */
export function refuseReservedNames(source: string, document: DocumentNode): GraphQLError | undefined {
  if (!source.includes('__proto__')) return undefined;
  let found = false;
  visit(document, {
    Name(node) {
      if (node.value === '__proto__') found = true;
    },
  });
  return found ? requestError('GRAPHQL_VALIDATION_FAILED', 'the name __proto__ is not allowed') : undefined;
}
