import 'reflect-metadata';
import { Field, ID, InterfaceType } from 'type-graphql';
import { kindOfId, type ObjectKind } from '../../../core/shared/ids.js';

const typeNames = new Map<ObjectKind, string>();

/** Says which type shows objects of a kind, for `node(id)`: the id's prefix is all that is known of them. */
export function registerNodeType(kind: ObjectKind, typeName: string): void {
  typeNames.set(kind, typeName);
}

/** The name of the type that shows an object, by its id. */
export function nodeTypeOf(value: unknown): string | undefined {
  const id = (value as { id?: unknown }).id;
  const kind = typeof id === 'string' ? kindOfId(id) : undefined;
  return kind === undefined ? undefined : typeNames.get(kind);
}

@InterfaceType('Node', { description: 'Everything that has an id of its own.', resolveType: nodeTypeOf })
export abstract class Node {
  @Field(() => ID, { description: 'A type prefix and 26 characters; never changes, never used again.' })
  id!: string;
}
