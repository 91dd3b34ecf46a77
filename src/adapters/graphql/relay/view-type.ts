import { Directive, ObjectType } from 'type-graphql';
import { Node } from './node.js';

/**
 * `@ObjectType` for views: fields are read from the view as they are, without a resolver function per field (compiled queries
 * read them inline).
 */
export function ViewType(name: string, description: string): ClassDecorator {
  return (target) => ObjectType(name, { description, simpleResolvers: true })(target);
}

/** A view that other subgraphs may refer to by `id` (and by `keys`), and that `node(id)` finds. */
export function EntityType(name: string, description: string, keys: readonly string[] = ['id']): ClassDecorator {
  return (target) => {
    ObjectType(name, { description, simpleResolvers: true, implements: Node })(target);
    for (const key of keys) Directive(`@key(fields: "${key}")`)(target);
  };
}

/** A view `node(id)` finds, but no other subgraph refers to. */
export function NodeType(name: string, description: string): ClassDecorator {
  return (target) => ObjectType(name, { description, simpleResolvers: true, implements: Node })(target);
}
