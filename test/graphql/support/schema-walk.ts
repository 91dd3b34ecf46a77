import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** The root fields that are lists of everything, by name, with the type of their nodes; not those below something named. */
export function rootLists(schema: GraphQLSchema): { name: string; node: GraphQLObjectType }[] {
  return Object.values(schema.getQueryType()!.getFields())
    .filter((field) => isConnection(field) && !field.args.some(isRequiredArgument))
    .map((field) => ({ name: field.name, node: nodeOf(field) }));
}

/** The root field that finds one of a type by id. */
export function singleOf(schema: GraphQLSchema, node: GraphQLObjectType): string {
  const fields = Object.values(schema.getQueryType()!.getFields());
  return fields.find((field) => field.type === node && field.args.some((arg) => arg.name === 'id'))!.name;
}

export function isConnection(field: GraphQLField<unknown, unknown>): boolean {
  return getNamedType(field.type).name.endsWith('Connection');
}

function nodeOf(field: GraphQLField<unknown, unknown>): GraphQLObjectType {
  const { nodes } = (getNamedType(field.type) as GraphQLObjectType).getFields();
  return getNamedType(nodes!.type) as GraphQLObjectType;
}

/**
 * Everything a type shows, `depth` relations deep. `userId` and `at` are given to fields that need them.
 */
export function selectionOf(type: GraphQLObjectType, depth: number, userId: string): string {
  const fields = Object.values(type.getFields()).map((field) => fieldText(field, depth, userId));
  return `{ __typename ${fields.filter(Boolean).join(' ')} }`;
}

function fieldText(field: GraphQLField<unknown, unknown>, depth: number, userId: string): string {
  const named = getNamedType(field.type);
  if (isLeafType(named)) return field.name;
  const given = field.args.some((arg) => arg.name === 'userId') ? `(userId: "${userId}")` : '';
  if (isConnection(field)) {
    if (depth === 0) return '';
    const inner = selectionOf(nodeOf(field), depth - 1, userId);
    return `${field.name}(first: 5) { totalCount edges { cursor } pageInfo { hasNextPage endCursor } nodes ${inner} }`;
  }
  if (!isObjectType(named)) return `${field.name} { __typename id }`;
  const owned = 'id' in named.getFields();
  if (owned && depth === 0) return '';
  return `${field.name}${given} ${selectionOf(named, owned ? depth - 1 : depth, userId)}`;
}

/** Every id of ours in an answer. */
export function idsIn(answer: unknown): Set<string> {
  return new Set(JSON.stringify(answer).match(/\b[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}\b/g) ?? []);
}
