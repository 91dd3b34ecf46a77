import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { requestError, withoutSuggestions } from '../errors.js';
import { LruMap } from '../lru.js';
import type { GraphqlSettings } from '../settings.js';
import { type CostModel, costModel } from './cost.js';
import { limitRules, refuseReservedNames } from './limits.js';

/** A document that was read, found within the limits and valid: kept, so that the next request with it pays nothing. */
export interface PreparedDocument {
  readonly hash: string;
  readonly document: DocumentNode;
  readonly operations: readonly OperationDefinitionNode[];
  readonly costs: ReadonlyMap<OperationDefinitionNode, CostModel>;
  /** Asks for the schema itself. */
  readonly introspects: boolean;
  /** How often it was executed: what is seen often is worth compiling. */
  runs: number;
}

export interface Documents {
  /** The prepared document, or why it is refused. Bounded work whatever the source is. */
  prepare(source: string): PreparedDocument | readonly GraphQLError[];
  /** By the hash of the source, as long as it is remembered. */
  byHash(hash: string): PreparedDocument | undefined;
}

export function isPrepared(found: PreparedDocument | readonly GraphQLError[]): found is PreparedDocument {
  return !Array.isArray(found);
}

export function hashOf(source: string): string {
  return createHash('sha256').update(source).digest('hex');
}

const schemaFields = new Set(['__schema', '__type', '_service']);

/**
 * `__type(name: …) { name }` tells no more than whether a name exists; GraphQL over HTTP's own audits ask it of everybody.
 */
function echoesName({ name, selectionSet }: FieldNode): boolean {
  const asked = selectionSet?.selections ?? [];
  return name.value === '__type' && asked.every((one) => one.kind === 'Field' && one.name.value === 'name');
}

function asksForSchema(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field(node) {
      if (schemaFields.has(node.name.value) && !echoesName(node)) found = true;
    },
  });
  return found;
}

function readDocument(source: string, tokens: number): DocumentNode | GraphQLError {
  try {
    return parse(source, { maxTokens: tokens });
  } catch (error) {
    if (error instanceof GraphQLError) return withoutSuggestions(error, 'GRAPHQL_PARSE_FAILED');
    // Deep nesting within the token limit can still end the stack; that is the document's fault, not ours.
    if (error instanceof RangeError) return requestError('GRAPHQL_PARSE_FAILED', 'the document is nested too deeply');
    throw error;
  }
}

function describe(schema: GraphQLSchema, source: string, document: DocumentNode): PreparedDocument {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
    else if (definition.kind === 'OperationDefinition') operations.push(definition);
  }
  const costs = new Map(operations.map((operation) => [operation, costModel(schema, fragments, operation)]));
  return { hash: hashOf(source), document, operations, costs, introspects: asksForSchema(document), runs: 0 };
}

type DocumentSettings = Pick<GraphqlSettings, 'tokens' | 'depth' | 'aliases' | 'directives' | 'documents'>;

/** Order matters: tokens while reading, then the shape, then validation; each step only sees what the one before let through. */
export function createDocuments(schema: GraphQLSchema, settings: DocumentSettings): Documents {
  const shapeRules = limitRules(settings);
  const byHash = new Map<string, PreparedDocument>();
  const bySource = new LruMap<string, PreparedDocument>(settings.documents, (dropped) => byHash.delete(dropped.hash));

  const read = (source: string): PreparedDocument | readonly GraphQLError[] => {
    const document = readDocument(source, settings.tokens);
    if (document instanceof GraphQLError) return [document];
    const reserved = refuseReservedNames(source, document);
    if (reserved) return [reserved];
    const shape = validate(schema, document, shapeRules, { maxErrors: 1 });
    if (shape.length > 0) return shape;
    const problems = validate(schema, document, specifiedRules, { maxErrors: 20 });
    if (problems.length > 0) return problems.map((problem) => withoutSuggestions(problem, 'GRAPHQL_VALIDATION_FAILED'));
    return describe(schema, source, document);
  };

  return {
    prepare(source) {
      const known = bySource.get(source);
      if (known) return known;
      const prepared = read(source);
      if (isPrepared(prepared)) {
        bySource.set(source, prepared);
        byHash.set(prepared.hash, prepared);
      }
      return prepared;
    },
    byHash: (hash) => byHash.get(hash),
  };
}
