import 'reflect-metadata';
import { type ClassType, Directive, Field, Int, ObjectType, Root } from 'type-graphql';
import type { Page } from '../../../core/shared/reading.js';
import { Cursor } from '../scalars.js';

@Directive('@shareable') // every subgraph with connections has one
@ObjectType('PageInfo', { description: 'Where a page stands in its list.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'More rows follow.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Rows came before: the page was asked for with `after`.' })
  hasPreviousPage!: boolean;

  @Field(() => Cursor, { nullable: true, description: 'The place of the first row; null on an empty page.' })
  startCursor!: string | null;

  @Field(() => Cursor, { nullable: true, description: 'Give it as `after` to get the next page.' })
  endCursor!: string | null;
}

/** What a list resolver returns: the ways to a page and to the length of the whole list; what nobody selects is not read. */
export class Connection<View> {
  readonly #read: () => Promise<Page<View>>;
  readonly #count: () => Promise<number>;
  #page: Promise<Page<View>> | undefined;

  constructor(read: () => Promise<Page<View>>, count: () => Promise<number>) {
    this.#read = read;
    this.#count = count;
  }

  /** The page, read once. */
  page(): Promise<Page<View>> {
    this.#page ??= this.#read();
    return this.#page;
  }

  /** Counts; costs a statement, so it is only called when `totalCount` is selected. */
  count(): Promise<number> {
    return this.#count();
  }
}

const connections = new Map<string, ClassType>();

/** The connection type of `name` (`UserConnection`, `UserEdge`), made once. Resolvers return a `Connection` of views. */
export function connectionOf(name: string, node: () => ClassType): ClassType {
  const known = connections.get(name);
  if (known) return known;

  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: 'A row and its place in the list.' })
  class Edge {
    @Field(() => node(), { description: 'The row.' })
    node!: unknown;

    @Field(() => Cursor, { description: 'Its place; give it as `after` to get what follows.' })
    cursor!: string;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: 'A page of a list.' })
  class ConnectionType {
    @Field(() => [node()], { description: 'The rows.' })
    async nodes(@Root() connection: Connection<unknown>): Promise<readonly unknown[]> {
      return (await connection.page()).nodes;
    }

    @Field(() => [Edge], { description: 'The rows with their places.' })
    async edges(@Root() connection: Connection<unknown>): Promise<readonly Edge[]> {
      const { nodes, cursors } = await connection.page();
      return nodes.map((row, index) => ({ node: row, cursor: cursors[index]! }));
    }

    @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
    async pageInfo(@Root() connection: Connection<unknown>): Promise<PageInfo> {
      const { cursors, hasNextPage, hasPreviousPage } = await connection.page();
      return { hasNextPage, hasPreviousPage, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null };
    }

    @Field(() => Int, { description: 'The length of the whole list under the same filter; costs a count.' })
    totalCount(@Root() connection: Connection<unknown>): Promise<number> {
      return connection.count();
    }
  }

  connections.set(name, ConnectionType);
  return ConnectionType;
}
