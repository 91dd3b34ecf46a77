import { Arg, Args, type ClassType, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Connection } from '../relay/connection.js';
import type { ListArgs } from '../relay/list-args.js';
import { findOne, listAll, listChildren } from '../relay/lists.js';
import { Node } from '../relay/node.js';
import type { MercatorContext } from '../services.js';
import type { Listed } from './lists.js';
import { loadNode, type NodeView } from './node-loading.js';

/** Relations of a type: the objects it names by id, and the lists below it. All are read in batches. */
export interface Relations<View> {
  /** Null when there is none, or none the caller may see. */
  readonly one?: Readonly<Record<string, One<View>>>;
  readonly many?: Readonly<Record<string, Many>>;
  /** Like `one`, of a kind only the id tells. */
  readonly node?: Readonly<Record<string, readonly [idOf: (view: View) => string | null, description: string]>>;
}
type One<View> = readonly [list: Listed<NodeView>, idOf: (view: View) => string | null, description: string];
/** `parentField` is the column of the list that holds this object's id. */
type Many = readonly [list: Listed<NodeView>, parentField: string, description: string];

type Method = (this: void, ...args: never[]) => unknown;

function method(
  prototype: object,
  name: string,
  run: Method,
  decorators: readonly ReturnType<typeof Ctx>[],
): PropertyDescriptor {
  const descriptor = { value: run, configurable: true, enumerable: false, writable: true };
  Object.defineProperty(prototype, name, descriptor);
  for (const [index, decorate] of decorators.entries()) decorate(prototype, name, index);
  return descriptor;
}

/** A resolver class with the relations of a type. */
export function relationsOf<View extends object>(type: ClassType, relations: Relations<View>): new () => object {
  @Resolver(() => type)
  class RelationsResolver {}
  const { prototype } = RelationsResolver;

  for (const [name, [list, idOf, description]] of Object.entries(relations.one ?? {})) {
    const run = (view: View, context: MercatorContext): Promise<NodeView | null> =>
      findOne(context, list.reader(context.services.readers), idOf(view));
    const descriptor = method(prototype, name, run, [Root(), Ctx()]);
    FieldResolver(() => list.type, { nullable: true, description })(prototype, name, descriptor);
  }
  for (const [name, [list, parentField, description]] of Object.entries(relations.many ?? {})) {
    const run = (view: NodeView, args: ListArgs, context: MercatorContext): Connection<NodeView> =>
      listChildren(context, list.reader(context.services.readers), parentField, view.id, args);
    const descriptor = method(prototype, name, run, [Root(), Args(() => list.args), Ctx()]);
    FieldResolver(() => list.connection, { description })(prototype, name, descriptor);
  }
  for (const [name, [idOf, description]] of Object.entries(relations.node ?? {})) {
    const run = (view: View, context: MercatorContext): Promise<NodeView | null> => loadNode(context, idOf(view));
    const descriptor = method(prototype, name, run, [Root(), Ctx()]);
    FieldResolver(() => Node, { nullable: true, description })(prototype, name, descriptor);
  }
  return RelationsResolver;
}

/** The two root fields of a kind: one by id, and the list of all the caller may see. */
export function rootsOf(one: string, many: string, list: Listed<NodeView>, description: string): new () => object {
  @Resolver()
  class RootResolver {}
  const { prototype } = RootResolver;

  const byId = (id: string, context: MercatorContext): Promise<NodeView | null> =>
    findOne(context, list.reader(context.services.readers), id);
  const idArg = Arg('id', () => ID, { description: 'Its id.' });
  Query(() => list.type, {
    nullable: true,
    description: `${description}, by id; null when there is none you may see.`,
  })(prototype, one, method(prototype, one, byId, [idArg, Ctx()]));

  const all = (args: ListArgs, context: MercatorContext): Connection<NodeView> =>
    listAll(context, list.reader(context.services.readers), args);
  Query(() => list.connection, {
    description: `${description}: all you may see, oldest first unless ordered otherwise.`,
  })(prototype, many, method(prototype, many, all, [Args(() => list.args), Ctx()]));
  return RootResolver;
}
