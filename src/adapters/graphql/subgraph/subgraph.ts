import { buildSubgraphSchema } from '@apollo/subgraph';
import { getDirectives, printSchemaWithDirectives } from '@graphql-tools/utils';
import { type DefinitionNode, type DocumentNode, type GraphQLSchema, isObjectType, Kind, parse, print } from 'graphql';
import { buildSchema, createResolversMap, type NonEmptyArray, type PubSub } from 'type-graphql';
import { invalid } from '../../../core/shared/errors.js';
import type { GraphqlContext } from '../context.js';
import { nodeTypeOf } from '../relay/node.js';

/** Finds the object another subgraph refers to, or null; batched through `context.loaders`. */
export type ReferenceResolver<Services> = (
  reference: Readonly<Record<string, unknown>>,
  context: GraphqlContext<Services>,
) => Promise<object | null>;

export interface SubgraphParts<Services> {
  readonly resolvers: readonly (new (...args: never[]) => unknown)[];
  /** One per type with `@key`. */
  readonly references: Readonly<Record<string, ReferenceResolver<Services>>>;
}

export interface Subgraph {
  /** The schema as committed and composed: readable, sorted, with federation directives. */
  readonly sdl: string;
  readonly schema: GraphQLSchema;
}

const federation = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])`;

type SchemaResolvers = NonNullable<
  Parameters<typeof buildSubgraphSchema>[0] extends infer M ? (M extends { resolvers?: infer R } ? R : never) : never
>;
/** type-graphql wants one as soon as there is a subscription; ours bring their own sources (`subscribe`). */
const noPubSub: PubSub = {
  publish: () => {
    throw new Error('events come from the journal, not from a publisher');
  },
  subscribe: () => {
    throw new Error('a subscription needs a `subscribe` of its own');
  },
};

type FieldMap = Record<string, unknown>;

/**
 * type-graphql's classes → a printed schema with `@key` → an executable subgraph. Throws when a type has a key but nobody
 * resolves references to it, or the reverse.
 */
export async function buildSubgraph<Services>(parts: SubgraphParts<Services>): Promise<Subgraph> {
  const built = await buildSchema({
    resolvers: parts.resolvers as unknown as NonEmptyArray<new () => object>,
    orphanedTypes: [],
    pubSub: noPubSub,
    validate: false,
    skipCheck: true, // a subgraph is not checked on its own: directives of the federation are not declared in it
  });
  requireReferences(built, parts.references);
  const sdl = printSubgraph(built);
  const typeDefs: DocumentNode = parse(sdl);
  const map = createResolversMap(built) as Record<string, FieldMap>;
  for (const [type, resolve] of Object.entries(parts.references)) {
    map[type] = { ...map[type], __resolveReference: referenceTo(type, resolve) };
  }
  // The library's own is asynchronous, which compiled queries cannot wait for.
  if ('Node' in map) map.Node = { ...map.Node, __resolveType: nodeTypeOf };
  const schema = buildSubgraphSchema({ typeDefs, resolvers: map as SchemaResolvers });
  guardRepresentations(schema, parts.references);
  return { sdl, schema };
}

/** Root types first, then by name; fields stay in the order they were written in, which is the order to read them in. */
function printSubgraph(schema: GraphQLSchema): string {
  const { definitions } = parse(printSchemaWithDirectives(schema));
  const roots = ['Query', 'Mutation', 'Subscription'];
  const rank = (definition: DefinitionNode): string => {
    const name = 'name' in definition ? (definition.name?.value ?? '') : '';
    return roots.includes(name) ? `0${roots.indexOf(name)}` : `1${name}`;
  };
  const types = definitions
    .filter((definition) => definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.DIRECTIVE_DEFINITION)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return `${[federation, ...types.map((definition) => print(definition))].join('\n\n')}\n`;
}

/** The view is copied because the federation library writes `__typename` on what it gets, and views are shared. */
function referenceTo<Services>(type: string, resolve: ReferenceResolver<Services>) {
  return async (reference: Readonly<Record<string, unknown>>, context: GraphqlContext<Services>) => {
    const view = await resolve(reference, context);
    return view === null ? null : { ...view, __typename: type };
  };
}

/**
 * The library fails on a representation of a type it does not know, and takes the caller's word where a type has no reference
 * resolver: only our entities get through to it.
 */
function guardRepresentations(schema: GraphQLSchema, references: Readonly<Record<string, unknown>>): void {
  const field = schema.getQueryType()?.getFields()._entities;
  const resolve = field?.resolve;
  if (field === undefined || resolve === undefined) return;
  field.resolve = (source, args: { readonly representations: readonly unknown[] }, context, info) => {
    for (const representation of args.representations) {
      const type = (representation as { readonly __typename?: unknown } | null)?.__typename;
      if (typeof type !== 'string' || !Object.hasOwn(references, type)) {
        throw invalid('representations', 'must each name an entity of this graph in `__typename`');
      }
    }
    return resolve(source, args, context, info);
  };
}

function requireReferences(schema: GraphQLSchema, references: Readonly<Record<string, unknown>>): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const keyed = isObjectType(type) && getDirectives(schema, type).some((directive) => directive.name === 'key');
    if (keyed && !(type.name in references)) throw new Error(`${type.name} has a @key but no reference resolver`);
    if (!keyed && type.name in references) throw new Error(`${type.name} has a reference resolver but no @key`);
  }
}
