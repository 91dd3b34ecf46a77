import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** Rows of a list without `first`. */
export const defaultFirst = 20;
/** The most a reader gives in one page. */
export const maxFirst = 200;
/** Assumed length of a list that is no connection (holds, roles): short by nature. */
const plainListLength = 10;
/** What asking for the whole schema, or one type of it, is worth. */
const introspectionCost: Readonly<Record<string, number>> = { __schema: 5_000, __type: 500, _service: 1_000 };

export type Variables = Readonly<Record<string, unknown>>;

export interface CostModel {
  /** Values the answer can have at worst. Beyond 2^53 it is Infinity, never wrong. */
  cost(variables: Variables): number;
  /** References given to `_entities`, and ids given to `ids:` arguments: the longest list among them. */
  references(variables: Variables): number;
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly defaults: ReadonlyMap<string, ValueNode>;
  readonly variables: Variables;
  readonly known: Map<string, number>;
  longest: number;
  usesVariables: boolean;
}

function isConnection(type: GraphQLOutputType): boolean {
  return getNamedType(type).name.endsWith('Connection');
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

function sizeOf(walk: Walk, node: ValueNode): { int?: number; length?: number } {
  if (node.kind === 'IntValue') return { int: Number(node.value) };
  if (node.kind === 'ListValue') return { length: node.values.length };
  if (node.kind !== 'Variable') return {};
  walk.usesVariables = true;
  const given = walk.variables[node.name.value];
  if (typeof given === 'number') return { int: given };
  if (Array.isArray(given)) return { length: given.length };
  if (given !== undefined && given !== null) return { length: 1 };
  const fallback = walk.defaults.get(node.name.value);
  return fallback === undefined || fallback.kind === 'Variable' ? {} : sizeOf(walk, fallback);
}

function multiplier(walk: Walk, parent: GraphQLCompositeType, field: FieldNode, type: GraphQLOutputType): number {
  for (const argument of field.arguments ?? []) {
    if (argument.name.value === 'representations' || argument.name.value === 'ids') {
      const length = sizeOf(walk, argument.value).length ?? 1;
      walk.longest = Math.max(walk.longest, length);
      return Math.max(1, length);
    }
  }
  if (isConnection(type)) {
    const first = field.arguments?.find((argument) => argument.name.value === 'first');
    const asked = first === undefined ? undefined : sizeOf(walk, first.value).int;
    return Math.min(Math.max(asked ?? defaultFirst, 1), maxFirst);
  }
  if (!isList(type) || parent.name.endsWith('Connection')) return 1;
  return plainListLength;
}

function costOfField(walk: Walk, parent: GraphQLCompositeType, field: FieldNode): number {
  const name = field.name.value;
  const fixed = introspectionCost[name];
  if (fixed !== undefined) return fixed;
  if (name === '__typename') return 1;
  const definition = 'getFields' in parent ? parent.getFields()[name] : undefined;
  if (definition === undefined) return 1;
  const named = getNamedType(definition.type);
  if (field.selectionSet === undefined || !isCompositeType(named)) return 1;
  return multiplier(walk, parent, field, definition.type) * (1 + costOfSelections(walk, named, field.selectionSet));
}

function costOfFragment(walk: Walk, name: string): number {
  const known = walk.known.get(name);
  if (known !== undefined) return known;
  walk.known.set(name, Number.POSITIVE_INFINITY); // a cycle costs everything; validation refuses it anyway
  const fragment = walk.fragments.get(name);
  const type = fragment && walk.schema.getType(fragment.typeCondition.name.value);
  const cost = fragment && isCompositeType(type) ? costOfSelections(walk, type, fragment.selectionSet) : 0;
  walk.known.set(name, cost);
  return cost;
}

function costOfSelections(walk: Walk, parent: GraphQLCompositeType, selections: SelectionSetNode): number {
  let sum = 0;
  /** Only one member of a union or interface answers for each object: the dearest counts. */
  const perType = new Map<string, number>();
  for (const selection of selections.selections) {
    if (selection.kind === 'Field') {
      sum += costOfField(walk, parent, selection);
      continue;
    }
    const condition =
      selection.kind === 'FragmentSpread'
        ? walk.fragments.get(selection.name.value)?.typeCondition.name.value
        : selection.typeCondition?.name.value;
    const type = condition === undefined ? parent : walk.schema.getType(condition);
    let cost = 0;
    if (selection.kind === 'FragmentSpread') cost = costOfFragment(walk, selection.name.value);
    else if (isCompositeType(type)) cost = costOfSelections(walk, type, selection.selectionSet);
    if (isAbstractType(parent) && isObjectType(type)) perType.set(type.name, (perType.get(type.name) ?? 0) + cost);
    else sum += cost;
  }
  return sum + Math.max(0, ...perType.values());
}

/** Prepares the estimate for one operation; when nothing in it depends on variables it is worked out once. */
export function costModel(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  operation: OperationDefinitionNode,
): CostModel {
  const defaults = new Map<string, ValueNode>();
  for (const definition of operation.variableDefinitions ?? []) {
    if (definition.defaultValue) defaults.set(definition.variable.name.value, definition.defaultValue);
  }
  const root = schema.getRootType(operation.operation);
  const run = (variables: Variables) => {
    const walk: Walk = { schema, fragments, defaults, variables, known: new Map(), longest: 0, usesVariables: false };
    const cost = root ? costOfSelections(walk, root, operation.selectionSet) : 0;
    return { cost, longest: walk.longest, usesVariables: walk.usesVariables };
  };
  const first = run({});
  const of = (variables: Variables) => (first.usesVariables ? run(variables) : first);
  return { cost: (variables) => of(variables).cost, references: (variables) => of(variables).longest };
}
