import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Node } from '../relay/node.js';
import type { MercatorContext } from '../services.js';
import { loadNode, type NodeView } from './node-loading.js';

@Resolver()
export class NodeQueries {
  @Query(() => Node, {
    nullable: true,
    description: 'Any object by its id; null when there is none, or none you may see.',
  })
  node(
    @Arg('id', () => ID, { description: 'The id of anything.' }) id: string,
    @Ctx() context: MercatorContext,
  ): Promise<NodeView | null> {
    return loadNode(context, id);
  }
}
