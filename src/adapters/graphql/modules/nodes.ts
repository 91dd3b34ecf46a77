import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Readers } from '../../../core/readers.js';
import { kindOfId, type ObjectKind } from '../../../core/shared/ids.js';
import type { Reader } from '../../../core/shared/reading.js';
import { findOne } from '../relay/lists.js';
import { Node } from '../relay/node.js';
import type { MercatorContext } from '../services.js';

type NodeView = { readonly id: string };

/** Where objects of a kind are read; kinds that are missing here have no type of their own. */
const readerOfKind: Partial<Record<ObjectKind, (readers: Readers) => Reader<NodeView>>> = {
  tenant: (readers) => readers.tenants,
};

@Resolver()
export class NodeQueries {
  @Query(() => Node, {
    nullable: true,
    description: 'Any object by its id; null when there is none, or none you may see.',
  })
  async node(@Arg('id', () => ID) id: string, @Ctx() context: MercatorContext): Promise<NodeView | null> {
    const kind = kindOfId(id);
    const choose = kind && readerOfKind[kind];
    return choose ? findOne(context, choose(context.services.readers), id) : null;
  }
}
